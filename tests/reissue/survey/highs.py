"""What a system allows by another method: a mixed-integer model in HiGHS, asked value by value."""

from collections.abc import Iterable

import highspy

from reissue.survey import System
from reissue.survey.system import Form, Requirement

Names = dict[str, Form]


class Model:
    """One system as a mixed-integer model: an integer per cell, binaries for alternatives and for runs of numbers.

    Every solution is rounded and checked in whole numbers. It shows a value of every cell; only values that no
    solution has shown are asked for.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._names: Names = {**{cell: ((cell, 1),) for cell in system.cells}, **system.totals}
        self._highs = highspy.Highs()
        for option, value in (("output_flag", False), ("parallel", "off"), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
            self._highs.setOptionValue(option, value)
        self._column = {cell: self._integer(0, most) for cell, most in system.cells.items()}
        for statement in system.statements:
            self._state(statement.alternatives)
        self._row = {name: self._bound(self._columns(form), *self._span(form)) for name, form in self._names.items()}
        self._seen: dict[str, set[int]] = {name: set() for name in self._names}

    def feasible(self, step: int = 1) -> dict[str, list[int]]:
        """Return by cell and total, or every so many of them, every value that it can have."""
        return {name: self._values(name) for name in list(self._names)[::step]}

    def _values(self, name: str) -> list[int]:
        seen, least, most = self._seen[name], self._best(name, 1), self._best(name, -1)
        if least is None:
            assert not seen
            return []
        assert (min(seen), max(seen)) == (least, most)
        for value in range(least, most + 1):
            if value not in seen:
                self._highs.changeRowBounds(self._row[name], value, value)
                self._solve(name, 0)
        self._highs.changeRowBounds(self._row[name], *self._span(self._names[name]))
        return sorted(seen)

    def _best(self, name: str, direction: int) -> int | None:
        table = self._solve(name, direction)
        return None if table is None else _value(self._names[name], table)

    def _solve(self, name: str, direction: int) -> dict[str, int] | None:
        """Solve for the least (1), the most (-1) or any (0) value of a name; return the table, checked."""
        for cell, factor in self._names[name]:
            self._highs.changeColCost(self._column[cell], direction * factor)
        self._highs.run()
        status, found = self._highs.getModelStatus(), list(self._highs.getSolution().col_value)
        for cell, _ in self._names[name]:
            self._highs.changeColCost(self._column[cell], 0)
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        assert status == highspy.HighsModelStatus.kOptimal, status
        table = {cell: round(found[column]) for cell, column in self._column.items()}
        assert satisfies(self._system, table)
        for other, form in self._names.items():
            self._seen[other].add(_value(form, table))
        return table

    def _state(self, alternatives: tuple[tuple[Requirement, ...], ...]) -> None:
        """Require one alternative, whose forms are each in one of their runs of numbers."""
        chosen = [self._integer(0, 1) for _ in alternatives]
        self._bound(dict.fromkeys(chosen, 1), 1, len(chosen))
        for choice, requirements in zip(chosen, alternatives, strict=True):
            for one in requirements:
                least, most = self._span(one.form)
                runs = list(_runs(number for number in one.allowed if least <= number <= most))
                picked = [self._integer(0, 1) for _ in runs]
                self._bound({**dict.fromkeys(picked, 1), choice: -1}, 0, 0)
                # least + (low - least) if the run is picked <= form <= most - (most - high) if it is.
                form, wide = self._columns(one.form), 2 * (most - least) + 1
                lows = {column: least - low for column, (low, _) in zip(picked, runs, strict=True)}
                highs = {column: most - high for column, (_, high) in zip(picked, runs, strict=True)}
                self._bound({**form, **lows}, least, most + wide)
                self._bound({**form, **highs}, least - wide, most)

    def _columns(self, form: Form) -> dict[int, int]:
        return {self._column[cell]: factor for cell, factor in form}

    def _span(self, form: Form) -> tuple[int, int]:
        ends = [sorted((0, factor * self._system.cells[cell])) for cell, factor in form]
        return sum(low for low, _ in ends), sum(high for _, high in ends)

    def _integer(self, least: int, most: int) -> int:
        column = self._highs.getNumCol()
        self._highs.addCol(0, least, most, 0, [], [])
        self._highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        return column

    def _bound(self, factors: dict[int, int], least: float, most: float) -> int:
        self._highs.addRow(least, most, len(factors), list(factors), list(factors.values()))
        return self._highs.getNumRow() - 1


def satisfies(system: System, table: dict[str, int]) -> bool:
    """Return whether a table is within the maxima and satisfies every statement, in whole numbers."""
    return all(0 <= table[cell] <= most for cell, most in system.cells.items()) and all(
        any(
            all(_value(one.form, table) in one.allowed for one in alternative) for alternative in statement.alternatives
        )
        for statement in system.statements
    )


def _value(form: Form, table: dict[str, int]) -> int:
    return sum(factor * table[cell] for cell, factor in form)


def _runs(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Return first and last of each run of neighbouring numbers."""
    ordered = sorted(numbers)
    starts = [number for number in ordered if number - 1 not in ordered]
    ends = [number for number in ordered if number + 1 not in ordered]
    return zip(starts, ends, strict=True)
