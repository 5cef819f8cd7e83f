"""What pages say of their making: hashes that tell every change, versions, parameters."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build.provenance_panel import build_panel, list_checks
from reissue.core import paths
from tests.conftest import Project


class TestPanel:
    @pytest.fixture
    def root(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> Path:
        for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
            monkeypatch.setattr(paths, name, project.root / getattr(paths, name).relative_to(paths.ROOT))
        return project.root

    def test_the_panel_shows_it_with_the_configuration(self, root: Path) -> None:
        assert ("Content hash", "0123") in build_panel(EDITION, "lac", "0123")
        assert "Content hash" not in dict(build_panel(EDITION, "lac", ""))
        assert ("Configuration", "lac") in build_panel(EDITION, "lac", "")
        assert ("Configuration", "published") in build_panel(EDITION, "", "")

    def test_the_panel_shows_the_parameters_that_hold(self, root: Path) -> None:
        assert dict(build_panel(EDITION, "", ""))["Parameters"] == "reading: literal, rounding: up_or_down, side: all"
        assert (
            dict(build_panel(EDITION, "lac", ""))["Parameters"] == "reading: literal, rounding: up_or_down, side: LAC"
        )

    def test_the_panel_tells_of_a_raw_file_that_is_not_as_its_checksum_says(self, root: Path) -> None:
        before = dict(build_panel(EDITION, "", ""))["Raw data"]
        files, matching = re.match(r"(\d+) files, (\d+) as", before).groups()
        assert files == matching
        with (root / "data" / "raw" / "swot.csv").open("a") as changed:
            changed.write(" ")
        after = dict(build_panel(EDITION, "", ""))["Raw data"]
        assert after.startswith(f"{files} files, {int(matching) - 1} as")
        assert after[-16:] != before[-16:]

    def test_the_panel_tells_no_time_and_no_place(self, root: Path) -> None:
        assert str(root) not in str(build_panel(EDITION, "", ""))
        assert build_panel(EDITION, "", "") == build_panel(EDITION, "", "")


def test_checks_count_what_was_run_and_shown() -> None:
    v4 = nbformat.v4
    cells = [v4.new_code_cell("1", execution_count=1), v4.new_code_cell("2"), v4.new_markdown_cell("text")]
    told = list_checks(EDITION, [v4.new_notebook(cells=cells)], ["figure-1"])
    assert any("1 of 2 cells" in check for check in told)
    own = [item for item in EXHIBITS if not item.is_added]
    assert any(f"1 of {len(own)} exhibits" in check for check in told)
