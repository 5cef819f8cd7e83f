"""What an interruption meets before a program has begun: a line, and an end at once, since there is nothing to undo."""

from __future__ import annotations

import os
import signal

_INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _leave(*_: object) -> None:
    # Raising would tell of the import that it met, line by line.
    os.write(2, b"iucresearch: interrupted; nothing was begun.\n")
    os._exit(_INTERRUPTED)


for number in _SIGNALS:
    # Who starts a program in the background of a shell's script has it ignore them.
    if signal.getsignal(number) is not signal.SIG_IGN:
        signal.signal(number, _leave)
