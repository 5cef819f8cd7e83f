"""What trials of faults share: a build in the background, who works for a project, and that nothing is left or lost."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.conftest import FAULT, TRIALS, WHOLE, Project
from tests.reissue.build.mini import assert_same, ran, tree

T = TypeVar("T")
READY = "The report is ready: reports/index.html\n"
NOTHING = "Nothing to do: reports/index.html is up to date.\n"
#: Root may write anywhere, unless this power is taken from it; everybody else is an ordinary user already.
ORDINARY = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.geteuid() == 0 else ()


class Trials:
    """Counts what a test does as a trial of a fault, and holds it to its end.

    Attributes
    ----------
    record
        Notes a property of the test; they are counted when all tests have ended.
    temporary
        Where the system lets programs put what is for the moment.
    """

    def __init__(self, record: Callable[[str, object], None], temporary: Path) -> None:
        self.record, self.temporary = record, temporary

    @contextmanager
    def __call__(self, fault: str, project: Project, like: Project) -> Iterator[None]:
        """Do harm; then a plain `make report` gives the same report as `like`, and nothing else is there."""
        self.record(FAULT, fault)
        yield
        done = project.make("report")
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        assert_same(tree(project.root), tree(like.root))
        assert project.make("report").stdout == NOTHING
        assert (found := left(project.root)) == [], found
        assert list(self.temporary.iterdir()) == []
        self.record(WHOLE, fault)


def together(cases: Iterable[T]) -> list[list[T]]:
    """Return cases that are tried one after the other on one project; each alone for `make test-faults`."""
    return [[*cases]] if TRIALS == 1 else [[case] for case in cases]


def report(project: Project, *arguments: str) -> list[str]:
    """Make the report, which must succeed, and return the notebooks that were run."""
    done = project.make("report", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith((READY, NOTHING))
    return ran(done.stdout)


def planned(project: Project, *goals: str) -> list[str]:
    """Return the notebooks that are stale by what they read and made, in their order; nothing is run."""
    return [step for step in reasons(project, *goals) if step != "pages"]


def reasons(project: Project, *goals: str) -> dict[str, str]:
    """Return why each notebook is to be run, and pages are to be written; nothing is done."""
    done = project.make("-n", *(goals or ("report",)))
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^  (\w+): (.*)$", done.stdout, re.MULTILINE))


def restore(project: Project, like: Project) -> None:
    """Put back what `like` has built."""
    for folder in ("reports", "data/processed"):
        shutil.rmtree(project.root / folder, ignore_errors=True)
        shutil.copytree(like.root / folder, project.root / folder)


def times(root: Path) -> dict[Path, int]:
    """Return when each file of a project was last changed, but for its cache."""
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if not {".cache", "__pycache__"} & {*path.parts}}


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failing make says, without Make's own closing one."""
    assert done.returncode == 2, done.stdout + done.stderr
    said = [line for line in done.stderr.splitlines() if not re.match(r"make: \*\*\* \[.*Error \d+$", line)]
    assert len(said) == 1, done.stderr
    return said[0]


def ordinary() -> tuple[str, ...]:
    """Return what a command begins with that has no more power than an ordinary user's; skip where there is no way."""
    if ORDINARY and not shutil.which(ORDINARY[0]):
        pytest.skip("root may write anywhere, and setpriv is not here to take that power away")
    return ORDINARY


@contextmanager
def building(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Start `make report` in a process group of its own; it is ended with all that it started."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment = {**kept, "PYTHONPATH": str(project.root / "src")}
    command = ["make", "-o", ".venv/installed", "report"]
    with subprocess.Popen(
        command,
        cwd=project.root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as make:
        try:
            yield make
        finally:
            for pid in [make.pid] if make.poll() is None else []:
                os.killpg(pid, signal.SIGKILL)


def processes(root: Path, word: str = "") -> list[int]:
    """Return the processes that work for a project, or in its folder, and whose command holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes()
                folder = Path(os.readlink(entry / "cwd"))
            except OSError:
                continue
            theirs = f"PYTHONPATH={root}/src".encode() in environment or folder.is_relative_to(root)
            if theirs and word.encode() in command:
                found.append(int(entry.name))
    return sorted(found)


def left(root: Path) -> list[str]:
    """Return what a build should not leave: processes, folders apart, half files, locks."""
    wait_until(lambda: not processes(root), "a process survives")
    found = [*(root / ".cache").glob("run-*"), *(root / ".cache").rglob("*.matplotlib-lock")]
    found += [*root.rglob(".*.part"), *root.rglob("kernel-*.json")]
    with (root / ".cache" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return sorted(path.as_posix() for path in found)


def wait_until(condition: Callable[[], bool], otherwise: str = "it did not come about") -> None:
    """Wait for what must come; the limit is there for a test that would never end."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.002)


def truncate(path: Path) -> None:
    """Cut a file in half, as an unlucky copy does."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
