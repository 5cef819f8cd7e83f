"""What a system of counts allows, exactly: feasible values, numbers of tables, uniform draws, minimal conflicts."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np

from reissue.survey.layers import LIMIT, Ints, TooLargeError
from reissue.survey.nodes import Marginals, Node, convolved
from reissue.survey.parts import components, solve
from reissue.survey.propagation import Bounds, Choice, Forms, settled
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
        return {name: sorted(counts) for name, counts in tables(system, limit=limit).items()}
    except TooLargeError as error:
        warnings.warn(f"too large for the exact method ({error}): these are outer bounds", InexactWarning, stacklevel=2)
    return {name: list(span) for name, span in outer(system).items()}


def outer(system: System) -> dict[str, range]:
    """Return for each cell and total bounds that every table keeps to; they may hold impossible values.

    At once, however large the system is; empty ranges where the bounds alone show that nothing satisfies it.
    """
    left = settled(*_normal(system))
    if left is None:
        return {name: range(0) for name in _all(system)}
    spans = {name: _bounded(form, left[0], left[1]) for name, form in _all(system).items()}
    return {name: range(least, most + 1) for name, (least, most) in spans.items()}


def tables(system: System, *, limit: int = LIMIT) -> Marginals:
    """Return for each cell and total the number of count tables that give it each value.

    Tables are those of the part of the system that hangs together with the cell: what the rest allows only
    multiplies them.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    """
    left = _Settled(system, limit)
    return {name: left.values(form) if left.holds else {} for name, form in _all(system).items()}


def possible(system: System, form: FormLike, *, limit: int = LIMIT) -> list[int]:
    """Return every value that a linear form over cells and totals can have, in order.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    ValueError
        If a cell is unknown.
    """
    left = _Settled(system, limit)
    return sorted(left.values(system.expanded(form))) if left.holds else []


def is_fixed(system: System, form: FormLike, *, limit: int = LIMIT) -> bool:
    """Whether a form has the same value in all tables of a system that is known to have one.

    Parts of the system that the form does not speak of are not looked at.

    Raises
    ------
    TooLargeError
        If the part that it speaks of is too large for the exact method.
    ValueError
        If a cell is unknown.
    """
    left = _Settled(system, limit)
    asked = system.expanded(form)
    return left.follows(asked) or len(left.values(asked)) == 1


def count_tables(system: System, *, limit: int = LIMIT) -> int:
    """Return how many tables of counts satisfy every statement.

    Raises
    ------
    TooLargeError
        If the system is too large for the exact method.
    """
    return solve(*_normal(system), limit).total


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
    solved = solve(*_normal(system), limit)
    if not solved.total:
        raise ValueError("no table satisfies the statements: see conflicts()")
    drawn = solved.draws(k, np.random.PCG64(seed))
    zero = np.zeros(k, dtype=np.int64)
    return {name: sum((factor * drawn[c] for c, factor in form), zero) for name, form in _all(system).items()}


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
        if _may_hold(rest, limit) if found else _holds(rest, limit):
            return found
        labels = rest.labels()
        for label in reversed(rest.labels()):
            fewer = [one for one in labels if one != label]
            if not _may_hold(rest.only(fewer), min(limit, _SUBSET)):
                labels = fewer
        found.append(labels)
        if not labels:
            return found


def _holds(system: System, limit: int) -> bool:
    return solve(*_normal(system), limit).total > 0


def _may_hold(system: System, limit: int) -> bool:
    try:
        return _holds(system, limit)
    except TooLargeError:
        return True


def _normal(system: System) -> tuple[Bounds, Forms, list[Choice]]:
    plain = [one.alternatives[0] for one in system.statements if len(one.alternatives) == 1]
    choices = [one.alternatives for one in system.statements if len(one.alternatives) != 1]
    return {cell: (0, most) for cell, most in system.cells.items()}, [r for parts in plain for r in parts], choices


def _all(system: System) -> dict[str, Form]:
    return {**{cell: ((cell, 1),) for cell in system.cells}, **system.totals}


def _bounded(form: Form, bounds: Bounds, forms: Forms) -> tuple[int, int]:
    """Return bounds of a form: those of its cells, and of a statement about just this form."""
    least, most = _span(form, bounds)
    free = {pair for pair in form if bounds[pair[0]][0] != bounds[pair[0]][1]}
    known = sum(factor * bounds[cell][0] for cell, factor in form if (cell, factor) not in free)
    for one in forms:
        if set(one.form) == free and free:
            least, most = max(least, known + min(one.allowed)), min(most, known + max(one.allowed))
    return least, most


def _span(form: Form, bounds: Bounds) -> tuple[int, int]:
    ends = [sorted(factor * end for end in bounds[cell]) for cell, factor in form]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


class _Settled:
    """A system once bounds are propagated, in its parts: questions about one part are asked of it alone."""

    def __init__(self, system: System, limit: int) -> None:
        self.limit = limit
        left = settled(*_normal(system))
        self._contradictory = left is None
        self.bounds, forms, choices = left or ({}, [], [])
        free = [cell for cell, (least, most) in self.bounds.items() if least != most]
        self.parts = list(components(free, forms, choices))
        self.part_of = {cell: number for number, (cells, _, _) in enumerate(self.parts) for cell in cells}
        self._nodes: dict[int, Node] = {}
        self._counted: dict[int, Marginals] = {}

    @property
    def holds(self) -> bool:
        """Whether some table satisfies all statements."""
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
            found = convolved(found, self._sums(number, own))
        return found

    def follows(self, form: Form) -> bool:
        """Whether the form is a combination of forms that have one value each, apart from cells that are fixed."""
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
        return self._node(number).sums(form, self.limit)

    def _marginals(self, number: int) -> Marginals:
        if number not in self._counted:
            self._counted[number] = self._node(number).marginals()
        return self._counted[number]


def _is_combination(form: Form, known: list[Form]) -> bool:
    """Whether a form is a sum of multiples of known ones: elimination leaves nothing of it."""
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
