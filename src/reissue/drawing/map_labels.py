"""Labels of places on a crowded map that avoid each other, markers and lines. Lengths are points (1/72 inch)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from reissue.drawing import style
from reissue.drawing.geo import Window
from reissue.drawing.placement import (
    EVEN,
    LEADER_COST,
    NEVER,
    choose_places,
    find_crossings,
    find_leaders,
    find_overlaps,
)
from reissue.drawing.points import Floats, axes_corners, to_data, to_points

SIZE = 8.0
_LEADING, _DESCENT, _SPACE = 9.4, 2.3, 3.0
#: Of the marker of another label.
_RADIUS = 2.6
_DISTANCES = (3.5, 6.0, 10.0, 15.0, 22.0, 30.0, 40.0)
_ANGLES = 32
_CHOICES = 100
_REACH = 160.0
_MARKER, _LINE, _STEEP = 300.0, 4.0, 2.0
_LONG, _SHORT = 30.0, 5.0


@dataclass(frozen=True)
class Obstacles:
    """What labels avoid: `markers` are points, `lines` arrays of points, `boxes` tuples x0, y0, x1, y1."""

    markers: Floats
    lines: Sequence[Floats] = ()
    boxes: Sequence[Window] = ()


def draw_labels(
    ax: Axes, anchors: Floats, numbers: Sequence[int], names: Sequence[str], obstacles: Obstacles, *, wrap: int = 20
) -> None:
    """Write a number and a name beside each anchor, with a leader if they are further away.

    Parameters
    ----------
    ax
        Its limits and its place in the figure are final.
    anchors
        One row per label: x and y in data coordinates.
    obstacles
        What to avoid, in data coordinates.
    wrap
        A name of more letters than this takes more than one line, where it has a space.
    """
    texts = [textwrap.wrap(name, wrap, break_long_words=False, break_on_hyphens=False) or [""] for name in names]
    leads = [_width(str(number), "bold") + _SPACE for number in numbers]
    widths = [lead + max(_width(line) for line in lines) for lead, lines in zip(leads, texts, strict=True)]
    sizes = np.array([(w + 2, len(lines) * _LEADING) for w, lines in zip(widths, texts, strict=True)])
    at = to_points(ax, anchors)
    field = to_points(ax, axes_corners(ax)).ravel() + np.array([2, 2, -2, -2])
    boxes = place_labels(at, sizes, field, _on_page(ax, obstacles))
    for row in zip(at, boxes, numbers, leads, texts, strict=True):
        _draw(ax, *row)


def place_labels(anchors: Floats, sizes: Floats, bounds: Floats, obstacles: Obstacles) -> Floats:
    """Return one row per label: x0, y0, x1, y1 of its box.

    Parameters
    ----------
    anchors, sizes
        One row per label: x and y of its marker; width and height.
    bounds
        x0, y0, x1, y1 of the field that no label leaves.
    obstacles
        In the same coordinates; of `lines`, the given points alone count.
    """
    places, costs = [], []
    for anchor, size in zip(anchors, sizes, strict=True):
        boxes = _list_places(anchor, size)
        price = _cost(anchor, boxes, bounds, obstacles)
        good = np.argsort(price, kind="stable")[:_CHOICES]
        good = good[price[good] < max(_MARKER, price[good[0]] + EVEN)]
        places.append(boxes[good])
        costs.append(price[good])
    return choose_places(anchors, places, costs)


def _list_places(anchor: Floats, size: Floats) -> Floats:
    """Return boxes at each of the distances, in all directions."""
    angle = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    way = np.column_stack([np.cos(angle), np.sin(angle)])
    # Beyond 30 degrees off an axis a box is wholly on one side of its marker.
    offset = np.clip(way * 2, -1, 1) * size / 2
    centres = np.concatenate([anchor + way * distance + offset for distance in _DISTANCES])
    return np.hstack([centres - size / 2, centres + size / 2])


def _cost(anchor: Floats, boxes: Floats, bounds: Floats, obstacles: Obstacles) -> Floats:
    """Return the cost of each place apart from other labels: mainly the leader's length."""
    leaders = find_leaders(anchor, boxes)
    run = leaders[:, 2:] - leaders[:, :2]
    length = np.hypot(run[:, 0], run[:, 1])
    # A reader looks to the left or right of a marker first.
    offset = np.abs((boxes[:, 1] + boxes[:, 3]) / 2 - anchor[1]) / (boxes[:, 3] - boxes[:, 1])
    cost = length + length**2 / _LONG + _STEEP * np.minimum(offset, 1)
    outside = (boxes[:, :2] < bounds[:2]) | (boxes[:, 2:] > bounds[2:])
    cost += NEVER * outside.any(axis=1)
    cost += NEVER * find_overlaps(boxes, np.reshape(obstacles.boxes, (-1, 4))).sum(axis=1)
    near = obstacles.markers[np.abs(obstacles.markers - anchor).max(axis=1) < _REACH]
    covers = np.hstack([near - _RADIUS, near + _RADIUS])
    cost += _MARKER * find_overlaps(boxes, covers, gap=0.0).sum(axis=1)
    foreign = np.abs(near - anchor).max(axis=1) > _RADIUS
    cost += LEADER_COST * find_crossings(leaders, covers[foreign]).sum(axis=1)
    for line in obstacles.lines:
        close = line[np.abs(line - anchor).max(axis=1) < _REACH]
        if len(close):
            cost += _LINE * find_overlaps(boxes, np.hstack([close, close]), gap=0.0).any(axis=1)
    return cost


def _draw(ax: Axes, anchor: Floats, box: Floats, number: int, lead: float, lines: list[str]) -> None:
    end = np.clip(anchor, box[:2], box[2:])
    if np.hypot(*(end - anchor)) > _SHORT:
        ax.plot(*to_data(ax, np.array([anchor, end])).T, color=style.MUTED, linewidth=0.6, zorder=5)
    low, high = to_data(ax, box.reshape(2, 2))
    ground = Rectangle(low, *(high - low), facecolor=style.PAPER, alpha=0.65, linewidth=0, zorder=6)
    ground.set_label(f"label {number}")
    ax.add_patch(ground)
    top = box[3] - _LEADING + _DESCENT
    words = [(str(number), 1.0, top, "bold")]
    words += [(line, 1.0 + lead, top - k * _LEADING, "normal") for k, line in enumerate(lines)]
    for text, right, height, weight in words:
        x, y = to_data(ax, np.array([[box[0] + right, height]]))[0]
        ax.text(x, y, text, fontsize=SIZE, fontweight=weight, color=style.INK, va="baseline", zorder=7)


def _width(text: str, weight: str = "normal") -> float:
    """Return the width of a text, the same on every screen and printer."""
    font = FontProperties(size=SIZE, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _on_page(ax: Axes, obstacles: Obstacles) -> Obstacles:
    boxes: Any = [to_points(ax, np.reshape(box, (2, 2))).ravel() for box in obstacles.boxes]
    lines = [_resample(to_points(ax, line)) for line in obstacles.lines]
    return Obstacles(to_points(ax, obstacles.markers), lines, boxes)


def _resample(line: Floats, step: float = 3.0) -> Floats:
    """Return points of the line at this distance from each other, without its start."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    at = np.arange(2 * step, along[-1], step)
    return np.column_stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])])
