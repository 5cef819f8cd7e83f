"""Programs that run notebooks: a line for what the user can mend, and an end at once for who interrupts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from iucresearch.errors import InputError, of_disk
from iucresearch.pipeline import forking
from iucresearch.pipeline.alone import sweep_own

NOT_RUN, INTERRUPTED = 2, 130
#: Seconds that the work has to take its folders away itself, once its kernels are gone.
_PATIENCE = 0.8
#: Seconds after which a program looks whether it was interrupted.
_LOOK = 0.2
_interrupted = threading.Event()


def told(work: Callable[[], int]) -> int:
    """Do the work; return what it returns, or 2 with one line where input or disk did not allow it."""
    try:
        return work()
    except InputError as error:
        line = str(error)
    except OSError as error:
        line = of_disk(error)
    # What fails because it was interrupted is no news.
    if not _interrupted.is_set():
        print(f"iucresearch: {line}", file=sys.stderr)
    return NOT_RUN


def run(main: Callable[[], int], *, interrupted: str, ending: Callable[[], object] = lambda: None) -> None:
    """Do a program's work and leave with its status; with 130 where it is interrupted or ended, after one line.

    `ending` ends what else the work has begun.

    The work is done in a thread of its own. Python tells of a signal in the main thread by an exception at
    whatever it does; were that an import, its lock could stay closed for ever to the threads that run notebooks.
    """
    done: Future[int] = Future()

    def work() -> None:
        try:
            done.set_result(main())
        except BaseException as error:  # handed to the main thread, which raises it
            done.set_exception(error)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        threading.Thread(target=work, daemon=True).start()
        # A signal that comes just before this waits is noticed when it looks again.
        while not done.done():
            wait([done], _LOOK)
        status = done.result()
    except KeyboardInterrupt:
        _interrupted.set()
        # Once is enough.
        _ignore_signals()
        forking.end_all(for_good=True)
        ending()
        wait([done], _PATIENCE)
        print(f"iucresearch: interrupted; {interrupted}", file=sys.stderr, flush=True)
        sweep_own()
        # Nothing is waited for: a thread may be in the midst of anything.
        os._exit(INTERRUPTED)
    # What is done is done: Python takes itself apart without a word.
    _ignore_signals()
    sys.exit(status)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
