"""Figure 5: the Programme's key figures, as tiles."""

from __future__ import annotations

from math import ceil

import pandas as pd
from matplotlib.axes import Axes

from iucresearch.style import ACCENT
from reissue.core.language import _, ngettext
from reissue.drawing import style
from reissue.drawing.boxes import Box, Words, blank_axes, fill, on_line
from reissue.drawing.described import described_by

SOURCE = "data/raw/key_figures.csv"

# The drawing, in inches.
_ACROSS = 3
_ROW = 1.48
_MARGIN = 0.1
_GUTTER = 0.32


def figure_05_data(key_figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row per tile, in printed order: order, qualifier, value, text. Source: section 2.2.3, page 16."""
    return key_figures.sort_values("order", ignore_index=True)[["order", "qualifier", "value", "text"]]


def figure_05_alt(data: pd.DataFrame) -> str:
    """Return the alt text of figure 5, from the plotted rows alone."""
    tiles = [
        " ".join(part for part in (_limit(tile.qualifier), str(tile.value), str(tile.text)) if part)
        for tile in data.itertuples()
    ]
    words = ngettext("{number} key figures: {tiles}.", "{number} key figures: {tiles}.", len(tiles))
    return words.format(number=len(tiles), tiles="; ".join(tiles))


@described_by(figure_05_alt)
def figure_05(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the tiles, three in a row: a number, what limits it, and what it counts.

    Parameters
    ----------
    data
        One row per tile, as `figure_05_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure `style.WIDTH` inches wide.

    Raises
    ------
    InputError
        If a text does not fit.
    """
    rows = ceil(len(data) / _ACROSS)
    width = (style.WIDTH - 2 * _MARGIN - (_ACROSS - 1) * _GUTTER) / _ACROSS
    with style.use_style():
        ax = blank_axes(ax, style.WIDTH, rows * _ROW + _MARGIN)
        boxes = []
        for place, tile in enumerate(data.to_dict("records")):
            down, along = divmod(place, _ACROSS)
            left, top = _MARGIN + along * (width + _GUTTER), _MARGIN + down * _ROW
            ax.plot([left, left + width], [top, top], color=style.RULE, linewidth=1.2, solid_capstyle="butt")
            boxes += _tile(ax, tile, left, top, width)
        fill(ax, boxes, source=SOURCE)
    return ax


def _limit(qualifier: object) -> str:
    """Return the word before a number; an exact number needs none."""
    return "" if qualifier == "exactly" else _(str(qualifier))


def _tile(ax: Axes, tile: dict[object, object], left: float, top: float, width: float) -> list[Box]:
    """Return the boxes of one tile: its text, the word that limits the number, and the number on the same line."""
    numeral = Words(str(tile["value"]), 32.0, "bold", ACCENT)
    line, indent = top + 0.58, 0.0
    boxes = [Box(left, line + 0.14, width, _ROW - 0.8, (Words(str(tile["text"]), 10.0),))]
    if limit := _limit(tile["qualifier"]):
        word = Words(limit, 13.0)
        boxes.append(on_line(ax, word, left, line))
        indent = boxes[-1].width + 0.06
    return [*boxes, on_line(ax, numeral, left + indent, line, width - indent)]
