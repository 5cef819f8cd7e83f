"""What each statement of a report requires of the counts of a survey."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd

from reissue.survey.groups import ALL
from reissue.survey.interpretation import Interpretation
from reissue.survey.questions import Questions, name_cell, subtract
from reissue.survey.rounding import allowed_counts
from reissue.survey.system import Alternative

#: A row of a table, by column.
Row = Mapping[str, Any]

#: Rules about a sum of answers.
_ADDING = {"part", "at_least", "at_most"}
_LITERAL = {"count", "percent", "label", "mentions"}


class Statements:
    """The statements of a report about a survey, and the rules of vague quantifiers.

    Parameters
    ----------
    statements, quantifiers
        The tables, as `Questionnaire` describes them.
    questions
        The questions and groups that the statements are about.

    Attributes
    ----------
    rows
        The statements by id.
    quantifiers
        The vague quantifiers by word.
    maximum
        The number of all respondents, which no count exceeds.
    sums
        The forms of the cells that are sums of others, which orders compare, with their question, by cell.

    Raises
    ------
    ValueError
        If no statement prints the number of all respondents.
    """

    def __init__(self, statements: pd.DataFrame, quantifiers: pd.DataFrame, questions: Questions) -> None:
        self._of = questions
        filled = statements.fillna({"options": "", "against": "", "members": ""})
        self.rows: dict[str, Row] = {str(row["id"]): _row(row) for row in filled.to_dict("records")}
        self.quantifiers: dict[str, Row] = {str(row["word"]): _row(row) for row in quantifiers.to_dict("records")}
        groups, sizes = questions.groups, [row for row in self.rows.values() if self._is_size(row)]
        #: The printed number of respondents by group; the first where several are printed.
        self._sizes = {str(row["side"]): int(row["value"]) for row in reversed(sizes)}
        if ALL not in self._sizes and not {*groups.names} <= {*self._sizes}:
            raise ValueError(
                f"the number of all respondents is unknown: expected a count of {groups.question!r} for {ALL!r}"
            )
        total = 0 if ALL in self._sizes else sum(self._sizes[group] for group in groups.names)
        self.maximum = max(total, *(int(row["value"]) for row in sizes))
        self.sums: dict[str, tuple[str, dict[str, int]]] = {}
        for row in self.rows.values():
            for question, options, group in self._ordered(row):
                name = name_cell(question, ";".join(options), group)
                form = questions.sum_answers(question, options, group)
                if form != {name: 1}:
                    self.sums[name] = question, form

    def find_questions(self, id_: str) -> list[str]:
        """Return the questions that a statement is about."""
        row = self.rows[id_]
        return [str(row["question"]), *(question for question, _, _ in _compared(row))]

    def find_requirements(self, id_: str, interpretation: Interpretation) -> list[list[Alternative]]:
        """Return what a statement requires: choices that hold together, each a list of alternatives.

        The list is empty where the statement bounds no count.
        """
        row = self.rows[id_]
        if row["members"]:
            return list(self._members(row))
        if row["unit"] in _LITERAL:
            return [list(one) for one in getattr(self, f"_{row['unit']}")(row, interpretation)]
        word = self.quantifiers.get(row["bound"])
        if word is None:
            return []
        is_strict = row["bound"] in interpretation.strict and not pd.isna(word["strict"])
        amount = Fraction(str(word["strict"] if is_strict else word["amount"]))
        return [[pair] for pair in getattr(self, f"_{word['rule']}")(row, amount)]

    def is_sum(self, row: Row) -> bool:
        """Return whether a statement is about the sum of its answers, which is then a count to show."""
        if self._of.choice[str(row["question"])] == "multiple" or not row["options"]:
            return False
        word = self.quantifiers.get(str(row["bound"]))
        literal = row["unit"] in ("count", "percent")
        return literal or (word is not None and (word["rule"] in _ADDING or row["bound"] == "spread"))

    # What statements require: each method returns alternatives, or pairs of form and allowed numbers.

    def _count(self, row: Row, _: Interpretation) -> Iterable[list[Alternative]]:
        size = self._of.sum_respondents(str(row["side"]))
        if self._is_size(row):
            yield [(size, {int(row["value"])})]
        elif row["bound"] == "all":
            yield [(subtract(self._form(row), size), {0})]
        else:
            yield [(self._form(row), {int(row["value"])})]

    def _percent(self, row: Row, interpretation: Interpretation) -> Iterable[list[Alternative]]:
        n, value = self._n(str(row["side"])), int(row["value"])
        word = self.quantifiers.get(str(row["bound"]))
        if word is not None and word["rule"] == "near":
            if row["bound"] in interpretation.strict:
                allowed = allowed_counts(f"{value}%", n, interpretation.rounding)
            else:
                near = Fraction(str(word["amount"])) * value
                allowed = [k for k in range(n + 1) if abs(Fraction(100 * k, n) - value) <= near]
        else:
            bound = "" if row["bound"] == "exactly" else f"{row['bound']} "
            allowed = allowed_counts(f"{bound}{value}%", n, interpretation.rounding, tight=interpretation.tight)
        yield [(self._form(row), frozenset(allowed))]

    def _label(self, row: Row, interpretation: Interpretation) -> Iterable[list[Alternative]]:
        """Interpret a chart label whose slice is unknown: one of the answers has it."""
        question, group = str(row["question"]), str(row["side"])
        allowed = frozenset(allowed_counts(f"{row['value']}%", self._n(group), interpretation.rounding))
        yield [(self._of.sum_answers(question, [option], group), allowed) for option in self._of.options[question]]

    def _mentions(self, row: Row, _: Interpretation) -> Iterable[list[Alternative]]:
        yield [(self._form(row), {int(row["value"])})]

    def _members(self, row: Row) -> Iterable[list[Alternative]]:
        """Interpret a list of joint answers: somebody who gave each of them gave the answer."""
        question, group = str(row["question"]), str(row["side"])
        joint = self._of.find_joint(question, group)
        if not joint:
            raise ValueError(f"question {question!r} is not counted jointly with another in group {group!r}")
        members = {label: option for option, label in self._of.labels[joint].items()}
        for member in str(row["members"]).split(";"):
            for option in str(row["options"]).split(";"):
                yield [({name_cell(question, option, group, members[member]): 1}, range(1, self.maximum + 1))]

    def _part(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        """Interpret: more than this part of the whole, which is all respondents or the answers compared with."""
        compared = {name: 1 for answers in _compared(row) for name in self._of.sum_answers(*answers)}
        form = dict.fromkeys(self._form(row), amount.denominator)
        for name in compared or self._of.sum_respondents(str(row["side"])):
            form[name] = form.get(name, 0) - amount.numerator
        yield form, range(1, amount.denominator * self.maximum + 1)

    def _apart(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        first, second = self._forms(row)
        yield subtract(first, second), range(-floor(amount), floor(amount) + 1)

    def _at_least(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        yield self._form(row), range(ceil(amount), self.maximum + 1)

    def _at_most(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        yield self._form(row), range(floor(amount) + 1)

    def _at_most_percent(self, row: Row, _: Fraction) -> Iterable[Alternative]:
        largest = floor(Fraction(int(row["value"]), 100) * self._n(str(row["side"])))
        for form in self._forms(row):
            yield form, range(largest + 1)

    def _each(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        for form in [self._form(row)] if row["bound"] == "spread" else self._forms(row):
            yield form, range(ceil(amount), self.maximum + 1)

    def _first(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        own, *others = (name_cell(question, ";".join(them), group) for question, them, group in self._ordered(row))
        for other in others:
            yield subtract({own: 1}, {other: 1}), range(ceil(amount), self.maximum + 1)

    def _ordered(self, row: Row) -> list[tuple[str, list[str], str]]:
        """Return the answers that an order compares: their sums are cells, so that comparisons share them."""
        if self.quantifiers.get(str(row["bound"]), {}).get("rule") != "first":
            return []
        return [(str(row["question"]), str(row["options"]).split(";"), str(row["side"])), *_compared(row)]

    def _form(self, row: Row) -> dict[str, int]:
        """Return the form that adds up the answers of a statement."""
        question, options, group = str(row["question"]), str(row["options"]), str(row["side"])
        name = name_cell(question, options, group)
        return {name: 1} if name in self.sums else self._of.sum_answers(question, options.split(";"), group)

    def _forms(self, row: Row) -> list[dict[str, int]]:
        """Return a form for each answer of a statement."""
        question, group = str(row["question"]), str(row["side"])
        return [self._of.sum_answers(question, [option], group) for option in str(row["options"]).split(";")]

    def _n(self, group: str) -> int:
        """Return the number of respondents that percentages of a group are of.

        Raises
        ------
        ValueError
            If no statement prints it.
        """
        if group not in self._sizes:
            raise ValueError(f"no statement prints the number of respondents of {group!r}, of which percentages are")
        return self._sizes[group]

    def _is_size(self, row: Row) -> bool:
        """Return whether a statement prints the number of respondents of a group, or of all."""
        return row["question"] == self._of.groups.question and row["unit"] == "count" and not row["options"]


def _row(row: Mapping[Hashable, Any]) -> Row:
    return {str(column): value for column, value in row.items()}


def _compared(row: Row) -> list[tuple[str, list[str], str]]:
    """Return question, options and group of the answers that a statement compares with."""
    parts = [part.split(":") for part in str(row["against"]).split("|") if part]
    return [(question, options.split(";"), (group or [str(row["side"])])[0]) for question, options, *group in parts]
