"""Labels on a crowded map: off each other, off the markers, and off the lines where possible.

Every label has the same choice of places round its marker. The move that helps most is made until none
helps; then three labels are put anywhere, and what follows is kept if it ends better (iterated local
search, from a fixed seed: the same map is drawn the same way each time). Lengths are points (1/72 inch).

References
----------
J. Christensen, J. Marks and S. Shieber, "An empirical study of algorithms for point-feature label
placement", ACM Transactions on Graphics 14 (1995), pages 203-232.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

from reissue.drawing import style

Floats = NDArray[np.float64]

SIZE = 8.0
_LEADING, _DESCENT, _SPACE = 9.4, 2.3, 3.0
_DISTANCES = (3.5, 6.0, 10.0, 15.0, 22.0, 30.0, 40.0)
_ANGLES = 32
_CHOICES, _SHAKES, _SHAKEN, _EVEN = 100, 2, 3, 1e-6
_REACH = 160.0
_GAP = 1.5
_NEVER, _MARKER, _LEADER, _LINE, _STEEP = 1000.0, 300.0, 80.0, 4.0, 2.0
_LONG, _SHORT = 30.0, 5.0


@dataclass(frozen=True)
class Obstacles:
    """What labels keep away from, in data coordinates of the axes.

    `markers` are points, `lines` arrays of points, `boxes` tuples x0, y0, x1, y1.
    """

    markers: Floats
    lines: Sequence[Floats] = ()
    boxes: Sequence[tuple[float, float, float, float]] = ()
    radius: float = field(default=2.6)


def draw_labels(
    ax: Axes, anchors: Floats, numbers: Sequence[int], names: Sequence[str], obstacles: Obstacles, *, wrap: int = 20
) -> None:
    """Write a number and a name beside each anchor, with a leader where they stand further away.

    Parameters
    ----------
    ax
        Its limits and its place in the figure are final.
    anchors
        One row per label: x and y in data coordinates.
    numbers, names
        One of each per label.
    obstacles
        What to keep off.
    wrap
        A name of more letters than this takes more than one line, where it has a space.
    """
    texts = [textwrap.wrap(name, wrap, break_long_words=False, break_on_hyphens=False) or [""] for name in names]
    leads = [_width(str(number), "bold") + _SPACE for number in numbers]
    widths = [lead + max(_width(line) for line in lines) for lead, lines in zip(leads, texts, strict=True)]
    sizes = np.array([(w + 2, len(lines) * _LEADING) for w, lines in zip(widths, texts, strict=True)])
    at = to_points(ax, anchors)
    field = to_points(ax, _corners(ax)).ravel() + np.array([2, 2, -2, -2])
    boxes = place(at, sizes, field, _on_page(ax, obstacles))
    for row in zip(at, boxes, numbers, leads, texts, strict=True):
        _draw(ax, *row)


def to_points(ax: Axes, xy: Floats) -> Floats:
    """Return data coordinates as points of the page."""
    return np.asarray(ax.transData.transform(xy) * _unit(ax))


def place(anchors: Floats, sizes: Floats, bounds: Floats, obstacles: Obstacles) -> Floats:
    """One row per label: x0, y0, x1, y1 of its box.

    Parameters
    ----------
    anchors
        One row per label: x and y of its marker.
    sizes
        One row per label: width and height.
    bounds
        x0, y0, x1, y1 of the field in which all labels stay.
    obstacles
        In the same coordinates; `lines` are looked at point by point.
    """
    places, owner, cost = [], [], []
    for i, (anchor, size) in enumerate(zip(anchors, sizes, strict=True)):
        boxes = _places(anchor, size)
        price = _cost(anchor, boxes, bounds, obstacles)
        good = np.argsort(price, kind="stable")[:_CHOICES]
        good = good[price[good] < max(_MARKER, price[good[0]] + _EVEN)]
        places.append(boxes[good])
        cost.append(price[good])
        owner.append(np.full(len(good), i))
    boxes, labels = np.concatenate(places), np.concatenate(owner)
    return boxes[_settle(np.concatenate(cost), _clashes(anchors, places), labels)]


def _settle(cost: Floats, clashes: Floats, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the chosen place of each label: where the search by shaking comes to rest."""
    chance = np.random.RandomState(0)
    places = [np.flatnonzero(owner == i) for i in range(int(owner.max()) + 1)]
    best = _descend(np.array([mine[0] for mine in places]), cost, clashes, owner)
    least = _total(best, cost, clashes)
    # Where every label has the place that is cheapest for it alone, there is nothing to gain.
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


def _clashes(anchors: Floats, places: Sequence[Floats]) -> Floats:
    """Return a table, places by places: what it costs to take both (nothing within one label)."""
    ends = np.cumsum([0, *map(len, places)])
    leaders = [_leaders(anchor, boxes) for anchor, boxes in zip(anchors, places, strict=True)]
    table = np.zeros((ends[-1], ends[-1]))
    for i, j in itertools.combinations(range(len(places)), 2):
        if not _overlap(_hull(places[i], anchors[i]), _hull(places[j], anchors[j])).any():
            continue
        cost = _NEVER * _overlap(places[i], places[j]) + _LEADER * (
            1.0 * _enters(leaders[i], places[j]) + _enters(leaders[j], places[i]).T + _cross(leaders[i], leaders[j])
        )
        table[ends[i] : ends[i + 1], ends[j] : ends[j + 1]] = cost
        table[ends[j] : ends[j + 1], ends[i] : ends[i + 1]] = cost.T
    return table


def _hull(boxes: Floats, anchor: Floats) -> Floats:
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return np.concatenate([np.minimum(low, anchor), np.maximum(high, anchor)])[None]


