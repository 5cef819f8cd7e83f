"""What a system of counts allows, exactly: feasible values, numbers of tables, uniform draws, minimal conflicts."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np

from reissue.survey.layers import LIMIT, Ints, TooLargeError
from reissue.survey.nodes import Marginals, Node, convolve
from reissue.survey.parts import find_components, solve
from reissue.survey.propagation import Bounds, Choice, Forms, propagate
from reissue.survey.system import Form, FormLike, System

#: How many steps are taken to see whether a conflict needs a statement.
_SUBSET = 1_000_000


class InexactWarning(UserWarning):
    """The feasible sets are outer bounds: every possible count is in them, but some in them may be impossible."""


def feasible(system: System, *, limit: int = LIMIT) -> dict[str, list[int]]:
    """Return for each cell and total every value that some table of counts gives it, in order; gaps are gaps.

    Parameters
    ----------
    system
        Cells, totals and statements.
    limit
        How many steps the exact method may take for one part of the system.

    Returns
    -------
    dict
        By cell, in the order in which cells were added, then by total. All lists are empty where the
        statements cannot hold together: see `conflicts`.

    Warns
    -----
    InexactWarning
        If the system is too large for the exact method: then bounds are propagated only, which
        keeps every possible value but may keep impossible ones.
    """
    try:
        return {name: sorted(counts) for name, counts in count_tables_by_value(system, limit=limit).items()}
    except TooLargeError as error:
        warnings.warn(f"too large for the exact method ({error}): these are outer bounds", InexactWarning, stacklevel=2)
    return {name: list(span) for name, span in outer_bounds(system).items()}


def outer_bounds(system: System) -> dict[str, range]:
    """Return for each cell and total bounds that every table keeps to; they may hold impossible values.

    At once, however large the system is; empty ranges where the bounds alone show that nothing satisfies it.
    """
    left = propagate(*_normalise(system))
    if left is None:
        return {name: range(0) for name in _list_forms(system)}
    spans = {name: _bound_form(form, left[0], left[1]) for name, form in _list_forms(system).items()}
    return {name: range(lower, upper + 1) for name, (lower, upper) in spans.items()}


def count_tables_by_value(system: System, *, limit: int = LIMIT) -> Marginals:
    """Return for each cell and total the number of count tables that give it each value.

    Tables are those of the part of the system that hangs together with the cell: what the rest allows only
    multiplies them.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    """
    left = _Parts(system, limit)
    return {name: left.values(form) if left.is_satisfiable else {} for name, form in _list_forms(system).items()}


def feasible_values(system: System, form: FormLike, *, limit: int = LIMIT) -> list[int]:
    """Return every value that a linear form over cells and totals can have, in order.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    ValueError
        If a cell is unknown.
    """
    left = _Parts(system, limit)
    return sorted(left.values(system.expanded(form))) if left.is_satisfiable else []


def is_fixed(system: System, form: FormLike, *, limit: int = LIMIT) -> bool:
    """Return whether a form has the same value in all tables of a system that is known to have one.

    Parts of the system that the form does not speak of are not looked at.

    Raises
    ------
    TooLargeError
        If the part that it speaks of is too large for the exact method.
    ValueError
        If a cell is unknown.
    """
    left = _Parts(system, limit)
    asked = system.expanded(form)
    return left.implies(asked) or len(left.values(asked)) == 1


def count_tables(system: System, *, limit: int = LIMIT) -> int:
    """Return how many tables of counts satisfy every statement.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    """
    return solve(*_normalise(system), limit).total


def draw(system: System, k: int, seed: int, *, limit: int = LIMIT) -> dict[str, Ints]:
    """Return `k` tables of counts, each as likely as any other: by cell and total, one number per table.

    Parameters
    ----------
    system
        Cells, totals and statements.
    k
        How many tables, drawn independently.
    seed
        The same seed gives the same tables on every machine.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
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

    Each set is minimal: without any one of its statements the others of it hold together, or say too little
    to be counted. If what is taken for granted conflicts by itself, the only set is empty.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    """
    found: list[list[str]] = []
    while True:
        rest = system.without(*(label for labels in found for label in labels))
        # Once one is found, what is left may say too little to be counted: then it is taken to hold.
        if _may_be_satisfiable(rest, limit) if found else _is_satisfiable(rest, limit):
            return found
        labels = rest.labels()
        for label in reversed(rest.labels()):
            fewer = [one for one in labels if one != label]
            if not _may_be_satisfiable(rest.only(fewer), min(limit, _SUBSET)):
                labels = fewer
        found.append(labels)
        if not labels:
            return found


def _is_satisfiable(system: System, limit: int) -> bool:
    return solve(*_normalise(system), limit).total > 0


def _may_be_satisfiable(system: System, limit: int) -> bool:
    try:
        return _is_satisfiable(system, limit)
    except TooLargeError:
        return True


def _normalise(system: System) -> tuple[Bounds, Forms, list[Choice]]:
    plain = [one.alternatives[0] for one in system.statements if len(one.alternatives) == 1]
    choices = [one.alternatives for one in system.statements if len(one.alternatives) != 1]
    return {cell: (0, upper) for cell, upper in system.cells.items()}, [r for parts in plain for r in parts], choices


def _list_forms(system: System) -> dict[str, Form]:
    return {**{cell: ((cell, 1),) for cell in system.cells}, **system.totals}


def _bound_form(form: Form, bounds: Bounds, forms: Forms) -> tuple[int, int]:
    """Return bounds of a form: those of its cells, and of a statement about just this form."""
    lower, upper = _form_range(form, bounds)
    free = {pair for pair in form if bounds[pair[0]][0] != bounds[pair[0]][1]}
    known = sum(factor * bounds[cell][0] for cell, factor in form if (cell, factor) not in free)
    for one in forms:
        if set(one.form) == free and free:
            lower, upper = max(lower, known + min(one.allowed)), min(upper, known + max(one.allowed))
    return lower, upper


def _form_range(form: Form, bounds: Bounds) -> tuple[int, int]:
    ends = [sorted(factor * end for end in bounds[cell]) for cell, factor in form]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


class _Parts:
    """A system once bounds are propagated, in its parts: questions about one part are asked of it alone."""

    def __init__(self, system: System, limit: int) -> None:
        self.limit = limit
        left = propagate(*_normalise(system))
        self._contradictory = left is None
        self.bounds, forms, choices = left or ({}, [], [])
        free = [cell for cell, (lower, upper) in self.bounds.items() if lower != upper]
        self.parts = list(find_components(free, forms, choices))
        self.part_of = {cell: number for number, (cells, _, _) in enumerate(self.parts) for cell in cells}
        self._nodes: dict[int, Node] = {}
        self._counted: dict[int, Marginals] = {}

    @property
    def is_satisfiable(self) -> bool:
        """Return whether some table satisfies all statements."""
        return not self._contradictory and all(self._node(number).total for number in range(len(self.parts)))

    def values(self, form: Form) -> dict[int, int]:
        """Return by value of the form the number of tables of the parts that it speaks of."""
        if self._contradictory:
            return {}
        known = sum(factor * self.bounds[cell][0] for cell, factor in form if cell not in self.part_of)
        free = tuple((cell, factor) for cell, factor in form if cell in self.part_of)
        if not free:
            return {known: 1}
        found = {known: 1}
        for number in sorted({self.part_of[cell] for cell, _ in free}):
            own = tuple((cell, factor) for cell, factor in free if self.part_of[cell] == number)
            found = convolve(found, self._sums(number, own))
        return found

    def implies(self, form: Form) -> bool:
        """Return whether a form is a combination of forms that have one value each, apart from fixed cells."""
        known = [one.form for _, forms, _ in self.parts for one in forms if len(one.allowed) == 1]
        return _is_combination(tuple(pair for pair in form if pair[0] in self.part_of), known)

    def _node(self, number: int) -> Node:
        if number not in self._nodes:
            cells, forms, choices = self.parts[number]
            self._nodes[number] = solve({cell: self.bounds[cell] for cell in cells}, forms, choices, self.limit)
        return self._nodes[number]

    def _sums(self, number: int, form: Form) -> dict[int, int]:
        (cell, factor), *others = form
        if factor == 1 and not others:
            return self._marginals(number)[cell]
        # One walk gives all single cells; a sum is followed through the layers by itself.
        return self._node(number).count_by_value(form, self.limit)

    def _marginals(self, number: int) -> Marginals:
        if number not in self._counted:
            self._counted[number] = self._node(number).marginals()
        return self._counted[number]


def _is_combination(form: Form, known: list[Form]) -> bool:
    """Return whether a form is a sum of multiples of known ones: elimination leaves nothing of it."""
    pivots: list[tuple[str, dict[str, Fraction]]] = []

    def left_of(one: Form) -> dict[str, Fraction]:
        left = {cell: Fraction(factor) for cell, factor in one}
        for pivot, row in pivots:
            times = left.get(pivot, Fraction(0))
            for cell, factor in row.items() if times else ():
                left[cell] = left.get(cell, Fraction(0)) - times * factor
        return {cell: factor for cell, factor in left.items() if factor}

    for one in known:
        left = left_of(one)
        if left:
            pivot = min(left)
            pivots.append((pivot, {cell: factor / left[pivot] for cell, factor in left.items()}))
    return not left_of(form)
