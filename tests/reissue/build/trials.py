"""What trials of faults share: a build in the background, its processes, and checks that nothing is left or lost."""

import fcntl
import io
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

from iucresearch.edition import EDITION
from reissue.build.configuration import Build
from reissue.build.products import print_plan
from reissue.core import paths
from tests.conftest import Project
from tests.reissue.build.mini import ran

READY = "The report is ready: reports/index.html\n"
NOTHING = "Nothing to do: reports/index.html is up to date.\n"


#: Checks a fault on a project against a project that was built without it.
Trials = Callable[[str, Project, Project], AbstractContextManager[None]]


def report(project: Project, *arguments: str) -> list[str]:
    """Make the report, which must succeed, and return the notebooks that were run."""
    done = project.make("report", *arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert done.stdout.endswith((READY, NOTHING))
    return ran(done.stdout)


@contextmanager
def inside(project: Project) -> Iterator[None]:
    """Let this process work on another project than the checkout; its kernels would still import the checkout."""
    with pytest.MonkeyPatch.context() as patch, mock.patch.dict(os.environ):
        for name in ("RAW", "NOTEBOOKS", "PARAMS", "CACHE", "ROOT"):
            patch.setattr(paths, name, project.root / getattr(paths, name).relative_to(paths.ROOT))
        yield


def planned(project: Project, *products: str) -> list[str]:
    """Return the stale notebooks, in their order; nothing is run."""
    return [step for step in reasons(project, *products) if step != "pages"]


def reasons(project: Project, *products: str, variant: str = "") -> dict[str, str]:
    """Return why each notebook, and the pages, are stale; nothing is run."""
    with inside(project), redirect_stdout(io.StringIO()) as printed:
        print_plan(Build(EDITION, variant), products)
    return dict(re.findall(r"^  (\w+): (.*)$", printed.getvalue(), re.MULTILINE))


def times(root: Path) -> dict[Path, int]:
    """Return when each file of a project was last changed, but for its cache."""
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if not {".cache", "__pycache__"} & {*path.parts}}


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a failing make prints, without Make's own last line."""
    assert done.returncode == 2, done.stdout + done.stderr
    lines = [line for line in done.stderr.splitlines() if not re.match(r"make: \*\*\* \[.*Error \d+$", line)]
    assert len(lines) == 1, done.stderr
    return lines[0]


@contextmanager
def building(project: Project, *command: str) -> Iterator[subprocess.Popen[str]]:
    """Start `make report`, or another command, in a process group of its own, and end the group."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    with subprocess.Popen(
        command or ["make", "-o", ".venv/installed", "report"],
        cwd=project.root,
        env={**kept, "PYTHONPATH": str(project.root / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as started:
        try:
            yield started
        finally:
            for pid in [started.pid] if started.poll() is None else []:
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


def find_left(root: Path) -> list[str]:
    """Return what a build should not leave: processes, temporary folders, unfinished files, locks."""
    wait_until(lambda: not processes(root), "a process survives")
    found = [*(root / ".cache").glob("run-*"), *(root / ".cache").rglob("*.matplotlib-lock")]
    found += [*root.rglob(".*.part"), *root.rglob("kernel-*.json")]
    with (root / ".cache" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return sorted(path.as_posix() for path in found)


def wait_until(condition: Callable[[], bool], otherwise: str = "it did not happen") -> None:
    """Wait for a condition, at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, otherwise
        # Looking through all processes takes longer than this.
        time.sleep(0.01)


def truncate(path: Path) -> None:
    """Cut a file in half, as an unlucky copy does."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
