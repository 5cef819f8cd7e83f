"""What a claim can be held against: a measure over the rows of a processed table."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

Value = int | str | tuple[str, ...] | frozenset[str]
#: More digits than this count nothing, and other alphabets' are not what the report prints.
_WHOLE = re.compile(r"-?[0-9]{1,15}")


class LedgerError(ValueError):
    """A claim cannot be judged as written; the message says what is wrong with it."""


@dataclass(frozen=True)
class Measured:
    """What a measure gave, and the printed places (section, page) of the rows behind it."""

    value: Value
    places: frozenset[tuple[str, int]]
    words: str


class Table:
    """A processed table, indexed by the values of its columns: many claims ask the same few questions."""

    def __init__(self, name: str, frame: pd.DataFrame) -> None:
        self.name = name
        self.size = len(frame)
        self._frame = frame
        self._index: dict[str, dict[str, frozenset[int]]] = {}
        self._measured: dict[tuple[str, str], Measured] = {}

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """The cells of each column as text: found when they are first asked for, as few tables are."""
        return {str(column): [_plain(v) for v in self._frame[column]] for column in self._frame.columns}

    @cached_property
    def _places(self) -> list[tuple[str, int]] | None:
        if "section" not in self.columns or "page" not in self.columns:
            return None
        return [(s, int(p)) for s, p in zip(self.columns["section"], self.columns["page"], strict=True)]

    def measured(self, where: str, measure: str) -> Measured:
        """Return a measure over the rows that `where` picks.

        Raises
        ------
        LedgerError
            If a column or measure is unknown, no row is picked, or several where one is needed.
        """
        key = (where, measure)
        if key not in self._measured:
            rows = self.rows(where)
            verb, _, column = measure.partition(" ")
            if verb not in _MEASURES or (verb == "count") != (column == ""):
                raise LedgerError(f"measure {measure!r} is unknown: expected {', '.join(_MEASURES)} with a column")
            cells = [self._column(column)[row] for row in rows] if column else [""] * len(rows)
            value = _MEASURES[verb](cells)
            places = frozenset(self._places[row] for row in rows) if self._places is not None else frozenset()
            self._measured[key] = Measured(value, places, self._words(where, measure))
        return self._measured[key]

    def rows(self, where: str) -> list[int]:
        """Return the places of the rows that `where` picks, from 0.

        Raises
        ------
        LedgerError
            If a column is unknown or no row is picked.
        """
        found: frozenset[int] | None = None
        for condition in filter(None, where.split(";")):
            column, equals, value = condition.partition("=")
            if not equals:
                raise LedgerError(f"where {condition!r} is not of the form column=value")
            rows = self._indexed(column).get(value, frozenset())
            found = rows if found is None else found & rows
        picked = range(self.size) if found is None else sorted(found)
        if not picked:
            raise LedgerError(f"where {where!r} matches no row of table {self.name}")
        return list(picked)

    def _indexed(self, column: str) -> dict[str, frozenset[int]]:
        if column not in self._index:
            rows: dict[str, set[int]] = {}
            for row, value in enumerate(self._column(column)):
                rows.setdefault(value, set()).add(row)
            self._index[column] = {value: frozenset(found) for value, found in rows.items()}
        return self._index[column]

    def _column(self, column: str) -> list[str]:
        if column not in self.columns:
            raise LedgerError(f"table {self.name} has no column {column!r}: expected {', '.join(self.columns)}")
        return self.columns[column]

    def _words(self, where: str, measure: str) -> str:
        picked = f" where {where.replace(';', ' and ')}" if where else ""
        verb, _, column = measure.partition(" ")
        return f"{column if verb in ('value', 'set', 'list') else measure} of {self.name}{picked}"


def whole_number(text: str) -> int:
    """Return a text as a whole number.

    Raises
    ------
    LedgerError
        If it is none.
    """
    if not _WHOLE.fullmatch(text):
        raise LedgerError(f"{text!r} is not a whole number")
    return int(text)


def index_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    """Return the tables, ready to be asked by many claims."""
    return {name: Table(name, frame) for name, frame in tables.items()}


def _plain(value: Any) -> str:
    if pd.isna(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _one(cells: list[str]) -> Value:
    if len(set(cells)) != 1:
        raise LedgerError(f"measure `value` needs one value, {len(set(cells))} are there")
    return _typed(cells[0])


def _typed(cell: str) -> Value:
    return int(cell) if _WHOLE.fullmatch(cell) else cell


def _numbers(cells: list[str]) -> list[int]:
    return [whole_number(cell) for cell in cells]


_MEASURES: dict[str, Callable[[list[str]], Value]] = {
    "count": len,
    "distinct": lambda cells: len(set(cells)),
    "value": _one,
    "set": frozenset,
    "list": tuple,
    "min": lambda cells: min(_numbers(cells)),
    "max": lambda cells: max(_numbers(cells)),
    "sum": lambda cells: sum(_numbers(cells)),
}
