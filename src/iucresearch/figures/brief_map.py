"""The map of a brief: a few pairings among the others, small and quick to draw.

Great circles join the seats over the Atlantic; Europe is enlarged over the emptiest part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path
from numpy.typing import NDArray

from iucresearch.figures.pairings_map import EUROPE, LAND, figure_03_data, seats
from iucresearch.style import SIDES
from reissue.core.language import _, format_thousands, ngettext
from reissue.drawing import style
from reissue.drawing.geo import Projection, Topology, Window, great_circle
from reissue.drawing.map_labels import Obstacles, draw_labels
from reissue.drawing.map_land import build_outlines, draw_frame, draw_on_page, draw_outlines
from reissue.drawing.points import Floats, axes_corners, to_points

OCEAN = Projection(-40, 12)
#: What the map shows, and where on it the enlargement of Europe is (metres on the ocean's projection).
FRAME: Window = (-7_500e3, -8_750e3, 8_100e3, 6_750e3)
INSET: Window = (680e3, -8_590e3, 7_940e3, -2_150e3)
#: What the enlargement shows (metres on Europe's projection).
ENLARGED: Window = (-1_700e3, -1_500e3, 1_930e3, 1_720e3)
#: Inches.
WIDTH = 5.2
HEIGHT = WIDTH * (FRAME[3] - FRAME[1]) / (FRAME[2] - FRAME[0])
#: The map names the seats of up to so many pairings, and has the lines of up to so many others.
NAMED, LINED = 6, 60

_OTHERS, _OTHER_LINES = "#8b94a1", "#b4bcc7"
_CAPS = {"lac": "round", "eu": "projecting"}
#: Points: the width of dots (small where Europe is), and of the white round them. Others within a cell share a dot.
_DOT, _SMALL, _OTHER, _HALO, _CELL = 4.6, 3.0, 2.4, 1.4, 5.0


def brief_map_data(pairings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pairing: its `number` in the Annex and the columns of `figure_03_data` but for its key."""
    data = figure_03_data(pairings)
    data.insert(0, "number", data["pairing"].map(dict(zip(pairings["id"], pairings["order"], strict=True))))
    return data.drop(columns="pairing").sort_values("number", ignore_index=True)


def brief_map(data: pd.DataFrame, others: pd.DataFrame, topology: Topology, kinds: Mapping[str, str]) -> Figure:
    """Draw the pairings of a brief clearly, all others in grey.

    Parameters
    ----------
    data
        One row per pairing of the brief, from `brief_map_data`.
    others
        One row per other pairing, with the coordinates of both seats.
    topology
        What `reissue.drawing.geo.read_topology` returns.
    kinds
        The side, LAC or EU, of each country that is tinted, by its ISO 3166-1 numeric code.
    """
    with style.use_style():
        fig = Figure(figsize=(WIDTH, HEIGHT), dpi=style.DPI)
        fig.set_layout_engine("none")
        ax = fig.add_axes((0.001, 0.001, 0.998, 0.998))
        draw_frame(ax, FRAME, style.RULE)
        inset = _enlarge(ax)
        outlines = build_outlines(topology)
        draw_outlines(ax, outlines, kinds, LAND, OCEAN, hidden=INSET)
        draw_outlines(inset, outlines, kinds, LAND, EUROPE)
        if len(others) <= LINED:
            _draw_links(ax, _great_circles(others), _OTHER_LINES, 0.5, 2)
        links = _great_circles(data)
        _draw_links(ax, links, style.INK, 1.0, 4)
        for one, side, projection, size in (
            (ax, "lac", OCEAN, _DOT),
            (ax, "eu", OCEAN, _SMALL),
            (inset, "eu", EUROPE, _DOT),
        ):
            _draw_dots(one, seats(others, side, projection), side, _OTHERS, _OTHER, 3, cell=_CELL)
            own = seats(data, side, projection)
            _draw_dots(one, own, side, style.PAPER, size + _HALO, 5)
            _draw_dots(one, own, side, SIDES[side.upper()], size, 5)
        if len(data) <= NAMED:
            _name_seats(ax, inset, data, links)
    return fig


