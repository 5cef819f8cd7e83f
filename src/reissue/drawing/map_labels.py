"""Labels and numbered markers on a crowded map that avoid each other, and the lines where possible.

Every label has the same choice of places round its marker, and every marker round its own place. The search makes the
move that helps most until none helps; then it moves three labels anywhere, searches again, and keeps the result if it
is better (iterated local search, from a fixed seed: the same map is drawn the same way each time). Lengths are points
(1/72 inch).

References
----------
J. Christensen, J. Marks and S. Shieber, "An empirical study of algorithms for point-feature label
placement", ACM Transactions on Graphics 14 (1995), pages 203-232.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

from reissue.drawing import style
from reissue.drawing.geo import Window

Floats = NDArray[np.float64]

SIZE = 8.0
_LEADING, _DESCENT, _SPACE = 9.4, 2.3, 3.0
#: Of the marker of another label.
_RADIUS = 2.6
_DISTANCES = (3.5, 6.0, 10.0, 15.0, 22.0, 30.0, 40.0)
_ANGLES = 32
_CHOICES, _SHAKES, _SHAKEN, _EVEN = 100, 2, 3, 1e-6
_REACH = 160.0
_GAP = 1.5
_NEVER, _MARKER, _LEADER, _LINE, _STEEP = 1000.0, 300.0, 80.0, 4.0, 2.0
_LONG, _SHORT = 30.0, 5.0
#: How far markers move off their places, in widths of a marker, and in how many directions.
_STEPS, _WAYS = (0.62, 0.85, 1.1, 1.5, 2.0, 2.6), 24


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


def to_points(ax: Axes, xy: Floats) -> Floats:
    """Return data coordinates as points of the page."""
    return np.asarray(ax.transData.transform(xy) * _unit(ax))


def to_data(ax: Axes, xy: Floats) -> Floats:
    """Return points of the page as data coordinates."""
    return np.asarray(ax.transData.inverted().transform(xy / _unit(ax)))


def axes_corners(ax: Axes) -> Floats:
    """Return the lower left and the upper right corner of the axes, in data coordinates."""
    return np.array([ax.get_xlim(), ax.get_ylim()]).T


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
        good = good[price[good] < max(_MARKER, price[good[0]] + _EVEN)]
        places.append(boxes[good])
        costs.append(price[good])
    chosen = _settle(np.concatenate(costs), _clashes(anchors, places), _owners(places))
    return np.concatenate(places)[chosen]


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
        costs.append(length + width * (length > 0) + _NEVER * outside.any(axis=1))
        places.append(boxes)
    chosen = _settle(np.concatenate(costs), _clashes(anchors, places, is_round=is_round), _owners(places))
    boxes = np.concatenate(places)[chosen]
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2)


def _settle(cost: Floats, clashes: Floats, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the best place of each label that the search finds."""
    chance = np.random.RandomState(0)
    places = [np.flatnonzero(owner == i) for i in range(int(owner.max()) + 1)]
    best = _descend(np.array([mine[0] for mine in places]), cost, clashes, owner)
    least = _total(best, cost, clashes)
    # Every label already has the place that is cheapest for it alone: the search can gain nothing.
    if least <= sum(float(cost[mine].min()) for mine in places) + _EVEN:
        return best
    for _ in range(_SHAKES * len(places) ** 2):
        shaken = best.copy()
        for i in chance.permutation(len(places))[:_SHAKEN]:
            shaken[i] = places[i][chance.randint(len(places[i]))]
        settled = _descend(shaken, cost, clashes, owner)
        total = _total(settled, cost, clashes)
        if total < least - _EVEN:
            best, least = settled, total
    return best


