"""What a system of counts allows, exactly: feasible values, numbers of tables, uniform draws, minimal conflicts.

All functions except `feasible` and `outer_bounds` raise `TooLargeError` if one part of the system would take more
than `limit` steps, and `ValueError` if a form has an unknown cell.
"""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np

from reissue.survey.layers import LIMIT, Ints, TooLargeError
from reissue.survey.nodes import Marginals, Node, convolve
from reissue.survey.parts import find_components, solve
from reissue.survey.propagation import Bounds, Choice, Forms, propagate
from reissue.survey.system import Form, FormLike, System

#: The steps that may be taken to see whether a conflict needs a statement.
_CONFLICT_LIMIT = 1_000_000


class InexactWarning(UserWarning):
    """The feasible sets are outer bounds: they contain every possible count, but may contain impossible ones."""


def feasible(system: System, *, limit: int = LIMIT) -> dict[str, list[int]]:
    """Return for each cell and total every value that some table of counts gives it, in order.

    All lists are empty if the statements cannot hold together: see `conflicts`.

    Warns
    -----
    InexactWarning
        If the system is too large for the exact method. The result is then the range between the propagated bounds,
        which contains every possible value and may contain impossible ones.
    """
    try:
        return {name: sorted(counts) for name, counts in count_tables_by_value(system, limit=limit).items()}
    except TooLargeError as error:
        warnings.warn(f"too large for the exact method ({error}): these are outer bounds", InexactWarning, stacklevel=2)
    return {name: list(span) for name, span in outer_bounds(system).items()}


def outer_bounds(system: System) -> dict[str, range]:
    """Return for each cell and total a range that contains every possible value, and may contain impossible ones.

    This is quick for a system of any size. Ranges are empty where the bounds alone show a contradiction.
    """
    left = propagate(*_normalise(system))
    if left is None:
        return {name: range(0) for name in _list_forms(system)}
    spans = {name: _bound_form(form, left[0], left[1]) for name, form in _list_forms(system).items()}
    return {name: range(lower, upper + 1) for name, (lower, upper) in spans.items()}


def count_tables_by_value(system: System, *, limit: int = LIMIT) -> Marginals:
    """Return for each cell and total the number of count tables that give it each value.

    It counts the tables of the part of the system that is connected with the cell: other parts would multiply all
    these numbers alike.
    """
    left, forms = _Parts(system, limit), _list_forms(system)
    return {name: left.count_by_value(form) if left.is_satisfiable else {} for name, form in forms.items()}


def feasible_values(system: System, form: FormLike, *, limit: int = LIMIT) -> list[int]:
    """Return every value that a linear form over cells and totals can have, in order."""
    left = _Parts(system, limit)
    return sorted(left.count_by_value(system.expanded(form))) if left.is_satisfiable else []


def is_fixed(system: System, form: FormLike, *, limit: int = LIMIT) -> bool:
    """Return whether a form has the same value in all tables of a system that is known to have one.

    Only the parts of the system that share cells with the form are counted.
    """
    left = _Parts(system, limit)
    asked = system.expanded(form)
    return left.implies(asked) or len(left.count_by_value(asked)) == 1


def count_tables(system: System, *, limit: int = LIMIT) -> int:
    """Return how many tables of counts satisfy every statement."""
    return solve(*_normalise(system), limit).total


def draw(system: System, k: int, seed: int, *, limit: int = LIMIT) -> dict[str, Ints]:
    """Return `k` tables of counts, drawn uniformly and independently: by cell and total, one number per table.

    The same seed gives the same tables on every machine.

    Raises
    ------
    ValueError
        If no table satisfies the statements, or `k` is negative.
    """
    if k < 0:
        raise ValueError(f"the number of tables is at least 0, not {k}")
    solved = solve(*_normalise(system), limit)
    if not solved.total:
        raise ValueError("no table satisfies the statements: see conflicts()")
    values = solved.draw(k, np.random.PCG64(seed))
    zero = np.zeros(k, dtype=np.int64)
    return {name: sum((factor * values[c] for c, factor in form), zero) for name, form in _list_forms(system).items()}


def conflicts(system: System, *, limit: int = LIMIT) -> list[list[str]]:
    """Return minimal sets of labels that cannot hold together, no two of which share a statement.

    A set is minimal: without any one of its statements, the others hold together or are too large to count. If the
    statements without a label conflict by themselves, the only set is empty.
    """
    found: list[list[str]] = []
    while True:
        rest = system.without(*(label for labels in found for label in labels))
        # Once a conflict is found, the remaining statements may be too few to count: then they are taken to hold.
        if _may_be_satisfiable(rest, limit) if found else count_tables(rest, limit=limit):
            return found
        labels = rest.labels()
        for label in reversed(rest.labels()):
            fewer = [one for one in labels if one != label]
            if not _may_be_satisfiable(rest.only(fewer), min(limit, _CONFLICT_LIMIT)):
                labels = fewer
        found.append(labels)
        if not labels:
            return found


