"""Choose one place for each thing on a crowded map, so that things avoid each other and the lines to their anchors.

Each thing has a choice of places, which are boxes (x0, y0, x1, y1), each at a cost. The search makes the move that
helps most until none helps; then it moves three things anywhere, searches again, and keeps the result if it is better
(iterated local search, from a fixed seed: the same map is drawn the same way each time).

References
----------
J. Christensen, J. Marks and S. Shieber, "An empirical study of algorithms for point-feature label
placement", ACM Transactions on Graphics 14 (1995), pages 203-232.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reissue.drawing.points import Floats

#: Costs: of an overlap, which no place is worth, and of a leader that crosses something. Smaller differences are none.
NEVER, LEADER_COST, EVEN = 1000.0, 80.0, 1e-6
_SHAKES, _SHAKEN = 2, 3
_GAP = 1.5


def choose_places(
    anchors: Floats, places: Sequence[Floats], costs: Sequence[Floats], *, is_round: bool = False
) -> Floats:
    """Return one row per thing: its box.

    Parameters
    ----------
    anchors
        One row per thing: x and y of what it belongs to.
    places, costs
        For each thing, the boxes to choose from, and the cost of each apart from other things.
    is_round
        Whether the things are the circles in their boxes, which are then of one size.
    """
    chosen = _search(np.concatenate(costs), _clashes(anchors, places, is_round=is_round), _owners(places))
    return np.asarray(np.concatenate(places)[chosen])


def _search(cost: Floats, clashes: Floats, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the best place of each label that the search finds."""
    chance = np.random.RandomState(0)
    places = [np.flatnonzero(owner == i) for i in range(int(owner.max()) + 1)]
    best = _descend(np.array([mine[0] for mine in places]), cost, clashes, owner)
    least = _total(best, cost, clashes)
    # Every label already has the place that is cheapest for it alone: the search can gain nothing.
    if least <= sum(float(cost[mine].min()) for mine in places) + EVEN:
        return best
    for _ in range(_SHAKES * len(places) ** 2):
        shaken = best.copy()
        for i in chance.permutation(len(places))[:_SHAKEN]:
            shaken[i] = places[i][chance.randint(len(places[i]))]
        settled = _descend(shaken, cost, clashes, owner)
        total = _total(settled, cost, clashes)
        if total < least - EVEN:
            best, least = settled, total
    return best


def _descend(chosen: NDArray[np.intp], cost: Floats, clashes: Floats, owner: NDArray[np.intp]) -> NDArray[np.intp]:
    """Make the move that helps most until none helps."""
    chosen = chosen.copy()
    price = cost + clashes[chosen].sum(axis=0)
    while True:
        gain = price - price[chosen][owner]
        place = int(gain.argmin())
        if gain[place] > -EVEN:
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
    overlap = _overlap_circles if is_round else find_overlaps
    owner = _owners(places)
    leaders = [find_leaders(anchor, boxes) for anchor, boxes in zip(anchors, places, strict=True)]
    table = np.zeros((len(owner), len(owner)))
    for i, j in itertools.combinations(range(len(places)), 2):
        cost = NEVER * overlap(places[i], places[j]) + LEADER_COST * (
            1.0 * find_crossings(leaders[i], places[j])
            + find_crossings(leaders[j], places[i]).T
            + _cross(leaders[i], leaders[j])
        )
        table[np.ix_(owner == i, owner == j)] = cost
        table[np.ix_(owner == j, owner == i)] = cost.T
    return table


def find_leaders(anchor: Floats, boxes: Floats) -> Floats:
    """Return the line from the anchor to the nearest point of each box."""
    ends = np.clip(anchor, boxes[:, :2], boxes[:, 2:])
    return np.hstack([np.broadcast_to(anchor, ends.shape), ends])


def find_overlaps(boxes: Floats, other: Floats, gap: float = _GAP) -> NDArray[np.bool_]:
    """Return a table, boxes by other boxes: whether they are nearer than the gap."""
    (x0, y0, x1, y1), (u0, v0, u1, v1) = boxes.T[:, :, None], other.T
    return (x0 < u1 + gap) & (x1 > u0 - gap) & (y0 < v1 + gap) & (y1 > v0 - gap)


def _overlap_circles(boxes: Floats, other: Floats) -> NDArray[np.bool_]:
    """Return a table, boxes by other boxes of the same size: whether the circles in them overlap."""
    apart = (boxes[:, None, :2] + boxes[:, None, 2:] - other[:, :2] - other[:, 2:]) / 2
    return np.asarray(np.hypot(apart[..., 0], apart[..., 1]) < boxes[0, 2] - boxes[0, 0])


def find_crossings(segments: Floats, boxes: Floats) -> NDArray[np.bool_]:
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
