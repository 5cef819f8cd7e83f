"""The one error that a user's mistake raises."""

from __future__ import annotations

import sys

from reissue.core import report

#: More letters of one part of a message are cut.
_LONGEST = 2_000


class InputError(Exception):
    """A user's mistake that stops the work.

    The message is one line: what is wrong, where, what was expected, what to do next.
    Programs print it without a stack trace and exit with 2. `detail` has lines to print after it, such as text to
    paste into a file; mostly empty.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", remedy: str = "", detail: str = "") -> None:
        self.detail = detail
        parts = [f"{where}: {what}" if where else what]
        if expected:
            parts.append(f"Expected {expected}")
        if remedy:
            parts.append(remedy[0].upper() + remedy[1:])
        super().__init__(". ".join(one_line(part).rstrip(".") for part in parts) + ".")

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the message without the stack."""
        return [f"InputError: {self}", *self.detail.splitlines()]


def one_line(text: str) -> str:
    """Escape what would break or disguise a line, and cut a long text: it may come from an untrusted file."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)


def print_error(line: str) -> None:
    """Print a line for the user, after the name of the command."""
    print(f"{report.command()}: {line}", file=sys.stderr, flush=True)
