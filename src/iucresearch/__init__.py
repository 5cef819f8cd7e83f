"""A rebuilt, checkable edition of a report on Smart Specialisation between the EU and Latin America.

`load(name)` reads a processed table, `tables()` lists them, `describe(name)` explains one. `survey` works out what
published counts and percentages allow; `explore` is for JupyterLab.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from reissue.core import report

if TYPE_CHECKING:
    from iucresearch import explore
    from reissue import survey
    from reissue.core.tables import describe, load, tables

    __version__: str

__all__ = ["__version__", "describe", "explore", "load", "survey", "tables"]


report.set_package(__name__)


def __getattr__(name: str) -> object:
    """Import late: the runner and the command line do not need pandas to start."""
    if name == "__version__":
        from importlib.metadata import version

        return version(__name__)
    if name == "explore":
        return import_module("iucresearch.explore")
    if name == "survey":
        return import_module("reissue.survey")
    if name in __all__:
        return getattr(import_module("reissue.core.tables"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what is imported late, too."""
    return __all__
