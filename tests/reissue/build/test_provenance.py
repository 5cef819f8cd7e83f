"""The provenance of a build: its commit, its times and machine, and the panel of hashes and parameters."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build import provenance
from reissue.build.provenance_panel import build_panel, list_checks
from reissue.core import paths
from tests.conftest import Project
from tests.reissue.build.mini import Mini
from tests.reissue.build.trials import inside


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    root.mkdir()
    git(root, "init", "-q")
    (root / "file").write_text("one")
    git(root, "add", "file")
    git(root, "commit", "-q", "-m", "First")
    return root


def test_a_changed_file_or_a_new_one_makes_a_checkout_dirty(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A hook's variable does not mislead.
    commit = git(checkout, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert provenance.read_commit(checkout) == {"commit": commit, "dirty": False}
    (checkout / "new").write_text("two")
    assert provenance.read_commit(checkout)["dirty"] is True
    (checkout / "new").unlink()
    (checkout / "file").write_text("two")
    assert provenance.read_commit(checkout)["dirty"] is True
    # Without a checkout, a commit or git there is none.
    monkeypatch.delenv("GIT_DIR")
    (checkout / "archive").mkdir()
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    for folder in (tmp_path, checkout / "archive", empty):
        assert provenance.read_commit(folder) == {"commit": None, "dirty": None}
    monkeypatch.setenv("PATH", "")
    assert provenance.read_commit(checkout) == {"commit": None, "dirty": None}


class TestWrite:
    @pytest.fixture(autouse=True)
    def _root(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paths, "ROOT", checkout)
        (checkout / "notebooks").mkdir(exist_ok=True)
        (checkout / paths.MARKER).write_text('page = ["01_clean"]\n[needs]\n01_clean = []\n')

    def read(self) -> dict[str, object]:
        path = paths.ROOT / "reports" / "builds" / "lac" / "build.json"
        return dict(json.loads(path.read_text()))

    def test_it_has_commit_date_machine_and_the_times_of_all_notebooks(self) -> None:
        provenance.write_build_record("lac", {"01_clean": 1.26, "02_context": 2.0})
        provenance.write_build_record("lac", {"02_context": 3.0})
        about = self.read()
        assert list(about) == ["commit", "dirty", "date", "times", "machine", "notebooks"]
        date = datetime.fromisoformat(str(about["date"]))
        assert abs((datetime.now(UTC) - date).total_seconds()) < 3600
        assert about["times"] == {"01_clean": 1.3, "02_context": 3.0}
        assert about["machine"] == provenance.describe_machine()
        # A file that is broken is replaced.
        for text in ("", "[]", "{}", '{"times": 3}', '{"ti'):
            (paths.ROOT / "reports" / "builds" / "lac" / "build.json").write_text(text)
            provenance.write_build_record("lac", {"02_context": 3.0})
            assert self.read()["times"] == {"02_context": 3.0}


@pytest.mark.build
def test_a_build_has_it(built: Project) -> None:
    about = json.loads((built.root / "reports" / "build.json").read_text())
    stems = sorted(path.stem for path in (built.root / "reports" / "executed").iterdir())
    assert sorted(about["times"]) == sorted(about["notebooks"]) == stems
    assert about["notebooks"]["02_context"]["ran"] is True
    assert {"pilots", "uptake"} == set(about["notebooks"]["02_context"]["tables"])
    assert "src/iucresearch/tabulation.py" in about["notebooks"]["02_context"]["files"]


def read_panel(build: str = "", content_hash: str = "") -> dict[str, str]:
    return dict(build_panel(EDITION, build, content_hash))


def test_the_panel_shows_configuration_parameters_hash_and_raw_files_that_match_their_checksums(ready: Mini) -> None:
    assert "Content hash" not in read_panel()
    assert read_panel("lac", "0123")["Content hash"] == "0123"
    assert read_panel()["Configuration"] == "published"
    assert read_panel()["Parameters"] == "reading: literal, rounding: up_or_down, side: all"
    assert read_panel("lac")["Configuration"] == "lac"
    assert read_panel("lac")["Parameters"] == "reading: literal, rounding: up_or_down, side: LAC"
    assert str(paths.ROOT) not in str(read_panel())
    with inside(ready):
        before = read_panel()["Raw data"]
        files, matching = re.match(r"(\d+) files, (\d+) as", before).groups()
        assert files == matching
        with (ready.root / "data" / "raw" / "swot.csv").open("a") as changed:
            changed.write(" ")
        after = read_panel()["Raw data"]
    assert after.startswith(f"{files} files, {int(matching) - 1} as")
    assert after[-16:] != before[-16:]


def test_checks_count_what_was_run_and_shown() -> None:
    v4 = nbformat.v4
    cells = [v4.new_code_cell("1", execution_count=1), v4.new_code_cell("2"), v4.new_markdown_cell("text")]
    checks = list_checks(EDITION, [v4.new_notebook(cells=cells)], ["figure-1"])
    assert any("1 of 2 cells" in check for check in checks)
    own = [item for item in EXHIBITS if not item.is_added]
    assert any(f"1 of {len(own)} exhibits" in check for check in checks)
