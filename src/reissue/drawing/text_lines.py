"""Lines of text on axes whose y is inches downward, and axes that cover a part of a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, break_lines

#: Drawings that are at least this wide, in inches, have the larger text.
WIDE = 5.0
#: In inches: the margin of a drawing.
MARGIN = 0.08
#: Of the room for a text: hinted letters on a screen are a little wider than they are measured.
TOLERANCE = 0.97


def place_axes(ax: Axes | None, size: tuple[float, float], span: tuple[float, float], bottom: float) -> Axes:
    """Return axes that cover a part of a drawing: from left to right, and from the top to the bottom, in inches."""
    width, height = size
    if ax is None:
        ax = plt.figure(figsize=size, layout="none").add_axes((0.0, 0.0, 1.0, 1.0))
    given = ax.get_position()
    ax.set_position(
        (
            given.x0 + given.width * span[0] / width,
            given.y0 + given.height * (1 - bottom / height),
            given.width * (span[1] - span[0]) / width,
            given.height * bottom / height,
        )
    )
    return ax


def width_of_axes(ax: Axes) -> float:
    """Return the width of given axes in inches."""
    root = style.figure_of(ax)
    if root.get_layout_engine() is not None:
        root.draw_without_rendering()  # a layout moves and sizes the axes only when it is drawn
    return float(ax.get_window_extent().width / root.dpi)


def break_text(text: str, size: float, width: float) -> list[str]:
    """Return a text in lines that fit a width in inches on every screen."""
    return break_lines(Words(text, size), width * TOLERANCE)


def write_lines(
    ax: Axes, x: float, top: float, lines: Sequence[str], size: float, colour: str = style.INK, **look: Any
) -> None:
    """Write lines under each other from a height downward."""
    if lines:
        above = (LEADING - 1) / 2 * size / 72  # a line's text is in the middle of its height
        ax.text(x, top + above, "\n".join(lines), size=size, va="top", color=colour, linespacing="normal", **look)
