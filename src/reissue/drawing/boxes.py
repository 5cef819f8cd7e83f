"""Words fitted into boxes of a drawing: wrapped, and made smaller together until they fit.

A drawing has coordinates in inches, x to the right and y *downward* from its upper left corner. A renderer measures
widths at one large size, without hinting, at 72 dots per inch; so a figure breaks its lines at the same places on
screen, in print and in SVG.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from reissue.core.errors import InputError
from reissue.drawing import style

#: The smallest size of a text, in points.
SMALLEST = 8.0
#: Distance between baselines and depth of the first one, in sizes: DejaVu's ascent 0.76, descent 0.24 and line gap 0.2,
#: which matplotlib's "normal" line spacing uses, too.
LEADING = 1.2
BASELINE = 0.86

_STEP = 0.02
_TOLERANCE = 0.98  # of a box's width: hinted glyphs on screen run up to this much wider


@dataclass(frozen=True)
class Words:
    """One paragraph: text, size in points, weight, colour, and the gap above it in inches."""

    text: str
    size: float = 9.5
    weight: Literal["normal", "bold"] = "normal"
    color: str = style.INK
    before: float = 0.0


@dataclass(frozen=True)
class Box:
    """One rectangle, in inches, and the paragraphs in it, one under the other."""

    left: float
    top: float
    width: float
    height: float
    words: tuple[Words, ...]
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "center", "bottom"] = "top"


@dataclass(frozen=True)
class Placed:
    """One paragraph as written: its artist, and the baseline of its first line."""

    artist: Text
    baseline: float


def blank_axes(ax: Axes | None, width: float, height: float) -> Axes:
    """Return axes with the coordinates of a drawing (inches), without a frame: those given, or a new figure's.

    On given axes the drawing is scaled to fit, with its proportions.
    """
    if ax is None:
        figure = plt.figure(figsize=(width, height), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    root = style.figure_of(ax)
    if root.get_layout_engine() is not None:
        root.draw_without_rendering()  # a layout moves and sizes the axes only when it is drawn
    return ax


def add_panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return new axes at a place of a figure: inches from its upper left corner."""
    whole, high = figure.get_size_inches()
    return figure.add_axes((left / whole, 1 - (top + height) / high, width / whole, height / high))


def fill(ax: Axes, boxes: Sequence[Box], *, source: str, smallest: float = SMALLEST) -> list[list[Placed]]:
    """Write paragraphs into their boxes at the largest common scale at which all of them fit.

    Parameters
    ----------
    ax
        Axes from `blank_axes`.
    source
        The file with the words, for the error message.
    smallest
        The smallest size of a text, in points.

    Returns
    -------
    list of list of Placed
        One list per box, one entry per paragraph.

    Raises
    ------
    InputError
        If a text does not fit its box even at the smallest size.
    """
    points = _points_per_inch(ax)
    floor = smallest / max(words.size for box in boxes for words in box.words)
    scale = 1.0
    while not all(_fits(box, scale, points, smallest) for box in boxes):
        scale -= _STEP
        if scale < floor - _STEP:
            box = next(box for box in boxes if not _fits(box, scale, points, smallest))
            longest = max((_clean(words.text) for words in box.words), key=len)
            raise InputError(
                f"the text {longest!r} ({len(longest)} characters) does not fit its place in the figure at"
                f" {smallest:g} points",
                where=source,
                remedy="shorten it, or draw on larger axes",
            )
    return [_write(ax, box, scale, points, smallest) for box in boxes]


def text_width(words: Words) -> float:
    """Return the width of a text on one line at its own size, in inches of the page."""
    return _measure(_clean(words.text), words.size, words.weight) / 72


def width_of(ax: Axes, words: Words) -> float:
    """Return the width of a text on one line at its own size, in inches of the drawing."""
    return text_width(words) * 72 / _points_per_inch(ax)


def break_lines(words: Words, width: float) -> list[str]:
    """Return a text in lines of similar lengths, none wider than `width` inches; too long a word is broken, too."""
    points = 72 * width
    pieces = [part for piece in _split(words.text) for part in _break_word(piece, words, points)]
    return _balanced(pieces, words, words.size, points)


