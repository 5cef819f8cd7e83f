from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from iucresearch.figures import pairings_map
from iucresearch.figures.pairings_map import figure_03, figure_03_alt, figure_03_data
from reissue.core.errors import InputError
from reissue.drawing import geo, style
from reissue.drawing.map_labels import Obstacles, place_labels
from tests.checks import known_rows
from tests.iucresearch.figures.drawn import assert_apart_and_inside, is_within

#: Regions of each country, section 2.2.3 of the report (page 15).
LAC_COUNTS, EU_COUNTS = (
    {country: int(n) for country, own, n in known_rows("countries", "country", "side", "regions") if own == side}
    for side in ("LAC", "EU")
)


@pytest.fixture(scope="module")
def data(processed):
    return figure_03_data(processed["pairings"])


@pytest.fixture(scope="module")
def land(topology):
    return geo.land(topology)


@pytest.fixture(scope="module")
def drawn(data, land):
    return figure_03(data, land)


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
        lon, lat, to_lon, to_lat = np.radians(np.array(pairings_map.list_links(data)).T)
        half = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
        assert np.allclose(data["distance_km"], 2 * 6371.0088 * np.arcsin(np.sqrt(half)), rtol=6e-3)


class TestMatrix:
    def test_totals_are_those_of_the_report_and_cells_add_up(self, drawn):
        table = _table(drawn.axes[2])
        assert dict(zip(table.index, table["All"], strict=True)) == {**LAC_COUNTS, "All": 20}
        assert table.loc["All"].drop("All").to_dict() == EU_COUNTS
        assert table.columns.tolist()[:3] == ["Spain", "Italy", "Poland"]
        cells = table.drop(index="All", columns="All")
        assert cells.shape == (6, 10)
        assert (cells.sum(axis="columns") == table["All"].drop("All")).all()
        assert (cells.sum() == table.loc["All"].drop("All")).all()
        assert len(drawn.axes[2].patches) == (cells > 0).sum(axis=None)
        shown = [text.get_text() for text in drawn.axes[2].texts]
        assert shown.count("·") == (cells == 0).sum(axis=None)
        assert [runs for runs in shown if "–" in runs] == ["1–3", "4–7", "8–10", "11–13", "14–17", "18–20"]

    @pytest.mark.parametrize(
        ("numbers", "printed"), [([1, 2, 3], "1–3"), ([5], "5"), ([1, 2, 7, 9], "1–2, 7, 9"), ([], "")]
    )
    def test_runs(self, numbers, printed):
        assert pairings_map._runs(numbers) == printed


class TestMap:
    def test_all_forty_territories_are_named_with_their_number(self, drawn, data):
        for ax, side in ((drawn.axes[0], "lac"), (drawn.axes[1], "eu")):
            labels = _labels(ax)
            named = {number: " ".join(text.get_text() for text in texts) for number, (_, texts) in labels.items()}
            assert named == {n: f"{n} {name}" for n, name in enumerate(data[f"{side}_region"], start=1)}

    def test_texts_are_apart_and_keep_to_the_ground_drawn_for_them(self, drawn):
        assert_apart_and_inside(drawn.axes, 72, style.DPI)
        drawn.draw_without_rendering()
        for ax in drawn.axes[:2]:
            for ground, texts in _labels(ax).values():
                box = ground.get_window_extent().padded(2)
                assert all(is_within(text.get_window_extent(), box) for text in texts)

    def test_no_label_covers_a_seat_or_another_label(self, drawn, data):
        for ax, side, projection in zip(
            drawn.axes, ("lac", "eu"), (pairings_map.OCEAN, pairings_map.EUROPE), strict=False
        ):
            seats = ax.transData.transform(pairings_map.seats(data, side, projection))
            grounds = [ground.get_window_extent() for ground, _ in _labels(ax).values()]
            marker = 2 / 72 * drawn.dpi
            assert not any(ground.padded(marker).contains(x, y) for ground in grounds for x, y in seats)
            assert not any(one.overlaps(two) for one, two in combinations(grounds, 2))

    def test_links_join_the_seats_and_the_enlargement_hides_nothing(self, drawn, data):
        ax, inset = drawn.axes[0], drawn.axes[1].get_window_extent()
        assert is_within(inset, ax.get_window_extent())
        assert not any(ground.get_window_extent().overlaps(inset) for ground, _ in _labels(ax).values())
        (links,) = [c for c in ax.collections if type(c).__name__ == "LineCollection"]
        for path, row in zip(links.get_paths(), data.itertuples(), strict=True):
            assert not ax.transData.transform_path(path).intersects_bbox(inset, filled=False)
            ends = pairings_map.OCEAN.points([row.lac_longitude, row.eu_longitude], [row.lac_latitude, row.eu_latitude])
            assert np.allclose(path.vertices[[0, -1]], ends)

    def test_scale_is_the_same_in_both_directions(self, drawn):
        for ax in (drawn.axes[0], drawn.axes[1]):
            box = ax.get_window_extent()
            assert np.ptp(ax.get_xlim()) / box.width == pytest.approx(np.ptp(ax.get_ylim()) / box.height)

    def test_draws_on_what_is_given_and_names_a_missing_shape(self, data, land):
        figure = Figure(figsize=(6, 9))
        assert figure_03(data.iloc[[2, 9, 19]], land, fig=figure) is figure
        assert sorted(_labels(figure.axes[0])) == [3, 10, 20]
        with pytest.raises(InputError, match="no shape for Peru"):
            figure_03(data, land[land["name"] != "Peru"])


