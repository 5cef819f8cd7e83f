"""Figure 3: the pairings on two maps, joined name by name, and counted by country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU, EU_TINT, LAC_TEXT, LAC_TINT, SIDES
from reissue.core.errors import InputError
from reissue.core.language import N_, _
from reissue.drawing import style
from reissue.drawing.boxes import BASELINE, Words, add_panel, blank_axes, break_lines
from reissue.drawing.described import described_by
from reissue.drawing.geo import Projection, Topology, Window, distance_km
from reissue.drawing.map_labels import Floats
from reissue.drawing.map_land import Outlines, build_outlines, draw_frame, draw_outlines
from reissue.drawing.map_markers import Marker, draw_numbered_places, draw_numbers
from reissue.drawing.matrix import draw_matrix, measure_margins

#: The point opposite each centre is in the sea: a country there would surround the map.
LATIN_AMERICA, EUROPE = Projection(-78, -10), Projection(10, 50)
#: What the maps show at least (metres).
_FRAMES: dict[str, Window] = {
    "LAC": (-3_450e3, -5_200e3, 4_750e3, 4_650e3),
    "EU": (-1_700e3, -1_420e3, 1_930e3, 1_720e3),
}
_PROJECTIONS = {"LAC": LATIN_AMERICA, "EU": EUROPE}

LAND = {"": "#eceff3", "LAC": LAC_TINT, "EU": EU_TINT}
#: Bends of coasts and borders that are left out: degrees, and points.
_COARSE, _BEND = 0.08, 1.1
_BAND = "#f3f5f8"
_HEADS = {"LAC": LAC_TEXT, "EU": EU}
_NOTE = N_("Numbers as in the Annex. Where places are close, a line leads from a number to its place.")
_ENDS = [f"{side}_{what}" for side in ("lac", "eu") for what in ("region", "country", "seat", "latitude", "longitude")]
#: Inches: round the drawing, and between its parts. Of text: lines from one to the next, in sizes.
_EDGE, _GAP, _LEADING = 0.01, 0.14, 1.2


@dataclass(frozen=True)
class _Look:
    """Sizes of text in points; heights in inches; places in the list as shares of the figure's width."""

    size: float
    small: float
    map_height: dict[str, float]
    heading: float
    row: float
    cell: float
    lac_name: tuple[float, float]
    lac_marker: float
    eu_marker: float
    eu_name: tuple[float, float]
    #: Where the list has columns of countries; otherwise they head groups, or follow the name.
    countries: tuple[float, float] | None


_WIDE = _Look(
    size=8.5,
    small=8.0,
    map_height={"LAC": 3.5, "EU": 3.5},
    heading=0.24,
    row=0.215,
    cell=0.23,
    lac_name=(0.13, 0.38),
    lac_marker=0.4,
    eu_marker=0.535,
    eu_name=(0.555, 0.83),
    countries=(0.01, 0.86),
)
_NARROW = _Look(
    size=7.0,
    small=6.5,
    map_height={"LAC": 3.8, "EU": 3.2},
    heading=0.2,
    row=0.18,
    cell=0.2,
    lac_name=(0.01, 0.365),
    lac_marker=0.395,
    eu_marker=0.51,
    eu_name=(0.54, 0.995),
    countries=None,
)


@dataclass(frozen=True)
class _Row:
    """One pairing in the list: inches from the list's top, and what is in it."""

    top: float
    height: float
    group: int
    number: int
    lac: list[str]
    eu: list[str]
    eu_country: str
    #: The country that begins with this row, if one does, and where its band begins.
    head: str
    band: float


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
    coordinates = ["lac_longitude", "lac_latitude", "eu_longitude", "eu_latitude"]
    return data.assign(distance_km=[round(distance_km(*link)) for link in data[coordinates].itertuples(index=False)])


def figure_03_alt(data: pd.DataFrame) -> str:
    """Return the alt text of figure 3, from the plotted rows alone."""
    opening = _(
        "Two maps with the seats of {pairings} pairings, a list that joins the partners, and a table that counts"
        " them by country."
    )
    sentences = [
        opening.format(pairings=len(data)),
        _("Latin America: {countries}.").format(countries=_tally(data["lac_country"])),
        _("European Union: {countries}.").format(countries=_tally(data["eu_country"])),
    ]
    return " ".join(sentences)


