from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reissue.build import provenance
from reissue.core import paths
from tests.conftest import Project


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


class TestCommit:
    def test_a_changed_file_or_a_new_one_makes_a_checkout_dirty(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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

    def test_without_a_checkout_a_commit_or_git_there_is_none(
        self, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
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

    def test_it_has_commit_date_times_and_machine(self) -> None:
        provenance.write_build_record("lac", {"01_clean": 1.26})
        about = self.read()
        assert list(about) == ["commit", "dirty", "date", "times", "machine", "notebooks"]
        date = datetime.fromisoformat(str(about["date"]))
        assert abs((datetime.now(UTC) - date).total_seconds()) < 3600
        assert about["times"] == {"01_clean": 1.3}
        assert about["machine"] == provenance.describe_machine()

    def test_times_of_notebooks_that_were_not_run_are_kept(self) -> None:
        provenance.write_build_record("lac", {"01_clean": 1.0, "02_context": 2.0})
        provenance.write_build_record("lac", {"02_context": 3.0})
        assert self.read()["times"] == {"01_clean": 1.0, "02_context": 3.0}

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"times": 3}', '{"ti'])
    def test_an_old_file_that_is_broken_is_replaced(self, text: str) -> None:
        provenance.write_build_record("lac", {})
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
