from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from iucresearch.figures import pairings_map
from iucresearch.figures.pairings_map import EUROPE, LAND, LATIN_AMERICA, figure_03, figure_03_alt, figure_03_data
from iucresearch.style import SIDES
from reissue.core.errors import InputError
from reissue.core.language import languages, translate_words, use_language
from reissue.drawing import style
from reissue.drawing.points import to_points
from tests.checks import known_rows
from tests.iucresearch.figures.drawn import assert_apart_and_inside, assert_on_canvas

#: Regions of each country, section 2.2.3 of the report (page 15).
LAC_COUNTS, EU_COUNTS = (
    {country: int(n) for country, own, n in known_rows("countries", "country", "side", "regions") if own == side}
    for side in ("LAC", "EU")
)
#: Longitude and latitude of a place well within each country, and of some neighbours that have no pairing.
INLAND = {
    "Argentina": (-65, -35),
    "Brazil": (-52, -12),
    "Chile": (-69.5, -24),
    "Colombia": (-73, 4),
    "Mexico": (-102, 23),
    "Peru": (-75, -10),
    "Bolivia": (-64.5, -17),
    "Austria": (14.5, 47.5),
    "Czechia": (15.5, 49.8),
    "Finland": (25.5, 62.5),
    "Italy": (11.9, 43),
    "Poland": (19, 52),
    "Portugal": (-8, 39.5),
    "Romania": (25, 46),
    "Slovenia": (14.8, 46),
    "Spain": (-3.7, 40.4),
    "Sweden": (15, 60),
    "Germany": (10, 51),
    "France": (2.5, 47),
}
SMALLEST = {style.WIDTH: 8.0, style.NARROW: 6.5}
PROJECTIONS = {"lac": LATIN_AMERICA, "eu": EUROPE}


@pytest.fixture(scope="module")
def data(processed):
    return figure_03_data(processed["pairings"])


@pytest.fixture(scope="module", params=SMALLEST)
def drawn(request, data, topology):
    return figure_03(data, topology, width=request.param)


class TestData:
    def test_one_row_per_link_with_both_ends(self, processed, data):
        pairings = processed["pairings"]
        assert data["pairing"].tolist() == [f"P{n:02}" for n in range(1, 21)]
        pd.testing.assert_frame_equal(data[pairings_map._ENDS], pairings[pairings_map._ENDS])
        before = pairings.copy()
        pd.testing.assert_frame_equal(figure_03_data(pairings.iloc[::-1]), data)
        pd.testing.assert_frame_equal(pairings, before)

    def test_lengths_are_of_the_atlantic(self, data):
        # Haversine on a sphere of the mean radius 6 371.0088 km (IUGG) differs from the ellipsoid by
        # less than 0.6 %.
        lon, lat, to_lon, to_lat = np.radians(
            data[["lac_longitude", "lac_latitude", "eu_longitude", "eu_latitude"]].to_numpy().T
        )
        half = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
        assert np.allclose(data["distance_km"], 2 * 6371.0088 * np.arcsin(np.sqrt(half)), rtol=6e-3)


def maps(figure):
    """Return the axes of each side's map."""
    return dict(zip(("lac", "eu"), figure.axes[1:3], strict=True))


def numbers(ax):
    """Return where each number is, in the data coordinates of its axes."""
    return {int(text.get_text()): text.xy for text in ax.texts if hasattr(text, "xy")}


def markers(ax, side):
    """Return the markers of a side: those with an outline in its colour."""
    found = [c for c in ax.collections if isinstance(c, PathCollection) and len(c.get_offsets()) > 1]
    (own,) = [
        c
        for c in found
        if len(c.get_edgecolor())
        and to_hex(c.get_edgecolor()[0]) == SIDES[side.upper()]
        and to_hex(c.get_facecolor()[0]) == style.PAPER
    ]
    return own


def is_round(collection):
    return len(collection.get_paths()[0].vertices) > 10


