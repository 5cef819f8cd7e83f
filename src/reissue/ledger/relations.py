"""How a claim's value stands to what it is checked against: operators, and explicit readings of soft words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from reissue.ledger.measures import LedgerError, Value, whole_number

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True)
class QuantifierRule:
    """What a soft word is taken to mean: one row of `data/raw/readings.csv`."""

    word: str
    rule: str
    amount: Fraction
    meaning: str


def parse_readings(table: pd.DataFrame) -> dict[str, QuantifierRule]:
    """Return the readings by their word; one row of the table per word."""
    columns = zip(table["word"], table["rule"], table["amount"], table["meaning"], strict=True)
    return {word: QuantifierRule(word, rule, Fraction(str(amount)), meaning) for word, rule, amount, meaning in columns}


def is_satisfied(
    value: Value, relation: str, other: Value, known: Mapping[str, QuantifierRule], whole: int | None
) -> bool:
    """Whether `value relation other` is true.

    Parameters
    ----------
    value
        What the claim says.
    relation
        An operator, or the word of a reading.
    other
        What it is checked against.
    known
        The readings by word.
    whole
        The number that a part is a part of, for readings like `most`.

    Raises
    ------
    LedgerError
        If the relation is unknown or is none of a claim's, or asks for numbers or dates where there are none.
    """
    if relation in OPERATORS:
        return OPERATORS[relation](value, other)
    if relation not in known:
        raise LedgerError(f"relation {relation!r} is unknown: expected {', '.join([*OPERATORS, *known])}")
    reading = known[relation]
    if reading.rule == "part":
        if whole is None or whole < 1:
            raise LedgerError(f"relation {relation!r} needs a whole: name its claim in `of`")
        return Fraction(number(other), whole) > reading.amount
    if reading.rule not in _RULES:
        raise LedgerError(f"relation {relation!r} is read by statements about the survey alone")
    return _RULES[reading.rule](Fraction(number(value)), Fraction(number(other)), reading.amount)


def number(value: Value) -> int:
    """Return a value as a whole number.

    Raises
    ------
    LedgerError
        If it is none.
    """
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return whole_number(value)
    raise LedgerError(f"{format_value(value)!r} is not a whole number")


def format_value(value: Value) -> str:
    """Return a value as a reader sees it: lists joined by commas."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def span(value: Value) -> tuple[date, date]:
    """Return the first and last day of a date or span: `2019`, `2019-05`, `2019-10-08`, `2016/2019`.

    Raises
    ------
    LedgerError
        If it is none.
    """
    first, _, last = str(value).partition("/")
    return _days(first)[0], _days(last or first)[1]


def _days(part: str) -> tuple[date, date]:
    match = _DATE.fullmatch(part)
    if not match:
        raise LedgerError(f"{part!r} is not a date: expected 2019, 2019-05, 2019-10-08 or a span with /")
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    last_month = month or 12
    try:
        first = date(year, month or 1, day or 1)
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        raise LedgerError(f"there is no day {part!r}") from None


def _items(value: Value) -> frozenset[str]:
    if isinstance(value, (frozenset, tuple)):
        return frozenset(value)
    return frozenset(str(value).split(";"))


def _equal(value: Value, other: Value) -> bool:
    if isinstance(other, frozenset) or isinstance(value, frozenset):
        return _items(value) == _items(other)
    if isinstance(other, tuple):
        return tuple(str(value).split(";")) == other
    return " ".join(str(value).split()) == " ".join(str(other).split())


def _within(value: Value, other: Value) -> bool:
    (first, last), (begin, end) = span(value), span(other)
    return begin <= first and last <= end


def _overlaps(value: Value, other: Value) -> bool:
    (first, last), (begin, end) = span(value), span(other)
    return first <= end and begin <= last


OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _equal,
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    "subset": lambda a, b: _items(a) <= _items(b),
    "superset": lambda a, b: _items(a) >= _items(b),
    "within": _within,
    "overlaps": _overlaps,
}

#: A reading's rule on what the claim says, what is there, and the reading's amount.
_RULES: dict[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    # over 30: what is there lies above what is said
    "above": lambda said, there, _: there > said,
    # several: at least so many are there, whatever number is said
    "at_least": lambda _, there, amount: there >= amount,
    # around 20: what is there differs by at most this share of what is said
    "near": lambda said, there, amount: abs(there - said) <= amount * said,
    # equally: the two differ by at most so many
    "apart": lambda said, there, amount: abs(there - said) <= amount,
}
