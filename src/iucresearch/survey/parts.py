"""Taking a system of counts apart until its parts can be counted.

Bounds are propagated; parts that share no cell are counted apart; alternatives, and cells that many forms
share, are gone through case by case; what remains connected is counted layer by layer. Equal parts are
counted once.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import numpy.typing as npt

from iucresearch.survey import layers
from iucresearch.survey.layers import Ints, Layers, TooLargeError
from iucresearch.survey.orders import Domains
from iucresearch.survey.orders import Forms as Normal
from iucresearch.survey.propagation import Bounds, Choice, Forms, negated, settled
from iucresearch.survey.system import Form

#: A cell in more forms than this is gone through value by value, which lets the forms fall apart.
HUB = 3
#: What going through one more case costs, in steps.
_CASE = 1_000
#: Steps of all parts that are kept: about 300 MB.
_ROOM = 20_000_000

Marginals = dict[str, dict[int, int]]


@dataclass(frozen=True)
class Leaf:
    """Tables of cells that hang together, counted layer by layer."""

    cells: tuple[str, ...]
    layers: Layers

    @cached_property
    def own(self) -> frozenset[str]:
        """Its cells."""
        return frozenset(self.cells)

    @property
    def total(self) -> int:
        """How many tables there are."""
        return self.layers.total

    def marginals(self) -> Marginals:
        """Return by cell and value the number of tables."""
        return dict(zip(self.cells, self.layers.marginals(), strict=True))

    def sums(self, form: Form, limit: int) -> dict[int, int]:
        """Return by value of a form over its cells the number of tables."""
        place = {cell: number for number, cell in enumerate(self.cells)}
        return self.layers.sums({place[cell]: factor for cell, factor in form}, limit)

    def draws(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        table = self.layers.tables(uniform(source, self.total, k))
        return {cell: table[:, place] for place, cell in enumerate(self.cells)}


@dataclass(frozen=True)
class Product:
    """Parts that share no cell, and cells that have one value only."""

    fixed: Mapping[str, int]
    parts: tuple[Node, ...]

    @cached_property
    def own(self) -> frozenset[str]:
        """Its cells."""
        return frozenset(self.fixed).union(*(part.own for part in self.parts))

    @property
    def total(self) -> int:
        """How many tables there are."""
        return prod(part.total for part in self.parts)

    def marginals(self) -> Marginals:
        """Return by cell and value the number of tables."""
        total = self.total
        found: Marginals = {cell: {value: total} for cell, value in self.fixed.items()}
        for part in self.parts if total else ():
            others = total // part.total
            for cell, counts in part.marginals().items():
                found[cell] = {value: count * others for value, count in counts.items()}
        return found

    def sums(self, form: Form, limit: int) -> dict[int, int]:
        """Return by value of a form over its cells the number of tables."""
        known = sum(factor * self.fixed[cell] for cell, factor in form if cell in self.fixed)
        found = {known: 1}
        for part in self.parts:
            own = tuple(pair for pair in form if pair[0] in part.own)
            found = convolved(found, part.sums(own, limit) if own else {0: part.total})
        return found

    def draws(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        found: dict[str, Ints] = {cell: np.full(k, value, dtype=np.int64) for cell, value in self.fixed.items()}
        for part in self.parts:
            found |= part.draws(k, source)
        return found


@dataclass(frozen=True)
class Sum:
    """Cases over the same cells, of which exactly one holds."""

    cases: tuple[Node, ...]

    @cached_property
    def own(self) -> frozenset[str]:
        """Its cells: those of any case."""
        return self.cases[0].own if self.cases else frozenset()

    @property
    def total(self) -> int:
        """How many tables there are."""
        return sum(case.total for case in self.cases)

    def marginals(self) -> Marginals:
        """Return by cell and value the number of tables."""
        found: dict[str, Counter[int]] = {}
        for case in self.cases:
            for cell, counts in case.marginals().items():
                found.setdefault(cell, Counter()).update(counts)
        return {cell: dict(sorted(counts.items())) for cell, counts in found.items()}

    def sums(self, form: Form, limit: int) -> dict[int, int]:
        """Return by value of a form over its cells the number of tables."""
        found: Counter[int] = Counter()
        for case in self.cases:
            found.update(case.sums(form, limit))
        return dict(sorted(found.items()))

    def draws(self, k: int, source: np.random.PCG64) -> dict[str, Ints]:
        """Return `k` tables, uniformly drawn."""
        ends = np.cumsum(np.array([case.total for case in self.cases], dtype=object))
        case = np.searchsorted(ends, uniform(source, self.total, k).astype(object), side="right")
        found: dict[str, Ints] = {}
        for number, one in enumerate(self.cases):
            places = np.flatnonzero(case == number)
            # Where no table is drawn at all, one case still names the cells.
            for cell, values in one.draws(len(places), source).items() if len(places) or not k else ():
                found.setdefault(cell, np.zeros(k, dtype=np.int64))[places] = values
        return found


Node = Leaf | Product | Sum
NOTHING = Sum(())


def convolved(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    """Return the numbers of tables by the sum of two values that do not depend on each other."""
    found: Counter[int] = Counter()
    for first, ways in one.items():
        for second, more in other.items():
            found[first + second] += ways * more
    return dict(sorted(found.items()))


class Budget:
    """The steps that may still be taken: layers and cases share them, so that nothing goes on without end."""

    def __init__(self, limit: int) -> None:
        self.limit = self._left = limit

    def spend(self, steps: int) -> None:
        """Take steps from what is left.

        Raises
        ------
        TooLargeError
            If so many are not left.
        """
        self._left -= steps
        if self._left < 0:
            raise TooLargeError(f"over {self.limit:,} steps")


def solve(bounds: Bounds, forms: Forms, choices: list[Choice], limit: int | Budget = layers.LIMIT) -> Node:
    """Return all tables within the bounds that satisfy the forms and one alternative of each choice.

    Raises
    ------
    TooLargeError
        If a part is too large to be counted.
    """
    budget = limit if isinstance(limit, Budget) else Budget(limit)
    narrowed = settled(bounds, forms, choices)
    if narrowed is None:
        return NOTHING
    bounds, forms, choices = narrowed
    fixed = {cell: least for cell, (least, most) in bounds.items() if least == most}
    parts = []
    for cells, own, alternatives in components([cell for cell in bounds if cell not in fixed], forms, choices):
        inner = {cell: bounds[cell] for cell in cells}
        part = _cases(inner, own, alternatives, budget) if alternatives else _counted(inner, own, budget)
        if not part.total:
            return NOTHING
        parts.append(part)
    return Product(fixed, tuple(parts))


def _cases(bounds: Bounds, forms: Forms, choices: list[Choice], budget: Budget) -> Node:
    """Go through the alternatives of the first choice, made to exclude one another."""
    return _sum(((dict(bounds), [*forms, *case], choices[1:]) for case in _exclusive(choices[0])), budget)


def _exclusive(choice: Choice) -> Iterator[Forms]:
    """Return lists of requirements, of which exactly one holds where any alternative does."""
    refused: list[Forms] = [[]]
    for alternative in choice:
        for earlier in refused:
            yield [*earlier, *alternative]
        refused = [
            [*earlier, *alternative[:place], negated(alternative[place])]
            for earlier in refused
            for place in range(len(alternative))
        ]


def _counted(bounds: Bounds, forms: Forms, budget: Budget) -> Node:
    """Count cells that hang together: by cases of a cell that lets them fall apart, else layer by layer."""
    degree = Counter(cell for one in forms for cell, _ in one.form)
    hub, most = max(degree.items(), key=lambda item: item[1], default=("", 0))
    if most > HUB and _falls_apart(bounds, forms, hub):
        values = range(bounds[hub][0], bounds[hub][1] + 1)
        return _sum((({**bounds, hub: (value, value)}, forms, []) for value in values), budget)
    place = {cell: number for number, cell in enumerate(bounds)}
    normal = tuple(
        (tuple((place[cell], factor) for cell, factor in one.form), tuple(sorted(one.allowed))) for one in forms
    )
    counted = KEPT.layers(tuple(bounds.values()), normal, budget.limit)
    budget.spend(counted.steps)
    return Leaf(tuple(bounds), counted)


def _sum(cases: Iterable[tuple[Bounds, Forms, list[Choice]]], budget: Budget) -> Node:
    """Return the tables of cases that exclude one another."""
    found = []
    for bounds, forms, choices in cases:
        budget.spend(_CASE)
        case = solve(bounds, forms, choices, budget)
        if case.total:
            found.append(case)
    return Sum(tuple(found))


def _falls_apart(bounds: Bounds, forms: Forms, hub: str) -> bool:
    others = [[cell for cell, _ in one.form if cell != hub] for one in forms]
    return len(_grouped([cell for cell in bounds if cell != hub], [tie for tie in others if tie])) > 1


class _Kept:
    """Parts that were counted, for the next time; the longest unused go when all together take too much room."""

    def __init__(self) -> None:
        self._parts: OrderedDict[tuple[Domains, Normal], Layers] = OrderedDict()
        self._steps = 0

    def layers(self, domains: Domains, forms: Normal, limit: int) -> Layers:
        """Return the layers of a part, counted if they are not kept."""
        key = (domains, forms)
        if key not in self._parts:
            self._parts[key] = Layers(domains, forms, limit)
            self._steps += self._parts[key].steps
        self._parts.move_to_end(key)
        while self._steps > _ROOM and len(self._parts) > 1:
            self._steps -= self._parts.popitem(last=False)[1].steps
        return self._parts[key]

    def forget(self) -> None:
        """Keep nothing."""
        self._parts.clear()
        self._steps = 0


KEPT = _Kept()


def components(
    cells: list[str], forms: Forms, choices: list[Choice]
) -> Iterator[tuple[list[str], Forms, list[Choice]]]:
    """Return the cells that hang together, each group with its forms and choices; the order is that of the cells."""
    spoken = [[cell for cell, _ in one.form] for one in forms]
    chosen = [[cell for alternative in choice for one in alternative for cell, _ in one.form] for choice in choices]
    groups = _grouped(cells, spoken + chosen)
    first = {cell: group[0] for group in groups for cell in group}
    own: dict[str, tuple[Forms, list[Choice]]] = {group[0]: ([], []) for group in groups}
    for one, named in zip(forms, spoken, strict=True):
        own[first[named[0]]][0].append(one)
    for choice, named in zip(choices, chosen, strict=True):
        own[first[named[0]]][1].append(choice)
    for group in groups:
        yield group, *own[group[0]]


def _grouped(cells: list[str], ties: list[list[str]]) -> list[list[str]]:
    """Group cells that are tied together, directly or by others."""
    root = {cell: cell for cell in cells}

    def find(cell: str) -> str:
        while root[cell] != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for tie in ties:
        for other in tie[1:]:
            root[find(other)] = find(tie[0])
    groups: dict[str, list[str]] = {}
    for cell in cells:
        groups.setdefault(find(cell), []).append(cell)
    return list(groups.values())


def uniform(source: np.random.PCG64, total: int, k: int) -> npt.NDArray[np.generic]:
    """Return `k` whole numbers from 0 to `total` - 1, each as likely as any other, from the raw bits."""
    words = max(1, -(-total.bit_length() // 64))
    mask = (1 << total.bit_length()) - 1
    found: list[int] = []
    while len(found) < k:
        raw = source.random_raw((k - len(found)) * words).reshape(-1, words).tolist()
        numbers = (sum(word << (64 * place) for place, word in enumerate(row)) & mask for row in raw)
        found += [number for number in numbers if number < total]
    return np.array(found, dtype=np.int64 if total < 2**62 else object)