def _places(anchor: Floats, size: Floats) -> Floats:
    """Return boxes at each of the distances, all round."""
    angle = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    way = np.column_stack([np.cos(angle), np.sin(angle)])
    # Beyond 30 degrees off an axis a box stands wholly to one side of its marker.
    offset = np.clip(way * 2, -1, 1) * size / 2
    centres = np.concatenate([anchor + way * distance + offset for distance in _DISTANCES])
    return np.hstack([centres - size / 2, centres + size / 2])


def _leaders(anchor: Floats, boxes: Floats) -> Floats:
    ends = np.clip(anchor, boxes[:, :2], boxes[:, 2:])
    return np.hstack([np.broadcast_to(anchor, ends.shape), ends])


def _cost(anchor: Floats, boxes: Floats, bounds: Floats, obstacles: Obstacles) -> Floats:
    """Return what each place costs before other labels are looked at: mainly the leader's length."""
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
    covers = np.hstack([near - obstacles.radius, near + obstacles.radius])
    cost += _MARKER * _overlap(boxes, covers, gap=0.0).sum(axis=1)
    foreign = np.abs(near - anchor).max(axis=1) > obstacles.radius
    cost += _LEADER * _enters(leaders, covers[foreign]).sum(axis=1)
    for line in obstacles.lines:
        close = line[np.abs(line - anchor).max(axis=1) < _REACH]
        if len(close):
            cost += _LINE * _overlap(boxes, np.hstack([close, close]), gap=0.0).any(axis=1)
    return cost


def _overlap(boxes: Floats, other: Floats, gap: float = _GAP) -> NDArray[np.bool_]:
    """Return a table, boxes by other boxes: do they come nearer than the gap?"""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = boxes.T[:, :, None], other.T
    near: NDArray[np.bool_] = (x0 < u1 + gap) & (x1 > u0 - gap) & (y0 < v1 + gap) & (y1 > v0 - gap)
    return near


def _enters(segments: Floats, boxes: Floats) -> NDArray[np.bool_]:
    """Return a table, segments by boxes: does the segment pass through the box?"""
    (x, y, to_x, to_y), (u0, v0, u1, v1) = segments.T[:, :, None], boxes.T
    # Where the segment runs along an axis, a step too small to see keeps the division defined.
    run_x, run_y = (np.where(np.abs(run) < 1e-9, 1e-9, run) for run in (to_x - x, to_y - y))
    a, b, c, d = (u0 - x) / run_x, (u1 - x) / run_x, (v0 - y) / run_y, (v1 - y) / run_y
    first = np.maximum(np.minimum(a, b), np.minimum(c, d))
    last = np.minimum(np.maximum(a, b), np.maximum(c, d))
    through: NDArray[np.bool_] = (first < last) & (last > 0) & (first < 1)
    return through


def _cross(segments: Floats, other: Floats) -> NDArray[np.bool_]:
    """Return a table, segments by other segments: do they cross, other than at a shared end?"""
    (ax, ay, bx, by), (cx, cy, dx, dy) = segments.T[:, :, None], other.T
    c_side = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    d_side = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
    a_side = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
    b_side = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
    crossing: NDArray[np.bool_] = (c_side * d_side < 0) & (a_side * b_side < 0)
    return crossing


def _draw(ax: Axes, anchor: Floats, box: Floats, number: int, lead: float, lines: list[str]) -> None:
    end = np.clip(anchor, box[:2], box[2:])
    if np.hypot(*(end - anchor)) > _SHORT:
        ax.plot(*_to_data(ax, np.array([anchor, end])).T, color=style.MUTED, linewidth=0.6, zorder=5)
    low, high = _to_data(ax, box.reshape(2, 2))
    ground = Rectangle(low, *(high - low), facecolor=style.PAPER, alpha=0.65, linewidth=0, zorder=6)
    ground.set_label(f"label {number}")
    ax.add_patch(ground)
    top = box[3] - _LEADING + _DESCENT
    words = [(str(number), 1.0, top, "bold")]
    words += [(line, 1.0 + lead, top - k * _LEADING, "normal") for k, line in enumerate(lines)]
    for text, right, height, weight in words:
        x, y = _to_data(ax, np.array([[box[0] + right, height]]))[0]
        # A name is no formula, whatever signs it has.
        ax.text(
            x, y, text, fontsize=SIZE, fontweight=weight, color=style.INK, va="baseline", zorder=7, parse_math=False
        )


def _width(text: str, weight: str = "normal") -> float:
    """Return the width of a text, the same on every screen and printer."""
    font = FontProperties(size=SIZE, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def _corners(ax: Axes) -> Floats:
    return np.array([ax.get_xlim(), ax.get_ylim()]).T


def _unit(ax: Axes) -> float:
    return float(72 / ax.get_figure(root=True).dpi)  # type: ignore[union-attr]


def _to_data(ax: Axes, xy: Floats) -> Floats:
    return np.asarray(ax.transData.inverted().transform(xy / _unit(ax)))


def _on_page(ax: Axes, obstacles: Obstacles) -> Obstacles:
    boxes: Iterable[Floats] = (to_points(ax, np.reshape(box, (2, 2))).ravel() for box in obstacles.boxes)
    return Obstacles(
        markers=to_points(ax, obstacles.markers),
        lines=[_dense(to_points(ax, line)) for line in obstacles.lines],
        boxes=[tuple(box) for box in boxes],
        radius=obstacles.radius,
    )


def _dense(line: Floats, step: float = 3.0) -> Floats:
    """Return points of the line at this distance from each other, but not at its very start."""
    along = np.concatenate([[0.0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    at = np.arange(2 * step, along[-1], step)
    return np.column_stack([np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])])