class TestMaps:
    def test_every_pairing_has_its_number_in_the_marker_of_its_side(self, drawn, data):
        for side, ax in maps(drawn).items():
            places = numbers(ax)
            assert sorted(places) == list(range(1, 21))
            own = markers(ax, side)
            assert np.allclose(own.get_offsets(), list(places.values()))
            assert is_round(own) == (side == "lac")

    def test_markers_or_their_leaders_are_at_the_seats(self, drawn, data):
        for side, ax in maps(drawn).items():
            places, leaders = numbers(ax), [line.get_xydata() for line in ax.lines]
            coordinates = data[[f"{side}_longitude", f"{side}_latitude"]].to_numpy()
            used = 0
            for number, (longitude, latitude) in enumerate(coordinates, start=1):
                (seat,) = PROJECTIONS[side].points([longitude], [latitude])
                if not np.allclose(places[number], seat, atol=100):
                    assert any(np.allclose(ends, [seat, places[number]], atol=100) for ends in leaders), number
                    used += 1
            assert used == len(leaders)

    def test_no_two_markers_overlap_and_no_leader_ends_under_one(self, drawn):
        for side, ax in maps(drawn).items():
            own = markers(ax, side)
            width = np.sqrt(own.get_sizes()[0]) + own.get_linewidth()[0]
            centres = to_points(ax, np.asarray(own.get_offsets()))
            measure = np.hypot if is_round(own) else np.maximum
            for one, two in combinations(centres, 2):
                assert measure(*np.abs(one - two)) >= width
            for line in ax.lines:
                end = to_points(ax, line.get_xydata())[0]
                assert min(measure(*np.abs(end - centre)) for centre in centres) > width / 2

    def test_countries_of_pairings_have_the_colour_of_their_side(self, drawn):
        colours = {**dict.fromkeys(LAC_COUNTS, LAND["LAC"]), **dict.fromkeys(EU_COUNTS, LAND["EU"])}
        for side, ax in maps(drawn).items():
            seen = {}
            for country, place in INLAND.items():
                (point,) = to_points(ax, PROJECTIONS[side].points(*np.reshape(place, (2, 1))))
                frame = ax.get_window_extent().transformed(ax.figure.dpi_scale_trans.inverted())
                if frame.contains(*point / 72):
                    seen[country] = {to_hex(land.get_facecolor()[0]) for land in lands(ax) if covers(land, point)}
            assert set(seen) >= set(LAC_COUNTS if side == "lac" else EU_COUNTS)
            assert seen == {country: {colours.get(country, LAND[""])} for country in seen}

    def test_scale_is_the_same_in_both_directions(self, drawn):
        for ax in maps(drawn).values():
            box = ax.get_window_extent()
            assert np.ptp(ax.get_xlim()) / box.width == pytest.approx(np.ptp(ax.get_ylim()) / box.height)


def lands(ax):
    return [c for c in ax.collections if c.get_zorder() == 1]


def covers(collection, point):
    (path,) = collection.get_paths()
    inside = False
    for piece in np.split(np.arange(len(path.vertices)), np.flatnonzero(path.codes == Path.MOVETO)[1:]):
        inside ^= bool(Path(path.vertices[piece]).contains_point(point))
    return inside


class TestList:
    def test_a_line_joins_both_numbers_and_names_of_every_pairing(self, drawn, data):
        (page, *_) = drawn.axes
        joined = list_rows(page)
        assert sorted(joined) == list(range(1, 21))
        for number, row in enumerate(data.itertuples(), start=1):
            assert joined[number] == [row.lac_region, row.eu_region, row.lac_country, row.eu_country], number

    def test_numbers_are_in_the_markers_of_their_sides(self, drawn):
        page = drawn.axes[0]
        west, east = (np.asarray(markers(page, side).get_offsets()) for side in ("lac", "eu"))
        assert is_round(markers(page, "lac"))
        assert not is_round(markers(page, "eu"))
        ends = np.array([line.get_xydata() for line in page.lines])
        assert np.allclose(ends[:, 0], west)
        assert np.allclose(ends[:, 1], east)
        assert (west[:, 0] < east[:, 0]).all()

    def test_countries_are_from_north_to_south_in_bands_in_turn(self, drawn):
        page = drawn.axes[0]
        order = [country for _, _, country, _ in list_rows(page).values()]
        assert list(dict.fromkeys(order)) == ["Mexico", "Colombia", "Peru", "Brazil", "Chile", "Argentina"]
        bands = [patch for patch in page.patches if isinstance(patch, Rectangle)]
        for country, line in zip(order, page.lines, strict=True):
            banded = any(band.get_y() < line.get_ydata()[0] < band.get_y() + band.get_height() for band in bands)
            assert banded == (country in ("Mexico", "Peru", "Chile"))