class TestLabels:
    def test_a_lone_label_stands_beside_its_marker(self):
        boxes = _place([(50, 50)], [(20, 10)])
        assert np.abs(boxes[0, 1::2].mean() - 50) < 3
        gap = np.maximum(boxes[0, :2] - 50, 50 - boxes[0, 2:]).max()
        assert 3 < gap < 4

    @pytest.mark.parametrize("anchors", [[(50, 50)] * 6, [(50, 50), (62, 50), (38, 50), (50, 59), (50, 41)]])
    def test_labels_keep_inside_and_off_one_another_and_off_markers(self, anchors):
        boxes = _place(anchors, [(20, 8)] * len(anchors))
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2:] <= 100).all()
        placed = [Bbox(box.reshape(2, 2)) for box in boxes]
        assert not any(one.overlaps(two) for one, two in combinations(placed, 2))
        assert not any(box.contains(x, y) for box in placed for x, y in anchors)

    def test_keeps_off_lines_and_boxes(self):
        line = np.column_stack([np.linspace(50, 100, 30), np.full(30, 50.0)])
        (box,) = _place([(50, 50)], [(20, 10)], lines=[line], boxes=[(0, 0, 45, 100)])
        assert box[0] >= 45
        assert box[1] > 50 or box[3] < 50


def test_the_alt_text_gives_the_numbers_of_the_data_and_changes_with_them(data):
    alt = figure_03_alt(data)
    assert "20 links" in alt
    for name, count in {**LAC_COUNTS, **EU_COUNTS}.items():
        assert f"{name} {count}" in alt
    for row in (data.nlargest(1, "distance_km").iloc[0], data.nsmallest(1, "distance_km").iloc[0]):
        assert f"{row['eu_region']} ({row['eu_country']}), {row['distance_km']:,} kilometres" in alt
    for changed in (
        data.iloc[1:],
        data.replace({"lac_country": {"Peru": "Chile"}}),
        data.assign(distance_km=data["distance_km"] + 1),
        data.replace({"eu_region": {"Ostrobothnia": "Uusimaa"}}),
    ):
        assert figure_03_alt(changed) != alt


def _place(anchors, sizes, lines=None, boxes=None):
    points = np.array(anchors, dtype=float)
    obstacles = Obstacles(points, lines or [], boxes or [])
    return place_labels(points, np.array(sizes, dtype=float), np.array([0.0, 0.0, 100.0, 100.0]), obstacles)


def _labels(ax):
    """Return each label of a map by its number: the ground, and the texts that lie on it."""
    grounds = [patch for patch in ax.patches if str(patch.get_label()).startswith("label ")]
    found = {}
    for ground in grounds:
        (x0, y0), (x1, y1) = ground.get_bbox().get_points()
        places = [(text, *text.get_position()) for text in ax.texts if text.get_transform() == ax.transData]
        texts = [text for text, x, y in places if x0 <= x <= x1 and y0 <= y <= y1]
        found[int(str(ground.get_label()).split()[1])] = (ground, texts)
    return found


def _table(ax):
    """Read the matrix back from the drawing, row by row and column by column."""
    placed = [(*text.get_position(), text.get_text()) for text in ax.texts]
    heads = {round(x): text for x, y, text in placed if y < -0.5 and x > -0.5}
    rows = {round(y): text for x, y, text in placed if x < -1.25}
    cells = {
        (rows[round(y)], heads[round(x)]): 0 if text == "·" else int(text)
        for x, y, text in placed
        if y > -0.5 and x > -0.5
    }
    return pd.Series(cells).unstack(fill_value=-1).loc[list(rows.values()), list(heads.values())]
