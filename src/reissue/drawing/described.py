"""Alt texts: a drawing function carries the function that describes what it draws, from the same data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

Draw = TypeVar("Draw", bound=Callable[..., Any])


def described_by(alt_text: Callable[[pd.DataFrame], str]) -> Callable[[Draw], Draw]:
    """Return a decorator that attaches the function that writes a drawing's alt text from its data."""

    def attach(draw: Draw) -> Draw:
        draw.alt_text = alt_text  # type: ignore[attr-defined]
        return draw

    return attach


def describe(draw: Callable[..., Any], data: pd.DataFrame) -> str:
    """Return the alt text of a drawing function for its data; empty if `described_by` did not give it one."""
    alt_text = getattr(draw, "alt_text", None)
    return str(alt_text(data)) if alt_text else ""
