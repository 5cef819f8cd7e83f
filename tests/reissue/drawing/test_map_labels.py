from itertools import combinations

import numpy as np
import pytest
from matplotlib.transforms import Bbox

from reissue.drawing.map_labels import Obstacles, place_labels

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


def _place(anchors, sizes, lines=None, boxes=None):
    points = np.array(anchors, dtype=float)
    return place_labels(points, np.array(sizes, dtype=float), FIELD, Obstacles(points, lines or [], boxes or []))
