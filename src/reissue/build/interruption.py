"""Ctrl-C and SIGTERM: one line and exit code 130. Only the command-line entry point installs these handlers.

Imports only the standard library at first, so that the entry point can install a handler before anything slow.
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
#: Seconds that interrupted work has to remove its own folders once its kernels have ended.
_CLEANUP_TIMEOUT = 0.8
_SIGNALS = (signal.SIGINT, signal.SIGTERM)

_interrupted = False


def is_interrupted() -> bool:
    """Return whether this process was interrupted: later failures are consequences, and are not reported."""
    return _interrupted


def exit_on_signal() -> None:
    """Let a signal end the process at once, until the work begins: there is nothing to undo yet."""

    def exit_at_once(*_: object) -> None:
        # Raising would print the stack of the import that it interrupts.
        os.write(2, f"{report.command()}: interrupted; nothing was begun.\n".encode())
        os._exit(EXIT_CODE)

    _handle_signals(exit_at_once)


def run_in_thread(work: Callable[[], int], *, interrupted: str, ending: Callable[[], object] = lambda: None) -> int:
    """Do work that runs notebooks; return its exit code. A signal kills kernels, runs `ending` and exits with 130.

    Python runs signal handlers in the main thread, in the middle of any statement. If one raised within an import, the
    import's lock could stay closed to the threads that run notebooks, and a second signal would raise while the first
    is handled. So the work has its own thread, a handler only notes the signal, and the main thread waits.
    """
    from reissue.build import lock
    from reissue.build.kernels import forking

    done: Future[int] = Future()
    # Unlike other queues, a signal handler may write to it at any moment.
    news: SimpleQueue[None] = SimpleQueue()

    def work_and_report() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # the main thread raises it
            done.set_exception(error)
        news.put(None)

    def note(*_: object) -> None:
        global _interrupted
        _interrupted = True
        news.put(None)

    _handle_signals(note)
    threading.Thread(target=work_and_report, daemon=True).start()
    while not (done.done() or _interrupted):
        # The limit is for a signal that arrives just before the wait begins.
        with suppress(Empty):
            news.get(timeout=0.2)
    if _interrupted:
        forking.end_all(for_good=True)
        ending()
        wait([done], _CLEANUP_TIMEOUT)
        print_error(f"interrupted; {interrupted}")
        lock.sweep_own()
        # Do not wait: a thread may be in the middle of anything.
        os._exit(EXIT_CODE)
    _handle_signals(signal.SIG_IGN)
    return done.result()


def run_in_main_thread(work: Callable[[], int], *, interrupted: str) -> int:
    """Do work that starts no kernels; return its exit code. A signal interrupts it once, and it cleans up itself."""

    def interrupt(*_: object) -> None:
        # SIG_IGN would not do: Python would report a signal that arrives together with this one.
        _handle_signals(lambda *_: None)
        raise KeyboardInterrupt

    _handle_signals(interrupt)
    try:
        code = work()
        _handle_signals(lambda *_: None)
    except KeyboardInterrupt:
        print_error(f"interrupted; {interrupted}")
        code = EXIT_CODE
    # The work is done: let Python end quietly.
    _handle_signals(signal.SIG_IGN)
    return code


def _handle_signals(handler: Callable[..., None] | signal.Handlers) -> None:
    for number in _SIGNALS:
        # A script's background program is meant to ignore them.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)
