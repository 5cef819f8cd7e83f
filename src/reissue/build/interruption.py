"""Ctrl-C and SIGTERM: one line and exit code 130. The command-line entry point alone installs these handlers.

Standard library only at import, so that the entry point can install the first handler before it imports anything slow.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from queue import Empty, SimpleQueue

from reissue.core import report
from reissue.core.errors import print_error

EXIT_CODE = 130
#: Seconds that interrupted work has to remove its own folders once its kernels are gone.
_CLEANUP_TIMEOUT = 0.8
#: Seconds between looks at whether a signal has come.
_POLL_INTERVAL = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _State:
    """Whether this process was interrupted: a handler sets it, and may take no lock."""

    interrupted = False


_state = _State()


def is_interrupted() -> bool:
    """Return whether this process was interrupted: whatever fails afterwards is a consequence, not news."""
    return _state.interrupted


def exit_on_signal() -> None:
    """Until the work begins, let a signal end the process at once: there is nothing to undo yet."""
    _handle_signals(_exit_at_once)


def _exit_at_once(*_: object) -> None:
    # Raising would print the stack of whatever import it interrupts.
    os.write(2, f"{report.command()}: interrupted; nothing was begun.\n".encode())
    os._exit(EXIT_CODE)


def run_in_thread(work: Callable[[], int], *, interrupted: str, ending: Callable[[], object] = lambda: None) -> int:
    """Do work that runs notebooks; return its exit code. A signal ends the process with 130 and one line.

    `ending` ends what else the work has started.

    Python raises what a signal means in the main thread, at whatever that does. In an import, the import's lock could
    stay closed to the threads that run notebooks; a second signal would raise while the first is handled. So the work
    has a thread of its own, a handler only notes the signal, and the main thread waits.
    """
    from reissue.build import lock
    from reissue.build.kernels import forking

    done: Future[int] = Future()
    # Unlike other queues it may be written to from a signal handler, whatever that interrupts.
    news: SimpleQueue[None] = SimpleQueue()

    def work_and_report() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # handed to the main thread, which raises it
            done.set_exception(error)
        news.put(None)

    def note(*_: object) -> None:
        _state.interrupted = True
        news.put(None)

    _handle_signals(note)
    threading.Thread(target=work_and_report, daemon=True).start()
    while not (done.done() or _state.interrupted):
        # The limit is for a signal that arrives just before the wait begins.
        with suppress(Empty):
            news.get(timeout=_POLL_INTERVAL)
    if _state.interrupted:
        forking.end_all(for_good=True)
        ending()
        wait([done], _CLEANUP_TIMEOUT)
        _print_line(interrupted)
        lock.sweep_own()
        # Wait for nothing: a thread may be in the middle of anything.
        os._exit(EXIT_CODE)
    _ignore_signals()
    return done.result()


def run_in_main_thread(work: Callable[[], int], *, interrupted: str) -> int:
    """Do work that starts no kernels; return its exit code. A signal interrupts it once, and it cleans up itself."""

    def interrupt(*_: object) -> None:
        # Not ignored yet: Python would report a signal that arrives together with this one.
        _handle_signals(lambda *_: None)
        raise KeyboardInterrupt

    _handle_signals(interrupt)
    try:
        code = work()
        _handle_signals(lambda *_: None)
    except KeyboardInterrupt:
        _print_line(interrupted)
        code = EXIT_CODE
    _ignore_signals()
    return code


def _print_line(interrupted: str) -> None:
    print_error(f"interrupted; {interrupted}")


def _handle_signals(handler: Callable[..., None]) -> None:
    for number in _SIGNALS:
        # A program that a script starts in its background is meant to ignore them.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _ignore_signals() -> None:
    # The work is done: let Python end quietly.
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
