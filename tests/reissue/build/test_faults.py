"""Whatever process is ended, at any moment: nothing is lost or left, and the next `make report` is whole."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, assert_same, copied, tree
from tests.reissue.build.trials import Trials, building, processes, wait_until

#: How far a build can be when a process is ended. There are no kernels any more when there are pages.
STAGES: dict[str, Callable[[Path], bool]] = {
    "start": lambda root: (root / ".cache" / "build.lock").exists(),
    "first kernel": lambda root: any((root / ".cache").glob("run-01*")),
    "second notebook": lambda root: (root / "reports" / ".made" / "01_clean.json").exists(),
    "third notebook": lambda root: any((root / ".cache").glob("run-05*")),
    "pages": lambda root: (root / "reports" / "html" / "01_clean.html").exists(),
}
INTERRUPTED = "iucresearch: interrupted; the last finished report is untouched."


def find_kernels(root: Path) -> list[int]:
    """Return the kernels of a build, the last one first."""
    forked, ordinary = processes(root, "parent.py"), processes(root, "ipykernel_launcher")
    return [pid for pid in reversed(forked + ordinary) if pid in ordinary or find_parent(pid) in forked]


def find_parent(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


#: What can be ended, besides Make itself and all processes of the terminal at once, as Ctrl-C does it.
VICTIMS: dict[str, Callable[[Path], list[int]]] = {
    "runner": lambda root: processes(root, "-m\0iucresearch\0report"),
    "parent": lambda root: [pid for pid in processes(root, "parent.py") if pid not in find_kernels(root)],
    "kernel": find_kernels,
}


@dataclass(frozen=True)
class End:
    """One trial: which process is ended, by which signal, and when."""

    seed: int
    victim: str
    sent: signal.Signals
    stage: str
    delay: float

    @property
    def is_real(self) -> bool:
        """Whether it ends the real report, as one in ten does: the small one has the same stages and code."""
        return TRIALS > 1 and self.seed % 10 == 7

    def __str__(self) -> str:
        return f"seed {self.seed}: {self.victim}, {self.sent.name}, {self.stage} + {self.delay:.2f} s"

    def send(self, root: Path, make: subprocess.Popen[str]) -> None:
        """Wait for the moment, and send the signal; its process may be gone by then."""
        wait_until(lambda: STAGES[self.stage](root) or make.poll() is not None)
        time.sleep(self.delay * (5 if self.is_real else 1))
        with contextlib.suppress(ProcessLookupError):
            if self.victim == "terminal":
                os.killpg(make.pid, self.sent)
            elif self.victim == "make":
                make.send_signal(self.sent)
            else:
                find = VICTIMS[self.victim]
                wait_until(lambda: bool(find(root)) or make.poll() is not None)
                for pid in find(root)[:1]:
                    os.kill(pid, self.sent)


def draw_end(seed: int) -> End:
    """Draw a trial. Stages take turns; moments after a stage reach into the next one."""
    chance = random.Random(seed)
    victim = chance.choice(["terminal", "make", *VICTIMS])
    sent = chance.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
    stages = list(STAGES)[: -1 if victim == "kernel" else None]
    return End(seed, victim, sent, stages[seed % len(stages)], chance.uniform(0, 0.6))


#: `make test` tries four: every victim but Make, each signal, and each stage but the first.
SEEDS = range(10 * TRIALS) if TRIALS > 1 else (6, 11, 13, 14)


@pytest.mark.faults
@pytest.mark.build
@pytest.mark.parametrize("end", [*map(draw_end, SEEDS)], ids=str)
def test_a_report_is_whole_after_a_process_was_ended(
    trial: Trials, request: pytest.FixtureRequest, tmp_path: Path, end: End
) -> None:
    like: Project = request.getfixturevalue("built" if end.is_real else "built_mini")
    project = copied(like, tmp_path / "project", built=False)
    with building(project) as make, trial("an end at a random moment", project, like):
        end.send(project.root, make)
        # An interruption ends the build within two seconds; Make alone, interrupted, waits for it.
        status = make.wait(timeout=20 if end.victim == "runner" else 120)
        if end.victim != "make" or status == 0:
            wait_until(lambda: not processes(project.root), "a process survives")
            # Each file is whole, and if the status is 0, all files exist.
            there = {name: text for name, text in tree(project.root).items() if not name.endswith(".part")}
            expected = tree(like.root)
            assert_same(there, expected if status == 0 else {name: expected[name] for name in there})
            assert make.stderr is not None
            errors = make.stderr.read()
            assert "Traceback" not in errors
            if end.victim in ("runner", "terminal") and end.sent != signal.SIGKILL and status != 0:
                # Without a line only if nothing but Make was left to interrupt: then all files exist.
                assert errors.splitlines()[:1] == [INTERRUPTED] or (not errors and there == expected)
                assert not list((project.root / ".cache").glob("run-*"))


def test_an_interruption_while_modules_are_imported_is_one_line(ready: Mini) -> None:
    ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
    module = ready.root / "src" / "reissue" / "build" / "build.py"
    begun = "import os, signal, sys\nos.kill(os.getpid(), signal.SIGINT)\n"
    module.write_text(module.read_text().replace("import sys\n", begun, 1))
    done = ready.pipeline()
    assert (done.returncode, done.stdout, done.stderr) == (130, "", f"{INTERRUPTED}\n")
