"""A system of counts: cells, and statements about sums of them.

A cell is an unknown whole number from 0 to its maximum. A statement requires that a linear form over cells is one of
a set of whole numbers, or that one of several such requirements holds. `reissue.survey.counting` works out what all
statements of a report allow together.
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


@dataclass
class System:
    """Cells and statements about them; every method that adds something returns the system, for chaining.

    Methods raise ValueError for an unknown cell or a name that is used already, and TypeError for a number that is not
    whole.

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
        """Add a cell: a whole number from 0 to `max`, which is at least 0."""
        self._refuse_known(name)
        if max < 0:
            raise ValueError(f"cell {name!r}: its maximum is at least 0, not {max}")
        self.cells[name] = index(max)
        return self

    def require(self, form: FormLike, allowed: Collection[int], label: str = "") -> System:
        """State that a linear form, with a whole coefficient by cell or total, is one of the allowed numbers.

        `label` is the name by which `conflicts` and `without` know the statement. A statement without a label is never
        in doubt.
        """
        return self.any_of((form, allowed), label=label)

    def any_of(self, *alternatives: Alternative | Iterable[Alternative], label: str = "") -> System:
        """State that at least one alternative holds: a pair of form and allowed numbers, or several pairs at once."""
        self.statements.append(Statement(label, tuple(map(self._parse, alternatives))))
        return self

    def total(self, name: str, form: FormLike) -> System:
        """Name a sum of cells: results include it, and later statements may use it."""
        self._refuse_known(name)
        self.totals[name] = self.expanded(form)
        return self

    def expanded(self, form: FormLike) -> Form:
        """Return a form over cells alone: each total is replaced by its cells."""
        sums: dict[str, int] = {}
        for name, factor in form.items():
            if name not in self.cells and name not in self.totals:
                raise ValueError(f"there is no cell {name!r}")
            for cell, times in self.totals.get(name, ((name, 1),)):
                sums[cell] = sums.get(cell, 0) + index(factor) * times
        return tuple((cell, factor) for cell, factor in sums.items() if factor)

    def without(self, *labels: str) -> System:
        """Return a copy without the statements of these labels."""
        return self.only(set(self.labels()) - {*labels})

    def only(self, labels: Collection[str]) -> System:
        """Return a copy with the statements of these labels and those without a label."""
        kept = [one for one in self.statements if not one.label or one.label in labels]
        return System(dict(self.cells), kept, dict(self.totals))

    def labels(self) -> list[str]:
        """Return the labels in the order of their first statement."""
        return list(dict.fromkeys(one.label for one in self.statements if one.label))

    def _parse(self, alternative: Alternative | Iterable[Alternative]) -> tuple[Requirement, ...]:
        """Return the requirements of an alternative, which is one pair or an iterable of pairs."""
        if isinstance(alternative, tuple) and len(alternative) == 2 and isinstance(alternative[0], Mapping):
            alternative = [alternative]
        return tuple(Requirement(self.expanded(form), frozenset(map(index, allowed))) for form, allowed in alternative)

    def _refuse_known(self, name: str) -> None:
        if name in self.cells or name in self.totals:
            raise ValueError(f"there is a cell {name!r} already")
