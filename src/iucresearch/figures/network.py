"""Figure 1: the four actions of the Programme, as a network around a pairing."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.path import Path

from iucresearch.style import ACCENT, EU, EU_TINT, LAC, LAC_TINT
from reissue.core.errors import InputError
from reissue.core.language import N_, _
from reissue.drawing import style
from reissue.drawing.boxes import Box, Words, blank_axes, fill, width_of
from reissue.drawing.described import described_by

SOURCE = "data/raw/actions.csv"

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
#: The words of the alt text about an action, by its direction.
_WORDS = {
    "between": N_("{action}, between {first} and {second}"),
    "one way": N_("{action}, from {first} to {second}"),
    "both ways": N_("{action}, both ways between {first} and {second}"),
    "all together": N_("{action}, with all {number}"),
}

_CLEAR = 0.13  # inches of a line, on either side
_APART = 0.055  # of the two arrows of an exchange, from its middle


@dataclass(frozen=True)
class _Layout:
    """The drawing, in inches from its upper left corner; sizes of text in points."""

    height: float
    #: The distance of both columns from the edges, and the middle of the actors and of the regions.
    side: float
    north: float
    middle: float
    #: The radius of an actor and of a region, and the half of the straight part of a region's sides.
    actor: float
    region: float
    straight: float
    bend: float
    arrow: float
    #: The height of each action's line, the left end of its words, and the room above and below the line.
    tracks: dict[str, tuple[float, float, float, float]]
    #: Of the name of an action, its objective, its date, a region and an actor.
    sizes: tuple[float, float, float, float, float]


_WIDE = _Layout(
    height=5.0,
    side=1.1,
    north=0.76,
    middle=2.58,
    actor=0.64,
    region=0.9,
    straight=0.0,
    bend=0.5,
    arrow=13,
    tracks={
        "one way": (0.76, 1.95, 0.64, 0.64),
        "between": (2.04, 2.1, 0.56, 0.62),
        "both ways": (3.12, 2.1, 0.46, 0.62),
        "all together": (4.36, 1.6, 0.5, 0.6),
    },
    sizes=(10.5, 9.25, 9.0, 11.0, 9.5),
)
_NARROW = _Layout(
    height=5.3,
    side=0.54,
    north=0.64,
    middle=2.62,
    actor=0.5,
    region=0.5,
    straight=0.66,
    bend=0.4,
    arrow=9,
    tracks={
        "one way": (0.64, 1.09, 0.6, 0.8),
        "between": (1.97, 1.09, 0.5, 0.8),
        "both ways": (3.24, 1.09, 0.46, 0.8),
        "all together": (4.62, 0.9, 0.5, 0.66),
    },
    sizes=(8.0, 7.0, 7.0, 8.0, 7.0),
)


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
    actions = []
    for row in data.itertuples():
        names = [_(partner) for partner in str(row.links).split("; ")]
        partners = {"first": names[0], "second": names[-1], "number": len(names)}
        actions.append(_(_WORDS[str(row.direction)]).format(action=row.action, **partners))
    words = _("Network of {number} actions that link {partners} kinds of partner: {actions}.")
    return words.format(number=len(data), partners=number, actions="; ".join(actions))


@described_by(figure_01_alt)
def figure_01(data: pd.DataFrame, *, ax: Axes | None = None, width: float = style.WIDTH) -> Axes:
    """Draw the actions as lines between the partners that they link.

    Parameters
    ----------
    data
        One row per action, as `figure_01_data` returns it.
    ax
        Axes to draw on; without them, those of a new figure.
    width
        Of the drawing, in inches; in a narrow one the regions are tall, so that words fit between them.

    Raises
    ------
    InputError
        If a text does not fit.
    """
    rows = {str(row["direction"]): {str(k): v for k, v in row.items()} for row in data.to_dict("records")}
    layout = _NARROW if style.is_narrow(width) else _WIDE
    with style.use_style():
        ax = blank_axes(ax, width, layout.height)
        _draw_partners(ax, layout, width, str(rows["all together"]["links"]).split("; "))
        gaps = _write_actions(ax, layout, width, rows)
        _draw_lines(ax, layout, width, gaps)
    return ax


def _write_actions(ax: Axes, layout: _Layout, whole: float, rows: dict[str, dict[str, object]]) -> dict[str, float]:
    """Write the text of each action; return for each direction the width to leave free in the arrow for its date."""
    boxes = []
    large, middle, small = layout.sizes[:3]
    for direction, (line, left, above, below) in layout.tracks.items():
        row, width = rows[direction], whole - 2 * left
        name = Words(str(row["action"]), large, "bold")
        objective = Words(str(row["objective"]), middle)
        timing = Words(str(row["timing"]), small, color=style.MUTED)
        boxes += [
            Box(left, line - above, width, above - _CLEAR, (name,), "center", "bottom"),
            Box(left, line + _CLEAR, width, below - _CLEAR, (objective,), "center"),
            Box(left + width / 8, line - 0.12, width * 0.75, 0.24, (timing,), "center", "center"),
        ]
    placed = fill(ax, boxes, source=SOURCE, smallest=style.smallest_size(whole))
    timings = [lines[0].artist for lines in placed[2::3]]
    widths = [width_of(ax, Words(artist.get_text(), float(artist.get_fontsize()))) for artist in timings]
    gap = layout.arrow / 130
    return {direction: width / 2 + gap for direction, width in zip(layout.tracks, widths, strict=True)}


def _draw_partners(ax: Axes, layout: _Layout, width: float, partners: list[str]) -> None:
    """Draw the regions as filled discs in the colours of their sides, the actors above them as rings."""
    west, east = layout.side, width - layout.side
    actor, region = (layout.north, layout.actor, 0.0), (layout.middle, layout.region, layout.straight)
    places = [(west, *actor), (west, *region), (east, *region), (east, *actor)]
    looks = [(style.PAPER, LAC), (LAC_TINT, LAC), (EU_TINT, EU), (style.PAPER, style.INK)]
    boxes = []
    for place, (face, edge), name in zip(places, looks, partners, strict=True):
        x, y, radius, straight = place
        ax.add_patch(PathPatch(_outline(x, y, radius, straight), facecolor=face, edgecolor=edge, linewidth=2, zorder=3))
        words = Words(_(name), layout.sizes[3] if y == layout.middle else layout.sizes[4], "bold")
        # Half a box of 0.8 by 0.6 radii has its corner on the circle.
        box = (x - 0.8 * radius, y - 0.6 * radius, 1.6 * radius, 1.2 * radius)
        if straight:
            box = (x - 0.95 * radius, y - straight, 1.9 * radius, 2 * straight)
        boxes.append(Box(*box, (words,), "center", "center"))
    fill(ax, boxes, source=SOURCE, smallest=style.smallest_size(width))


def _outline(x: float, y: float, radius: float, straight: float) -> Path:
    """Return a circle that is drawn out downward and upward: between its halves is a straight part."""
    halves = [Path.arc(0, 180), Path.arc(180, 360)]
    points = np.concatenate([np.asarray(half.vertices) for half in halves]) * radius + (x, y)
    points[:, 1] += np.repeat([straight, -straight], [len(half) for half in halves])
    codes = np.concatenate([np.asarray(half.codes) for half in halves])
    codes[len(halves[0])] = Path.LINETO
    return Path(np.vstack([points, points[:1]]), [*codes, Path.CLOSEPOLY])


def _draw_lines(ax: Axes, layout: _Layout, width: float, gaps: dict[str, float]) -> None:
    """Draw each action's line, with a gap for its timing."""
    centre, west, east = width / 2, layout.side, width - layout.side
    levels = {direction: line for direction, (line, *_room) in layout.tracks.items()}
    y, gap = levels["one way"], gaps["one way"]
    _arrow(ax, (west + layout.actor, y), (centre - gap, y), "<|-", style.INK, layout)
    _arrow(ax, (centre + gap, y), (east - layout.actor, y), "-", style.INK, layout)

    y, gap = levels["between"], gaps["between"]
    inward = _reach(layout, y) - 0.06  # tucked under the discs
    for ends in ([west + inward, centre - gap], [centre + gap, east - inward]):
        ax.plot(ends, [y, y], color=ACCENT, linewidth=5, solid_capstyle="butt", zorder=1)

    y, gap = levels["both ways"], gaps["both ways"]
    for dy, color, (left, right) in ((-_APART, LAC, ("-", "-|>")), (_APART, EU, ("<|-", "-"))):
        inward = _reach(layout, y + dy)
        _arrow(ax, (west + inward, y + dy), (centre - gap, y + dy), left, color, layout)
        _arrow(ax, (centre + gap, y + dy), (east - inward, y + dy), right, color, layout)

    y, gap = levels["all together"], gaps["all together"]
    bend, end = layout.bend, layout.region + layout.straight
    for x, inward in ((west, 1), (east, -1)):
        above = [(x, layout.north + layout.actor), (x, layout.middle - end)]
        below = [(x, layout.middle + end), (x, y - bend), (x, y), (x + inward * bend, y), (centre - inward * gap, y)]
        codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
        for path in (Path(above), Path(below, codes)):
            dotted = PathPatch(path, fill=False, edgecolor=style.MUTED, linewidth=1.6, linestyle=(0, (1, 1.4)))
            ax.add_patch(dotted)


def _reach(layout: _Layout, y: float) -> float:
    """Return how far from the middle of its column a region's edge is at a height."""
    beyond = max(abs(y - layout.middle) - layout.straight, 0.0)
    return sqrt(layout.region**2 - beyond**2)


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], head: str, color: str, layout: _Layout
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle=head, mutation_scale=layout.arrow, color=color, linewidth=2, shrinkA=0, shrinkB=0
        )
    )
