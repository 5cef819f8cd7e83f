"""Figure 3: the pairings on two maps, joined name by name, and counted by country."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from iucresearch.figures.pairings_list import (
    HEADS,
    NARROW,
    WIDE,
    Look,
    build_marker,
    draw_list,
    lay_out_rows,
    list_numbers,
    order_countries,
    write_lines,
)
from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU_TINT, LAC_TINT
from reissue.core.errors import InputError
from reissue.core.language import N_, _
from reissue.drawing import style
from reissue.drawing.boxes import LEADING, Words, add_panel, blank_axes, break_lines
from reissue.drawing.described import described_by
from reissue.drawing.geo import Projection, Topology, Window, distance_km
from reissue.drawing.map_land import Outlines, build_outlines, draw_frame, draw_outlines
from reissue.drawing.map_markers import draw_numbered_places
from reissue.drawing.matrix import draw_matrix, measure_margins
from reissue.drawing.points import Floats

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
_NOTE = N_("Numbers as in the Annex. Where places are close, a line leads from a number to its place.")
_ENDS = [f"{side}_{what}" for side in ("lac", "eu") for what in ("region", "country", "seat", "latitude", "longitude")]
#: Inches: round the drawing, and between its parts.
_EDGE, _GAP = 0.01, 0.14


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
    look = NARROW if style.is_narrow(width) else WIDE
    kinds = _find_kinds(data, topology)
    rows, list_height = lay_out_rows(data, look, width)
    counts = _count(data)
    left, above = measure_margins(counts, _("All"), look.small, width)
    note = break_lines(Words(_(_NOTE), look.small), width - 2 * _EDGE)
    maps = _place_maps(look, width)
    note_top = max(top + height for _left, top, _width, height in maps.values()) + 0.06
    list_top = note_top + len(note) * LEADING * look.small / 72 + _GAP
    table_top = list_top + list_height + _GAP
    if look is NARROW:
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
        write_lines(page, _EDGE, note_top, note, look.small, color=style.MUTED)
        draw_list(page, rows, list_top, width, look)
        write_lines(page, _EDGE, table_top, [_("Pairings by country")], look.size, weight="bold")
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
    counts = counts.loc[order_countries(data), counts.sum().sort_values(ascending=False, kind="stable").index]
    return counts.rename(index=_, columns=_)


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


def _place_maps(look: Look, width: float) -> dict[str, tuple[float, float, float, float]]:
    """Return left, top, width and height of the maps above the list: both, or the first alone."""
    if look is NARROW:
        return {"LAC": (_EDGE, _EDGE, width - 2 * _EDGE, look.map_height["LAC"])}
    west, south, east, north = _FRAMES["LAC"]
    first = look.map_height["LAC"] * (east - west) / (north - south)
    left = _EDGE + first + 0.06
    return {
        "LAC": (_EDGE, _EDGE, first, look.map_height["LAC"]),
        "EU": (left, _EDGE, width - left - _EDGE, look.map_height["EU"]),
    }


def _draw_map(ax: Axes, data: pd.DataFrame, side: str, outlines: Outlines, kinds: dict[str, str], look: Look) -> None:
    projection = _PROJECTIONS[side]
    draw_frame(ax, _FRAMES[side], style.RULE)
    draw_outlines(ax, outlines, kinds, LAND, projection, bend=_BEND)
    draw_numbered_places(ax, seats(data, side.lower(), projection), list_numbers(data), build_marker(side, look))
    title = {"LAC": (0.03, 0.03, "bottom"), "EU": (0.03, 0.97, "top")}[side]
    ax.text(
        *title[:2],
        _(SIDE_NAMES[side]),
        transform=ax.transAxes,
        va=title[2],
        size=look.size + 1,
        weight="bold",
        color=HEADS[side],
    )