def brief_map_alt(data: pd.DataFrame, others: pd.DataFrame) -> str:
    """Return the alt text of the map of `data` and `others`, from the plotted rows alone."""
    pairing = _(
        "{lac_region} ({lac_country}) and {eu_region} ({eu_country}), seats in {lac_seat} and {eu_seat},"
        " {distance} kilometres apart"
    )
    names = [
        pairing.format(
            **{str(name): value for name, value in row.items()}, distance=format_thousands(row["distance_km"])
        )
        for row in data.to_dict("records")
    ]
    opening = _("A map of the Atlantic with Europe enlarged: {pairings}.")
    sentences = [opening.format(pairings="; ".join(names))]
    if number := len(others):
        words = ngettext(
            "The others, {number} in number, are in grey.", "The others, {number} in number, are in grey.", number
        )
        sentences.append(words.format(number=number))
    return " ".join(sentences)


def _enlarge(ax: Axes) -> Axes:
    """Return axes for the enlargement of Europe, over the emptiest part of a map that shows `FRAME`."""
    figure = style.figure_of(ax)
    corners = figure.transFigure.inverted().transform(ax.transData.transform(np.reshape(INSET, (2, 2))))
    inset = figure.add_axes((*corners[0], *(corners[1] - corners[0])), zorder=ax.get_zorder() + 1)
    draw_frame(inset, ENLARGED, style.MUTED)
    return inset


def _great_circles(data: pd.DataFrame) -> list[Floats]:
    """Return the great circle of each link as points, in metres of the projection of that ocean."""
    names = ["lac_longitude", "lac_latitude", "eu_longitude", "eu_latitude"]
    links = data[names].itertuples(index=False, name=None)
    return [OCEAN.points(*great_circle(*link, points=24).T) for link in links]


def _draw_links(ax: Axes, links: list[Floats], colour: str, width: float, zorder: float) -> None:
    paths = [Path(_round(to_points(ax, link))) for link in links]
    if paths:
        draw_on_page(ax, paths, facecolors="none", edgecolors=colour, linewidths=width, zorder=zorder)


def _draw_dots(
    ax: Axes, places: Floats, side: str, colour: str, size: float, zorder: float, *, cell: float = 0.0
) -> None:
    """Draw the seats of regions as one path of strokes without length, whose round caps are the dots.

    As markers of a scatter, each would take five times the bytes. With a `cell`, the width of a grid in
    metres, seats of one grid cell share a dot.
    """
    (west, south), (east, north) = axes_corners(ax)
    points = _round(to_points(ax, places[_inside(places, (west, south, east, north))]))
    if cell:
        points = points[np.unique(np.floor(points / cell), axis=0, return_index=True)[1]]
    if len(points):
        path = Path(np.repeat(points, 2, axis=0), [Path.MOVETO, Path.CLOSEPOLY] * len(points))
        looks = {"edgecolors": colour, "linewidths": size, "capstyle": _CAPS[side], "zorder": zorder}
        draw_on_page(ax, [path], facecolors="none", **looks)


def _round(points: Floats) -> Floats:
    """Return points of the page in tenths: short numbers make a small file."""
    return np.round(points, 1)


def _name_seats(ax: Axes, inset: Axes, data: pd.DataFrame, links: list[Floats]) -> None:
    """Write number and name at every visible seat: a European one in the enlargement, if it is there."""
    numbers, lac, eu = data["number"].to_numpy(), data["lac_region"].to_numpy(), data["eu_region"].to_numpy()
    enlarged = seats(data, "eu", EUROPE)
    within = _inside(enlarged, ENLARGED)
    _name(inset, enlarged[within], numbers[within], eu[within], Obstacles(enlarged[within]), 17)
    places = np.vstack([seats(data, "lac", OCEAN), seats(data, "eu", OCEAN)])
    shown = _inside(places, FRAME)
    named = shown & np.concatenate([np.ones(len(data), bool), ~within])
    room = Obstacles(places[shown], links, [INSET])
    _name(ax, places[named], np.tile(numbers, 2)[named], np.concatenate([lac, eu])[named], room, 20)


def _name(
    ax: Axes, anchors: Floats, numbers: NDArray[np.int64], names: NDArray[np.object_], room: Obstacles, wrap: int
) -> None:
    if len(anchors):
        draw_labels(ax, anchors, [int(n) for n in numbers], [str(name) for name in names], room, wrap=wrap)


def _inside(points: Floats, window: Window) -> NDArray[np.bool_]:
    west, south, east, north = window
    x, y = points.T
    return (x > west) & (x < east) & (y > south) & (y < north)
