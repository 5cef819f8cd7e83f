"""Charts of counts of which some are known and some are open: a bar for what is certain, marks for what is possible.

A solid bar ends at the lowest possible count. If a count is open, a hollow mark is at each end of each run of possible
counts, and a line joins the ends of a run. So a count that is excluded never has a mark or a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from reissue.core.language import _, split_runs
from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, text_width
from reissue.drawing.count_layout import (
    BAR,
    MARK,
    PART,
    THIN,
    Row,
    Sizes,
    find_scale,
    lay_out,
    left_of_axis,
    space_before_words,
    text_look,
)
from reissue.drawing.text_lines import MARGIN, break_text, place_axes, width_of_axes, write_lines

#: Width in points of the outline of a mark.
_OUTLINE = 1.2


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
    width = width if ax is None else width_of_axes(ax)
    sizes = Sizes.of_width(width)
    layout = lay_out(rows, sizes, width)
    left = left_of_axis(sizes)
    scale = find_scale(rows, n, width - MARGIN - left, sizes)
    key = _Key.fit(sizes.small, width, is_needed=not all(row.is_exact for row in rows))
    lines = [line for note in notes for line in break_text(note, sizes.small, width - 2 * MARGIN)]
    step = LEADING * sizes.small / 72
    axis_end = layout.bottom + 2 * step + 0.06
    key_end = axis_end + (0.08 + key.rows * 1.25 * step if key.rows else 0.0)
    height = key_end + (0.06 + len(lines) * step if lines else 0.0) + MARGIN
    ax = place_axes(ax, (width, height), (left, left + n * scale), layout.bottom)
    _draw_bars(ax, rows, layout.centres)
    _draw_possible(ax, rows, layout.centres)
    _draw_axis(ax, n, unit, sizes)
    ax.set(xlim=(0, n), ylim=(layout.bottom, 0))

    _write_counts(ax, rows, layout.centres, sizes)

    def at(inches: float) -> float:
        return (inches - left) / scale

    for text in layout.labels:
        write_lines(ax, at(text.left), text.top, text.lines, sizes.label)
    for text in layout.headings:
        write_lines(ax, at(text.left), text.top, text.lines, sizes.small, style.MUTED)
        ends = [at(MARGIN), at(width - MARGIN)]
        ax.plot(ends, [text.top - 0.06] * 2, color=style.RULE, linewidth=0.8, clip_on=False)
    for x, top, bottom in layout.brackets:
        ax.plot([at(x)] * 2, [top, bottom], color=style.MUTED, linewidth=0.8, clip_on=False)
    key.draw(ax, at(MARGIN), axis_end + 0.08)
    write_lines(ax, at(MARGIN), key_end + 0.06, lines, sizes.small, style.MUTED)
    return ax


def _draw_bars(ax: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    """Draw a solid bar from 0 to the lowest possible count of each row."""
    looks = [(row.colour, THIN if row.thin else PART if row.indent else BAR) for row in rows]
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
            s=MARK**2,
            legend=False,
            zorder=4,
            clip_on=False,
            ax=ax,
        )


def _write_counts(ax: Axes, rows: Sequence[Row], centres: Sequence[float], sizes: Sizes) -> None:
    """Write each count in words, at the right of its highest possible value."""
    for row, centre in zip(rows, centres, strict=True):
        size, weight = text_look(row, sizes)
        ax.annotate(
            row.text,
            (row.values[-1], centre),
            (space_before_words(row), 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=size,
            fontweight=weight,
            color=row.text_colour,
            annotation_clip=False,
        )


def _draw_axis(ax: Axes, n: int, unit: str, sizes: Sizes) -> None:
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
        return cls(size, 1 if needed <= width - 2 * MARGIN else len(texts), texts)

    def draw(self, ax: Axes, x: float, y: float) -> None:
        if not self.rows:
            return
        looks = [
            Patch(facecolor=style.MUTED, linewidth=0),
            Line2D([], [], color=style.MUTED, marker="o", markersize=MARK, markerfacecolor=style.PAPER, linewidth=1.2),
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
