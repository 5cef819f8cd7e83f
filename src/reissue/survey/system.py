"""A system of counts: cells, and statements about sums of them.

A cell is an unknown whole number from 0 to its maximum. A statement says that a linear form over cells is
one of a set of whole numbers, or that one of several such things holds. What a whole report says of a survey
is one system; `reissue.survey.counting` works out what it allows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import index

Form = tuple[tuple[str, int], ...]
FormLike = Mapping[str, int]
Alternative = tuple[FormLike, Collection[int]]


@dataclass(frozen=True)
class Requirement:
    """The linear form is one of the allowed whole numbers."""

    form: Form
    allowed: frozenset[int]


@dataclass(frozen=True)
class Statement:
    """One of the alternatives holds: each is a list of requirements that hold together."""

    label: str
    alternatives: tuple[tuple[Requirement, ...], ...]

    def cells(self) -> set[str]:
        """Return the cells that it speaks of."""
        return {cell for parts in self.alternatives for part in parts for cell, _ in part.form}


@dataclass
class System:
    """Cells and statements about them; every method returns the system itself, so that calls can be chained.

    Examples
    --------
    >>> from reissue.survey import System, feasible
    >>> system = System().cell("yes", 32).cell("no", 32).require({"yes": 1, "no": 1}, {32}).require({"yes": 1}, {7, 9})
    >>> feasible(system)["no"]
    [23, 25]
    """

    cells: dict[str, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    #: Named sums of cells; statements may use them like cells.
    totals: dict[str, Form] = field(default_factory=dict)

    def cell(self, name: str, max: int) -> System:
        """Add a cell: a whole number from 0 to `max`.

        Raises
        ------
        ValueError
            If there is one of that name, or the maximum is negative.
        TypeError
            If the maximum is no whole number.
        """
        if name in self.cells or name in self.totals:
            raise ValueError(f"there is a cell {name!r} already")
        if max < 0:
            raise ValueError(f"cell {name!r}: its maximum is at least 0, not {max}")
        self.cells[name] = index(max)
        return self

    def require(self, form: FormLike, allowed: Collection[int], label: str = "") -> System:
        """State that a linear form is one of the allowed numbers.

        Parameters
        ----------
        form
            Whole coefficient by cell: ``{"very": 1, "broadly": 1}``.
        allowed
            Whole numbers; a `range` will do. None at all makes the system contradictory.
        label
            Name by which `conflicts` and `without` know the statement. What has no label is taken for granted.

        Raises
        ------
        ValueError
            If a cell is unknown.
        TypeError
            If a coefficient or an allowed number is no whole number.
        """
        return self.any_of((form, allowed), label=label)

    def any_of(self, *alternatives: Alternative | Iterable[Alternative], label: str = "") -> System:
        """State that at least one alternative holds: a pair of form and allowed numbers, or several pairs at once.

        Raises
        ------
        ValueError
            If a cell is unknown.
        """
        parts = tuple(tuple(self._requirement(*pair) for pair in _pairs(one)) for one in alternatives)
        self.statements.append(Statement(label, parts))
        return self

    def total(self, name: str, form: FormLike) -> System:
        """Name a sum of cells: it is worked out with them, and statements may speak of it.

        Raises
        ------
        ValueError
            If there is a cell or total of that name, or a cell is unknown.
        """
        if name in self.cells or name in self.totals:
            raise ValueError(f"there is a cell {name!r} already")
        self.totals[name] = self.expanded(form)
        return self

    def expanded(self, form: FormLike) -> Form:
        """Return a form over cells alone: totals are replaced by what they are sums of.

        Raises
        ------
        ValueError
            If it names neither a cell nor a total.
        """
        sums: dict[str, int] = {}
        for name, factor in form.items():
            if name not in self.cells and name not in self.totals:
                raise ValueError(f"there is no cell {name!r}")
            for cell, times in self.totals.get(name, ((name, 1),)):
                sums[cell] = sums.get(cell, 0) + index(factor) * times
        return tuple((cell, factor) for cell, factor in sums.items() if factor)

    def without(self, *labels: str) -> System:
        """Return a copy in which the statements of these labels are not made."""
        return self._with([one for one in self.statements if not one.label or one.label not in labels])

    def only(self, labels: Collection[str]) -> System:
        """Return a copy with the statements of these labels and what is taken for granted."""
        return self._with([one for one in self.statements if not one.label or one.label in labels])

    def labels(self) -> list[str]:
        """Return the labels in the order of their first statement."""
        return list(dict.fromkeys(one.label for one in self.statements if one.label))

    def _with(self, statements: list[Statement]) -> System:
        return System(dict(self.cells), statements, dict(self.totals))

    def _requirement(self, form: FormLike, allowed: Collection[int]) -> Requirement:
        return Requirement(self.expanded(form), frozenset(map(index, allowed)))


def _pairs(alternative: Alternative | Iterable[Alternative]) -> list[Alternative]:
    """Return an alternative's pairs: it may be one, or a list of them."""
    if isinstance(alternative, tuple) and len(alternative) == 2 and isinstance(alternative[0], Mapping):
        return [alternative]
    return list(alternative)
