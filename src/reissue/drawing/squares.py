"""Rows of squares: certain is solid, possible hatched, excluded empty; and their key."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from reissue.core.language import _
from reissue.drawing import style
from reissue.drawing.boxes import SMALLEST, Words, width_of

#: Side of a square; there is one at each whole number.
SQUARE = 0.78
_UNIT = Path.unit_rectangle()


def squares(ax: Axes, place: float, values: list[int], n: int, colour: str) -> None:
    """Draw one square per respondent: solid, hatched and empty ones, and dots where there are gaps."""
    least, most = values[0], values[-1]
    _draw_squares(ax, range(least), place, facecolor=colour, edgecolor=colour)
    _draw_squares(ax, range(least, most), place, facecolor="white", edgecolor=colour, hatch="//////")
    _draw_squares(ax, range(most, n), place, facecolor="white", edgecolor=style.RULE)
    if len(values) <= most - least:
        _draw_dots(ax, [value - 1 + SQUARE / 2 for value in values if value], place, colour)


def _draw_dots(ax: Axes, places: list[float], row: float, colour: str) -> None:
    """Mark the squares at which a possible count ends."""
    for radius, fill, zorder in ((0.29, "white", 3), (0.17, colour, 4)):
        circles = [Path.unit_circle().transformed(Affine2D().scale(radius).translate(x, row)) for x in places]
        ax.add_patch(PathPatch(Path.make_compound_path(*circles), linewidth=0, facecolor=fill, zorder=zorder))


def _draw_squares(ax: Axes, places: Iterable[float], row: float, **look: str) -> None:
    """Draw equal squares as one path, which takes a third of the bytes of as many patches."""
    corners = np.asarray(_UNIT.vertices) * SQUARE
    paths = [Path(corners + np.array((x, row - SQUARE / 2)), _UNIT.codes) for x in places]
    if paths:
        # The limits are set: unlike a patch that is added, an artist is not measured for them.
        ax.add_artist(PathPatch(Path.make_compound_path(*paths), linewidth=0.6, **look))


def key(ax: Axes, place: float, gaps: bool) -> None:
    """Explain below the rows what solid, hatched and empty mean, and dots if there are any."""
    texts = [_("certain"), _("possible, not known"), _("excluded"), *([_("a count ends here")] if gaps else [])]
    size, steps = _key_steps(ax, texts)
    looks = (
        {"facecolor": style.MUTED, "edgecolor": style.MUTED},
        {"facecolor": "white", "edgecolor": style.MUTED, "hatch": "//////"},
        {"facecolor": "white", "edgecolor": style.RULE},
    )
    x = 0.0
    for number, (text, step) in enumerate(zip(texts, steps, strict=True)):
        if number < len(looks):
            _draw_squares(ax, [x], place, **looks[number])
        else:
            _draw_dots(ax, [x + SQUARE / 2], place, style.MUTED)
        ax.text(x + 1.2, place, text, va="center", fontsize=size, color=style.MUTED)
        x += step


def _key_steps(ax: Axes, texts: list[str]) -> tuple[float, list[float]]:
    """Return the size of the key's words, and the distance from each part to the next: shorter if room is short."""
    right = ax.get_xlim()[1]
    steps = [2.4 + 0.5 * len(text) for text in texts]
    last = width_of(ax, Words(texts[-1], 8.5))
    if sum(steps[:-1]) + 1.2 + last <= right:
        return 8.5, steps
    for size in (8.5, SMALLEST):
        widths = [width_of(ax, Words(text, size)) for text in texts]
        gap = (right - 0.2 - sum(widths)) / len(texts) - 1.2
        if gap >= 0.4:
            break
    return size, [1.2 + width + min(max(gap, 0.4), 1.2) for width in widths]
