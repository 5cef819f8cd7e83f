"""Exact counting of one connected part of a system, cell by cell.

The tables of counts are the paths of a layered graph with a layer per cell. Its states are the partial sums of all
open forms. Two partial sums of a form are one state if the same remainders complete them, so that "at least 17" costs
little. All numbers are exact: 64-bit integers where they suffice, Python's integers otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from reissue.survey.orders import Domains, Forms, propose_orders

Ints = npt.NDArray[np.int64]

#: The most steps from state to state in all layers and cases of a part: seconds, and about 1 GB.
LIMIT = 10_000_000
#: The most pairs of state and value that one layer may try, as a multiple of the limit.
_PAIRS_PER_STEP = 6
#: The largest counts that are 64-bit numbers: floating point adds them exactly.
_MAX_EXACT_FLOAT = 2**52
#: Distinct states are found by marking, not by sorting, if there are at most this many places for each state.
_MARKED_PLACES = 16
#: The limits that every order of the cells is tried with in turn, before the caller's own limit.
_TRIES = (30_000, 400_000, 4_000_000)
#: Up to this limit, only one order is tried.
_ONE_ORDER_LIMIT = 30_000


class TooLargeError(ValueError):
    """Counting would take more steps than the limit."""


class Layers:
    """All tables of counts of one connected part, which has `total` tables.

    Counting that needs more than `limit` steps from state to state raises TooLargeError.
    """

    def __init__(self, domains: Domains, forms: Forms, limit: int) -> None:
        self.domains = domains
        self.order: list[int] = []
        #: For each layer: the states that steps come from, the values they take, the states they lead to.
        self._steps: list[tuple[Ints, Ints, Ints]] = []
        self._sizes: list[int] = []
        reached = self._first_walk(forms, limit)
        self._forward = self._count_forward() if reached else []
        self.total = int(self._forward[-1][0]) if reached else 0

    @property
    def steps(self) -> int:
        """The number of steps from state to state in all layers."""
        return sum(len(parent) for parent, _, _ in self._steps)

    def marginals(self) -> list[dict[int, int]]:
        """Return for each cell the number of tables by value, for the values that some table has."""
        found: list[dict[int, int]] = [{} for _ in self.domains]
        if not self.total:
            return found
        layers = zip(self.order, self._steps, self._forward[:-1], self._backward[1:], strict=True)
        for cell, (parent, value, child), forward, backward in layers:
            lower, upper = self.domains[cell]
            counts = _sum_by_place(value - lower, forward[parent] * backward[child], upper - lower + 1)
            found[cell] = {lower + place: int(count) for place, count in enumerate(counts) if count}
        return found

    def count_by_value(self, factors: Mapping[int, int], limit: int) -> dict[int, int]:
        """Return the number of tables by value of a linear form, which has a factor by cell."""
        own = [layer for layer, cell in enumerate(self.order) if cell in factors]
        if not self.total or not own:
            return {0: self.total} if self.total else {}
        # A row per state, a column per partial sum; sums are counted from the smallest that they can be.
        first, last, lower, taken = own[0], own[-1], 0, 0
        ways = self._forward[first][:, None]
        for layer in range(first, last + 1):
            cell, (parent, value, child) = self.order[layer], self._steps[layer]
            ends = [factors.get(cell, 0) * end for end in self.domains[cell]]
            lower += min(ends)
            width = ways.shape[1] + max(ends) - min(ends)
            there = np.flatnonzero(ways)
            state, partial = np.divmod(there, ways.shape[1])
            begin = np.searchsorted(parent, np.arange(len(ways) + 1))
            follow = (begin[1:] - begin[:-1])[state]
            taken += int(follow.sum())
            if taken > limit:
                raise TooLargeError(f"over {limit:,} steps")
            pair = np.repeat(np.arange(len(state)), follow)
            step = np.arange(len(pair)) + (begin[state] - np.cumsum(follow) + follow)[pair]
            place = child[step] * np.int64(width) + partial[pair] + factors.get(cell, 0) * value[step] - min(ends)
            ways = _sum_by_place(place, ways.ravel()[there][pair], self._sizes[layer] * width).reshape(-1, width)
        counts = (ways * self._backward[last + 1][:, None]).sum(axis=0)
        return {lower + place: int(count) for place, count in enumerate(counts) if count}

    def tables(self, ranks: npt.NDArray[Any]) -> Ints:
        """Return the tables of some ranks (0 to `total` - 1): one row per rank, one column per cell."""
        found = np.empty((len(ranks), len(self.domains)), dtype=np.int64)
        state = np.zeros(len(ranks), dtype=np.int64)
        rest = ranks.astype(self._forward[-1].dtype)
        for step in range(len(self._steps) - 1, -1, -1):
            by_child = np.argsort(self._steps[step][2], kind="stable")
            parent, value, child = (part[by_child] for part in self._steps[step])
            ends = np.cumsum(self._forward[step][parent])
            first = np.searchsorted(child, state)
            target = rest + np.where(first > 0, ends[first - 1], 0)
            place = np.searchsorted(ends, target, side="right")
            rest = target - np.where(place > 0, ends[place - 1], 0)
            found[:, self.order[step]] = value[place]
            state = parent[place]
        return found

    def _count_forward(self) -> list[npt.NDArray[Any]]:
        """Return for each layer's states in how many ways they are reached."""
        kind: type = np.int64
        ways: list[npt.NDArray[Any]] = [np.ones(1, dtype=kind)]
        for (parent, _, child), size in zip(self._steps, self._sizes, strict=True):
            if kind is np.int64 and float(ways[-1][parent].sum(dtype=np.float64)) > _MAX_EXACT_FLOAT:
                kind = object
            ways.append(_sum_by_place(child, ways[-1][parent].astype(kind), size))
        return [one.astype(kind) for one in ways]

    @cached_property
    def _backward(self) -> list[npt.NDArray[Any]]:
        """The number of ways in which each layer's states are completed."""
        kind = self._forward[-1].dtype
        backward: list[npt.NDArray[Any]] = [np.ones(1, dtype=kind)]
        for (parent, _, child), forward in zip(reversed(self._steps), reversed(self._forward[:-1]), strict=True):
            backward.append(_sum_by_place(parent, backward[-1][child], len(forward)))
        return backward[::-1]

    def _first_walk(self, forms: Forms, limit: int) -> bool:
        """Go through the layers in the order that needs the fewest steps, or nearly so."""
        possible = propose_orders(self.domains, forms)
        if limit <= _ONE_ORDER_LIMIT:
            possible = possible[:1]
        for budget in (*(one for one in _TRIES if one < limit), limit):
            for place, self.order in enumerate(possible):
                try:
                    return self._walk(forms, budget)
                except TooLargeError:
                    if budget == limit and place == len(possible) - 1:
                        raise
        raise AssertionError("the last order is either gone through or too large")

    def _walk(self, forms: Forms, limit: int) -> bool:
        """Go through the layers; return whether some table reaches the last."""
        self._steps, self._sizes = [], []
        taken = 0
        tracks = [_Track(dict(cells), allowed, self.domains) for cells, allowed in forms]
        of_cell: list[list[int]] = [[] for _ in self.domains]
        for number, track in enumerate(tracks):
            for cell in track.factors:
                of_cell[cell].append(number)
        columns: dict[int, Ints] = {}
        size = 1
        for cell in self.order:
            lower, upper = self.domains[cell]
            if size * (upper - lower + 1) > _PAIRS_PER_STEP * limit:
                raise TooLargeError(f"over {limit:,} steps")
            values = np.arange(lower, upper + 1)
            fits = np.ones((size, len(values)), dtype=bool)
            steps, before = {}, {}
            for number in of_cell[cell]:
                steps[number] = tracks[number].step(cell, values, limit)
                before[number] = columns.get(number, np.zeros(size, dtype=np.int64))
                fits &= (steps[number] >= 0)[before[number]]
            parent, place = np.nonzero(fits)
            if not len(parent):
                return False
            taken += len(parent)
            if taken > limit:
                raise TooLargeError(f"over {limit:,} steps")
            moved = {number: step[before[number][parent], place] for number, step in steps.items()}
            kept = {number: column[parent] for number, column in columns.items() if number not in moved}
            opened = {number: column for number, column in moved.items() if tracks[number].rest}
            columns, child, size = _merge_states({**kept, **opened}, len(parent))
            # States and values are below 2**31: 32 bits halve the memory.
            self._steps.append((parent.astype(np.int32), values[place].astype(np.int32), child.astype(np.int32)))
            self._sizes.append(size)
        return True


