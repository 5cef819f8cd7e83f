"""Figure 1: the four actions of the Programme, as a network around a pairing."""

from __future__ import annotations

from math import sqrt

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, PathPatch
from matplotlib.path import Path

from iucresearch.style import ACCENT, EU, LAC
from reissue.core.errors import InputError
from reissue.core.language import N_, _
from reissue.drawing import style
from reissue.drawing.boxes import Box, Words, blank_axes, fill, width_of
from reissue.drawing.described import described_by

SOURCE = "data/raw/actions.csv"
HEIGHT = 5.0

_AUTHORITIES = N_("National authorities")
_PROGRAMME = N_("IUC-LAC Programme")
_LAC_REGION = N_("Latin American region")
_EU_REGION = N_("EU region")

#: Which way each action goes, and the partners that it brings together.
_LINKS = {
    "pairing-facilitation": (N_("between"), (_LAC_REGION, _EU_REGION)),
    "national-visits": (N_("one way"), (_PROGRAMME, _AUTHORITIES)),
    "study-visits": (N_("both ways"), (_LAC_REGION, _EU_REGION)),
    "yearly-gathering": (N_("all together"), (_AUTHORITIES, _LAC_REGION, _EU_REGION, _PROGRAMME)),
}
#: The sentence of the alt text about an action, by its direction.
_SENTENCES = {
    "between": N_("{action} ({timing}), between {first} and {second}: {objective}."),
    "one way": N_("{action} ({timing}), from {first} to {second}: {objective}."),
    "both ways": N_("{action} ({timing}), both ways between {first} and {second}: {objective}."),
    "all together": N_("{action} ({timing}), bringing together {partners}: {objective}."),
}

# The drawing, in inches from its upper left corner.
_WEST, _EAST = 1.1, style.WIDTH - 1.1
_NORTH, _MIDDLE, _SOUTH = 0.76, 2.58, 4.36
_REGION, _ACTOR = 0.9, 0.64
_BEND = 0.5
_ARROW = 13
_CLEAR = 0.13  # of a line, on either side
_APART = 0.055  # of the two arrows of an exchange, from its middle


#: The place of each action: the height of its line, the left end of its words, and the room above and below the line.
_TRACKS = {
    "one way": (_NORTH, 1.95, 0.64, 0.64),
    "between": (_MIDDLE - 0.54, 2.1, 0.56, 0.62),
    "both ways": (_MIDDLE + 0.54, 2.1, 0.46, 0.62),
    "all together": (_SOUTH, 1.6, 0.5, 0.6),
}


