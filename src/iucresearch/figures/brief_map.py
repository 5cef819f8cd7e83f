"""The map of a brief: a few pairings among the others, small and cheap, since thousands are made.

The frame, the enlargement of Europe and the great circles are those of figure 3.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from numpy.typing import NDArray

from iucresearch import style
from iucresearch.figures import pairings_map as whole
from reissue.core.language import _, format_thousands, ngettext
from reissue.drawing.geo import Topology, Window, great_circle
from reissue.drawing.map_labels import Floats, Obstacles, draw_labels, to_points
from reissue.drawing.map_land import draw_frame
from reissue.drawing.map_outlines import Outlines, draw_on_page

#: Inches.
WIDTH = 5.2
HEIGHT = WIDTH * (whole.FRAME[3] - whole.FRAME[1]) / (whole.FRAME[2] - whole.FRAME[0])
#: Up to so many pairings have their names on the map, and are told one by one in words.
NAMED = 6
#: Up to so many of the others have their lines, and up to so many of its own are strong: of more, none can be followed.
LINED = 60

_OTHERS, _OTHER_LINES = "#8b94a1", "#b4bcc7"
_CAPS = {"lac": "round", "eu": "projecting"}
#: Points: the width of dots (small where Europe is), and of the white round them; seats of others so near share one.
_DOT, _SMALL, _OTHER, _HALO, _CELL = 4.6, 3.0, 2.4, 1.4, 5.0
_ENDS = ["lac_longitude", "lac_latitude", "eu_longitude", "eu_latitude"]


def brief_map_data(pairings: pd.DataFrame) -> pd.DataFrame:
    """One row per pairing of a brief: what is drawn and named.

    Parameters
    ----------
    pairings
        One row per pairing, with `order` and what `figure_03_data` needs. Not changed.

    Returns
    -------
    DataFrame
        `number` (in the Annex), the columns of `figure_03_data` but for its key, and `distance_km`; ordered by number.

    References
    ----------
    Annex, page 33.
    """
    numbers = dict(zip(pairings["id"], pairings["order"], strict=True))
    data = whole.figure_03_data(pairings)
    data.insert(0, "number", data["pairing"].map(numbers))
    return data.drop(columns="pairing").sort_values("number", ignore_index=True)


def brief_map(
    data: pd.DataFrame, others: pd.DataFrame, topology: Topology, kinds: Mapping[str, str], *, fig: Figure | None = None
) -> Figure:
    """Draw some pairings clearly, all others in grey.

    Parameters
    ----------
    data
        One row per pairing of the brief, from `brief_map_data`.
    others
        One row per pairing that is drawn in grey, with the coordinates of both seats.
    topology
        What `reissue.drawing.geo.read_topology` returns.
    kinds
        The side, LAC or EU, of each country that is tinted, by its ISO 3166-1 numeric code.
    fig
        An empty figure to draw on; without one, one of `WIDTH` by `HEIGHT` inches is made.
    """
    with style.use_style():
        fig = fig or Figure(figsize=(WIDTH, HEIGHT), dpi=style.DPI)
        fig.set_layout_engine("none")
        ax = fig.add_axes((0.001, 0.001, 0.998, 0.998))
        draw_frame(ax, whole.FRAME, style.RULE)
        inset = whole.enlargement(ax)
        outlines = Outlines(topology)
        outlines.draw(ax, kinds, whole.LAND, whole.OCEAN, hidden=whole.INSET)
        outlines.draw(inset, kinds, whole.LAND, whole.EUROPE)
        if len(others) <= LINED:
            _draw_links(ax, _curves(others), _OTHER_LINES, 0.5, 2)
        curves = _curves(data)
        _draw_links(ax, curves, style.INK, 1.0 if len(curves) <= LINED else 0.4, 4)
        for one, side, projection, size in (
            (ax, "lac", whole.OCEAN, _DOT),
            (ax, "eu", whole.OCEAN, _SMALL),
            (inset, "eu", whole.EUROPE, _DOT),
        ):
            _draw_dots(one, whole.seats(others, side, projection), side, _OTHERS, _OTHER, 3, cell=_CELL)
            own = whole.seats(data, side, projection)
            _draw_dots(one, own, side, style.PAPER, size + _HALO, 5)
            _draw_dots(one, own, side, style.SIDES[side.upper()], size, 5)
        if len(data) <= NAMED:
            _name_seats(ax, inset, data, curves)
    return fig


def brief_map_alt(data: pd.DataFrame, others: pd.DataFrame) -> str:
    """Return the alternative text of the map, made from what is plotted.

    Parameters
    ----------
    data, others
        As `brief_map` takes them.
    """
    pairing = _(
        "{lac_region} ({lac_country}) and {eu_region} ({eu_country}), seats in {lac_seat} and {eu_seat},"
        " {distance} kilometres apart"
    )
    told = [
        pairing.format(
            **{str(name): value for name, value in row.items()}, distance=format_thousands(row["distance_km"])
        )
        for row in data.head(NAMED).to_dict("records")
    ]
    if more := len(data) - len(told):
        words = ngettext("and {number} more, listed in its data", "and {number} more, listed in its data", more)
        told.append(words.format(number=more))
    opening = _("A map of the Atlantic with Europe enlarged: {pairings}.")
    sentences = [opening.format(pairings="; ".join(told) or _("no pairing"))]
    if number := len(others):
        words = ngettext(
            "The others, {number} in number, are in grey.", "The others, {number} in number, are in grey.", number
        )
        sentences.append(words.format(number=number))
    if hidden := _hidden(data):
        sentences.append(_("Outside of the map: {territories}.").format(territories=", ".join(hidden)))
    return " ".join(sentences)


def _hidden(data: pd.DataFrame) -> list[str]:
    """Return the first territories whose seats the map's frame leaves out."""
    names: list[str] = []
    for side in _CAPS:
        out = ~_inside(whole.seats(data, side, whole.OCEAN), whole.FRAME)
        names += [str(name) for name in data.loc[out, f"{side}_region"]]
    return names[:NAMED]


