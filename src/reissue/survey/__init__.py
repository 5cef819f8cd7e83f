"""What the printed numbers of a survey allow; usable for any report that prints counts and percentages."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reissue.survey.counting import (
        InexactWarning,
        conflicts,
        count_tables,
        count_tables_by_value,
        draw,
        feasible,
        feasible_values,
    )
    from reissue.survey.layers import TooLargeError
    from reissue.survey.rounding import ROUNDINGS, allowed_counts
    from reissue.survey.system import System

__all__ = [
    "ROUNDINGS",
    "InexactWarning",
    "System",
    "TooLargeError",
    "allowed_counts",
    "conflicts",
    "count_tables",
    "count_tables_by_value",
    "draw",
    "feasible",
    "feasible_values",
]

_MODULES = {"ROUNDINGS": "rounding", "System": "system", "TooLargeError": "layers", "allowed_counts": "rounding"}


def __getattr__(name: str) -> object:
    """Import a public name on first use: the rounding rules do not need numpy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'counting')}"), name)
