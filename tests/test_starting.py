"""An interruption before a program has begun is told in one line."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

#: What Python does for `python -m iucresearch.NAME`: the package is imported before the module's name stands there.
BEGINS = "import signal, sys, time\nsys.argv[0] = {first!r}\n{before}\nimport iucresearch\n"


def begun(first: str, sent: int, before: str = "") -> subprocess.CompletedProcess[str]:
    """Interrupt a process that imports the package and is not done with what follows."""
    code = BEGINS.format(first=first, before=before) + f"signal.raise_signal({sent})\ntime.sleep(0.1)\nprint('done')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_imports_ends_in_one_line(sent: signal.Signals) -> None:
    done = begun("-m", sent)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "iucresearch: interrupted; nothing was begun.\n"


def test_what_is_to_be_ignored_is(capfd: pytest.CaptureFixture[str]) -> None:
    done = begun("-m", signal.SIGINT, "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")


def test_who_imports_the_package_has_signals_as_they_were() -> None:
    done = begun("somebody's.py", signal.SIGINT)
    assert "KeyboardInterrupt" in done.stderr


def test_a_program_of_the_project_is_begun_by_its_name() -> None:
    code = (
        "import runpy, signal, sys\nsys.argv = ['-m']\n"
        "class Interrupts:\n    def find_spec(self, name, *rest):\n"
        "        if name == 'iucresearch.data':\n            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupts())\nrunpy.run_module('iucresearch.draws', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "iucresearch: interrupted; nothing was begun.\n")
