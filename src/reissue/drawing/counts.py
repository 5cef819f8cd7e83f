"""Charts of counts of which some are known and some are open: a bar for what is certain, marks for what is possible.

A solid bar ends at the lowest possible count. If a count is open, a hollow mark is at each end of each run of possible
counts, and a line joins the ends of a run. So a count that is excluded never has a mark or a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from reissue.core.language import _, split_runs
from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, break_lines, text_width

#: Drawings that are at least this wide, in inches, have labels at the left of their bars; others above them.
_WIDE = 5.0
#: In inches: margin of the drawing, indentation of parts, gap between an answer and the next, pitch of thin bars.
_MARGIN, _INDENT, _GAP, _PITCH = 0.08, 0.16, 0.13, 0.19
#: Thickness in inches of the bar of a row, of a part and of a thin row.
_BAR, _PART, _THIN = 0.17, 0.12, 0.08
#: In points: diameter of a mark, its outline, and the distance from a bar or mark to the count in words.
_MARK, _OUTLINE, _SPACE = 5.0, 1.2, 4.5
#: Of the room for a text: hinted letters on a screen are a little wider than they are measured.
_TOLERANCE = 0.97


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
class _Sizes:
    """Sizes of text in points, and the width in inches of the column of labels: 0 if they are above the bars."""

    label: float
    thin: float
    small: float
    column: float


@dataclass(frozen=True)
class _Text:
    """Lines of text: their left edge and top in inches of the drawing."""

    left: float
    top: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """Where things are, in inches from the upper left corner of the drawing.

    That is the centre of each row's bar, labels, headings, the lines beside parts (x, top, bottom), and the bottom of
    the rows.
    """

    centres: list[float]
    labels: list[_Text]
    headings: list[_Text]
    brackets: list[tuple[float, float, float]]
    bottom: float


def draw_rows(
    rows: Sequence[Row],
    n: int,
    *,
    unit: str,
    notes: Sequence[str] = (),
    width: float = style.WIDTH,
    ax: Axes | None = None,
) -> Axes:
    """Draw a chart of counts on an axis from 0 to n, with a key if some are open.

    Parameters
    ----------
    unit
        What the axis counts, in words.
    notes
        Sentences below the chart.
    width
        Width in inches of a new figure; its height follows from the rows.
    ax
        Axes to draw on instead: what they have of the figure is the drawing.

    Returns
    -------
    Axes
        Its x is a number of respondents, its y inches downward; labels are outside of it.
    """
    width = width if ax is None else _width_of(ax)
    sizes = _Sizes(10.0, 9.0, 8.5, 0.32 * width) if width >= _WIDE else _Sizes(8.0, 7.5, 7.0, 0.0)
    layout = _lay_out(rows, sizes, width)
    left = _left_of_axis(sizes)
    scale = _inches_per_count(rows, n, width - _MARGIN - left, sizes)
    key = _Key.fit(sizes.small, width, is_needed=not all(row.is_exact for row in rows))
    lines = [line for note in notes for line in _break(note, sizes.small, width - 2 * _MARGIN)]
    step = LEADING * sizes.small / 72
    axis_end = layout.bottom + 2 * step + 0.06
    key_end = axis_end + (0.08 + key.rows * 1.25 * step if key.rows else 0.0)
    height = key_end + (0.06 + len(lines) * step if lines else 0.0) + _MARGIN
    ax = _plot_area(ax, (width, height), (left, left + n * scale), layout.bottom)
    _draw_bars(ax, rows, layout.centres)
    _draw_possible(ax, rows, layout.centres)
    _draw_axis(ax, n, unit, sizes)
    ax.set(xlim=(0, n), ylim=(layout.bottom, 0))

    def at(inches: float) -> float:
        return (inches - left) / scale

    for row, centre in zip(rows, layout.centres, strict=True):
        size, weight = _text_look(row, sizes)
        ax.annotate(
            row.text,
            (row.values[-1], centre),
            (_space(row), 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=size,
            fontweight=weight,
            color=row.text_colour,
            annotation_clip=False,
        )
    for text in layout.labels:
        _write(ax, at(text.left), text.top, text.lines, sizes.label)
    for text in layout.headings:
        _write(ax, at(text.left), text.top, text.lines, sizes.small, style.MUTED)
        ax.plot(
            [at(_MARGIN), at(width - _MARGIN)], [text.top - 0.06] * 2, color=style.RULE, linewidth=0.8, clip_on=False
        )
    for x, top, bottom in layout.brackets:
        ax.plot([at(x)] * 2, [top, bottom], color=style.MUTED, linewidth=0.8, clip_on=False)
    key.draw(ax, at(_MARGIN), axis_end + 0.08)
    _write(ax, at(_MARGIN), key_end + 0.06, lines, sizes.small, style.MUTED)
    return ax


def draw_list(
    items: Sequence[str],
    *,
    marks: Sequence[str],
    above: str = "",
    below: str = "",
    width: float = style.WIDTH,
    ax: Axes | None = None,
) -> Axes:
    """Draw a list of texts, each with its mark, such as its rank, and a sentence above and below it.

    Parameters are those of `draw_rows`; x and y of the axes are inches from the upper left corner.
    """
    width = width if ax is None else _width_of(ax)
    size, small = (10.0, 8.5) if width >= _WIDE else (8.0, 7.0)
    widest = max(text_width(Words(mark, size, "bold")) for mark in marks)
    left = _MARGIN + widest + 0.09
    texts: list[tuple[float, float, list[str], float, bool]] = []
    y = _MARGIN

    def add(x: float, text: str, size: float, *, is_item: bool) -> float:
        lines = _break(text, size, width - _MARGIN - x)
        texts.append((x, y, lines, size, is_item))
        return y + len(lines) * LEADING * size / 72 + 0.06

    y = add(_MARGIN, above, small, is_item=False) + 0.03 if above else y
    tops = []
    for item in items:
        tops.append(y)
        y = add(left, item, size, is_item=True)
    y = add(_MARGIN, below, small, is_item=False) if below else y
    ax = _plot_area(ax, (width, y), (0.0, width), y)
    ax.set(xlim=(0, width), ylim=(y, 0))
    ax.set_axis_off()
    for mark, top in zip(marks, tops, strict=True):
        _write(ax, left - 0.09, top, [mark], size, ha="right", weight="bold")
    for x, top, lines, points, is_item in texts:
        _write(ax, x, top, lines, points, style.INK if is_item else style.MUTED)
    return ax


def _lay_out(rows: Sequence[Row], sizes: _Sizes, width: float) -> _Layout:
    """Return the place of each row, from top to bottom."""
    centres: list[float] = []
    starts: list[float] = []
    labels: list[_Text] = []
    headings: list[_Text] = []
    y, step = 0.02, LEADING * sizes.label / 72
    for row in rows:
        if row.heading:
            y += 0.22
            lines = _break(row.heading, sizes.small, width - 2 * _MARGIN)
            headings.append(_Text(_MARGIN, y, tuple(lines)))
            y += len(lines) * LEADING * sizes.small / 72 - 0.02
        if row.thin:
            starts.append(y)
            centres.append(y + _PITCH / 2 + 0.02)
            y += _PITCH
            continue
        y += _GAP * (0.6 if row.indent else 1.0)
        starts.append(y)
        left = (_MARGIN if sizes.column else _left_of_axis(sizes)) + _INDENT * row.indent
        right = _MARGIN + sizes.column if sizes.column else width - _MARGIN
        lines = _break(row.label, sizes.label, right - left)
        tall, bar = len(lines) * step, _PART if row.indent else _BAR
        if sizes.column:
            block = max(tall, bar)
            centres.append(y + block / 2)
            labels.append(_Text(left, y + (block - tall) / 2, tuple(lines)))
            y += block
        else:
            labels.append(_Text(left, y, tuple(lines)))
            centres.append(y + tall + 0.03 + bar / 2)
            y += tall + 0.03 + bar
    ends = [*starts[1:], y]
    brackets = [(_MARGIN + 0.04, starts[first], ends[last] - 0.04) for first, last in _runs_of_parts(rows)]
    return _Layout(centres, labels, headings, brackets, y + 0.08)


def _runs_of_parts(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the first and last row of each run of parts, their thin rows included."""
    is_part = [row.indent for row in rows]
    for number, row in enumerate(rows):
        is_part[number] = is_part[number - 1] if row.thin else row.indent
    edges = np.flatnonzero(np.diff([False, *is_part, False]))
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _inches_per_count(rows: Sequence[Row], n: int, room: float, sizes: _Sizes) -> float:
    """Return the largest scale at which each bar, its marks and its words fit the room."""
    tick = text_width(Words(str(n), sizes.small))
    scale = (room - tick / 2) / n
    for row in rows:
        size, weight = _text_look(row, sizes)
        words = text_width(Words(row.text, size, weight)) / _TOLERANCE + _space(row) / 72
        scale = min(scale, (room - words) / max(1, row.values[-1]))
    return scale