class _Track:
    """The partial sums of one form in a layer; sums that the same remainders complete are one class."""

    def __init__(self, factors: dict[int, int], allowed: tuple[int, ...], domains: Domains) -> None:
        self.factors, self.rest = factors, set(factors)
        self._domains = domains
        self._base = min(allowed)
        marks = np.isin(np.arange(self._base, max(allowed) + 1), allowed)
        self._bits = int.from_bytes(np.packbits(marks, bitorder="little").tobytes(), "little")
        #: One partial sum of each class.
        self._sums = np.zeros(1, dtype=np.int64)

    def step(self, cell: int, values: Ints, limit: int) -> Ints:
        """Add a cell; return the class that each class (row) reaches by each value, -1 where it cannot end."""
        self.rest.discard(cell)
        sums = self._sums[:, None] + self.factors[cell] * values[None, :]
        ends = [sorted(self.factors[one] * end for end in self._domains[one]) for one in self.rest]
        lower, upper = sum(low for low, _ in ends), sum(high for _, high in ends)
        first, last = int(sums.min()), int(sums.max())
        # A set of remainders has a bit for each: cells of many thousands would fill the memory.
        if (last - first + 1) * ((upper - lower) // 64 + 1) > _PAIRS_PER_STEP * limit:
            raise TooLargeError(f"over {limit:,} steps")
        mask = (1 << (upper - lower + 1)) - 1
        classes: dict[int, int] = {}
        found = np.full(last - first + 1, -1, dtype=np.int64)
        kept: list[int] = []
        for partial in range(first, last + 1):
            shift = partial + lower - self._base
            remainders = (self._bits >> shift if shift >= 0 else self._bits << -shift) & mask
            if remainders:
                if remainders not in classes:
                    classes[remainders] = len(kept)
                    kept.append(partial)
                found[partial - first] = classes[remainders]
        self._sums = np.array(kept or [0], dtype=np.int64)
        return found[sums - first]


def _merge_states(columns: dict[int, Ints], size: int) -> tuple[dict[int, Ints], Ints, int]:
    """Return the distinct states, the state of each row, and the number of states."""
    key = np.zeros(size, dtype=np.int64)
    span = 1
    for column in columns.values():
        width = int(column.max()) + 1
        if span * width >= 2**62:
            known, key = np.unique(key, return_inverse=True)
            span = len(known)
        key = key * width + column
        span *= width
    if span <= _MARKED_PLACES * size:
        row = np.full(span, -1, dtype=np.int64)
        row[key] = np.arange(size)
        there = np.flatnonzero(row >= 0)
        first = row[there]
        row[there] = np.arange(len(there))
        return {number: column[first] for number, column in columns.items()}, row[key], len(there)
    _, first, child = np.unique(key, return_index=True, return_inverse=True)
    return {number: column[first] for number, column in columns.items()}, child, len(first)


def _sum_by_place(places: Ints, counts: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """Add up counts by place; floating point is exact up to _MAX_EXACT_FLOAT."""
    if counts.dtype == np.int64:
        return np.bincount(places, weights=counts, minlength=size).astype(np.int64)
    sums = np.zeros(size, dtype=object)
    np.add.at(sums, places, counts)
    return sums