def _descend(chosen: NDArray[np.intp], cost: Floats, clashes: Floats, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Make the move that helps most until none helps."""
    chosen = chosen.copy()
    price = cost + clashes[chosen].sum(axis=0)
    while True:
        gain = price - price[chosen][owner]
        place = int(gain.argmin())
        if gain[place] > -_EVEN:
            return chosen
        label = owner[place]
        price += clashes[place] - clashes[chosen[label]]
        chosen[label] = place


def _total(chosen: NDArray[np.intp], cost: Floats, clashes: Floats) -> float:
    return float(cost[chosen].sum() + clashes[np.ix_(chosen, chosen)].sum() / 2)


def _owners(places: Sequence[Floats]) -> NDArray[np.intp]:
    """Return the number of each place's label."""
    return np.repeat(np.arange(len(places)), [len(boxes) for boxes in places])


def _clashes(anchors: Floats, places: Sequence[Floats], *, is_round: bool = False) -> Floats:
    """Return a table, places by places: the cost of taking both (nothing within one label)."""
    overlap = _overlap_round if is_round else _overlap
    owner = _owners(places)
    leaders = [_leaders(anchor, boxes) for anchor, boxes in zip(anchors, places, strict=True)]
    table = np.zeros((len(owner), len(owner)))
    for i, j in itertools.combinations(range(len(places)), 2):
        cost = _NEVER * overlap(places[i], places[j]) + _LEADER * (
            1.0 * _enters(leaders[i], places[j]) + _enters(leaders[j], places[i]).T + _cross(leaders[i], leaders[j])
        )
        table[np.ix_(owner == i, owner == j)] = cost
        table[np.ix_(owner == j, owner == i)] = cost.T
    return table


def _list_places(anchor: Floats, size: Floats) -> Floats:
    """Return boxes at each of the distances, in all directions."""
    angle = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    way = np.column_stack([np.cos(angle), np.sin(angle)])
    # Beyond 30 degrees off an axis a box is wholly on one side of its marker.
    offset = np.clip(way * 2, -1, 1) * size / 2
    centres = np.concatenate([anchor + way * distance + offset for distance in _DISTANCES])
    return np.hstack([centres - size / 2, centres + size / 2])


def _leaders(anchor: Floats, boxes: Floats) -> Floats:
    """Return the line from the anchor to the nearest point of each box."""
    ends = np.clip(anchor, boxes[:, :2], boxes[:, 2:])
    return np.hstack([np.broadcast_to(anchor, ends.shape), ends])


def _cost(anchor: Floats, boxes: Floats, bounds: Floats, obstacles: Obstacles) -> Floats:
    """Return the cost of each place apart from other labels: mainly the leader's length."""
    leaders = _leaders(anchor, boxes)
    run = leaders[:, 2:] - leaders[:, :2]
    length = np.hypot(run[:, 0], run[:, 1])
    # A reader looks to the left or right of a marker first.
    offset = np.abs((boxes[:, 1] + boxes[:, 3]) / 2 - anchor[1]) / (boxes[:, 3] - boxes[:, 1])
    cost = length + length**2 / _LONG + _STEEP * np.minimum(offset, 1)
    outside = (boxes[:, :2] < bounds[:2]) | (boxes[:, 2:] > bounds[2:])
    cost += _NEVER * outside.any(axis=1)
    cost += _NEVER * _overlap(boxes, np.reshape(obstacles.boxes, (-1, 4))).sum(axis=1)
    near = obstacles.markers[np.abs(obstacles.markers - anchor).max(axis=1) < _REACH]
    covers = np.hstack([near - _RADIUS, near + _RADIUS])
    cost += _MARKER * _overlap(boxes, covers, gap=0.0).sum(axis=1)
    foreign = np.abs(near - anchor).max(axis=1) > _RADIUS
    cost += _LEADER * _enters(leaders, covers[foreign]).sum(axis=1)
    for line in obstacles.lines:
        close = line[np.abs(line - anchor).max(axis=1) < _REACH]
        if len(close):
            cost += _LINE * _overlap(boxes, np.hstack([close, close]), gap=0.0).any(axis=1)
    return cost


def _overlap(boxes: Floats, other: Floats, gap: float = _GAP) -> NDArray[np.bool_]:
    """Return a table, boxes by other boxes: whether they are nearer than the gap."""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = boxes.T[:, :, None], other.T
    return (x0 < u1 + gap) & (x1 > u0 - gap) & (y0 < v1 + gap) & (y1 > v0 - gap)


def _overlap_round(boxes: Floats, other: Floats) -> NDArray[np.bool_]:
    """Return a table, boxes by other boxes of the same size: whether the circles in them overlap."""
    apart = (boxes[:, None, :2] + boxes[:, None, 2:] - other[:, :2] - other[:, 2:]) / 2
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]) < boxes[0, 2] - boxes[0, 0])


def _enters(segments: Floats, boxes: Floats) -> NDArray[np.bool_]:
    """Return for each segment (row) and box (column) whether the segment passes through the box."""
    (x, y, to_x, to_y), (u0, v0, u1, v1) = segments.T[:, :, None], boxes.T
    # If the segment is parallel to an axis, a tiny step keeps the division defined.
    run_x, run_y = (np.where(np.abs(run) < 1e-9, 1e-9, run) for run in (to_x - x, to_y - y))
    a, b, c, d = (u0 - x) / run_x, (u1 - x) / run_x, (v0 - y) / run_y, (v1 - y) / run_y
    first = np.maximum(np.minimum(a, b), np.minimum(c, d))
    last = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return (first < last) & (last > 0) & (first < 1)


def _cross(segments: Floats, other: Floats) -> NDArray[np.bool_]:
    """Return a table, segments by other segments: whether they cross, other than at a shared end."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = segments.T[:, :, None], other.T
    c_side = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    d_side = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    a_side = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    b_side = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    return (c_side * d_side < 0) & (a_side * b_side < 0)


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


def _unit(ax: Axes) -> float:
    return float(72 / style.figure_of(ax).dpi)


def _on_page(ax: Axes, obstacles: Obstacles) -> Obstacles:
    boxes: Any = [to_points(ax, np.reshape(box, (2, 2))).ravel() for box in obstacles.boxes]
    lines = [_resample(to_points(ax, line)) for line in obstacles.lines]
    return Obstacles(to_points(ax, obstacles.markers), lines, boxes)


def _resample(line: Floats, step: float = 3.0) -> Floats:
    """Return points of the line at this distance from each other, without its start."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    at = np.arange(2 * step, along[-1], step)
    return np.column_stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])])
