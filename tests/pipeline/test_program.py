"""Programs: what they leave with, and that an interruption meets no work in its midst."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from iucresearch.errors import InputError
from iucresearch.pipeline import program


def started(work: str) -> subprocess.Popen[str]:
    """Start a program whose work is these lines."""
    lines = "\n    ".join(work.splitlines())
    code = (
        "import sys, threading, time\nfrom iucresearch.pipeline import program\n"
        f"def main():\n    {lines}\nprogram.run(main, interrupted='what was there stays.')"
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


@pytest.mark.parametrize("status", [0, 1, 2])
def test_leaves_with_what_its_work_returns(status: int) -> None:
    with started(f"return {status}") as process:
        said = process.communicate(timeout=60)
    assert (process.returncode, *said) == (status, "", "")


def test_an_error_of_ours_is_not_hidden() -> None:
    with started("raise ValueError('ours')") as process:
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


def test_a_thread_gets_no_kernel_once_all_were_ended_for_good() -> None:
    code = (
        "from iucresearch.pipeline import forking\n"
        "forking.end_all(for_good=True)\n"
        "try:\n    forking.forked([], {})\nexcept InterruptedError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "no kernel is started any more\n"
