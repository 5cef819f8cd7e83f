"""Figure 5: the Programme's key figures, as tiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import pandas as pd
from matplotlib.axes import Axes

from iucresearch.style import ACCENT
from reissue.core.language import _, ngettext
from reissue.drawing import style
from reissue.drawing.boxes import Box, Words, blank_axes, fill, on_line
from reissue.drawing.described import described_by

SOURCE = "data/raw/key_figures.csv"


@dataclass(frozen=True)
class _Grid:
    """How tiles are laid out (inches), and the sizes of numeral, limit and text (points)."""

    across: int
    row: float
    margin: float
    gutter: float
    line: float
    sizes: tuple[float, float, float]


_WIDE = _Grid(across=3, row=1.48, margin=0.1, gutter=0.32, line=0.58, sizes=(32.0, 13.0, 10.0))
_NARROW = _Grid(across=2, row=1.26, margin=0.06, gutter=0.2, line=0.47, sizes=(25.0, 10.0, 8.0))


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
def figure_05(data: pd.DataFrame, *, ax: Axes | None = None, width: float = style.WIDTH) -> Axes:
    """Draw the tiles, three in a row or two: a number, what limits it, and what it counts.

    Parameters
    ----------
    data
        One row per tile, as `figure_05_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure.
    width
        Of the drawing, in inches; a narrow one has two tiles in a row.

    Raises
    ------
    InputError
        If a text does not fit.
    """
    grid = _NARROW if style.is_narrow(width) else _WIDE
    rows = ceil(len(data) / grid.across)
    tile_width = (width - 2 * grid.margin - (grid.across - 1) * grid.gutter) / grid.across
    with style.use_style():
        ax = blank_axes(ax, width, rows * grid.row + grid.margin)
        boxes = []
        for place, tile in enumerate(data.to_dict("records")):
            down, along = divmod(place, grid.across)
            left, top = grid.margin + along * (tile_width + grid.gutter), grid.margin + down * grid.row
            ax.plot([left, left + tile_width], [top, top], color=style.RULE, linewidth=1.2, solid_capstyle="butt")
            boxes += _tile(ax, tile, left, top, tile_width, grid)
        fill(ax, boxes, source=SOURCE, smallest=style.smallest_size(width))
    return ax


def _limit(qualifier: object) -> str:
    """Return the word before a number; an exact number needs none."""
    return "" if qualifier == "exactly" else _(str(qualifier))


def _tile(ax: Axes, tile: dict[object, object], left: float, top: float, width: float, grid: _Grid) -> list[Box]:
    """Return the boxes of one tile: its text, the word that limits the number, and the number on the same line."""
    large, middle, small = grid.sizes
    numeral = Words(str(tile["value"]), large, "bold", ACCENT)
    line, indent = top + grid.line, 0.0
    below = line + 0.14
    boxes = [Box(left, below, width, top + grid.row - 0.08 - below, (Words(str(tile["text"]), small),))]
    if limit := _limit(tile["qualifier"]):
        word = Words(limit, middle)
        boxes.append(on_line(ax, word, left, line))
        indent = boxes[-1].width + 0.06
    return [*boxes, on_line(ax, numeral, left + indent, line, width - indent)]