def list_rows(page):
    """Read the list back: each pairing's number with the region and the country of both partners, in the list's order.

    A text belongs to the nearest line; a country that heads a group, to the rows below it.
    """
    levels = [line.get_ydata()[0] for line in page.lines]
    centre = np.mean(page.lines[0].get_xdata())
    words = {number: {"left": [], "right": []} for number in range(len(levels))}
    heads, joined = {}, {}
    for text in page.texts:
        x, y = text.get_position()
        nearest = int(np.argmin(np.abs(np.array(levels) - y)))
        if hasattr(text, "xy") or abs(levels[nearest] - y) > 0.35:
            continue
        if text.get_fontweight() == "bold":
            heads[y] = text.get_text()
        else:
            words[nearest]["left" if x < centre else "right"].append((x, y, text.get_text()))
    for number, (level, line) in enumerate(zip(levels, page.lines, strict=True)):
        ends = {
            int(t.get_text()) for t in page.texts if hasattr(t, "xy") for end in line.get_xydata() if t.xy == tuple(end)
        }
        (pairing,) = ends
        left, right = (" ".join(w for *_, w in words[number][side]) for side in ("left", "right"))
        columns = sorted({x for x, *_ in words[number]["right"]})
        if len(columns) == 2:
            right, country = (" ".join(w for x, _, w in words[number]["right"] if x == column) for column in columns)
        else:
            right, country = right.removesuffix(")").split(" (")
        above = max(y for y in heads if y < level + 0.1 and heads[y] in LAC_COUNTS)
        joined[pairing] = [left, right, heads[above], country]
    return joined


class TestMatrix:
    def test_totals_are_those_of_the_report_and_cells_those_of_the_data(self, drawn, data):
        table = matrix(drawn.axes[3])
        assert dict(zip(table.index, table["All"], strict=True)) == {**LAC_COUNTS, "All": 20}
        assert table.loc["All"].drop("All").to_dict() == EU_COUNTS
        cells = table.drop(index="All", columns="All").stack()
        pairs = list(zip(data["lac_country"], data["eu_country"], strict=True))
        assert cells.to_dict() == {pair: pairs.count(pair) for pair in cells.index}
        assert table.columns.tolist()[:3] == ["Spain", "Italy", "Poland"]


def matrix(ax):
    """Read the matrix back from the drawing, by the labels of its rows and columns."""
    columns = {label.get_position()[0]: label.get_text() for label in ax.get_xticklabels()}
    rows = {label.get_position()[1]: label.get_text() for label in ax.get_yticklabels()}
    cells = {}
    for text in ax.texts:
        x, y = text.get_position()
        cells[rows[y], columns[x]] = 0 if text.get_text() == "·" else int(text.get_text())
    return pd.Series(cells).unstack().loc[list(rows.values()), list(columns.values())]


@pytest.mark.parametrize("width", SMALLEST)
@pytest.mark.parametrize("locale", languages())
def test_texts_are_readable_apart_on_the_canvas_and_translated(data, topology, locale, width):
    with use_language(locale):
        figure = figure_03(translate_words(data), topology, width=width)
        alt = figure_03_alt(translate_words(data))
    assert figure.get_figwidth() == width
    assert_on_canvas(figure)
    assert_apart_and_inside(figure.axes, 72, style.DPI, smallest=SMALLEST[width])
    labels = figure.axes[3].get_xticklabels() + figure.axes[3].get_yticklabels()
    assert min(label.get_fontsize() for label in labels) >= SMALLEST[width]
    shown = " ".join([text.get_text() for ax in figure.axes for text in ax.texts] + [one.get_text() for one in labels])
    assert len(alt) < 350
    for words in (shown, alt):
        assert ("Spain" in words, "Brazil" in words) == (locale == "en", locale == "en")


def test_a_few_pairings_are_drawn_and_a_missing_shape_is_named(data, topology):
    figure = figure_03(data.iloc[[2, 9, 19]], topology)
    assert sorted(numbers(maps(figure)["lac"])) == sorted(list_rows(figure.axes[0])) == [3, 10, 20]
    objects = topology["objects"]["countries"]["geometries"]
    without = [country for country in objects if country["properties"]["name"] != "Peru"]
    with pytest.raises(InputError, match="no shape for Peru"):
        figure_03(data, {**topology, "objects": {"countries": {"geometries": without}}})


def test_the_alt_text_gives_the_numbers_of_the_data_and_changes_with_them(data):
    alt = figure_03_alt(data)
    assert "20 pairings" in alt
    for name, count in {**LAC_COUNTS, **EU_COUNTS}.items():
        assert f"{name} {count}" in alt
    assert figure_03_alt(data.iloc[1:]) != alt
    assert figure_03_alt(data.replace({"lac_country": {"Peru": "Chile"}})) != alt
