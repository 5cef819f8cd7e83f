"""Figure 3: the pairings on a map, and counted by country."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from iucresearch.style import SIDES
from reissue.core.errors import InputError
from reissue.core.language import N_, _, format_thousands
from reissue.drawing import style
from reissue.drawing.described import described_by
from reissue.drawing.geo import Projection, Window, distance_km, great_circle
from reissue.drawing.map_labels import Floats, Obstacles, draw_labels
from reissue.drawing.map_land import draw_frame, draw_land

OCEAN, EUROPE = Projection(-40, 12), Projection(10, 50)
#: What the map shows, and where on it the enlargement of Europe is (metres on the ocean's projection).
FRAME: Window = (-7_500e3, -8_750e3, 8_100e3, 6_750e3)
INSET: Window = (680e3, -8_590e3, 7_940e3, -2_150e3)
#: What the enlargement shows (metres on Europe's projection).
ENLARGED: Window = (-1_700e3, -1_500e3, 1_930e3, 1_720e3)
#: Inches.
_MAP_HEIGHT = style.WIDTH * (FRAME[3] - FRAME[1]) / (FRAME[2] - FRAME[0])
_MATRIX_HEIGHT = 2.3

LAND = {"": "#eceff3", "LAC": "#f6dcb0", "EU": "#cfdfee"}
_CELLS = ("#bfe0d5", "#6db8a0", "#3d9c80")
_MARKERS = {"LAC": "o", "EU": "s"}
_KEY = {"LAC": N_("Latin American partner"), "EU": N_("European Union partner")}
_NOTES = (
    N_("Lines: great circles between the partners’ seats."),
    N_("A number marks both ends of a pairing, as in the Annex."),
)
_ENDS = [f"{side}_{what}" for side in ("lac", "eu") for what in ("region", "country", "seat", "latitude", "longitude")]


def figure_03_data(pairings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per link: both ends of a pairing, and the distance between their seats.

    Parameters
    ----------
    pairings
        One row per pairing, with `id` and, for `lac_` and `eu_`: `region`, `country`, `seat`, `latitude`,
        `longitude` (decimal degrees, WGS 84).

    Returns
    -------
    DataFrame
        One row per link, ordered by `pairing` (the pairing's id); the columns above and `distance_km`.

    Notes
    -----
    `distance_km` is the shortest way on the WGS 84 ellipsoid, rounded to whole kilometres.

    References
    ----------
    Figure 3, page 15; the pairings: Annex, page 33.
    """
    data = pairings[["id", *_ENDS]].rename(columns={"id": "pairing"}).sort_values("pairing", ignore_index=True)
    return data.assign(distance_km=[round(distance_km(*link)) for link in list_links(data)])


def figure_03_alt(data: pd.DataFrame) -> str:
    """Return the alt text of figure 3, from the plotted rows alone."""
    pairs = data[["lac_country", "eu_country"]].value_counts(sort=False)
    often = [_("{lac} with {eu}").format(lac=lac, eu=eu) for lac, eu in pairs.index[pairs == pairs.max()]]
    ordered = data.sort_values("distance_km", kind="stable")
    sentences = [
        _(
            "A map of the Atlantic with {links} links between territories in Latin America and in the European"
            " Union, each a great circle, and a matrix that counts the links by country."
        ).format(links=len(data)),
        _("Latin America: {countries}.").format(countries=_tally(data["lac_country"])),
        _("European Union: {countries}.").format(countries=_tally(data["eu_country"])),
        _("Longest link: {link}.").format(link=_link(ordered.iloc[-1])),
        _("Shortest: {link}.").format(link=_link(ordered.iloc[0])),
        _("Most links between two countries, {number}: {pairs}.").format(
            number=pairs.max(), pairs="; ".join(sorted(often))
        ),
    ]
    return " ".join(sentences)


