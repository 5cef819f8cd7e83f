"""The set-up from an archive's wheels, and how the wheels are fetched. Needs no network: pip reads folders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reissue.core import paths
from tests.test_environment import BASE_PYTHON, STAND_IN, Project, programs, wheels
from tests.wheelhouse import entry, list_wheels, sha, wheel

#: A stand-in for uv that also keeps what it is given to install from.
TOLD = STAND_IN.replace('echo "$1 $2" >> calls', 'echo "$@" >> told; echo "$1 $2" >> calls')
HERE = "Python {}.{} on {}".format(*sys.version_info[:2], wheels.this_system())


class Small(Project):
    """What the set-up needs, with locks of three tiny wheels, which lie in `index`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.index = root.with_name("index")
        self.uv = wheel(self.index, "uv", "1.0", script=TOLD)
        self.one, self.two = wheel(self.index, "one", "1.0"), wheel(self.index, "two", "2.0")
        elsewhere = wheel(self.index, "elsewhere", "1.0")
        self.lock = root / "requirements.lock"
        self.lock.write_text(
            "".join([entry(self.one), entry(self.two), entry(elsewhere, " ; sys_platform == 'win32'")]),
            encoding="utf-8",
        )
        (root / "requirements-uv.lock").write_text(entry(self.uv), encoding="utf-8")
        self.folder = root / wheels.FOLDER

    def bring_wheels(self, **of: object) -> None:
        """Put the folder in place that an archive brings."""
        self.folder.mkdir()
        for path in (self.uv, self.one, self.two):
            shutil.copy(path, self.folder)
        list_wheels(self.folder, **of)

    def fetch(self, **variables: str) -> tuple[int, str, str]:
        """Fetch the wheels into the cache; pip looks into `index` and nowhere else."""
        told = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.index), **variables}
        return self.run(sys.executable, "tools/fetch_wheels.py", **told)

    @property
    def cached(self) -> Path:
        return self.root / ".cache" / "wheels"


@pytest.fixture
def small(tmp_path):
    return Small(tmp_path / "Zürich neu")


# The set-up from wheels


def test_the_set_up_takes_all_from_the_wheels(small):
    small.bring_wheels()
    # Whatever the user told pip and uv of other places.
    code, out, err = small.set_up(PIP_INDEX_URL="http://127.0.0.1:9/", UV_INDEX_URL="http://127.0.0.1:9/")
    assert (code, err) == (0, "")
    assert "from wheels/ alone, without a network" in out.splitlines()[0]
    assert "download" not in out
    assert small.calls == ["venv", "pip sync", "pip install"]
    (synced,) = [line for line in (small.root / "told").read_text().splitlines() if line.startswith("pip sync")]
    assert "--offline --no-index --find-links wheels" in synced
    assert "--require-hashes" in synced
    assert small.stamp.exists()
    # Once installed, it does not matter what becomes of them.
    shutil.rmtree(small.folder)
    small.folder.mkdir()
    assert small.set_up() == (0, "", "")


def spoil(path):
    path.write_bytes(path.read_bytes() + b"x")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda small: spoil(small.folder / small.two.name), "two-2.0-py3-none-any.whl is not the file that SHA256S"),
        (lambda small: (small.folder / small.one.name).unlink(), "wheels/one-1.0-py3-none-any.whl is missing. Unpack"),
        (lambda small: (small.folder / wheels.LIST).unlink(), "wheels/SHA256SUMS is missing: it says for which"),
        (lambda small: (small.folder / wheels.LIST).write_text("# nothing\n"), "not the list that an archive brings"),
        (lambda small: small.lock.write_text(entry(small.two)), "one-1.0-py3-none-any.whl is in no lock"),
    ],
    ids=["another file", "missing", "no list", "no such list", "other locks"],
)
def test_wheels_that_are_not_whole_are_one_line(small, change, said):
    small.bring_wheels()
    change(small)
    code, out, err = small.set_up()
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert not small.stamp.exists()


def test_a_lock_with_more_than_the_wheels_is_one_line():
    said = "Because six was not found in the provided package locations and you require six==1.17.0\n"
    error = programs.explain("Installing the packages", ["No solution found\n", said, "hint: network was disabled\n"])
    assert str(error).startswith("Installing the packages: a locked package is not in wheels/ (Because six was")
    assert "move wheels/ away" in str(error)
    assert not isinstance(error, programs.Unreachable)


def test_another_python_is_told_of_both(small):
    small.bring_wheels(python=(3, 12 if sys.version_info[:2] != (3, 12) else 13))
    path = small.root / "bin"
    path.mkdir()
    code, out, err = small.set_up(PATH=str(path))
    assert (code, out) == (2, "")
    wanted = "3.12" if sys.version_info[:2] != (3, 12) else "3.13"
    assert err.startswith(f"wheels/ is for Python {wanted} on {wheels.this_system()}: Python {wanted} is needed; ")
    assert " is {}.{}.{}. ".format(*sys.version_info[:3]) in err
    assert "or move wheels/ away to install from the network" in err
    assert err.count("\n") == 1


