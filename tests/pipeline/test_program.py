"""Programs: what they leave with, and that an interruption meets no work in its midst."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from iucresearch.errors import InputError
from iucresearch.pipeline import program

HOW = ["run", "run_here"]
#: Says when it has begun, and what it takes away when it is interrupted in its midst.
WAITS = (
    "try:\n    print('begun', flush=True)\n    time.sleep(300)\n"
    "except KeyboardInterrupt:\n    time.sleep(0.05)\n    print('taken away')\n    raise"
)


def started(work: str, how: str = "run") -> subprocess.Popen[str]:
    """Start a program whose work is these lines, in a thread or by `run_here`."""
    lines = "\n    ".join(work.splitlines())
    code = (
        "import sys, threading, time\nfrom iucresearch.pipeline import program\n"
        f"def main():\n    {lines}\nprogram.{how}(main, interrupted='what was there stays.')"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_what_the_user_can_mend_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> int:
        raise InputError("no such table", where="data/raw")

    assert program.told(fails) == program.NOT_RUN
    assert capsys.readouterr().err == "iucresearch: data/raw: no such table.\n"


def test_what_the_disk_refuses_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> int:
        raise OSError(28, "No space left on device", "reports/index.html")

    assert program.told(fails) == program.NOT_RUN
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("status", [0, 1, 2])
def test_leaves_with_what_its_work_returns(status: int, how: str) -> None:
    with started(f"return {status}", how) as process:
        said = process.communicate(timeout=60)
    assert (process.returncode, *said) == (status, "", "")


@pytest.mark.parametrize("how", HOW)
def test_an_error_of_ours_is_not_hidden(how: str) -> None:
    with started("raise ValueError('ours')", how) as process:
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.splitlines()[-1] == "ValueError: ours"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_whatever_its_work_waits_for(sent: signal.Signals) -> None:
    # Neither this lock nor the sleep ever ends; nor is the work told that it should.
    stuck = (
        "try:\n    print('begun', flush=True)\n    threading.Thread(target=time.sleep, args=[300]).start()\n"
        "    time.sleep(300)\nexcept BaseException:\n    print('told')"
    )
    with started(stuck) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(sent)
        said = process.communicate(timeout=60)
    assert (process.returncode, *said) == (
        program.INTERRUPTED,
        "",
        "iucresearch: interrupted; what was there stays.\n",
    )


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("between", [0, 0.0002, 0.001, 0.004])
def test_many_signals_are_one_interruption(between: float, how: str) -> None:
    # Make hands SIGTERM on to what it runs, so that who ends a whole terminal ends the runner twice.
    for _ in range(5):
        with started(WAITS, how) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            for sent in 10 * [signal.SIGTERM, signal.SIGINT]:
                process.send_signal(sent)
                time.sleep(between)
            said = process.communicate(timeout=60)
        assert (process.returncode, *said) == (
            program.INTERRUPTED,
            "taken away\n" if how == "run_here" else "",
            "iucresearch: interrupted; what was there stays.\n",
        )


def test_what_else_was_begun_is_ended_and_what_then_fails_is_no_news() -> None:
    code = (
        "import signal, threading\nfrom iucresearch.errors import InputError\n"
        "from iucresearch.pipeline import program\ngone = threading.Event()\n"
        "def work():\n    signal.raise_signal(signal.SIGTERM)\n    gone.wait(60)\n    raise InputError('it is gone')\n"
        "program.run(lambda: program.told(work), interrupted='what was there stays.', ending=gone.set)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stderr) == (130, "iucresearch: interrupted; what was there stays.\n")
    code = code.replace("ending=gone.set", "ending=lambda: print('ended', flush=True)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=50)
    assert (done.returncode, done.stdout) == (130, "ended\n")


@pytest.mark.parametrize("how", HOW)
def test_signals_that_come_together_are_one_interruption(how: str) -> None:
    both = "{signal.SIGTERM, signal.SIGINT}"
    together = (
        f"import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {both})\n"
        f"for number in {both}:\n    signal.pthread_kill(threading.get_ident(), number)\n"
        f"signal.pthread_sigmask(signal.SIG_UNBLOCK, {both})\ntime.sleep(300)"
    )
    with started(together, how) as process:
        said = process.communicate(timeout=60)
    assert (process.returncode, *said) == (
        130,
        "",
        "iucresearch: interrupted; what was there stays.\n",
    )


@pytest.mark.parametrize("how", HOW)
def test_a_program_that_was_told_to_ignore_interruptions_does(how: str) -> None:
    code = (
        "import signal, time\nfrom iucresearch.pipeline import program\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "def main():\n    signal.raise_signal(signal.SIGINT)\n    time.sleep(0.5)\n    return 0\n"
        f"program.{how}(main, interrupted='no.')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_thread_gets_no_kernel_once_all_were_ended_for_good() -> None:
    code = (
        "from iucresearch.pipeline import forking\n"
        "forking.end_all(for_good=True)\n"
        "try:\n    forking.forked([], {})\nexcept InterruptedError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "no kernel is started any more\n"