@described_by(figure_03_alt)
def figure_03(data: pd.DataFrame, topology: Topology, *, width: float = style.WIDTH) -> Figure:
    """Draw a map of each side, the list of the pairings, and the table that counts them.

    A pairing has its number, as in the Annex, in a circle on Latin America's side and in a square on Europe's.

    Parameters
    ----------
    data
        One row per pairing, as `figure_03_data` returns it.
    topology
        What `reissue.drawing.geo.read_topology` returns.
    width
        Of the figure, in inches; a narrow one has all parts in one column.

    Raises
    ------
    InputError
        If `topology` has no shape for a country of `data`.
    """
    look = _NARROW if style.is_narrow(width) else _WIDE
    kinds = _find_kinds(data, topology)
    rows, list_height = _lay_rows(data, look, width)
    counts = _count(data)
    left, above = measure_margins(counts, _("All"), look.small, width)
    note = break_lines(Words(_(_NOTE), look.small), width - 2 * _EDGE)
    maps = _place_maps(look, width)
    note_top = max(top + height for _left, top, _width, height in maps.values()) + 0.06
    list_top = note_top + len(note) * _LEADING * look.small / 72 + _GAP
    table_top = list_top + list_height + _GAP
    if look is _NARROW:
        maps["EU"] = (_EDGE, table_top, width - 2 * _EDGE, look.map_height["EU"])
        table_top += look.map_height["EU"] + _GAP
    cells_top = table_top + look.heading + above
    table_height = look.cell * (len(counts) + 1)
    with style.use_style():
        fig = plt.figure(figsize=(width, cells_top + table_height + _EDGE), layout="none")
        page = blank_axes(fig.add_axes((0, 0, 1, 1)), *fig.get_size_inches())
        outlines = build_outlines(topology, _COARSE)
        for side, place in maps.items():
            _draw_map(add_panel(fig, *place), data, side, outlines, kinds, look)
        _write(page, _EDGE, note_top, note, look.small, color=style.MUTED)
        _draw_list(page, rows, list_top, width, look)
        _write(page, _EDGE, table_top, [_("Pairings by country")], look.size, weight="bold")
        draw_matrix(add_panel(fig, left, cells_top, width - left - _EDGE, table_height), counts, _("All"), look.small)
    return fig


def seats(data: pd.DataFrame, side: str, projection: Projection) -> Floats:
    """Return the seats of one side of the links, one row each (metres)."""
    return projection.points(data[f"{side}_longitude"].to_numpy(), data[f"{side}_latitude"].to_numpy())


def _tally(countries: pd.Series[str]) -> str:
    counts = countries.value_counts().rename_axis("name").reset_index()
    ordered = counts.sort_values(["count", "name"], ascending=[False, True])
    return ", ".join(f"{_(name)} {count}" for name, count in ordered.itertuples(index=False))


def _count(data: pd.DataFrame) -> pd.DataFrame:
    """Return one row per Latin American country as in the list, one column per EU country, most pairings first."""
    counts = pd.crosstab(data["lac_country"], data["eu_country"])
    counts = counts.loc[_order_countries(data), counts.sum().sort_values(ascending=False, kind="stable").index]
    return counts.rename(index=_, columns=_)


def _order_countries(data: pd.DataFrame) -> list[str]:
    """Return the Latin American countries from north to south, by the mean latitude of their seats."""
    return list(data.groupby("lac_country")["lac_latitude"].mean().sort_values(ascending=False).index)


def _numbers(data: pd.DataFrame) -> list[int]:
    """Return the number at the end of each pairing's id: its place in the Annex."""
    return [int(number) for number in data["pairing"].str.extract(r"(\d+)$", expand=False)]


def _find_kinds(data: pd.DataFrame, topology: Topology) -> dict[str, str]:
    """Return the side of each country of the pairings, by its code in the boundary file."""
    codes = {
        country["properties"]["name"]: str(country["id"])
        for country in topology["objects"]["countries"]["geometries"]
        if "id" in country
    }
    side_of = {**dict.fromkeys(data["lac_country"], "LAC"), **dict.fromkeys(data["eu_country"], "EU")}
    for country in sorted(set(side_of) - set(codes)):
        raise InputError(f"no shape for {country}", where="boundary file", expected="every country of the pairings")
    return {codes[country]: side for country, side in side_of.items()}


def _place_maps(look: _Look, width: float) -> dict[str, tuple[float, float, float, float]]:
    """Return left, top, width and height of the maps above the list: both, or the first alone."""
    if look is _NARROW:
        return {"LAC": (_EDGE, _EDGE, width - 2 * _EDGE, look.map_height["LAC"])}
    west, south, east, north = _FRAMES["LAC"]
    first = look.map_height["LAC"] * (east - west) / (north - south)
    left = _EDGE + first + 0.06
    return {
        "LAC": (_EDGE, _EDGE, first, look.map_height["LAC"]),
        "EU": (left, _EDGE, width - left - _EDGE, look.map_height["EU"]),
    }


