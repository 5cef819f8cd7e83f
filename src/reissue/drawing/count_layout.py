"""Where the rows of a chart of counts are, with their labels, in inches from the upper left corner of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, text_width
from reissue.drawing.text_lines import MARGIN, TOLERANCE, WIDE, break_text

#: In inches: indentation of parts, gap between an answer and the next, pitch of thin bars.
_INDENT, _GAP, _PITCH = 0.16, 0.13, 0.19
#: Thickness in inches of the bar of a row, of a part and of a thin row.
BAR, PART, THIN = 0.17, 0.12, 0.08
#: In points: diameter of a mark, and the distance from a bar or mark to the count in words.
MARK, _SPACE = 5.0, 4.5


@dataclass(frozen=True)
class Row:
    """One count: its possible values in ascending order, and the words at their end.

    A `thin` row has no label; it belongs to the row above. A row with `indent` is a part of a row above. A `heading`
    sets the row apart from those above it.
    """

    values: tuple[int, ...]
    text: str
    label: str = ""
    colour: str = style.INK
    text_colour: str = style.INK
    thin: bool = False
    indent: bool = False
    heading: str = ""

    @property
    def is_exact(self) -> bool:
        """Return whether a single count is possible."""
        return len(self.values) == 1


@dataclass(frozen=True)
class Sizes:
    """Sizes of text in points, and the width in inches of the column of labels: 0 if they are above the bars."""

    label: float
    thin: float
    small: float
    column: float

    @classmethod
    def of_width(cls, width: float) -> Sizes:
        """Return the sizes for a drawing of a width in inches."""
        return cls(10.0, 9.0, 8.5, 0.32 * width) if width >= WIDE else cls(8.0, 7.5, 7.0, 0.0)


@dataclass(frozen=True)
class TextBlock:
    """Lines of text: their left edge and top in inches of the drawing."""

    left: float
    top: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Where things are, in inches from the upper left corner of the drawing.

    That is the centre of each row's bar, labels, headings, the lines beside parts (x, top, bottom), and the bottom of
    the rows.
    """

    centres: list[float]
    labels: list[TextBlock]
    headings: list[TextBlock]
    brackets: list[tuple[float, float, float]]
    bottom: float


def lay_out(rows: Sequence[Row], sizes: Sizes, width: float) -> Layout:
    """Return the place of each row, from top to bottom."""
    centres: list[float] = []
    starts: list[float] = []
    labels: list[TextBlock] = []
    headings: list[TextBlock] = []
    y, step = 0.02, LEADING * sizes.label / 72
    for row in rows:
        if row.heading:
            y += 0.22
            lines = break_text(row.heading, sizes.small, width - 2 * MARGIN)
            headings.append(TextBlock(MARGIN, y, tuple(lines)))
            y += len(lines) * LEADING * sizes.small / 72 - 0.02
        if row.thin:
            starts.append(y)
            centres.append(y + _PITCH / 2 + 0.02)
            y += _PITCH
            continue
        y += _GAP * (0.6 if row.indent else 1.0)
        starts.append(y)
        left = (MARGIN if sizes.column else left_of_axis(sizes)) + _INDENT * row.indent
        right = MARGIN + sizes.column if sizes.column else width - MARGIN
        lines = break_text(row.label, sizes.label, right - left)
        tall, bar = len(lines) * step, PART if row.indent else BAR
        if sizes.column:
            block = max(tall, bar)
            centres.append(y + block / 2)
            labels.append(TextBlock(left, y + (block - tall) / 2, tuple(lines)))
            y += block
        else:
            labels.append(TextBlock(left, y, tuple(lines)))
            centres.append(y + tall + 0.03 + bar / 2)
            y += tall + 0.03 + bar
    ends = [*starts[1:], y]
    brackets = [(MARGIN + 0.04, starts[first], ends[last] - 0.04) for first, last in _runs_of_parts(rows)]
    return Layout(centres, labels, headings, brackets, y + 0.08)


def _runs_of_parts(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the first and last row of each run of parts, their thin rows included."""
    is_part = [row.indent for row in rows]
    for number, row in enumerate(rows):
        is_part[number] = is_part[number - 1] if row.thin else row.indent
    edges = np.flatnonzero(np.diff([False, *is_part, False]))
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def find_scale(rows: Sequence[Row], n: int, room: float, sizes: Sizes) -> float:
    """Return the largest scale at which each bar, its marks and its words fit the room."""
    tick = text_width(Words(str(n), sizes.small))
    scale = (room - tick / 2) / n
    for row in rows:
        size, weight = text_look(row, sizes)
        words = text_width(Words(row.text, size, weight)) / TOLERANCE + space_before_words(row) / 72
        scale = min(scale, (room - words) / max(1, row.values[-1]))
    return scale


def text_look(row: Row, sizes: Sizes) -> tuple[float, Literal["normal", "bold"]]:
    """Return the size in points and the weight of the words of a row."""
    return (sizes.thin if row.thin else sizes.label), ("bold" if row.is_exact else "normal")


def space_before_words(row: Row) -> float:
    """Return the distance in points from the highest possible count to its words."""
    return _SPACE if row.is_exact else _SPACE + MARK / 2


def left_of_axis(sizes: Sizes) -> float:
    """Return the left end of the axis in inches."""
    return MARGIN + sizes.column + 0.12
