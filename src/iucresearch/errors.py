"""The one error that a user's mistake raises."""

from __future__ import annotations

from pathlib import Path

from iucresearch import paths

#: More letters of one part nobody reads.
_LONGEST = 2_000


class InputError(Exception):
    """Something the user gave, or did not give, stops the work.

    The message is one line: what is wrong, where, what was expected, what to do next.
    Programs print it without a stack trace and exit with 2.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", remedy: str = "") -> None:
        parts = [f"{where}: {what}" if where else what]
        if expected:
            parts.append(f"expected {expected}")
        if remedy:
            parts.append(remedy)
        super().__init__(". ".join(_one_line(part).rstrip(".") for part in parts) + ".")

    def _render_traceback_(self) -> list[str]:
        """Tell IPython to show the message alone: the stack says nothing to the reader."""
        return [f"InputError: {self}"]


def of_disk(error: OSError) -> str:
    """Say in one line what the disk refused, and what to do."""
    where = f"{paths.shown(Path(error.filename))}: " if error.filename else ""
    return _one_line(f"{where}{error.strerror or error}. Make room or change the permissions.")


def _one_line(text: str) -> str:
    """Escape what would break or disguise a line, and cut it: the text may come from anybody's file."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)
