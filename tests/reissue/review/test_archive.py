"""One file with all of a checkout and its wheels, the same bytes whoever packs it. The wheels are tiny ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from reissue.core import files, paths
from reissue.core.errors import InputError
from reissue.review import archive
from reissue.review.archive import Wheels, files_of, pack
from tests.conftest import Project
from tests.wheelhouse import entry, list_wheels, sha, wheel

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
PYPROJECT = '[project]\nname = "iucresearch"\nversion = "9.8.7"\nrequires-python = ">=3.11,<3.14"\n'
#: What a checkout has, and what a build, the environment and an archive put beside it.
OURS = {
    "pyproject.toml": PYPROJECT,
    "README.md": "é\n",
    ".ci/run": "#!/bin/sh\n",
    "data/raw/a.csv": "id\n1\n",
    "notebooks/b.ipynb": "{}",
    "reports/published/index.html": "<p>",
    "reports/published/figures/figure-1.svg": "<svg/>",
}
BESIDE = (
    ".venv/bin/python",
    ".cache/wheels/x.whl",
    "src/iucresearch/__pycache__/a.pyc",
    "src/iucresearch.egg-info/PKG-INFO",
    "data/processed/a.csv",
    "lab/explore.ipynb",
    "reports/index.html",
    "reports/builds/lac/index.html",
    "reports/archive/old.zip",
    "wheels/one-1.0-py3-none-any.whl",
    "ARCHIVE.md",
    "SHA256SUMS",
    ".mypy_cache/3.11/a.json",
)


def checkout(root: Path) -> Path:
    """Write a small project into a folder, with what is no part of it."""
    rules = (paths.ROOT / ".gitignore").read_text(encoding="utf-8")
    for name, text in {**dict.fromkeys(BESIDE, "made"), **OURS, ".gitignore": rules}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    # Some tools' caches bring their own.
    (root / ".mypy_cache" / ".gitignore").write_text("*\n")
    return root


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return checkout(tmp_path / "project")


@pytest.fixture
def wheels(tmp_path: Path) -> Wheels:
    folder = tmp_path / "fetched"
    for name in ("one", "two"):
        wheel(folder, name, "1.0")
    list_wheels(folder, python=(3, 11), system="linux_x86_64")
    return Wheels.read(folder)


def unpacked(made: Path, folder: Path) -> Path:
    """Unpack an archive as its user does, and return the folder that comes out."""
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "zipfile", "-e", made, folder], check=True)
    (out,) = folder.iterdir()
    return out


# What is in it


def test_without_git_it_has_what_gitignore_leaves(root: Path) -> None:
    assert files_of(root) == sorted([*OURS, ".gitignore"])


@needs_git
def test_with_git_it_has_what_git_tracks_which_is_the_same(root: Path) -> None:
    without = files_of(root)
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "all")
    (root / "new.csv").write_text("not added")
    assert files_of(root) == without
    shutil.rmtree(root / ".git")
    assert set(files_of(root)) - set(without) == {"new.csv"}


@needs_git
def test_of_this_checkout_it_has_what_git_would(tmp_path: Path) -> None:
    """Git reads the rules of `.gitignore` itself: a second reader of the same file."""
    if not archive.is_checkout(paths.ROOT):
        pytest.skip("this project was unpacked without git")
    names = git(paths.ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    there = sorted(name for name in names if name and (paths.ROOT / name).exists())
    assert sorted(archive._not_ignored(paths.ROOT)) == there


def test_an_archive_says_what_it_has_and_how_to_build(root: Path, wheels: Wheels, tmp_path: Path) -> None:
    made = pack(root, wheels, tmp_path / "out")
    assert made.name == "iucresearch-9.8.7-py311-linux_x86_64.zip"
    out = unpacked(made, tmp_path / "there")
    assert out.name == "iucresearch-9.8.7"
    listed = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines())
    found = {path.relative_to(out).as_posix(): sha(path) for path in out.rglob("*") if path.is_file()}
    del found["SHA256SUMS"]
    assert listed == found
    assert set(found) == {*OURS, ".gitignore", "ARCHIVE.md", "wheels/SHA256SUMS", *(f"wheels/{w}" for w in wheels.sums)}
    about = (out / "ARCHIVE.md").read_text(encoding="utf-8")
    assert "all 2 packages that it needs with Python 3.11 on linux_x86_64" in about
    assert "make report PYTHON=/path/to/python3.11" in about
    assert "{" not in about
    for name, text in OURS.items():
        assert (out / name).read_text(encoding="utf-8") == text


def test_the_same_files_give_the_same_bytes(root: Path, wheels: Wheels, tmp_path: Path) -> None:
    one = pack(root, wheels, tmp_path / "one")
    other = tmp_path / "anderer Órdner"
    for name in sorted([*OURS, ".gitignore"], reverse=True):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, other / name)
        (other / name).chmod(0o777)
        os.utime(other / name, (1e9, 1e9))
    two = pack(other, wheels, tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
    # An archive that was unpacked gives itself.
    out = unpacked(one, tmp_path / "there")
    assert pack(out, Wheels.read(out / "wheels"), tmp_path / "three").read_bytes() == one.read_bytes()


def test_entries_are_sorted_and_say_nothing_of_the_machine(root: Path, wheels: Wheels, tmp_path: Path) -> None:
    with zipfile.ZipFile(pack(root, wheels, tmp_path)) as made:
        entries = made.infolist()
    *names, last = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert last == "iucresearch-9.8.7/SHA256SUMS"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    run = {entry.filename for entry in entries if entry.external_attr >> 16 == 0o100755}
    assert run == {"iucresearch-9.8.7/.ci/run"}
    assert {entry.external_attr >> 16 for entry in entries} == {0o100755, 0o100644}


# What can go wrong


def test_a_wheel_that_is_another_is_named_and_nothing_is_written(root: Path, wheels: Wheels, tmp_path: Path) -> None:
    (wheels.folder / "two-1.0-py3-none-any.whl").write_bytes(b"another")
    with pytest.raises(InputError, match=r"^wheels/two-1\.0-py3-none-any\.whl: is not the file that its list names"):
        pack(root, wheels, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_wheel_that_is_missing_is_named_and_nothing_is_written(root: Path, wheels: Wheels, tmp_path: Path) -> None:
    (wheels.folder / "one-1.0-py3-none-any.whl").unlink()
    with pytest.raises(OSError, match=r"one-1\.0-py3-none-any\.whl"):
        pack(root, wheels, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@needs_git
def test_a_tracked_file_that_is_gone_is_named(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "all")
    (root / "README.md").unlink()
    with pytest.raises(InputError, match=r"^README\.md: git tracks it, and it is not there\. expected"):
        files_of(root)


@pytest.mark.parametrize("target", ["README.md", "data", "nowhere"])
def test_a_link_is_named(root: Path, target: str) -> None:
    (root / "link").symlink_to(target)
    with pytest.raises(InputError, match=r"^link: is a link"):
        files_of(root)


def test_without_git_and_gitignore_it_is_not_known_what_belongs_to_it(root: Path) -> None:
    (root / ".gitignore").unlink()
    with pytest.raises(InputError, match=r"^\.gitignore: is missing, and without git"):
        files_of(root)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"])
def test_what_stops_it_half_way_leaves_the_last_archive(
    root: Path, wheels: Wheels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    made = pack(root, wheels, tmp_path / "out")
    before = made.read_bytes()
    (root / "README.md").write_text("new")
    written = []

    def stop(self: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
        written.append(entry)
        if len(written) > 3:
            raise error

    monkeypatch.setattr(zipfile.ZipFile, "writestr", stop)
    with pytest.raises(type(error)) as raised:
        pack(root, wheels, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == [made]
    assert made.read_bytes() == before
    if isinstance(raised.value, OSError):
        assert raised.value.filename == str(made)


# The program, in a copy of the project to which an archive has brought its wheels


@pytest.fixture
def brought(project: Project) -> Project:
    rules = (paths.ROOT / ".gitignore").read_text(encoding="utf-8")
    (project.root / ".gitignore").write_text(rules, encoding="utf-8")
    folder = project.root / "wheels"
    one, uv = wheel(folder, "one", "1.0"), wheel(folder, "uv", "1.0")
    (project.root / "requirements.lock").write_text(entry(one), encoding="utf-8")
    (project.root / "requirements-uv.lock").write_text(entry(uv), encoding="utf-8")
    list_wheels(folder)
    return project


def test_make_archive_says_where_it_is_and_what_is_in_it(brought: Project, tmp_path: Path) -> None:
    done = brought.make("archive")
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = (brought.root / "reports" / "archive").iterdir()
    first, second = done.stdout.splitlines()
    python = "{}.{}".format(*sys.version_info[:2])
    assert first.startswith(f"The archive is ready: reports/archive/{made.name} (")
    assert f", 2 of them wheels for Python {python} on " in first
    assert second == "There is no git here: the whole folder is in it, but for what .gitignore names."
    with zipfile.ZipFile(made) as file:
        names = {name.partition("/")[2] for name in file.namelist()}
    assert {"src/reissue/review/archive.py", "Makefile", "wheels/one-1.0-py3-none-any.whl", "ARCHIVE.md"} <= names
    assert not [name for name in names if name.startswith((".venv", ".cache", "reports"))]

    # The same again, and one line where a wheel is another by now.
    before = hashlib.sha256(made.read_bytes()).hexdigest()
    (brought.root / "wheels" / "one-1.0-py3-none-any.whl").write_bytes(b"x")
    done = brought.command("archive")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("wheels/one-1.0-py3-none-any.whl is not the file that SHA256SUMS beside it names")
    assert done.stderr.count("\n") == 1
    assert sha(made) == before
    assert list((brought.root / "reports" / "archive").iterdir()) == [made]


@needs_git
def test_with_git_it_says_what_differs_from_the_commit(brought: Project) -> None:
    git(brought.root, "init", "-q")
    git(brought.root, "add", "-A")
    git(brought.root, "commit", "-qm", "all")
    brought.replace("Makefile", "# What people type;", "# What they type.")
    for number in range(7):
        (brought.root / f"new-{number}.csv").touch()
    done = brought.command("archive")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1:] == [
        "In it as on disk, not as in the last commit: Makefile.",
        "Not in it, new to git: new-0.csv, new-1.csv, new-2.csv, new-3.csv, new-4.csv and 2 more.",
    ]


def test_an_interruption_is_one_line(brought: Project) -> None:
    """The fetching program is made to wait; what it starts is told, and nothing is written."""
    waiting = "import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)\n"
    (brought.root / "tools" / "fetch_wheels.py").write_text(waiting)
    environment = {**os.environ, "PYTHONPATH": str(brought.root / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "iucresearch", "archive"],
        cwd=brought.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    pid = brought.root / "pid"
    while not (pid.exists() and pid.read_text()):
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, "")
    assert err == "iucresearch: interrupted; no archive was written, and the last one is untouched.\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not (brought.root / "reports" / "archive").exists()


def test_what_a_killed_one_has_left_is_swept(brought: Project) -> None:
    folder = brought.root / "reports" / "archive"
    folder.mkdir(parents=True)
    left = folder / f".iucresearch.zip.0123abcd{files._SUFFIX}"
    left.touch()
    assert brought.command("archive").returncode == 0
    assert not left.exists()
