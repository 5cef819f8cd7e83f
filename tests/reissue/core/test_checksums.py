from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.core import paths
from reissue.core.checksums import renew
from reissue.core.datapackage import find_stale_checksums
from reissue.core.errors import InputError
from tests.conftest import Project
from tests.reissue.build.mini import Mini, ran, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/raw whose checksums are in order."""
    folder = tmp_path / "raw"
    shutil.copytree(paths.RAW, folder)
    renew(EDITION.check, folder)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_checksums_in_order_change_no_byte(folder: Path) -> None:
    before = content(folder)
    time = (folder / "datapackage.json").stat().st_mtime_ns
    assert renew(EDITION.check, folder) == []
    assert content(folder) == before
    assert (folder / "datapackage.json").stat().st_mtime_ns == time


def test_a_changed_file_gets_its_checksum_and_nothing_else_changes(folder: Path) -> None:
    before = content(folder)
    text = (folder / "swot.csv").read_text(encoding="utf-8").replace("Funding constraints", "Little money")
    (folder / "swot.csv").write_text(text, encoding="utf-8")
    assert find_stale_checksums(folder) == ["swot.csv"]
    assert renew(EDITION.check, folder) == ["swot.csv"]
    assert find_stale_checksums(folder) == []

    after = content(folder)
    assert {name for name in after if after[name] != before[name]} == {"swot.csv", "datapackage.json"}
    old, new = json.loads(before["datapackage.json"]), json.loads(after["datapackage.json"])
    (changed,) = [item for item in new["resources"] if item not in old["resources"]]
    assert changed["hash"] == "sha256:" + hashlib.sha256(after["swot.csv"]).hexdigest()
    changed["hash"] = next(item["hash"] for item in old["resources"] if item["name"] == changed["name"])
    assert new == old
    lines = zip(before["datapackage.json"].splitlines(), after["datapackage.json"].splitlines(), strict=True)
    assert sum(one != other for one, other in lines) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("swot.csv", ",threat,", ",worry,", "swot.csv, row"),
        ("countries.csv", "\n", ";\n", "countries.csv"),
        ("survey.csv", "percent", "per cent", "survey.csv, row"),
    ],
)
def test_content_that_is_not_in_order_keeps_its_old_checksums(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    before = content(folder)
    with pytest.raises(InputError, match=said):
        renew(EDITION.check, folder)
    assert content(folder) == before


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "swot.csv").unlink()
    with pytest.raises(InputError, match=r"swot\.csv: there is no such file"):
        renew(EDITION.check, folder)


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _in_order(self, project: Project) -> None:
        renew(EDITION.check, project.root / "data" / "raw")

    def test_it_says_what_it_renewed_and_then_nothing_more(self, project: Project) -> None:
        project.replace("data/raw/swot.csv", "Funding constraints", "Little money")
        done = project.make("checksums")
        assert (done.returncode, done.stdout, done.stderr) == (0, "Renewed: data/raw/swot.csv\n", "")

    def test_content_that_is_not_in_order_is_one_line_and_2(self, project: Project) -> None:
        project.replace("data/raw/swot.csv", ",threat,", ",worry,")
        before = content(project.root / "data" / "raw")
        done = project.run(str(project.root / ".venv" / "bin" / "python"), "-m", "iucresearch", "checksums")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("iucresearch: data/raw/swot.csv, row ")
        assert len(done.stderr.splitlines()) == 1
        assert content(project.root / "data" / "raw") == before


class TestBuild:
    """A build warns of a checksum that does not fit, and goes on."""

    WARNING = (
        "Warning: data/raw/swot.csv is not the file that its checksum was taken of; "
        "if the change is meant, run make checksums.\n"
    )

    @pytest.fixture
    def mini(self, tmp_path: Path) -> Mini:
        mini = Mini(tmp_path / "mini")
        renew(EDITION.check, mini.root / "data" / "raw")
        return mini

    def test_it_warns_and_is_finished(self, mini: Mini) -> None:
        assert mini.make("data/processed/values.csv").stderr == ""
        mini.replace("data/raw/swot.csv", "Funding constraints", "Little money")
        done = mini.make("data/processed/values.csv")
        assert (done.returncode, done.stderr, ran(done.stdout)) == (0, self.WARNING, ["01_clean"])

    def test_a_file_that_is_gone_is_told_by_who_reads_it(self, mini: Mini) -> None:
        (mini.root / "data" / "raw" / "swot.csv").unlink()
        mini.write("01_clean", "# Cleaning", "from iucresearch.notebook import load_raw\nload_raw()")
        done = mini.make("report")
        assert done.returncode == 2
        assert done.stderr.startswith("iucresearch: 01_clean: data/raw/swot.csv: there is no such file. restore it")
        assert tree(mini.root) == {}
