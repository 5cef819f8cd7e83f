from itertools import combinations

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from reissue.drawing.map_labels import Obstacles, place_labels, place_markers

FIELD = np.array([0.0, 0.0, 100.0, 100.0])


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


class TestMarkers:
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


def _place(anchors, sizes, lines=None, boxes=None):
    points = np.array(anchors, dtype=float)
    return place_labels(points, np.array(sizes, dtype=float), FIELD, Obstacles(points, lines or [], boxes or []))