def test_the_python_of_the_wheels_is_found_beside_another(small, tmp_path):
    """The one that Make names is too new; the one that fits is on the PATH."""
    small.bring_wheels()
    own = "python{}.{}".format(*sys.version_info[:2])
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / own).symlink_to(BASE_PYTHON)
    seen = small.run(
        BASE_PYTHON,
        "-c",
        "import sys; sys.path.insert(0, 'tools'); import install, wheels;"
        "found = wheels.read('wheels'); print([*install.candidates(found.python, (3, found.python[1] + 1))][-1])",
        PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}",
    )
    assert seen[0] == 0, seen
    assert Path(seen[1].strip()).name == own


def test_another_system_is_told_of_both(small):
    small.bring_wheels(system="linux_s390x")
    code, out, err = small.set_up()
    assert (code, out) == (2, "")
    python = "{}.{}".format(*sys.version_info[:2])
    assert err.startswith(f"wheels/ is for Python {python} on linux_s390x, and this is {wheels.this_system()}. Take")
    assert err.count("\n") == 1


# Fetching


def test_what_the_locks_name_is_fetched_and_checked_once(small):
    code, out, err = small.fetch()
    assert (code, err) == (0, "")
    assert "not in .cache/wheels yet: 3." in out
    names = {path.name for path in (small.uv, small.one, small.two)}
    assert {path.name for path in small.cached.iterdir()} == names | {wheels.LIST}
    listed = (small.cached / wheels.LIST).read_text()
    assert listed.startswith(f"# {HERE}\n")
    # The standard tool reads the list.
    assert (
        subprocess.run(["sha256sum", "--check", "--quiet", wheels.LIST], cwd=small.cached, check=False).returncode == 0
    )

    # There now: pip is not asked, and the list is the same.
    shutil.rmtree(small.index)
    assert small.fetch() == (0, "", "")
    assert (small.cached / wheels.LIST).read_text() == listed


def test_only_what_is_missing_or_spoilt_is_fetched_again(small):
    assert small.fetch()[0] == 0
    spoil(small.cached / small.one.name)
    (small.cached / "old-0.1-py3-none-any.whl").write_bytes(b"of another lock")
    code, out, err = small.fetch()
    assert (code, err) == (0, "")
    assert "not in .cache/wheels yet: 1." in out
    assert sha(small.cached / small.one.name) == sha(small.one)
    assert {path.name for path in small.cached.glob("old*")} == set()


def test_a_wheel_of_another_python_does_not_do(small):
    assert small.fetch()[0] == 0
    other = wheel(small.index, "one", "1.0", tag="cp27-none-any")
    small.lock.write_text(entry(other) + entry(small.two), encoding="utf-8")
    shutil.copy(other, small.cached)
    small.one.unlink()
    code, _, err = small.fetch()
    assert code == 2
    assert err.count("\n") == 1
    assert not (small.cached / wheels.LIST).exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda small: spoil(small.one), "Downloading the wheels: a file is not the one that the lock expects ("),
        (lambda small: small.one.unlink(), "Downloading the wheels: the package index cannot be reached ("),
        (lambda small: small.lock.write_text("one>=1\n"), "'one>=1' is no name==version with its hashes. Restore"),
    ],
    ids=["another file", "not to be had", "no lock"],
)
def test_what_cannot_be_fetched_is_one_line(small, change, said):
    change(small)
    code, _, err = small.fetch()
    assert code == 2
    assert said in err
    assert err.count("\n") == 1
    assert not (small.cached / wheels.LIST).exists()


def test_wheels_that_an_archive_brought_are_checked_and_not_fetched(small):
    small.bring_wheels()
    shutil.rmtree(small.index)
    assert small.fetch() == (0, "", "")
    assert not small.cached.exists()
    spoil(small.folder / small.two.name)
    code, out, err = small.fetch()
    assert (code, out) == (2, "")
    assert "two-2.0-py3-none-any.whl is not the file" in err


def test_an_interrupted_fetch_leaves_no_list_and_no_pip(small):
    """pip is made to wait for an answer that never comes."""
    pip = small.root / "slow" / "pip"
    pip.mkdir(parents=True)
    (pip / "__init__.py").touch()
    (pip / "__main__.py").write_text(
        "import os, pathlib, time\npathlib.Path('pip.pid').write_text(str(os.getpid()))\ntime.sleep(60)\n"
    )
    code = "import sys; sys.path.insert(0, 'tools'); import fetch_wheels, install\n"
    code += "install.pip_of = lambda *_: sys.argv[1]\nsys.exit(fetch_wheels.main())\n"
    slow = small.root / "python"
    slow.write_text(f'#!/bin/sh\nPYTHONPATH="{small.root}/slow" exec "{BASE_PYTHON}" "$@"\n')
    slow.chmod(0o755)
    process = small.start(sys.executable, "-c", code, str(slow))
    while not (small.root / "pip.pid").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (130, "")
    pid = int((small.root / "pip.pid").read_text() or 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not (small.cached / wheels.LIST).exists()


def test_signals_that_come_together_end_it_once_and_without_a_word():
    """Who is interrupted at a terminal is ended by the program that started it, too."""
    code = """
import signal, sys, time
sys.path.insert(0, "tools")
import install
both = [signal.SIGINT, signal.SIGTERM]
install.end_once(*both)
signal.pthread_sigmask(signal.SIG_BLOCK, both)
for number in both:
    signal.raise_signal(number)
try:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.01)
    print("ended")
"""
    done = subprocess.run([BASE_PYTHON, "-c", code], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