@described_by(figure_03_alt)
def figure_03(data: pd.DataFrame, land: pd.DataFrame, *, fig: Figure | None = None) -> Figure:
    """Draw the map above the matrix.

    Parameters
    ----------
    land
        One row per country, from `reissue.drawing.geo.land`.
    fig
        An empty figure to draw on; without one, a new figure of the page's width.
    """
    height = _MAP_HEIGHT + _MATRIX_HEIGHT
    with style.use_style():
        fig = fig or plt.figure(figsize=(style.WIDTH, height))
        fig.set_layout_engine("none")
        share = _MATRIX_HEIGHT / height
        draw_map(fig.add_axes((0.001, share, 0.998, 0.999 - share)), data, land)
        draw_matrix(fig.add_axes((0.0, 0.0, 1.0, share - 0.012)), data)
    return fig


def draw_map(ax: Axes, data: pd.DataFrame, land: pd.DataFrame) -> None:
    """Draw the links over the ocean, and an enlargement of Europe over its emptiest part.

    Raises
    ------
    InputError
        If `land` has no shape for a country of `data`.
    """
    sides = _sides(data, land)
    draw_frame(ax, FRAME, style.RULE)
    draw_land(ax, land["geometry"], sides, LAND, OCEAN)
    links = [OCEAN.points(*great_circle(*link).T) for link in list_links(data)]
    ax.add_collection(LineCollection(links, colors=style.INK, linewidths=0.6, alpha=0.5, zorder=3))
    lac, eu = seats(data, "lac", OCEAN), seats(data, "eu", OCEAN)
    _draw_seats(ax, eu, "EU", size=6)
    _draw_seats(ax, lac, "LAC", size=20)
    draw_labels(ax, lac, _numbers(data), list(data["lac_region"]), Obstacles(np.vstack([lac, eu]), links, [INSET]))
    _draw_key(ax)
    _draw_europe(ax, data, land, sides)


def draw_matrix(ax: Axes, data: pd.DataFrame) -> None:
    """Draw the number of pairings of each country with each other, and the totals."""
    counts = _counts(data)
    height, width = counts.shape
    ax.set(xlim=(-2.85, width + 0.7), ylim=(height + 0.6, -1.2))
    ax.axis("off")
    numbers = pd.Series(_numbers(data), index=data["lac_country"])
    for y, (country, row) in enumerate(counts.iterrows()):
        ax.text(-1.3, y, _(str(country)), ha="right", va="center", fontsize=9)
        ax.text(-1.2, y, _runs(numbers[numbers.index == country].tolist()), va="center", fontsize=8, color=style.MUTED)
        for x, count in enumerate(row):
            if count:
                colour = _CELLS[min(count, len(_CELLS)) - 1]
                ax.add_patch(Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, facecolor=colour, linewidth=0))
                _write(ax, x, y, f"{count}")
            else:
                ax.text(x, y, "·", ha="center", va="center", fontsize=9, color=style.MUTED)
        _write(ax, width + 0.25, y, f"{row.sum()}")
    for x, (country, column) in enumerate(counts.items()):
        ax.text(x, -0.8, _(str(country)), ha="center", va="center", fontsize=8)
        _write(ax, x, height + 0.1, f"{column.sum()}")
    ax.text(-1.2, -0.8, _("No."), va="center", fontsize=8, color=style.MUTED)
    ax.text(width + 0.25, -0.8, _("All"), ha="center", va="center", fontsize=9)
    ax.text(-1.3, height + 0.1, _("All"), ha="right", va="center", fontsize=9)
    _write(ax, width + 0.25, height + 0.1, f"{len(data)}")


def enlargement(ax: Axes) -> Axes:
    """Return axes for the enlargement of Europe, over the emptiest part of a map that shows `FRAME`."""
    figure = style.figure_of(ax)
    corners = figure.transFigure.inverted().transform(ax.transData.transform(np.reshape(INSET, (2, 2))))
    inset = figure.add_axes((*corners[0], *(corners[1] - corners[0])), zorder=ax.get_zorder() + 1)
    draw_frame(inset, ENLARGED, style.MUTED)
    return inset


def _tally(countries: pd.Series[str]) -> str:
    counts = countries.value_counts().rename_axis("name").reset_index()
    ordered = counts.sort_values(["count", "name"], ascending=[False, True])
    return ", ".join(f"{_(name)} {count}" for name, count in ordered.itertuples(index=False))


