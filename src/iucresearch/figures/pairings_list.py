"""The list in Figure 3: one row per pairing, with both partners and a line that joins them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU, LAC_TEXT, SIDES
from reissue.core.language import _
from reissue.drawing import style
from reissue.drawing.boxes import BASELINE, LEADING, Words, break_lines
from reissue.drawing.map_markers import Marker, draw_numbers

#: The colours of text about each side.
HEADS = {"LAC": LAC_TEXT, "EU": EU}
_BAND = "#f3f5f8"


@dataclass(frozen=True)
class Look:
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


WIDE = Look(
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
NARROW = Look(
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


def order_countries(data: pd.DataFrame) -> list[str]:
    """Return the Latin American countries from north to south, by the mean latitude of their seats."""
    return list(data.groupby("lac_country")["lac_latitude"].mean().sort_values(ascending=False).index)


def list_numbers(data: pd.DataFrame) -> list[int]:
    """Return the number at the end of each pairing's id: its place in the Annex."""
    return [int(number) for number in data["pairing"].str.extract(r"(\d+)$", expand=False)]


def build_marker(side: str, look: Look) -> Marker:
    """Return how the numbers of a side are marked."""
    return Marker(side == "LAC", SIDES[side], look.small)


def lay_out_rows(data: pd.DataFrame, look: Look, width: float) -> tuple[list[_Row], float]:
    """Return the rows of the list, and its height in inches."""
    rows: list[_Row] = []
    top = look.heading
    numbered = data.assign(number=list_numbers(data))
    for group, country in enumerate(order_countries(data)):
        band, head = top, _(country)
        top += 0.0 if look.countries else look.heading
        for row in numbered[numbered["lac_country"] == country].sort_values("number").to_dict("records"):
            words = str(row["eu_region"])
            if not look.countries:
                words = _("{region} ({country})").format(region=words, country=_(row["eu_country"]))
            lac = _fold(str(row["lac_region"]), look.lac_name, look, width)
            eu = _fold(words, look.eu_name, look, width)
            height = look.row + (max(len(lac), len(eu)) - 1) * LEADING * look.size / 72
            rows.append(_Row(top, height, group, row["number"], lac, eu, _(row["eu_country"]), head, band))
            top, head = top + height, ""
    return rows, top


def _fold(text: str, place: tuple[float, float], look: Look, width: float) -> list[str]:
    return break_lines(Words(text, look.size), (place[1] - place[0]) * width)


def draw_list(page: Axes, rows: list[_Row], top: float, width: float, look: Look) -> None:
    """Draw one row per pairing: number and name of both partners, joined by a line; countries have bands in turn."""
    names = {"LAC": (look.lac_name[1] * width, "right"), "EU": (look.eu_name[0] * width, "left")}
    for side, (x, align) in names.items():
        write_lines(page, x, top, [_(SIDE_NAMES[side])], look.size, weight="bold", color=HEADS[side], ha=align)
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
            write_lines(page, x, y - len(lines) * LEADING * look.size / 144, lines, look.size, ha=align)
        half = LEADING * look.size / 144
        if look.countries:
            lac, eu = (place * width for place in look.countries)
            write_lines(page, eu, y - half, [row.eu_country], look.size, color=style.MUTED)
            if row.head:
                write_lines(page, lac, y - half, [row.head], look.size, weight="bold")
        elif row.head:
            write_lines(page, 0.01 * width, top + row.band + 0.04, [row.head], look.size, weight="bold")
    numbers = [row.number for row in rows]
    for x, side in ((west, "LAC"), (east, "EU")):
        draw_numbers(page, np.column_stack([np.full(len(rows), x), middles]), numbers, build_marker(side, look))


def write_lines(page: Axes, x: float, top: float, lines: list[str], size: float, **looks: Any) -> None:
    """Write lines of text under each other from a height downward."""
    looks.setdefault("ha", "left")
    for number, line in enumerate(lines):
        y = top + (LEADING * number + BASELINE) * size / 72
        page.text(x, y, line, size=size, va="baseline", **looks)
