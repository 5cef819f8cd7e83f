"""What pages say of their making: hashes that tell every change, versions, parameters."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build.provenance_panel import content_hash, panel, passed
from reissue.core import paths
from tests.conftest import Project


class TestContentHash:
    @pytest.fixture
    def root(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
        self.move(project.root, monkeypatch)
        return project.root

    def move(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
            monkeypatch.setattr(paths, name, root / getattr(paths, name).relative_to(paths.ROOT))

    @pytest.mark.parametrize(
        "file",
        [
            "data/raw/swot.csv",
            "data/raw/datapackage.json",
            "data/raw/geography/places.csv",
            "notebooks/order.mk",
            "src/iucresearch/clean.py",
            "src/iucresearch/figures/network.py",
            "src/iucresearch/schemas/processed.json",
            "src/reissue/templates/page/page.css",
            "src/reissue/templates/page.html",
            "requirements.lock",
        ],
    )
    def test_it_changes_with_what_a_build_is_made_from(self, root: Path, file: str) -> None:
        before = content_hash("")
        with (root / file).open("ab") as changed:
            changed.write(b" ")
        assert content_hash("") != before

    def test_it_changes_with_a_file_more_or_by_another_name(self, root: Path) -> None:
        before = content_hash("")
        (root / "data" / "raw" / "zz.csv").write_text("")
        more = content_hash("")
        (root / "data" / "raw" / "zz.csv").rename(root / "data" / "raw" / "zzz.csv")
        assert len({before, more, content_hash("")}) == 3

    def test_it_changes_with_a_notebooks_source_and_tags(self, root: Path) -> None:
        hashes = {content_hash("")}
        path = root / "notebooks" / "04_survey.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in (next(c for c in notebook.cells if c.cell_type == kind) for kind in ("code", "markdown")):
            cell.source += " "
            nbformat.write(notebook, path)
            hashes.add(content_hash(""))
            cell.metadata["tags"] = ["skip-execution"]
            nbformat.write(notebook, path)
            hashes.add(content_hash(""))
        assert len(hashes) == 5

    def test_it_changes_with_its_own_parameters_alone(self, root: Path) -> None:
        (root / "params" / "other.yaml").write_text("side: EU\n")
        published, lac = content_hash(""), content_hash("lac")
        assert published != lac
        (root / "params" / "lac.yaml").write_text("side: EU\n")
        assert content_hash("lac") != lac
        assert content_hash("") == published

    def test_it_stays_with_stored_outputs_and_what_programs_leave(self, root: Path) -> None:
        before = content_hash("")
        path = root / "notebooks" / "04_survey.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.metadata["collapsed"] = True
            if cell.cell_type == "code":
                cell.execution_count = 99
                cell.outputs = [nbformat.v4.new_output("stream", text="other")]
        notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
        nbformat.write(notebook, path)
        for file in ("src/iucresearch/__pycache__/x.pyc", "data/raw/.DS_Store", "src/iucresearch/.x.py.swp"):
            (root / file).parent.mkdir(exist_ok=True)
            (root / file).write_text("x")
        (root / "notebooks" / ".ipynb_checkpoints").mkdir()
        (root / "reports").mkdir()
        (root / "README.md").write_text("other")
        assert content_hash("") == before

    def test_it_is_of_the_content_not_of_the_folder(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = content_hash("")
        other = tmp_path / ".ein anderer Órt"
        shutil.copytree(root, other)
        self.move(other, monkeypatch)
        assert content_hash("") == before

    def test_the_panel_shows_it_with_the_configuration(self, root: Path) -> None:
        assert ("Content hash", content_hash("lac")) in panel(EDITION, "lac")
        assert ("Configuration", "lac") in panel(EDITION, "lac")
        assert ("Configuration", "published") in panel(EDITION, "")

    def test_the_panel_shows_the_parameters_that_hold(self, root: Path) -> None:
        assert dict(panel(EDITION, ""))["Parameters"] == "reading: literal, rounding: up_or_down, side: all"
        assert dict(panel(EDITION, "lac"))["Parameters"] == "reading: literal, rounding: up_or_down, side: LAC"

    def test_the_panel_tells_of_a_raw_file_that_is_not_as_its_checksum_says(self, root: Path) -> None:
        before = dict(panel(EDITION, ""))["Raw data"]
        files, matching = re.match(r"(\d+) files, (\d+) as", before).groups()
        assert files == matching
        with (root / "data" / "raw" / "swot.csv").open("a") as changed:
            changed.write(" ")
        after = dict(panel(EDITION, ""))["Raw data"]
        assert after.startswith(f"{files} files, {int(matching) - 1} as")
        assert after[-16:] != before[-16:]

    def test_the_panel_tells_no_time_and_no_place(self, root: Path) -> None:
        assert str(root) not in str(panel(EDITION, ""))
        assert panel(EDITION, "") == panel(EDITION, "")


def test_checks_count_what_was_run_and_shown() -> None:
    v4 = nbformat.v4
    cells = [v4.new_code_cell("1", execution_count=1), v4.new_code_cell("2"), v4.new_markdown_cell("text")]
    told = passed(EDITION, [v4.new_notebook(cells=cells)], ["figure-1"])
    assert any("1 of 2 cells" in check for check in told)
    own = [item for item in EXHIBITS if not item.is_added]
    assert any(f"1 of {len(own)} exhibits" in check for check in told)
