"""Rows of squares or bars: certain is solid, possible hatched, excluded empty; and the key that says so."""

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

#: Side of a square; one stands at each whole number.
SQUARE = 0.78
_UNIT = Path.unit_rectangle()


def squares(ax: Axes, place: float, values: list[int], n: int, colour: str) -> None:
    """Draw a square a respondent: solid, hatched and empty ones, dots where there are gaps."""
    least, most = values[0], values[-1]
    _span(ax, range(least), place, facecolor=colour, edgecolor=colour)
    _span(ax, range(least, most), place, facecolor="white", edgecolor=colour, hatch="//////")
    _span(ax, range(most, n), place, facecolor="white", edgecolor=style.RULE)
    if len(values) <= most - least:
        _dots(ax, [value - 1 + SQUARE / 2 for value in values if value], place, colour)


def bar(ax: Axes, place: float, values: list[int], n: int, colour: str, scale: float) -> None:
    """Draw many respondents as one bar: the same solid, hatched and empty parts, dots where there are gaps."""
    least, most = values[0], values[-1]
    for start, end, look in (
        (0, least, {"facecolor": colour, "edgecolor": colour}),
        (least, most, {"facecolor": "white", "edgecolor": colour, "hatch": "//////"}),
        (most, n, {"facecolor": "white", "edgecolor": style.RULE}),
    ):
        if end > start:
            box = Path.unit_rectangle().transformed(
                Affine2D().scale((end - start) * scale, SQUARE).translate(start * scale, place - SQUARE / 2)
            )
            ax.add_patch(PathPatch(box, linewidth=0.6, **look))
    if len(values) <= most - least:
        _dots(ax, [value * scale for value in values], place, colour)


def _dots(ax: Axes, places: list[float], row: float, colour: str) -> None:
    """Mark the squares at which a possible count ends."""
    circles = [Path.unit_circle().transformed(Affine2D().scale(0.17).translate(x, row)) for x in places]
    backs = [Path.unit_circle().transformed(Affine2D().scale(0.29).translate(x, row)) for x in places]
    ax.add_patch(PathPatch(Path.make_compound_path(*backs), linewidth=0, facecolor="white", zorder=3))
    ax.add_patch(PathPatch(Path.make_compound_path(*circles), linewidth=0, facecolor=colour, zorder=4))


def _span(ax: Axes, places: Iterable[float], row: float, **look: str) -> None:
    """Draw equal squares as one path: a third of the bytes of as many patches."""
    corners = np.asarray(_UNIT.vertices) * SQUARE
    squares = [Path(corners + np.array((x, row - SQUARE / 2)), _UNIT.codes) for x in places]
    if squares:
        # The limits are set: unlike a patch that is added, an artist is not measured for them.
        ax.add_artist(PathPatch(Path.make_compound_path(*squares), linewidth=0.6, **look))


def key(ax: Axes, place: float, gaps: bool) -> None:
    """Say below the rows what solid, hatched and empty mean, and dots where there are any."""
    texts = [_("certain"), _("possible, not told"), _("excluded"), *([_("a count ends here")] if gaps else [])]
    size, steps = _key_steps(ax, texts)
    x = 0.0
    looks = (
        {"facecolor": style.MUTED, "edgecolor": style.MUTED},
        {"facecolor": "white", "edgecolor": style.MUTED, "hatch": "//////"},
        {"facecolor": "white", "edgecolor": style.RULE},
    )
    for (number, text), step in zip(enumerate(texts), steps, strict=True):
        if number < len(looks):
            _span(ax, [x], place, **looks[number])
        else:
            _dots(ax, [x + SQUARE / 2], place, style.MUTED)
        ax.text(x + 1.2, place, text, va="center", fontsize=size, color=style.MUTED)
        x += step


def _key_steps(ax: Axes, texts: list[str]) -> tuple[float, list[float]]:
    """Return the size of the key's words, and how far it is from each part to the next: closer where room is short."""
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