def _link(row: pd.Series[str]) -> str:
    words = _("{lac_region} ({lac_country}) to {eu_region} ({eu_country}), {distance} kilometres")
    names = {name: row[name] for name in ("lac_region", "eu_region")}
    countries = {name: _(row[name]) for name in ("lac_country", "eu_country")}
    return words.format(**names, **countries, distance=format_thousands(int(row["distance_km"])))


def _counts(data: pd.DataFrame) -> pd.DataFrame:
    """Return one row per Latin American country, one column per EU country; most pairings first."""
    counts = pd.crosstab(data["lac_country"], data["eu_country"])
    return counts[counts.sum().sort_values(ascending=False, kind="stable").index]


def list_links(data: pd.DataFrame) -> list[tuple[float, float, float, float]]:
    """Return the longitude and latitude of both ends of each link."""
    names = ["lac_longitude", "lac_latitude", "eu_longitude", "eu_latitude"]
    return list(data[names].itertuples(index=False, name=None))


def _numbers(data: pd.DataFrame) -> list[int]:
    """Return the number at the end of each pairing's id: its place in the Annex."""
    return [int(number) for number in data["pairing"].str.extract(r"(\d+)$", expand=False)]


def _runs(numbers: Sequence[int]) -> str:
    """Return ordered whole numbers as print shows them: 1, 2, 3, 5 is 1–3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _sides(data: pd.DataFrame, land: pd.DataFrame) -> pd.Series[str]:
    """Return the side of each shape of `land`: LAC, EU or nothing."""
    side_of = {**dict.fromkeys(data["lac_country"], "LAC"), **dict.fromkeys(data["eu_country"], "EU")}
    for country in sorted(set(side_of) - set(land["name"])):
        raise InputError(f"no shape for {country}", where="boundary file", expected="every country of the pairings")
    return land["name"].map(side_of).fillna("")


def seats(data: pd.DataFrame, side: str, projection: Projection) -> Floats:
    """Return the seats of one side of the links, one row each (metres)."""
    return projection.points(data[f"{side}_longitude"].to_numpy(), data[f"{side}_latitude"].to_numpy())


def _draw_seats(ax: Axes, points: Floats, side: str, *, size: float) -> None:
    x, y = points.T
    marker, color, edges = _MARKERS[side], SIDES[side], style.PAPER
    ax.scatter(x, y, s=size, marker=marker, color=color, edgecolors=edges, linewidths=size / 40, zorder=4)


def _draw_europe(ax: Axes, data: pd.DataFrame, land: pd.DataFrame, sides: pd.Series[str]) -> None:
    inset = enlargement(ax)
    draw_land(inset, land["geometry"], sides, LAND, EUROPE)
    places = seats(data, "eu", EUROPE)
    _draw_seats(inset, places, "EU", size=20)
    (west, east), (south, north) = inset.get_xlim(), inset.get_ylim()
    title = (west, north - 0.09 * (north - south), west + 0.5 * (east - west), north)
    draw_labels(inset, places, _numbers(data), list(data["eu_region"]), Obstacles(places, boxes=[title]), wrap=17)
    inset.text(0.02, 0.975, _("Europe, enlarged"), transform=inset.transAxes, fontsize=9, fontweight="bold", va="top")


def _draw_key(ax: Axes) -> None:
    for line, (side, text) in enumerate(_KEY.items()):
        y = 0.972 - 0.022 * line
        ax.add_line(
            Line2D([0.022], [y], marker=_MARKERS[side], markersize=5, color=SIDES[side], transform=ax.transAxes)
        )
        ax.text(0.04, y, _(text), transform=ax.transAxes, fontsize=8, va="center")
    notes = "\n".join(_(note) for note in _NOTES)
    ax.text(0.04, 0.972 - 0.022 * (len(_KEY) - 0.3), notes, transform=ax.transAxes, fontsize=8, va="top")


def _write(ax: Axes, x: float, y: float, text: str) -> None:
    ax.text(x, y, text, ha="center", va="center", fontsize=9, fontweight="bold")
