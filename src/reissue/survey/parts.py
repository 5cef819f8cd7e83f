"""Divide a system of counts into parts that can be counted.

Bounds are propagated. Parts that share no cell are counted independently. Alternatives, and the values of cells that
many forms share, become cases. The cells that remain connected are counted layer by layer; equal parts are counted
once.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator

from reissue.survey.layers import Layers, TooLargeError
from reissue.survey.nodes import NOTHING, Leaf, Node, Product, Sum
from reissue.survey.orders import Domains
from reissue.survey.orders import Forms as Normal
from reissue.survey.propagation import Bounds, Choice, Exclusion, Forms, propagate

#: Connected cells, with their forms and choices.
Component = tuple[list[str], Forms, list[Choice]]
#: A cell in more forms than this becomes a case per value, if the rest then falls into parts.
HUB = 3
#: The cost of one more case, in steps.
_CASE_STEPS = 1_000
#: The steps of all cached parts: about 300 MB.
_CACHED_STEPS = 20_000_000


class Budget:
    """The steps that layers and cases of one system may still take, all together."""

    def __init__(self, limit: int) -> None:
        self.limit = self._left = limit

    def spend(self, steps: int) -> None:
        """Take steps from those that are left; raise TooLargeError if they do not suffice."""
        self._left -= steps
        if self._left < 0:
            raise TooLargeError(f"over {self.limit:,} steps")


def solve(bounds: Bounds, forms: Forms, choices: list[Choice], limit: int | Budget) -> Node:
    """Return all tables within the bounds that satisfy the forms and one alternative of each choice."""
    budget = limit if isinstance(limit, Budget) else Budget(limit)
    narrowed = propagate(bounds, forms, choices)
    if narrowed is None:
        return NOTHING
    bounds, forms, choices = narrowed
    fixed = {cell: lower for cell, (lower, upper) in bounds.items() if lower == upper}
    parts = []
    for cells, own, alternatives in find_components([cell for cell in bounds if cell not in fixed], forms, choices):
        inner = {cell: bounds[cell] for cell in cells}
        if alternatives:
            cases = _separate_alternatives(alternatives[0])
            part = _add_cases(((inner, [*own, *case], alternatives[1:]) for case in cases), budget)
        else:
            part = _solve_component(inner, own, budget)
        if not part.total:
            return NOTHING
        parts.append(part)
    return Product(fixed, tuple(parts))


def _separate_alternatives(choice: Choice) -> Iterator[Forms]:
    """Yield lists of requirements, of which exactly one holds where any alternative does."""
    refused: list[Forms] = [[]]
    for alternative in choice:
        for earlier in refused:
            yield [*earlier, *alternative]
        refused = [
            [*earlier, *alternative[:place], Exclusion(alternative[place].form, alternative[place].allowed)]
            for earlier in refused
            for place in range(len(alternative))
        ]


def _solve_component(bounds: Bounds, forms: Forms, budget: Budget) -> Node:
    """Count connected cells: by the values of a cell that separates them, else layer by layer."""
    degree = Counter(cell for one in forms for cell, _ in one.form)
    hub, uses = max(degree.items(), key=lambda item: item[1], default=("", 0))
    if uses > HUB and _is_separated_by(hub, bounds, forms):
        values = range(bounds[hub][0], bounds[hub][1] + 1)
        return _add_cases((({**bounds, hub: (value, value)}, forms, []) for value in values), budget)
    place = {cell: number for number, cell in enumerate(bounds)}
    normal = tuple(
        (tuple((place[cell], factor) for cell, factor in one.form), tuple(sorted(one.allowed))) for one in forms
    )
    counted = LAYERS_CACHE.find(tuple(bounds.values()), normal, budget.limit)
    budget.spend(counted.steps)
    return Leaf(tuple(bounds), counted)


def _add_cases(cases: Iterable[tuple[Bounds, Forms, list[Choice]]], budget: Budget) -> Node:
    """Return the tables of cases that exclude one another."""
    found = []
    for bounds, forms, choices in cases:
        budget.spend(_CASE_STEPS)
        case = solve(bounds, forms, choices, budget)
        if case.total:
            found.append(case)
    return Sum(tuple(found))


def _is_separated_by(hub: str, bounds: Bounds, forms: Forms) -> bool:
    ties = [[cell for cell, _ in one.form if cell != hub] for one in forms]
    roots = _find_roots([cell for cell in bounds if cell != hub], [tie for tie in ties if tie])
    return len(set(roots.values())) > 1


class _LayersCache:
    """Caches counted parts, and drops those unused for longest once all together have too many steps."""

    def __init__(self) -> None:
        self._parts: OrderedDict[tuple[Domains, Normal], Layers] = OrderedDict()
        self._steps = 0

    def find(self, domains: Domains, forms: Normal, limit: int) -> Layers:
        """Return the layers of a part, from the cache if they are there."""
        key = (domains, forms)
        if key not in self._parts:
            self._parts[key] = Layers(domains, forms, limit)
            self._steps += self._parts[key].steps
        self._parts.move_to_end(key)
        while self._steps > _CACHED_STEPS and len(self._parts) > 1:
            self._steps -= self._parts.popitem(last=False)[1].steps
        return self._parts[key]

    def clear(self) -> None:
        """Empty the cache."""
        self._parts.clear()
        self._steps = 0


LAYERS_CACHE = _LayersCache()


def find_components(cells: list[str], forms: Forms, choices: list[Choice]) -> list[Component]:
    """Return each group of connected cells with its forms and choices, in the order of the cells."""
    ties = [[cell for cell, _ in one.form] for one in forms]
    ties += [[cell for alternative in choice for one in alternative for cell, _ in one.form] for choice in choices]
    root = _find_roots(cells, ties)
    found: dict[str, Component] = {}
    for cell in cells:
        found.setdefault(root[cell], ([], [], []))[0].append(cell)
    for one in forms:
        found[root[one.form[0][0]]][1].append(one)
    for choice in choices:
        found[root[choice[0][0].form[0][0]]][2].append(choice)
    return list(found.values())


def _find_roots(cells: list[str], ties: list[list[str]]) -> dict[str, str]:
    """Return for each cell one cell of its group: cells that are tied together, directly or by others."""
    root = {cell: cell for cell in cells}

    def find(cell: str) -> str:
        while root[cell] != cell:
            root[cell] = root[root[cell]]
            cell = root[cell]
        return cell

    for tie in ties:
        for other in tie[1:]:
            root[find(other)] = find(tie[0])
    return {cell: find(cell) for cell in cells}