def _break_word(word: str, words: Words, width: float) -> list[str]:
    """Return a word in parts that fit the width: broken after a stroke if there is one, otherwise where it must be."""
    if _measure(word, words.size, words.weight) <= width:
        return [word]
    end = max(1, sum(_measure(word[:end], words.size, words.weight) <= width for end in range(1, len(word))))
    end = word.rfind("/", 0, end) + 1 or end
    return [word[:end].rstrip(), *_break_word(word[end:].lstrip(), words, width)]


def on_line(ax: Axes, words: Words, left: float, baseline: float, width: float | None = None) -> Box:
    """Return the box of a text with this baseline, as wide as the text unless a width is given."""
    points = _points_per_inch(ax)
    if width is None:
        width = width_of(ax, words) / _TOLERANCE
    top = baseline - BASELINE * words.size / points
    return Box(left, top, width, _height(words, words.size, 1, points), (words,))


def _points_per_inch(ax: Axes) -> float:
    """Return the points on paper for one inch of the drawing: 72, unless the axes are of another size."""
    ax.apply_aspect()
    left, right = ax.get_xlim()
    return float(ax.get_window_extent().width / style.figure_of(ax).dpi * 72 / (right - left))


def _clean(text: str) -> str:
    return " ".join(str(text).split())


def _measure(line: str, size: float, weight: str) -> float:
    return _width_at_100(line, weight, tuple(mpl.rcParams["font.family"])) * size / 100


@lru_cache(maxsize=4096)
def _width_at_100(line: str, weight: str, family: tuple[str, ...]) -> float:
    font = FontProperties(family=family, size=100, weight=weight)
    return float(RendererBase().get_text_width_height_descent(line, font, ismath=False)[0])


def _size(words: Words, scale: float, smallest: float) -> float:
    return max(smallest, round(words.size * scale, 2))


def _split(text: str) -> list[str]:
    """Return the words of a text; a line does not begin with a stroke."""
    return re.split(" (?!/)", _clean(text))


def _wrap(pieces: Sequence[str], words: Words, size: float, width: float) -> list[str] | None:
    """Return words in lines no wider than `width` points, or None if one word alone is wider."""
    lines: list[str] = []
    for word in pieces:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _measure(longer, size, words.weight) <= width:
            lines[-1] = longer
        elif _measure(word, size, words.weight) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _balanced(pieces: Sequence[str], words: Words, size: float, width: float) -> list[str]:
    """Return as few lines as `_wrap` does, of similar lengths: no single word on the last."""
    best = _wrap(pieces, words, size, width)
    assert best is not None
    for percent in range(98, 48, -2):
        lines = _wrap(pieces, words, size, width * percent / 100)
        if lines is None or len(lines) > len(best):
            break
        best = lines
    return best


def _height(words: Words, size: float, lines: int, points: float) -> float:
    return lines * LEADING * size / points


def _needed(box: Box, scale: float, points: float, smallest: float) -> float | None:
    """Return the height of the box's paragraphs in inches, or None if a word is wider than the box."""
    total = 0.0
    for words in box.words:
        size = _size(words, scale, smallest)
        lines = _wrap(_split(words.text), words, size, box.width * points * _TOLERANCE)
        if lines is None:
            return None
        total += words.before + _height(words, size, len(lines), points)
    return total


def _fits(box: Box, scale: float, points: float, smallest: float) -> bool:
    needed = _needed(box, scale, points, smallest)
    return needed is not None and needed <= box.height + 1e-9


def _write(ax: Axes, box: Box, scale: float, points: float, smallest: float) -> list[Placed]:
    needed = _needed(box, scale, points, smallest)
    assert needed is not None
    spare = box.height - needed
    y = box.top + {"top": 0.0, "center": spare / 2, "bottom": spare}[box.valign]
    x = box.left + {"left": 0.0, "center": box.width / 2, "right": box.width}[box.align]
    placed = []
    for words in box.words:
        size = _size(words, scale, smallest)
        lines = _balanced(_split(words.text), words, size, box.width * points * _TOLERANCE)
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
        )
        y += _height(words, size, len(lines), points)
        placed.append(Placed(artist, first))
    return placed