def _text_look(row: Row, sizes: _Sizes) -> tuple[float, Literal["normal", "bold"]]:
    return (sizes.thin if row.thin else sizes.label), ("bold" if row.is_exact else "normal")


def _space(row: Row) -> float:
    """Return the distance in points from the highest possible count to its words."""
    return _SPACE if row.is_exact else _SPACE + _MARK / 2


def _draw_bars(ax: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    """Draw a solid bar from 0 to the lowest possible count of each row."""
    looks = [(row.colour, _THIN if row.thin else _PART if row.indent else _BAR) for row in rows]
    for look in dict.fromkeys(looks):
        mine = [number for number, other in enumerate(looks) if other == look]
        places = [centres[number] for number in mine]
        # Seaborn's width is a share of the least distance between bars.
        apart = min((below - above for above, below in pairwise(places)), default=1.0)
        sns.barplot(
            x=[rows[number].values[0] for number in mine],
            y=places,
            orient="h",
            native_scale=True,
            errorbar=None,
            color=look[0],
            saturation=1,
            width=look[1] / apart,
            linewidth=0,
            zorder=2,
            clip_on=False,
            ax=ax,
        )


def _draw_possible(ax: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    """Draw the possible counts of open rows: a mark at each end of a run, and a line along the run."""
    places = [(row, centre) for row, centre in zip(rows, centres, strict=True) if not row.is_exact]
    for colour in dict.fromkeys(row.colour for row, _centre in places):
        runs = [(run, centre) for row, centre in places if row.colour == colour for run in split_runs(row.values)]
        long = [(run[0], run[-1], centre) for run, centre in runs if len(run) > 1]
        if long:
            starts, ends, heights = zip(*long, strict=True)
            ax.hlines(heights, starts, ends, color=colour, linewidth=_OUTLINE, zorder=3, clip_on=False)
        ends_of_runs = [(x, centre) for run, centre in runs for x in dict.fromkeys((run[0], run[-1]))]
        sns.scatterplot(
            x=[x for x, _centre in ends_of_runs],
            y=[centre for _x, centre in ends_of_runs],
            color=style.PAPER,
            edgecolor=colour,
            linewidth=_OUTLINE,
            s=_MARK**2,
            legend=False,
            zorder=4,
            clip_on=False,
            ax=ax,
        )


def _left_of_axis(sizes: _Sizes) -> float:
    return _MARGIN + sizes.column + 0.12


def _draw_axis(ax: Axes, n: int, unit: str, sizes: _Sizes) -> None:
    """Draw the axis from 0 to n: few numbers, what it counts, and thin lines unless they would cross labels."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, n) if n / step <= 4 or step >= n)
    ticks = [*(tick for tick in range(0, n, step) if n - tick > 0.5 * step or tick == 0), n]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.set_yticks([])
    ax.set_xlabel(unit, loc="left", fontsize=sizes.small, color=style.MUTED, labelpad=2.0)
    ax.set_ylabel("")
    ax.tick_params(axis="x", length=0, pad=3.0, labelsize=sizes.small, labelcolor=style.MUTED)
    has_lines = sizes.column > 0
    if has_lines:
        ax.grid(axis="x", color=style.RULE, linewidth=0.6, clip_on=False)
        ax.set_axisbelow(True)
    for name, spine in ax.spines.items():
        spine.set(visible=has_lines and name == "left", color=style.MUTED, linewidth=0.8)


@dataclass(frozen=True)
class _Key:
    """The key: what a bar, marks and blank paper mean, in as many rows as its width needs; none if it is not needed."""

    size: float
    rows: int
    texts: tuple[str, ...] = ()

    @classmethod
    def fit(cls, size: float, width: float, *, is_needed: bool) -> _Key:
        if not is_needed:
            return cls(size, 0)
        texts = (_("certain"), _("possible, not known"), _("blank: excluded"))
        needed = sum(text_width(Words(text, size)) + 4.4 * size / 72 for text in texts)
        return cls(size, 1 if needed <= width - 2 * _MARGIN else len(texts), texts)

    def draw(self, ax: Axes, x: float, y: float) -> None:
        if not self.rows:
            return
        looks = [
            Patch(facecolor=style.MUTED, linewidth=0),
            Line2D([], [], color=style.MUTED, marker="o", markersize=_MARK, markerfacecolor=style.PAPER, linewidth=1.2),
            Line2D([], [], linestyle="none"),
        ]
        ax.legend(
            looks,
            self.texts,
            ncols=len(looks) if self.rows == 1 else 1,
            loc="upper left",
            bbox_to_anchor=(x, y),
            bbox_transform=ax.transData,
            borderpad=0.0,
            borderaxespad=0.0,
            frameon=False,
            numpoints=2,
            fontsize=self.size,
            labelcolor=style.MUTED,
            handlelength=2.0,
            handletextpad=0.6,
            columnspacing=1.6,
            labelspacing=0.3,
        )


def _plot_area(ax: Axes | None, size: tuple[float, float], span: tuple[float, float], bottom: float) -> Axes:
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


def _width_of(ax: Axes) -> float:
    """Return the width of given axes in inches."""
    root = style.figure_of(ax)
    if root.get_layout_engine() is not None:
        root.draw_without_rendering()  # a layout moves and sizes the axes only when it is drawn
    return float(ax.get_window_extent().width / root.dpi)


def _break(text: str, size: float, width: float) -> list[str]:
    return break_lines(Words(text, size), width * _TOLERANCE)


def _write(
    ax: Axes, x: float, top: float, lines: Sequence[str], size: float, colour: str = style.INK, **look: Any
) -> None:
    if lines:
        above = (LEADING - 1) / 2 * size / 72  # a line's text is in the middle of its height
        ax.text(x, top + above, "\n".join(lines), size=size, va="top", color=colour, linespacing="normal", **look)
