"""Ctrl-C and SIGTERM: one line and 130 for commands; nothing for a program that only imports the package."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reissue.build import environment, interruption
from reissue.core import paths
from tests.conftest import TRIALS

HOW = ["run_in_thread", "run_in_main_thread"]
LINE = "reissue: interrupted; what was there stays.\n"
#: Prints that it has begun and, where the interruption reaches it, that it cleaned up.
WAITS = (
    "try:\n    print('begun', flush=True)\n    time.sleep(300)\n"
    "except KeyboardInterrupt:\n    time.sleep(0.05)\n    print('cleaned up')\n    raise"
)


def started(work: str, how: str = "run_in_thread") -> subprocess.Popen[str]:
    """Start a program whose work is these lines."""
    lines = "\n    ".join(work.splitlines())
    code = (
        "import sys, threading, time\nfrom reissue.build import interruption\n"
        f"def work():\n    {lines}\nsys.exit(interruption.{how}(work, interrupted='what was there stays.'))"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", HOW)
def test_exits_with_what_its_work_returns(how: str) -> None:
    with started("return 2", how) as process:
        printed = process.communicate(timeout=60)
    assert (process.returncode, *printed) == (2, "", "")


@pytest.mark.parametrize("how", HOW)
def test_an_error_of_ours_is_not_hidden(how: str) -> None:
    with started("raise ValueError('ours')", how) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == "ValueError: ours"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_whatever_its_work_waits_for(sent: signal.Signals) -> None:
    # Neither this thread nor the sleep ever ends, and no exception reaches the work.
    stuck = (
        "try:\n    print('begun', flush=True)\n    threading.Thread(target=time.sleep, args=[300]).start()\n"
        "    time.sleep(300)\nexcept BaseException:\n    print('reached')"
    )
    with started(stuck) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(sent)
        printed = process.communicate(timeout=60)
    assert (process.returncode, *printed) == (interruption.EXIT_CODE, "", LINE)


@pytest.mark.faults
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("between", [0.001] if TRIALS == 1 else [0, 0.001])
def test_many_signals_are_one_interruption(between: float, how: str) -> None:
    # Make passes SIGTERM on to its programs, so that ending a whole terminal ends a program twice.
    for _ in range(TRIALS):
        with started(WAITS, how) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            for sent in 10 * [signal.SIGTERM, signal.SIGINT]:
                process.send_signal(sent)
                time.sleep(between)
            printed = process.communicate(timeout=60)
        cleaned = "cleaned up\n" if how == "run_in_main_thread" else ""
        assert (process.returncode, *printed) == (interruption.EXIT_CODE, cleaned, LINE)


@pytest.mark.parametrize("how", HOW)
def test_signals_that_come_together_are_one_interruption(how: str) -> None:
    both = "{signal.SIGTERM, signal.SIGINT}"
    together = (
        f"import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {both})\n"
        f"for number in {both}:\n    signal.pthread_kill(threading.get_ident(), number)\n"
        f"signal.pthread_sigmask(signal.SIG_UNBLOCK, {both})\ntime.sleep(300)"
    )
    with started(together, how) as process:
        printed = process.communicate(timeout=60)
    assert (process.returncode, *printed) == (130, "", LINE)


def test_what_else_was_started_is_ended_and_what_then_fails_is_not_reported() -> None:
    code = (
        "import signal, sys, threading\nfrom reissue.build import command as commands\n"
        "from reissue.core.errors import InputError\n"
        "gone = threading.Event()\n"
        "def end():\n    print('ended', flush=True)\n    gone.set()\n"
        "def work():\n    signal.raise_signal(signal.SIGTERM)\n    gone.wait(60)\n    raise InputError('it is gone')\n"
        "command = commands.Command(work, 'what was there stays.', threaded=True, ending=end)\n"
        "sys.exit(commands.run_command(command))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stdout, done.stderr) == (130, "ended\n", LINE)


@pytest.mark.parametrize("how", HOW)
def test_a_program_that_is_meant_to_ignore_interruptions_does(how: str) -> None:
    code = (
        "import signal, sys, time\nfrom reissue.build import interruption\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "def work():\n    signal.raise_signal(signal.SIGINT)\n    time.sleep(0.5)\n    return 0\n"
        f"sys.exit(interruption.{how}(work, interrupted='no.'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_thread_gets_no_kernel_once_all_were_ended_for_good() -> None:
    code = (
        "from reissue.build.kernels import forking\n"
        "forking.end_all(for_good=True)\n"
        "try:\n    forking.can_fork({})\nexcept InterruptedError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "no kernel is started any more\n"


def interrupted_while_importing(module: str, sent: int, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run `python -m iucresearch checksums`, and send it a signal when it imports a module."""
    code = (
        "import runpy, signal, sys\nsys.argv = ['-m', 'checksums']\n"
        "class Interrupts:\n    def find_spec(self, name, *rest):\n"
        f"        if name == {module!r}:\n            signal.raise_signal({int(sent)})\n"
        f"sys.meta_path.insert(0, Interrupts())\n{before}\nrunpy.run_module('iucresearch', run_name='__main__')"
    )
    # With other variables it would be started again, without what is planted here.
    variables = os.environ | environment.VARIABLES
    return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)


def test_a_command_that_is_still_importing_ends_in_one_line() -> None:
    done = interrupted_while_importing("click", signal.SIGTERM)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "iucresearch: interrupted; nothing was begun.\n"


def test_a_command_that_is_meant_to_ignore_interruptions_does_while_it_imports() -> None:
    done = interrupted_while_importing("click", signal.SIGINT, "signal.signal(signal.SIGINT, signal.SIG_IGN)")
    assert (done.returncode, done.stderr) == (0, "")


MODULES = sorted(
    path.relative_to(paths.ROOT / "src").with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in (paths.ROOT / "src").rglob("*.py")
)


def test_importing_changes_no_signal_handler(tmp_path: Path) -> None:
    """Another program keeps its own Ctrl-C, whatever it imports of the package, also under `python -m`."""
    # The kernels' parent and the way onto loopback are programs of their own, never imported.
    modules = [name for name in MODULES if not name.endswith((".parent", ".loopback"))]
    (tmp_path / "theirs.py").write_text(
        "import importlib, signal, sys\n"
        "numbers = sorted(signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP})\n"
        "before = [signal.getsignal(number) for number in numbers]\n"
        f"for name in {modules}:\n    importlib.import_module(name)\n"
        "assert [signal.getsignal(number) for number in numbers] == before\n"
        "signal.raise_signal(signal.SIGINT)\n"
    )
    command = [sys.executable, "-m", "theirs"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1:] == ["KeyboardInterrupt"], done.stderr