def figure_01_data(actions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per action, in printed order, with the partners that it brings together.

    Returns
    -------
    DataFrame
        `order`, `action`, `objective`, `timing`, `direction` (between, one way, both ways, all together) and `links`,
        the partners joined by "; " (one way: from, to).

    Raises
    ------
    InputError
        If the actions are not those that the figure draws.

    Notes
    -----
    The report's own drawing is not in the text; who is linked with whom follows from its text.

    References
    ----------
    Section 2.2.1, pages 13 and 14.
    """
    if set(actions["id"]) != set(_LINKS):
        raise InputError(
            f"figure 1 cannot draw the actions {', '.join(sorted(actions['id']))}",
            where=SOURCE,
            expected=", ".join(sorted(_LINKS)),
            remedy="restore the rows, or change _LINKS in figures/network.py",
        )
    data = actions.sort_values("order", ignore_index=True)
    data["direction"] = [_LINKS[action][0] for action in data["id"]]
    data["links"] = ["; ".join(_LINKS[action][1]) for action in data["id"]]
    return data[["order", "action", "objective", "timing", "direction", "links"]]


def figure_01_alt(data: pd.DataFrame) -> str:
    """Return the alt text of figure 1, from the plotted rows alone."""
    number = len({partner for links in data["links"] for partner in str(links).split("; ")})
    opening = _("Network of {actions} actions that link {partners} kinds of partner.")
    sentences = [opening.format(actions=len(data), partners=number)]
    for row in data.itertuples():
        names = [_(partner) for partner in str(row.links).split("; ")]
        partners = {"first": names[0], "second": names[-1], "partners": ", ".join(names)}
        words = {"action": row.action, "timing": row.timing, "objective": row.objective}
        sentences.append(_(_SENTENCES[str(row.direction)]).format(**partners, **words))
    return " ".join(sentences)


@described_by(figure_01_alt)
def figure_01(data: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the actions as lines between the partners that they link.

    Parameters
    ----------
    data
        One row per action, as `figure_01_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure `style.WIDTH` inches wide.

    Raises
    ------
    InputError
        If a text does not fit.
    """
    rows = {str(row["direction"]): {str(k): v for k, v in row.items()} for row in data.to_dict("records")}
    with style.use_style():
        ax = blank_axes(ax, style.WIDTH, HEIGHT)
        _draw_partners(ax, str(rows["all together"]["links"]).split("; "))
        gaps = _write_actions(ax, rows)
        _draw_lines(ax, gaps)
    return ax


def _write_actions(ax: Axes, rows: dict[str, dict[str, object]]) -> dict[str, float]:
    """Write the text of each action; return for each direction the width to leave free in the arrow for its date."""
    boxes = []
    for direction, (line, left, above, below) in _TRACKS.items():
        row, width = rows[direction], style.WIDTH - 2 * left
        name = Words(str(row["action"]), 10.5, "bold")
        objective = Words(str(row["objective"]), 9.25)
        timing = Words(str(row["timing"]), 9.0, color=style.MUTED)
        boxes += [
            Box(left, line - above, width, above - _CLEAR, (name,), "center", "bottom"),
            Box(left, line + _CLEAR, width, below - _CLEAR, (objective,), "center"),
            Box(left + width / 4, line - 0.12, width / 2, 0.24, (timing,), "center", "center"),
        ]
    timings = [placed[0].artist for placed in fill(ax, boxes, source=SOURCE)[2::3]]
    widths = [width_of(ax, Words(artist.get_text(), float(artist.get_fontsize()))) for artist in timings]
    return {direction: width / 2 + 0.1 for direction, width in zip(_TRACKS, widths, strict=True)}


def _draw_partners(ax: Axes, partners: list[str]) -> None:
    """Draw the regions as filled discs in the colours of their sides, the actors above them as rings."""
    places = [(_WEST, _NORTH, _ACTOR), (_WEST, _MIDDLE, _REGION), (_EAST, _MIDDLE, _REGION), (_EAST, _NORTH, _ACTOR)]
    looks = [
        (style.PAPER, LAC, style.INK),
        (LAC, LAC, style.INK),
        (EU, EU, style.PAPER),
        (style.PAPER, style.INK, style.INK),
    ]
    boxes = []
    for (x, y, radius), (face, edge, ink), name in zip(places, looks, partners, strict=True):
        ax.add_patch(Circle((x, y), radius, facecolor=face, edgecolor=edge, linewidth=2, zorder=3))
        words = Words(_(name), 11.0 if radius == _REGION else 9.5, "bold", ink)
        # Half a box of 0.8 by 0.6 radii has its corner on the circle.
        place = (x - 0.8 * radius, y - 0.6 * radius, 1.6 * radius, 1.2 * radius)
        boxes.append(Box(*place, (words,), "center", "center"))
    fill(ax, boxes, source=SOURCE)


def _draw_lines(ax: Axes, gaps: dict[str, float]) -> None:
    """Draw each action's line, with a gap for its timing."""
    centre = style.WIDTH / 2
    y = _TRACKS["one way"][0]
    gap = gaps["one way"]
    _arrow(ax, (_WEST + _ACTOR, y), (centre - gap, y), "<|-", style.INK)
    _arrow(ax, (centre + gap, y), (_EAST - _ACTOR, y), "-", style.INK)

    y, gap = _TRACKS["between"][0], gaps["between"]
    west, east = _shores(y)
    for ends in ([west - 0.06, centre - gap], [centre + gap, east + 0.06]):  # tucked under the discs
        ax.plot(ends, [y, y], color=ACCENT, linewidth=5, solid_capstyle="butt", zorder=1)

    y, gap = _TRACKS["both ways"][0], gaps["both ways"]
    for dy, color, (left, right) in ((-_APART, LAC, ("-", "-|>")), (_APART, EU, ("<|-", "-"))):
        west, east = _shores(y + dy)
        _arrow(ax, (west, y + dy), (centre - gap, y + dy), left, color)
        _arrow(ax, (centre + gap, y + dy), (east, y + dy), right, color)

    y, gap = _TRACKS["all together"][0], gaps["all together"]
    for x, inward in ((_WEST, 1), (_EAST, -1)):
        above = [(x, _NORTH + _ACTOR), (x, _MIDDLE - _REGION)]
        below = [(x, _MIDDLE + _REGION), (x, y - _BEND), (x, y), (x + inward * _BEND, y), (centre - inward * gap, y)]
        codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
        for path in (Path(above), Path(below, codes)):
            dotted = PathPatch(path, fill=False, edgecolor=style.MUTED, linewidth=1.6, linestyle=(0, (1, 1.4)))
            ax.add_patch(dotted)


def _shores(y: float) -> tuple[float, float]:
    """Return the x-coordinates at which a horizontal line at this height leaves one disc and enters the other."""
    reach = sqrt(_REGION**2 - (y - _MIDDLE) ** 2)
    return _WEST + reach, _EAST - reach


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], head: str, color: str) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle=head, mutation_scale=_ARROW, color=color, linewidth=2, shrinkA=0, shrinkB=0
        )
    )
