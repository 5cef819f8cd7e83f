"""Words fitted into boxes of a drawing: wrapped, shrunk together down to a floor, else refused.

A drawing has coordinates in inches, x to the right and y *downward* from its upper left corner.
Widths are measured by a renderer at one large size, without hinting, at 72 dots per inch, and scaled,
so that a figure breaks its lines at the same places on screen, in print and in SVG.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from reissue.core.errors import InputError
from reissue.drawing import style

#: No text is set smaller than this, in points.
SMALLEST = 8.0
#: Distance between baselines and depth of the first one, in sizes: DejaVu's ascent 0.76, descent
#: 0.24 and line gap 0.2, which matplotlib's "normal" line spacing uses too.
LEADING = 1.2
BASELINE = 0.86

_STEP = 0.02
_TOLERANCE = 0.98  # of a box's width: hinted glyphs on screen run up to this much wider


@dataclass(frozen=True)
class Words:
    """One paragraph: its text, size in points, weight, colour, and the gap above it in inches."""

    text: str
    size: float = 9.5
    weight: Literal["normal", "bold"] = "normal"
    color: str = style.INK
    before: float = 0.0


@dataclass(frozen=True)
class Box:
    """One rectangle, in inches, and the paragraphs that stand in it one under the other."""

    left: float
    top: float
    width: float
    height: float
    words: tuple[Words, ...]
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "center", "bottom"] = "top"


@dataclass(frozen=True)
class Placed:
    """One paragraph as written: its artist, where its first line stands, and where it ends."""

    artist: Text
    baseline: float
    bottom: float


def blank_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Give axes the coordinates of a drawing, without a frame; make a figure of that size if there are none.

    Parameters
    ----------
    ax
        Axes to draw on; the drawing is scaled to fit them, its proportions kept. Changed.
    width, height
        Size of the drawing in inches.
    """
    if ax is None:
        figure = plt.figure(figsize=(width, height), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    root = _figure(ax)
    if root.get_layout_engine() is not None:
        root.draw_without_rendering()  # a layout moves and sizes the axes only when it is drawn
    return ax


def fill(ax: Axes, boxes: Sequence[Box], *, source: str) -> list[list[Placed]]:
    """Write paragraphs into their boxes at the largest common scale at which all of them fit.

    Parameters
    ----------
    ax
        Axes made by `blank_axes`. Changed: one text artist is added per paragraph.
    boxes
        What to write, and where. Boxes filled together are scaled together.
    source
        Where the words come from, for the error message: "data/raw/actions.csv".

    Returns
    -------
    list of list of Placed
        One list per box, one entry per paragraph.

    Raises
    ------
    InputError
        If a text does not fit its box even at `SMALLEST`.
    """
    points = _points_per_inch(ax)
    floor = SMALLEST / max(words.size for box in boxes for words in box.words)
    scale = 1.0
    while not all(_fits(box, scale, points) for box in boxes):
        scale -= _STEP
        if scale < floor - _STEP:
            raise _too_long(boxes, scale, points, source)
    return [_write(ax, box, scale, points) for box in boxes]


def width_of(ax: Axes, words: Words) -> float:
    """Return how wide a text is on one line at its own size, in inches of the drawing."""
    return _measure(_clean(words.text), words.size, words.weight) / _points_per_inch(ax)


def size_on_line(ax: Axes, words: Words, width: float) -> float:
    """Return the size at which a text is no wider than this on one line: its own or less, not below `SMALLEST`."""
    return words.size if (own := width_of(ax, words)) <= width else max(SMALLEST, words.size * width / own)


def on_line(ax: Axes, words: Words, left: float, baseline: float, width: float | None = None) -> Box:
    """Return the box of a text that stands on a line, as wide as the text unless a width is given."""
    points = _points_per_inch(ax)
    if width is None:
        width = width_of(ax, words) / _TOLERANCE
    top = baseline - BASELINE * words.size / points
    return Box(left, top, width, _height(words, words.size, 1, points), (words,))


def need_rows(table: pd.DataFrame, columns: Sequence[str], *, source: str) -> None:
    """Refuse a table that has nothing to draw.

    Raises
    ------
    InputError
        If a column is missing, there is no row, or a value to be drawn is missing.
    """
    remedy = "restore the file, then run make report"
    for column in columns:
        if column not in table.columns:
            raise InputError(f"there is no column {column!r}", where=source, expected=", ".join(columns), remedy=remedy)
        if table[column].isna().any():
            raise InputError(
                f"column {column!r} has a row without a value", where=source, remedy="fill it in, then run make report"
            )
    if table.empty:
        raise InputError("no row to draw", where=source, expected="at least one", remedy=remedy)


def _points_per_inch(ax: Axes) -> float:
    """Points on paper for one inch of the drawing: 72, unless the axes are of another size."""
    ax.apply_aspect()
    left, right = ax.get_xlim()
    return float(ax.get_window_extent().width / _figure(ax).dpi * 72 / (right - left))


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def _clean(text: str) -> str:
    return " ".join(str(text).split())


def _measure(line: str, size: float, weight: str) -> float:
    return _width_at_100(line, weight, tuple(mpl.rcParams["font.family"])) * size / 100


@lru_cache(maxsize=4096)
def _width_at_100(line: str, weight: str, family: tuple[str, ...]) -> float:
    font = FontProperties(family=family, size=100, weight=weight)
    return float(RendererBase().get_text_width_height_descent(line, font, ismath=False)[0])


def _size(words: Words, scale: float) -> float:
    return max(SMALLEST, round(words.size * scale, 2))


def _wrap(words: Words, size: float, width: float) -> list[str] | None:
    """Lines no wider than `width` points, or None where one word alone is wider."""
    lines: list[str] = []
    for word in re.split(" (?!/)", _clean(words.text)):  # a stroke stays on the line it ends
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _measure(longer, size, words.weight) <= width:
            lines[-1] = longer
        elif _measure(word, size, words.weight) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _balanced(words: Words, size: float, width: float) -> list[str]:
    """Lines as in `_wrap`, as few, but of lengths as even as can be: no word alone on the last."""
    best = _wrap(words, size, width)
    assert best is not None
    for percent in range(98, 48, -2):
        lines = _wrap(words, size, width * percent / 100)
        if lines is None or len(lines) > len(best):
            break
        best = lines
    return best


def _height(words: Words, size: float, lines: int, points: float) -> float:
    return lines * LEADING * size / points


def _needed(box: Box, scale: float, points: float) -> float | None:
    """Height in inches that the box's paragraphs take, or None where a word is wider than the box."""
    total = 0.0
    for words in box.words:
        size = _size(words, scale)
        lines = _wrap(words, size, box.width * points * _TOLERANCE)
        if lines is None:
            return None
        total += words.before + _height(words, size, len(lines), points)
    return total


def _fits(box: Box, scale: float, points: float) -> bool:
    needed = _needed(box, scale, points)
    return needed is not None and needed <= box.height + 1e-9


def _too_long(boxes: Sequence[Box], scale: float, points: float, source: str) -> InputError:
    box = next(box for box in boxes if not _fits(box, scale, points))
    longest = max((_clean(words.text) for words in box.words), key=len)
    return InputError(
        f"the text {longest!r} ({len(longest)} characters) does not fit its place in the figure at {SMALLEST:g} points",
        where=source,
        remedy="shorten it, or draw on larger axes",
    )


def _write(ax: Axes, box: Box, scale: float, points: float) -> list[Placed]:
    needed = _needed(box, scale, points)
    assert needed is not None
    spare = box.height - needed
    y = box.top + {"top": 0.0, "center": spare / 2, "bottom": spare}[box.valign]
    x = box.left + {"left": 0.0, "center": box.width / 2, "right": box.width}[box.align]
    placed = []
    for words in box.words:
        size = _size(words, scale)
        lines = _balanced(words, size, box.width * points * _TOLERANCE)
        y += words.before
        first = y + BASELINE * size / points
        last = first + (len(lines) - 1) * LEADING * size / points
        artist = ax.text(
            x,
            last,
            "\n".join(lines),
            size=size,
            weight=words.weight,
            color=words.color,
            ha=box.align,
            va="baseline",
            multialignment=box.align,
            linespacing="normal",
            parse_math=False,
        )
        y += _height(words, size, len(lines), points)
        placed.append(Placed(artist, first, y))
    return placed