def _curves(data: pd.DataFrame) -> list[Floats]:
    """Return each link as a cubic curve, its four control points in metres of the ocean's projection.

    The curve goes through the points at both thirds of the great circle.
    """
    found = []
    for link in data[_ENDS].itertuples(index=False, name=None):
        start, one, two, end = whole.OCEAN.points(*great_circle(*link, points=4).T)
        controls = (-5 * start + 18 * one - 9 * two + 2 * end) / 6, (2 * start - 9 * one + 18 * two - 5 * end) / 6
        found.append(np.array([start, *controls, end]))
    return [curve for curve in found if np.isfinite(curve).all()]


def _along(curve: Floats) -> Floats:
    """Return points along a cubic curve."""
    t = np.linspace(0, 1, 30)[:, None]
    a, b, c, d = curve
    return np.asarray((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)


def _draw_links(ax: Axes, curves: list[Floats], colour: str, width: float, zorder: float) -> None:
    codes = [Path.MOVETO, *[Path.CURVE4] * 3]
    paths = [Path(_rounded(to_points(ax, curve)), codes) for curve in curves]
    if paths:
        draw_on_page(ax, paths, facecolors="none", edgecolors=colour, linewidths=width, zorder=zorder)


def _draw_dots(
    ax: Axes, seats: Floats, side: str, colour: str, size: float, zorder: float, *, cell: float = 0.0
) -> None:
    """Draw seats, all as one path of strokes without length: their caps are the dots.

    As markers of a scatter, each would take five times the bytes. With a `cell`, seats of one cell share a dot.
    """
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    points = _rounded(to_points(ax, seats[_inside(seats, (west, south, east, north))]))
    if cell:
        points = points[np.unique(np.floor(points / cell), axis=0, return_index=True)[1]]
    if len(points):
        path = Path(np.repeat(points, 2, axis=0), [Path.MOVETO, Path.CLOSEPOLY] * len(points))
        looks = {"edgecolors": colour, "linewidths": size, "capstyle": _CAPS[side], "zorder": zorder}
        draw_on_page(ax, [path], facecolors="none", **looks)


def _rounded(points: Floats) -> Floats:
    """Return points of the page in tenths: short numbers make a small file."""
    return np.round(points, 1)


def _name_seats(ax: Axes, inset: Axes, data: pd.DataFrame, curves: list[Floats]) -> None:
    """Write number and name at every seat in sight: a European one in the enlargement, where it lies there."""
    numbers, lac, eu = data["number"].to_numpy(), data["lac_region"].to_numpy(), data["eu_region"].to_numpy()
    enlarged = whole.seats(data, "eu", whole.EUROPE)
    within = _inside(enlarged, whole.ENLARGED)
    _name(inset, enlarged[within], numbers[within], eu[within], Obstacles(enlarged[within]), 17)
    places = np.vstack([whole.seats(data, "lac", whole.OCEAN), whole.seats(data, "eu", whole.OCEAN)])
    shown = _inside(places, whole.FRAME)
    named = shown & np.concatenate([np.ones(len(data), bool), ~within])
    room = Obstacles(places[shown], [_along(curve) for curve in curves], [whole.INSET])
    _name(ax, places[named], np.tile(numbers, 2)[named], np.concatenate([lac, eu])[named], room, 20)


def _name(
    ax: Axes, anchors: Floats, numbers: NDArray[np.int64], names: NDArray[np.object_], room: Obstacles, wrap: int
) -> None:
    if len(anchors):
        draw_labels(ax, anchors, [int(n) for n in numbers], [str(name) for name in names], room, wrap=wrap)


def _inside(points: Floats, window: Window) -> NDArray[np.bool_]:
    west, south, east, north = window
    x, y = points.T
    inside: NDArray[np.bool_] = (x > west) & (x < east) & (y > south) & (y < north)
    return inside
