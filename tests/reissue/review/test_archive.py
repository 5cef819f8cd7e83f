"""The archive: what git tracks and pip downloads, the same bytes every time."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.review import archive
from tests.wheelhouse import lock_entry, write_wheel

FILES = {
    "pyproject.toml": '[project]\nname = "iucresearch"\nversion = "9.8.7"\n',
    "src/Zürich neu.py": "x = 1\n",
    ".ci/run": "#!/bin/sh\n",
}

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(root: Path, *arguments: str) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-C", str(root), *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of a small project whose lock names one wheel, and pip that finds it."""
    root, index = tmp_path / "checkout", tmp_path / "index"
    lock = lock_entry(write_wheel(index, "one"))
    for name, text in (FILES | {archive.LOCK: lock}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "all")
    (root / "untracked.csv").touch()
    for name, place in {"ROOT": root, "CACHE": root / ".cache"}.items():
        monkeypatch.setattr(paths, name, place)
    (root / ".cache").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return root


def made(root: Path) -> Path:
    assert archive.write_archive() == 0
    (path,) = (root / "reports" / "archive").iterdir()
    return path


def test_it_holds_what_git_tracks_and_the_wheels_of_the_lock(checkout, capsys):
    path = made(checkout)
    name = f"iucresearch-9.8.7-py3{sys.version_info.minor}-"
    assert path.name.startswith(name)
    assert "3 of them" not in capsys.readouterr().out
    with zipfile.ZipFile(path) as file:
        entries = {entry.filename.partition("/")[2]: entry for entry in file.infolist()}
        texts = {place: file.read(entry).decode() for place, entry in entries.items() if place in FILES}
    assert texts == FILES
    assert list(entries) == sorted([*FILES, archive.LOCK, "wheels/one-1.0-py3-none-any.whl"])
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert [place for place, entry in entries.items() if entry.external_attr >> 16 == 0o100755] == [".ci/run"]


def test_the_same_files_give_the_same_bytes_whatever_their_times_and_modes(checkout):
    before = made(checkout).read_bytes()
    for name in FILES:
        (checkout / name).chmod(0o777)
        os.utime(checkout / name, (1e9, 1e9))
    assert made(checkout).read_bytes() == before


def test_a_changed_file_is_named(checkout, capsys):
    (checkout / ".ci/run").write_text("#!/bin/bash\n")
    made(checkout)
    assert "It has these files as they are here, not as in the last commit: .ci/run." in capsys.readouterr().out


def test_what_is_missing_is_one_line_and_the_last_archive_stays(checkout, monkeypatch):
    before = made(checkout).read_bytes()
    (checkout / ".ci/run").unlink()
    with pytest.raises(InputError, match=r"^\.ci/run: git tracks it, and it is missing\."):
        archive.write_archive()
    git(checkout, "checkout", ".ci/run")
    monkeypatch.setenv("PIP_FIND_LINKS", str(checkout))
    with pytest.raises(InputError, match=r"^requirements\.lock: pip cannot download the wheels: .*one==1\.0"):
        archive.write_archive()
    (path,) = (checkout / "reports" / "archive").iterdir()
    assert path.read_bytes() == before
    shutil.rmtree(checkout / ".git")
    with pytest.raises(InputError, match="git tracks no file here"):
        archive.write_archive()
