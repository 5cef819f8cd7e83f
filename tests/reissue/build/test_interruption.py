"""Ctrl-C and SIGTERM: one line and 130 for commands; no effect on a program that only imports the package."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from reissue.build import environment, interruption
from reissue.build.kernels import forking
from reissue.core import paths
from tests.conftest import TRIALS

HOW = pytest.mark.parametrize("how", ["run_in_thread", "run_in_main_thread"])
LINE = "reissue: interrupted; existing files stay.\n"


def start(work: str, how: str = "run_in_thread") -> subprocess.Popen[str]:
    """Start a program whose work is these lines."""
    lines = "\n    ".join(work.splitlines())
    code = (
        "import signal, sys, threading, time\nfrom reissue.build import interruption\n"
        f"def work():\n    {lines}\nsys.exit(interruption.{how}(work, interrupted='existing files stay.'))"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(work: str, how: str = "run_in_thread") -> tuple[int, str, str]:
    """Run a program whose work is these lines; return its exit code and what it printed."""
    with start(work, how) as process:
        printed = process.communicate(timeout=60)
    return (process.returncode, *printed)


@HOW
@pytest.mark.parametrize(
    ("work", "code", "line"), [("return 2", 2, []), ("raise OSError('ours')", 1, ["OSError: ours"])]
)
def test_a_program_exits_with_what_its_work_returns_or_raises(how: str, work: str, code: int, line: list[str]) -> None:
    exit_code, output, errors = run(work, how)
    assert (exit_code, output, errors.splitlines()[-1:]) == (code, "", line)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_work_that_waits_forever(sent: signal.Signals) -> None:
    # Neither this thread nor the sleep ever ends, and no exception reaches the work.
    stuck = (
        "try:\n    print('begun', flush=True)\n    threading.Thread(target=time.sleep, args=[300]).start()\n"
        "    time.sleep(300)\nexcept BaseException:\n    print('reached')"
    )
    with start(stuck) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(sent)
        printed = process.communicate(timeout=60)
    assert (process.returncode, *printed) == (interruption.EXIT_CODE, "", LINE)


@pytest.mark.faults
@HOW
@pytest.mark.parametrize("between", [0.001] if TRIALS == 1 else [0, 0.001])
def test_many_signals_are_one_interruption(between: float, how: str) -> None:
    # Make passes SIGTERM on to its programs, so that ending a whole terminal ends a program twice.
    waits = (
        "try:\n    print('begun', flush=True)\n    time.sleep(300)\n"
        "except KeyboardInterrupt:\n    time.sleep(0.05)\n    print('cleaned up')\n    raise"
    )
    for _ in range(TRIALS):
        with start(waits, how) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            for sent in 10 * [signal.SIGTERM, signal.SIGINT]:
                process.send_signal(sent)
                time.sleep(between)
            printed = process.communicate(timeout=60)
        cleaned = "cleaned up\n" if how == "run_in_main_thread" else ""
        assert (process.returncode, *printed) == (interruption.EXIT_CODE, cleaned, LINE)


@HOW
def test_signals_that_come_together_are_one_interruption(how: str) -> None:
    both = "{signal.SIGTERM, signal.SIGINT}"
    together = (
        f"signal.pthread_sigmask(signal.SIG_BLOCK, {both})\n"
        f"for number in {both}:\n    signal.pthread_kill(threading.get_ident(), number)\n"
        f"signal.pthread_sigmask(signal.SIG_UNBLOCK, {both})\ntime.sleep(300)"
    )
    assert run(together, how) == (130, "", LINE)


def test_it_ends_what_was_started_and_reports_no_later_failure() -> None:
    work = (
        "from reissue.build.command import Command, run_command\nfrom reissue.core.errors import InputError\n"
        "gone = threading.Event()\n"
        "def end():\n    print('ended', flush=True)\n    gone.set()\n"
        "def work():\n    signal.raise_signal(signal.SIGTERM)\n    gone.wait(60)\n    raise InputError('it is gone')\n"
        "return run_command(Command(work, 'existing files stay.', threaded=True, ending=end))"
    )
    assert run(work, "run_in_main_thread") == (130, "ended\n", LINE)


@HOW
def test_a_program_that_is_meant_to_ignore_interruptions_does(how: str) -> None:
    # SIGINT is ignored before the inner program begins.
    inner = "def inner():\n    signal.raise_signal(signal.SIGINT)\n    time.sleep(0.5)\n    return 0\n"
    ignoring = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    work = f"{inner}{ignoring}return interruption.{how}(inner, interrupted='no.')"
    assert run(work, "run_in_main_thread") == (0, "", "")


def test_no_kernel_starts_once_all_were_ended_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "_ended", False)
    forking.end_all(for_good=True)
    with pytest.raises(InterruptedError):
        forking.can_fork({})


@pytest.mark.parametrize("ignored", [False, True])
def test_a_command_that_is_still_importing_ends_in_one_line_unless_it_ignores_interruptions(ignored: bool) -> None:
    handler = "signal.signal(signal.SIGINT, signal.SIG_IGN)" if ignored else ""
    code = (
        "import runpy, signal, sys\nsys.argv = ['-m', 'checksums']\n"
        "class Interrupts:\n    def find_spec(self, name, *rest):\n"
        "        if name == 'click':\n            signal.raise_signal(signal.SIGINT)\n"
        f"sys.meta_path.insert(0, Interrupts())\n{handler}\nrunpy.run_module('iucresearch', run_name='__main__')"
    )
    # With other variables it would be started again, without what is planted here.
    variables = os.environ | environment.VARIABLES
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
    expected = (0, "") if ignored else (130, "iucresearch: interrupted; nothing was begun.\n")
    assert (done.returncode, done.stderr) == expected


def test_importing_changes_no_signal_handler(tmp_path: Path) -> None:
    """Another program keeps its own Ctrl-C, whatever it imports of the package, also under `python -m`."""
    source = paths.ROOT / "src"
    places = [path.relative_to(source).with_suffix("").as_posix() for path in sorted(source.rglob("*.py"))]
    modules = [place.removesuffix("/__init__").replace("/", ".") for place in places]
    # The kernels' parent and the way onto loopback are programs of their own, never imported.
    modules = [name for name in modules if not name.endswith((".parent", ".loopback"))]
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
