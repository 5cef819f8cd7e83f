"""A list of texts with their marks, such as ranks, as a drawing."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, text_width
from reissue.drawing.text_lines import MARGIN, WIDE, break_text, place_axes, width_of_axes, write_lines


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

    The parameters are those of `reissue.drawing.counts.draw_rows`. The axes have inches from the upper left corner.
    """
    width = width if ax is None else width_of_axes(ax)
    size, small = (10.0, 8.5) if width >= WIDE else (8.0, 7.0)
    widest = max(text_width(Words(mark, size, "bold")) for mark in marks)
    left = MARGIN + widest + 0.09
    texts: list[tuple[float, float, list[str], float, bool]] = []
    y = MARGIN

    def add(x: float, text: str, size: float, *, is_item: bool) -> float:
        lines = break_text(text, size, width - MARGIN - x)
        texts.append((x, y, lines, size, is_item))
        return y + len(lines) * LEADING * size / 72 + 0.06

    y = add(MARGIN, above, small, is_item=False) + 0.03 if above else y
    tops = []
    for item in items:
        tops.append(y)
        y = add(left, item, size, is_item=True)
    y = add(MARGIN, below, small, is_item=False) if below else y
    ax = place_axes(ax, (width, y), (0.0, width), y)
    ax.set(xlim=(0, width), ylim=(y, 0))
    ax.set_axis_off()
    for mark, top in zip(marks, tops, strict=True):
        write_lines(ax, left - 0.09, top, [mark], size, ha="right", weight="bold")
    for x, top, lines, points, is_item in texts:
        write_lines(ax, x, top, lines, points, style.INK if is_item else style.MUTED)
    return ax
