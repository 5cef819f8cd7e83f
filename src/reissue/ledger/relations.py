"""Relations between the value of a claim and what it is compared with: operators, and rules for vague quantifiers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from reissue.ledger.measures import LedgerError, Value, parse_whole_number

if TYPE_CHECKING:
    import pandas as pd

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True)
class QuantifierRule:
    """The meaning of a vague quantifier: one row of `data/raw/readings.csv`."""

    word: str
    rule: str
    amount: Fraction
    meaning: str


def parse_rules(table: pd.DataFrame) -> dict[str, QuantifierRule]:
    """Return the rules of vague quantifiers by word, given one row per word."""
    columns = zip(table["word"], table["rule"], table["amount"], table["meaning"], strict=True)
    return {word: QuantifierRule(word, rule, Fraction(str(amount)), meaning) for word, rule, amount, meaning in columns}


def is_satisfied(
    value: Value, relation: str, other: Value, rules: Mapping[str, QuantifierRule], whole: int | None
) -> bool:
    """Return whether `value relation other` is true, or raise `LedgerError` if the relation does not fit the values.

    The relation is an operator or a vague quantifier; `whole` is the number of which `most` and the like mean a share.
    """
    if relation in OPERATORS:
        return OPERATORS[relation](value, other)
    if relation not in rules:
        raise LedgerError(f"unknown relation {relation!r}: expected {', '.join([*OPERATORS, *rules])}")
    rule = rules[relation]
    if rule.rule == "part":
        if whole is None or whole < 1:
            raise LedgerError(f"relation {relation!r} needs a whole: name its claim in `of`")
        return Fraction(to_number(other), whole) > rule.amount
    if rule.rule not in _RULES:
        raise LedgerError(f"relation {relation!r} is only for statements about the survey")
    return _RULES[rule.rule](Fraction(to_number(value)), Fraction(to_number(other)), rule.amount)


def to_number(value: Value) -> int:
    """Return a value as a whole number, or raise `LedgerError`."""
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return parse_whole_number(value)
    raise LedgerError(f"{format_value(value)!r} is not a whole number")


def format_value(value: Value) -> str:
    """Return a value as a reader sees it: lists joined by commas."""
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _parse_period(value: Value) -> tuple[date, date]:
    """Return the first and last day of a date or period: `2019`, `2019-05`, `2019-10-08`, `2016/2019`."""
    first, _, last = str(value).partition("/")
    return _parse_date(first)[0], _parse_date(last or first)[1]


def _parse_date(text: str) -> tuple[date, date]:
    """Return the first and last day of a year, month or day."""
    match = _DATE.fullmatch(text)
    if not match:
        raise LedgerError(f"{text!r} is not a date: expected 2019, 2019-05, 2019-10-08 or a span with /")
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    last_month = month or 12
    try:
        first = date(year, month or 1, day or 1)
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        raise LedgerError(f"there is no day {text!r}") from None


def _to_set(value: Value) -> frozenset[str]:
    return frozenset(value if isinstance(value, (frozenset, tuple)) else str(value).split(";"))


def _is_equal(value: Value, other: Value) -> bool:
    if isinstance(other, frozenset) or isinstance(value, frozenset):
        return _to_set(value) == _to_set(other)
    if isinstance(other, tuple):
        return tuple(str(value).split(";")) == other
    return str(value).split() == str(other).split()


def _is_within(value: Value, other: Value) -> bool:
    (first, last), (begin, end) = _parse_period(value), _parse_period(other)
    return begin <= first and last <= end


def _overlaps(value: Value, other: Value) -> bool:
    (first, last), (begin, end) = _parse_period(value), _parse_period(other)
    return first <= end and begin <= last


OPERATORS: dict[str, Callable[[Value, Value], bool]] = {
    "=": _is_equal,
    ">": lambda a, b: to_number(a) > to_number(b),
    ">=": lambda a, b: to_number(a) >= to_number(b),
    "<": lambda a, b: to_number(a) < to_number(b),
    "<=": lambda a, b: to_number(a) <= to_number(b),
    "subset": lambda a, b: _to_set(a) <= _to_set(b),
    "superset": lambda a, b: _to_set(a) >= _to_set(b),
    "within": _is_within,
    "overlaps": _overlaps,
}

#: Rules of vague quantifiers, given the stated number, the actual number and the amount of the rule.
_RULES: dict[str, Callable[[Fraction, Fraction, Fraction], bool]] = {
    # over 30: the actual number is greater
    "above": lambda stated, actual, _: actual > stated,
    # several: the actual number is at least the amount, whatever is stated
    "at_least": lambda _, actual, amount: actual >= amount,
    # around 20: the difference is at most this share of the stated number
    "near": lambda stated, actual, amount: abs(actual - stated) <= amount * stated,
    # equally: the difference is at most the amount
    "apart": lambda stated, actual, amount: abs(actual - stated) <= amount,
}
