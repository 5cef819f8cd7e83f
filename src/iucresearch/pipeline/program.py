"""Programs that run notebooks: a line for what the user can mend, and an end at once for who interrupts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from queue import Empty, SimpleQueue

from iucresearch.errors import InputError
from iucresearch.files import refusal
from iucresearch.pipeline import forking
from iucresearch.pipeline.alone import sweep_own

NOT_RUN, INTERRUPTED = 2, 130
#: Seconds that the work has to take its folders away itself, once its kernels are gone.
_PATIENCE = 0.8
#: Seconds after which a program looks whether it was interrupted.
_LOOK = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _State:
    """Whether the program was interrupted: noted by a handler, which may take no lock."""

    interrupted = False


_state = _State()


def is_interrupted() -> bool:
    """Whether this program was interrupted: what fails from then on is no news."""
    return _state.interrupted


def told(work: Callable[[], int]) -> int:
    """Do the work; return what it returns, or 2 with one line, and its detail, where input or disk did not allow it."""
    try:
        return work()
    except InputError as error:
        lines = [str(error), *error.detail.splitlines()]
    except OSError as error:
        lines = [refusal(error)]
    if not is_interrupted():
        print("iucresearch: " + "\n".join(lines), file=sys.stderr)
    return NOT_RUN


def run(main: Callable[[], int], *, interrupted: str, ending: Callable[[], object] = lambda: None) -> None:
    """Do a program's work and leave with its status; with 130 where it is interrupted or ended, after one line.

    `ending` ends what else the work has begun.

    The work is done in a thread of its own. Python tells of a signal in the main thread, at whatever it does, and by
    an exception. Were that an import, its lock could stay closed for ever to the threads that run notebooks; and a
    second signal would raise while the first is dealt with. So signals are noted, and the main thread only waits.
    """
    done: Future[int] = Future()
    # The one thing that may wake who waits for it from a signal's handler, whatever the handler interrupts.
    news: SimpleQueue[None] = SimpleQueue()

    def work() -> None:
        try:
            done.set_result(main())
        except BaseException as error:  # handed to the main thread, which raises it
            done.set_exception(error)
        news.put(None)

    def note(*_: object) -> None:
        _state.interrupted = True
        news.put(None)

    _heed(note)
    threading.Thread(target=work, daemon=True).start()
    while not (done.done() or _state.interrupted):
        # A signal that comes just before this waits is noticed when it looks again.
        with suppress(Empty):
            news.get(timeout=_LOOK)
    if _state.interrupted:
        forking.end_all(for_good=True)
        ending()
        wait([done], _PATIENCE)
        print(f"iucresearch: interrupted; {interrupted}", file=sys.stderr, flush=True)
        sweep_own()
        # Nothing is waited for: a thread may be in the midst of anything.
        os._exit(INTERRUPTED)
    # What is done is done: Python takes itself apart without a word.
    _ignore()
    sys.exit(done.result())


def run_here(main: Callable[[], int], *, interrupted: str = "run it again.") -> None:
    """Do the work of a program that runs no notebooks in its own process, and leave as from `run`.

    It is interrupted in its midst, once, and takes away itself what is half done.
    """

    def end(*_: object) -> None:
        # Not ignored yet: of a signal that came together with this one Python would say that it is.
        _heed(lambda *_: None)
        raise KeyboardInterrupt

    _heed(end)
    try:
        status = main()
        _heed(lambda *_: None)
    except KeyboardInterrupt:
        print(f"iucresearch: interrupted; {interrupted}", file=sys.stderr)
        status = INTERRUPTED
    _ignore()
    sys.exit(status)


def _heed(handler: Callable[..., None]) -> None:
    for number in _SIGNALS:
        # Who starts a program in the background of a shell's script has it ignore them.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _ignore() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
