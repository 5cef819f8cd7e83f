"""Measures over the rows of processed tables, which claims are compared with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


Value = int | str | tuple[str, ...] | frozenset[str]
#: Whole numbers as a report prints them: ASCII digits, and not so many that they count nothing.
_WHOLE = re.compile(r"-?[0-9]{1,15}")


class LedgerError(ValueError):
    """A claim cannot be judged as written; the message says why."""


@dataclass(frozen=True)
class Measurement:
    """The result of a measure, the printed places (section, page) of the rows that it used, and both in words."""

    value: Value
    places: frozenset[tuple[str, int]]
    words: str


class Table:
    """A processed table that claims measure."""

    def __init__(self, name: str, frame: pd.DataFrame) -> None:
        self.name = name
        self.title = str(frame.attrs.get("title") or name)
        self._frame = frame
        self._measurements: dict[tuple[str, str], Measurement] = {}

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """The cells of each column as text."""
        return {str(column): [_format_cell(cell) for cell in self._frame[column]] for column in self._frame.columns}

    def measure(self, where: str, measure: str) -> Measurement:
        """Return a measure over the rows that `where` selects, or raise `LedgerError`."""
        if (where, measure) not in self._measurements:
            rows = self.rows(where)
            verb, _, column = measure.partition(" ")
            if verb not in _MEASURES or (verb == "count") != (column == ""):
                raise LedgerError(f"unknown measure {measure!r}: expected {', '.join(_MEASURES)} with a column")
            cells = [self._column(column)[row] for row in rows] if column else [""] * len(rows)
            words = self._describe(verb, column, where, rows)
            self._measurements[where, measure] = Measurement(_MEASURES[verb](cells), self._places(rows), words)
        return self._measurements[where, measure]

    def _describe(self, verb: str, column: str, where: str, rows: list[int]) -> str:
        """Return a measure over rows in words: `title in “The shelves”, of floor 2`."""
        what = f"{_VERBS[verb]} {column.replace('_', ' ')}".strip()
        parts = [condition.partition("=") for condition in filter(None, where.split(";"))]
        conditions = [
            f"row {rows[0] + 1}" if column == "id" else f"of {column.replace('_', ' ')} {value}"
            for column, _equals, value in parts
        ]
        return ", ".join([f"{what} in “{self.title}”", *conditions])

    def rows(self, where: str) -> list[int]:
        """Return the positions, from 0, of the rows that `where` selects; raise `LedgerError` where it selects none."""
        selected = list(range(len(self._frame)))
        for condition in filter(None, where.split(";")):
            column, equals, value = condition.partition("=")
            if not equals:
                raise LedgerError(f"where {condition!r} is not of the form column=value")
            cells = self._column(column)
            selected = [row for row in selected if cells[row] == value]
        if not selected:
            raise LedgerError(f"where {where!r} matches no row of table {self.name}")
        return selected

    def _column(self, column: str) -> list[str]:
        if column not in self.columns:
            raise LedgerError(f"table {self.name} has no column {column!r}: expected {', '.join(self.columns)}")
        return self.columns[column]

    def _places(self, rows: list[int]) -> frozenset[tuple[str, int]]:
        if "section" not in self.columns or "page" not in self.columns:
            return frozenset()
        return frozenset((self.columns["section"][row], int(self.columns["page"][row])) for row in rows)


def parse_whole_number(text: str) -> int:
    """Return a text as a whole number, or raise `LedgerError`."""
    if not _WHOLE.fullmatch(text):
        raise LedgerError(f"{text!r} is not a whole number")
    return int(text)


def _format_cell(cell: Any) -> str:
    # What writes pages imports this module, and needs no pandas.
    import pandas as pd

    if pd.isna(cell):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _find_single_value(cells: list[str]) -> Value:
    if len(set(cells)) != 1:
        raise LedgerError(f"measure `value` needs one value, {len(set(cells))} are there")
    return int(cells[0]) if _WHOLE.fullmatch(cells[0]) else cells[0]


#: The measures in words, before the name of a column.
_VERBS = {
    "count": "number of rows",
    "distinct": "number of different values of",
    "value": "",
    "set": "",
    "list": "",
    "min": "lowest",
    "max": "highest",
    "sum": "sum of",
}
_MEASURES: dict[str, Callable[[list[str]], Value]] = {
    "count": len,
    "distinct": lambda cells: len(set(cells)),
    "value": _find_single_value,
    "set": frozenset,
    "list": tuple,
    "min": lambda cells: min(map(parse_whole_number, cells)),
    "max": lambda cells: max(map(parse_whole_number, cells)),
    "sum": lambda cells: sum(map(parse_whole_number, cells)),
}