def _draw_map(ax: Axes, data: pd.DataFrame, side: str, outlines: Outlines, kinds: dict[str, str], look: _Look) -> None:
    projection = _PROJECTIONS[side]
    draw_frame(ax, _FRAMES[side], style.RULE)
    draw_outlines(ax, outlines, kinds, LAND, projection, bend=_BEND)
    draw_numbered_places(ax, seats(data, side.lower(), projection), _numbers(data), _marker(side, look))
    title = {"LAC": (0.03, 0.03, "bottom"), "EU": (0.03, 0.97, "top")}[side]
    ax.text(
        *title[:2],
        _(SIDE_NAMES[side]),
        transform=ax.transAxes,
        va=title[2],
        size=look.size + 1,
        weight="bold",
        color=_HEADS[side],
    )


def _marker(side: str, look: _Look) -> Marker:
    return Marker(side == "LAC", SIDES[side], look.small)


def _lay_rows(data: pd.DataFrame, look: _Look, width: float) -> tuple[list[_Row], float]:
    """Return the rows of the list, and its height in inches."""
    rows: list[_Row] = []
    top = look.heading
    numbered = data.assign(number=_numbers(data))
    for group, country in enumerate(_order_countries(data)):
        band, head = top, _(country)
        top += 0.0 if look.countries else look.heading
        for row in numbered[numbered["lac_country"] == country].sort_values("number").to_dict("records"):
            words = str(row["eu_region"])
            if not look.countries:
                words = _("{region} ({country})").format(region=words, country=_(row["eu_country"]))
            lac = _fold(str(row["lac_region"]), look.lac_name, look, width)
            eu = _fold(words, look.eu_name, look, width)
            height = look.row + (max(len(lac), len(eu)) - 1) * _LEADING * look.size / 72
            rows.append(_Row(top, height, group, row["number"], lac, eu, _(row["eu_country"]), head, band))
            top, head = top + height, ""
    return rows, top


def _fold(text: str, place: tuple[float, float], look: _Look, width: float) -> list[str]:
    return break_lines(Words(text, look.size), (place[1] - place[0]) * width)


def _draw_list(page: Axes, rows: list[_Row], top: float, width: float, look: _Look) -> None:
    """Draw one row per pairing: number and name of both partners, joined by a line; countries have bands in turn."""
    names = {"LAC": (look.lac_name[1] * width, "right"), "EU": (look.eu_name[0] * width, "left")}
    for side, (x, align) in names.items():
        _write(page, x, top, [_(SIDE_NAMES[side])], look.size, weight="bold", color=_HEADS[side], ha=align)
    for group in range(0, rows[-1].group + 1, 2):
        own = [row for row in rows if row.group == group]
        end = own[-1].top + own[-1].height
        place = (0.0, top + own[0].band), width, end - own[0].band
        page.add_patch(Rectangle(*place, facecolor=_BAND, linewidth=0, zorder=0))
    west, east = look.lac_marker * width, look.eu_marker * width
    middles = np.array([top + row.top + row.height / 2 for row in rows])
    for row, y in zip(rows, middles, strict=True):
        page.plot([west, east], [y, y], color=style.MUTED, linewidth=1.2, zorder=2)
        for side, lines in (("LAC", row.lac), ("EU", row.eu)):
            x, align = names[side]
            _write(page, x, y - len(lines) * _LEADING * look.size / 144, lines, look.size, ha=align)
        half = _LEADING * look.size / 144
        if look.countries:
            lac, eu = (place * width for place in look.countries)
            _write(page, eu, y - half, [row.eu_country], look.size, color=style.MUTED)
            if row.head:
                _write(page, lac, y - half, [row.head], look.size, weight="bold")
        elif row.head:
            _write(page, 0.01 * width, top + row.band + 0.04, [row.head], look.size, weight="bold")
    numbers = [row.number for row in rows]
    for x, side in ((west, "LAC"), (east, "EU")):
        draw_numbers(page, np.column_stack([np.full(len(rows), x), middles]), numbers, _marker(side, look))


def _write(page: Axes, x: float, top: float, lines: list[str], size: float, **looks: Any) -> None:
    """Write lines of text under each other from a height downward."""
    looks.setdefault("ha", "left")
    for number, line in enumerate(lines):
        y = top + (_LEADING * number + BASELINE) * size / 72
        page.text(x, y, line, size=size, va="baseline", **looks)
