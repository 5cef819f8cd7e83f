"""A rebuilt, checkable edition of a report on Smart Specialisation between the EU and Latin America.

`load(name)` reads a processed table, `tables()` lists them, `describe(name)` explains one.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if sys.argv[:1] == ["-m"]:
    # One of the project's programs starts, and imports for a while.
    from iucresearch import starting  # noqa: F401

if TYPE_CHECKING:
    from iucresearch.data import describe, load, tables

__all__ = ["describe", "load", "tables"]


def __getattr__(name: str) -> object:
    """Import late: the runner and the command line do not need pandas to start."""
    if name in __all__:
        from iucresearch import data

        return getattr(data, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
