"""A rebuilt, checkable edition of a report on Smart Specialisation between the EU and Latin America.

`load(name)` reads a processed table, `tables()` lists them, `describe(name)` explains one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iucresearch.data import describe, load, tables

__all__ = ["describe", "load", "tables"]


def __getattr__(name: str) -> object:
    """Import late: the runner and the command line do not need pandas to start."""
    if name in __all__:
        from iucresearch import data

        return getattr(data, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
