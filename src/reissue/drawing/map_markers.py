"""Markers that have a number in them, on a map or in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from reissue.drawing import style
from reissue.drawing.placement import NEVER, choose_places
from reissue.drawing.points import Floats, axes_corners, to_data, to_points

#: Half the height of a digit, and the width of a marker with two digits in it: in sizes of the text.
_MIDDLE, _ROUND, _SQUARE = 0.365, 1.72, 1.6
_OUTLINE, _LEADER, _DOT, _CLEAR = 1.2, 0.8, 2.6, 1.0

#: How far markers move off their places, in widths of a marker, and in how many directions.
_STEPS, _WAYS = (0.62, 0.85, 1.1, 1.5, 2.0, 2.6), 24


@dataclass(frozen=True)
class Marker:
    """How numbers are marked: in circles or else squares, the colour of the outline, and the text's size (points)."""

    is_round: bool
    colour: str
    size: float

    @property
    def width(self) -> float:
        """The width of the shape in points."""
        return (_ROUND if self.is_round else _SQUARE) * self.size


def draw_numbers(ax: Axes, places: Floats, numbers: Sequence[int], marker: Marker) -> None:
    """Draw a marker with its number in it at each place (data coordinates)."""
    ax.scatter(
        places[:, 0],
        places[:, 1],
        s=marker.width**2,
        marker="o" if marker.is_round else "s",
        facecolor=style.PAPER,
        edgecolor=marker.colour,
        linewidth=_OUTLINE,
        zorder=5,
    )
    for place, number in zip(places, numbers, strict=True):
        ax.annotate(
            str(number),
            (float(place[0]), float(place[1])),
            (0, -_MIDDLE * marker.size),
            textcoords="offset points",
            size=marker.size,
            weight="bold",
            ha="center",
            va="baseline",
            zorder=6,
        )


def draw_numbered_places(ax: Axes, anchors: Floats, numbers: Sequence[int], marker: Marker) -> None:
    """Draw a numbered marker at each place of a map; where two would overlap, beside it and with a leader to it.

    Parameters
    ----------
    ax
        Its limits and its place in the figure are final.
    anchors
        One row per marker: x and y in data coordinates.
    """
    at = to_points(ax, anchors)
    outer = marker.width + _OUTLINE + _CLEAR
    field = to_points(ax, axes_corners(ax)).ravel() + np.array([1, 1, -1, -1])
    centres = place_markers(at, outer, field, is_round=marker.is_round)
    moved = np.abs(centres - at).max(axis=1) > 0.1
    ends = to_data(ax, centres)
    for anchor, end in zip(anchors[moved], ends[moved], strict=True):
        ax.plot(*np.array([anchor, end]).T, color=marker.colour, linewidth=_LEADER, zorder=3)
    ax.scatter(anchors[moved, 0], anchors[moved, 1], s=_DOT**2, color=marker.colour, linewidth=0, zorder=4)
    draw_numbers(ax, ends, numbers, marker)


def place_markers(anchors: Floats, width: float, bounds: Floats, *, is_round: bool) -> Floats:
    """Return one row per marker: x and y of its centre, at its anchor unless another marker is in the way.

    Parameters
    ----------
    anchors
        One row per marker: x and y of the place that it marks.
    width
        Of every marker.
    bounds
        x0, y0, x1, y1 of the field that no marker leaves.
    is_round
        Whether the markers are circles, or else squares.
    """
    angle = np.linspace(0, 2 * np.pi, _WAYS, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    if not is_round:  # so that a place is not under the corner of its own square
        ring /= np.abs(ring).max(axis=1, keepdims=True)
    offsets = np.concatenate([np.zeros((1, 2)), *(step * width * ring for step in _STEPS)])
    length = np.hypot(*offsets.T)
    places, costs = [], []
    for anchor in anchors:
        boxes = np.hstack([anchor + offsets - width / 2, anchor + offsets + width / 2])
        outside = (boxes[:, :2] < bounds[:2]) | (boxes[:, 2:] > bounds[2:])
        # The first step off the place costs most: a leader is one more thing to read.
        costs.append(length + width * (length > 0) + NEVER * outside.any(axis=1))
        places.append(boxes)
    boxes = choose_places(anchors, places, costs, is_round=is_round)
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2)
