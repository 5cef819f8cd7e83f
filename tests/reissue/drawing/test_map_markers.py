from itertools import combinations

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from reissue.drawing.map_markers import Marker, draw_numbered_places, place_markers

ORANGE = "#d98200"
FIELD = np.array([0.0, 0.0, 100.0, 100.0])


def test_where_places_are_close_a_line_leads_to_each_that_is_left():
    ax = Figure(figsize=(1, 1), layout="none").add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 72), ylim=(0, 72))  # points
    places = np.array([(10.0, 60.0), (40.0, 30.0), (40.0, 30.0)])
    draw_numbered_places(ax, places, [7, 8, 19], Marker(is_round=True, colour=ORANGE, size=8.0))
    dots, markers = (found for found in ax.collections if isinstance(found, PathCollection))
    assert to_hex(markers.get_edgecolor()[0]) == to_hex(dots.get_facecolor()[0]) == ORANGE
    assert [text.get_text() for text in ax.texts] == ["7", "8", "19"]
    assert np.allclose([text.xy for text in ax.texts], markers.get_offsets())
    centres = np.asarray(markers.get_offsets())
    assert np.allclose(centres[0], places[0])
    moved = [number for number in (1, 2) if not np.allclose(centres[number], places[number])]
    assert moved
    assert np.allclose(dots.get_offsets(), places[moved])
    ends = [line.get_xydata() for line in ax.lines]
    assert np.allclose(ends, [[places[number], centres[number]] for number in moved])
    ax.figure.draw_without_rendering()
    for text, centre in zip(ax.texts, centres, strict=True):
        box = text.get_tightbbox()
        assert abs((box.x0 + box.x1) / 2 - ax.transData.transform(centre)[0]) < 0.6


class TestPlaces:
    def test_markers_apart_are_at_their_places(self):
        places = np.array([(20.0, 20.0), (31.0, 20.0), (50.0, 80.0)])
        assert np.array_equal(place_markers(places, 10, FIELD, is_round=True), places)

    @pytest.mark.parametrize("is_round", [True, False])
    @pytest.mark.parametrize("places", [[(50, 50)] * 4, [(50, 50), (53, 50), (50, 54), (57, 57)], [(1, 1), (99, 3)]])
    def test_markers_do_not_overlap_leave_the_field_or_cover_places(self, places, is_round):
        places = np.array(places, dtype=float)
        centres = place_markers(places, 10, FIELD, is_round=is_round)
        assert np.array_equal(centres, place_markers(places, 10, FIELD, is_round=is_round)), "each time the same"
        assert (centres >= 5).all()
        assert (centres <= 95).all()
        assert np.hypot(*(centres - places).T).max() < 30
        assert min(_distance(one, two, is_round) for one, two in combinations(centres, 2)) > 9.99
        if len({tuple(place) for place in places}) == 1:
            assert min(_distance(centre, places[0], is_round) for centre in centres) > 5

    def test_circles_need_less_room_than_squares(self):
        places = np.array([(50.0, 50.0), (57.5, 57.5)])
        assert np.array_equal(place_markers(places, 10, FIELD, is_round=True), places)
        assert not np.array_equal(place_markers(places, 10, FIELD, is_round=False), places)


def _distance(one, two, is_round):
    apart = np.abs(one - two)
    return np.hypot(*apart) if is_round else apart.max()