def _may_be_satisfiable(system: System, limit: int) -> bool:
    try:
        return count_tables(system, limit=limit) > 0
    except TooLargeError:
        return True


def _normalise(system: System) -> tuple[Bounds, Forms, list[Choice]]:
    plain = [one.alternatives[0] for one in system.statements if len(one.alternatives) == 1]
    choices = [one.alternatives for one in system.statements if len(one.alternatives) != 1]
    return {cell: (0, upper) for cell, upper in system.cells.items()}, [r for parts in plain for r in parts], choices


def _list_forms(system: System) -> dict[str, Form]:
    return {**{cell: ((cell, 1),) for cell in system.cells}, **system.totals}


def _bound_form(form: Form, bounds: Bounds, forms: Forms) -> tuple[int, int]:
    """Return bounds of a form, from its cells and from any statement about exactly this form."""
    ends = [sorted(factor * end for end in bounds[cell]) for cell, factor in form]
    lower, upper = sum(low for low, _ in ends), sum(high for _, high in ends)
    free = {pair for pair in form if bounds[pair[0]][0] != bounds[pair[0]][1]}
    known = sum(factor * bounds[cell][0] for cell, factor in form if (cell, factor) not in free)
    for one in forms:
        if set(one.form) == free and free:
            lower, upper = max(lower, known + min(one.allowed)), min(upper, known + max(one.allowed))
    return lower, upper


class _Parts:
    """The independent parts of a system after propagation; each is counted only when a question concerns it."""

    def __init__(self, system: System, limit: int) -> None:
        self.limit = limit
        left = propagate(*_normalise(system))
        self._is_contradictory = left is None
        self.bounds, forms, choices = left or ({}, [], [])
        free = [cell for cell, (lower, upper) in self.bounds.items() if lower != upper]
        self.parts = find_components(free, forms, choices)
        self.part_of = {cell: number for number, (cells, _, _) in enumerate(self.parts) for cell in cells}
        self._nodes: dict[int, Node] = {}
        self._marginals: dict[int, Marginals] = {}

    @property
    def is_satisfiable(self) -> bool:
        """Whether some table satisfies all statements."""
        return not self._is_contradictory and all(self._solve(number).total for number in range(len(self.parts)))

    def count_by_value(self, form: Form) -> dict[int, int]:
        """Return by value of the form the number of tables of the parts that share cells with it."""
        if self._is_contradictory:
            return {}
        found = {sum(factor * self.bounds[cell][0] for cell, factor in form if cell not in self.part_of): 1}
        for number in sorted({self.part_of[cell] for cell, _ in form if cell in self.part_of}):
            own = tuple((cell, factor) for cell, factor in form if self.part_of.get(cell) == number)
            found = convolve(found, self._count_in_part(number, own))
        return found

    def implies(self, form: Form) -> bool:
        """Return whether a form is a combination of forms that have one value each, apart from fixed cells."""
        known = [one.form for _, forms, _ in self.parts for one in forms if len(one.allowed) == 1]
        return _is_combination(tuple(pair for pair in form if pair[0] in self.part_of), known)

    def _solve(self, number: int) -> Node:
        if number not in self._nodes:
            cells, forms, choices = self.parts[number]
            self._nodes[number] = solve({cell: self.bounds[cell] for cell in cells}, forms, choices, self.limit)
        return self._nodes[number]

    def _count_in_part(self, number: int, form: Form) -> dict[int, int]:
        (cell, factor), *others = form
        if factor != 1 or others:
            return self._solve(number).count_by_value(form, self.limit)
        # One walk gives all single cells.
        if number not in self._marginals:
            self._marginals[number] = self._solve(number).marginals()
        return self._marginals[number][cell]


def _is_combination(form: Form, known: list[Form]) -> bool:
    """Return whether a form is a sum of multiples of known ones, by elimination."""
    pivots: list[tuple[str, dict[str, Fraction]]] = []

    def reduce(one: Form) -> dict[str, Fraction]:
        left = {cell: Fraction(factor) for cell, factor in one}
        for pivot, row in pivots:
            times = left.get(pivot, Fraction(0))
            for cell, factor in row.items() if times else ():
                left[cell] = left.get(cell, Fraction(0)) - times * factor
        return {cell: factor for cell, factor in left.items() if factor}

    for one in known:
        left = reduce(one)
        if left:
            pivot = min(left)
            pivots.append((pivot, {cell: factor / left[pivot] for cell, factor in left.items()}))
    return not reduce(form)
