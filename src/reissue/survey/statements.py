"""What each statement of a report requires of the counts of a survey."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd

from reissue.survey.groups import ALL, Groups
from reissue.survey.interpretation import PUBLISHED, Interpretation
from reissue.survey.questions import NO_ANSWER, Questions, name_cell, subtract
from reissue.survey.rounding import allowed_counts
from reissue.survey.system import Alternative

#: A row of a table, by column.
Row = Mapping[str, Any]

#: Rules about a sum of answers.
_SUM_RULES = {"part", "at_least", "at_most"}


class Statements(Questions):
    """The questions of a survey, and what each statement about them requires; `Questionnaire` has the parameters."""

    def __init__(
        self,
        statements: pd.DataFrame,
        questions: pd.DataFrame,
        options: pd.DataFrame,
        quantifiers: pd.DataFrame,
        groups: Groups,
    ) -> None:
        super().__init__(questions, options, groups)
        filled = statements.fillna({"options": "", "against": "", "members": ""})
        self.statements: dict[str, Row] = _index_rows(filled, "id")
        self.quantifiers: dict[str, Row] = _index_rows(quantifiers, "word")
        sizes = [row for row in self.statements.values() if self._is_size(row)]
        #: The printed number of respondents by group; the first where several are printed.
        self._sizes = {row["side"]: int(row["value"]) for row in reversed(sizes)}
        if ALL not in self._sizes and not {*groups.names} <= {*self._sizes}:
            raise ValueError(
                f"the number of all respondents is unknown: expected a count of {groups.question!r} for {ALL!r}"
            )
        total = 0 if ALL in self._sizes else sum(self._sizes[group] for group in groups.names)
        #: No count exceeds the number of all respondents.
        self.maximum = max(total, *(int(row["value"]) for row in sizes))
        self._questions = {
            id_: [row["question"], *(question for question, _, _ in _list_compared(row))]
            for id_, row in self.statements.items()
        }
        #: The form of each cell that is a sum of others: orders compare such cells.
        self.sums: dict[str, dict[str, int]] = {}
        for row in self.statements.values():
            if self.quantifiers.get(row["bound"], {}).get("rule") == "first":
                for question, options_, group in _list_ordered(row):
                    name = name_cell(question, ";".join(options_), group)
                    form = self.sum_answers(question, options_, group)
                    if form != {name: 1}:
                        self.sums[name] = form

    def find_questions(self, id_: str) -> list[str]:
        """Return the questions that a statement is about."""
        return self._questions[id_]

    def find_requirements(self, id_: str, interpretation: Interpretation = PUBLISHED) -> list[list[Alternative]]:
        """Return what a statement requires: choices that hold together, each a list of alternatives.

        The list is empty where the statement bounds no count.
        """
        row = self.statements[id_]
        word = self.quantifiers.get(row["bound"])
        if row["members"]:
            return self._require_members(row)
        match row["unit"]:
            case "count" if self._is_size(row):
                return [[(self.sum_respondents(row["side"]), {int(row["value"])})]]
            case "count" if row["bound"] == "all":
                return [[(subtract(self._sum_options(row), self.sum_respondents(row["side"])), {0})]]
            case "count" | "mentions":
                return [[(self._sum_options(row), {int(row["value"])})]]
            case "percent":
                return [[(self._sum_options(row), self._allow_percentage(row, interpretation))]]
            case "label":
                # A chart label whose slice is unknown: one of the answers has it.
                allowed = allowed_counts(f"{row['value']}%", self._find_size(row["side"]), interpretation.rounding)
                options = [one for one in self.options[row["question"]] if one != NO_ANSWER]
                return [[(self.sum_answers(row["question"], [one], row["side"]), allowed) for one in options]]
        return [[pair] for pair in self._apply_rule(row, word, interpretation)] if word else []

    def is_binding(self, id_: str, interpretation: Interpretation = PUBLISHED) -> bool:
        """Return whether a statement bounds counts under an interpretation."""
        return self.is_used(id_, interpretation) and bool(self.find_requirements(id_, interpretation))

    def is_used(self, id_: str, interpretation: Interpretation) -> bool:
        """Return whether an interpretation uses a statement: it can leave out vague quantifiers."""
        bound = self.statements[id_]["bound"]
        if bound not in self.quantifiers:
            return True
        return bound not in interpretation.without and (self.quantifiers[bound]["used"] or bound in interpretation.used)

    def is_sum(self, id_: str) -> bool:
        """Return whether a statement is about the sum of its answers, which is then a count to show."""
        row = self.statements[id_]
        if self.choice[row["question"]] == "multiple" or not row["options"]:
            return False
        word = self.quantifiers.get(row["bound"])
        is_literal = row["unit"] in ("count", "percent")
        return is_literal or (word is not None and (word["rule"] in _SUM_RULES or row["bound"] == "spread"))

    def _allow_percentage(self, row: Row, interpretation: Interpretation) -> Collection[int]:
        """Return the counts that a printed percentage allows."""
        n, value = self._find_size(row["side"]), int(row["value"])
        word = self.quantifiers.get(row["bound"])
        if word is not None and word["rule"] == "near":
            if row["bound"] in interpretation.strict:
                return allowed_counts(f"{value}%", n, interpretation.rounding)
            near = Fraction(str(word["amount"])) * value
            return [k for k in range(n + 1) if abs(Fraction(100 * k, n) - value) <= near]
        bound = "" if row["bound"] == "exactly" else f"{row['bound']} "
        return allowed_counts(f"{bound}{value}%", n, interpretation.rounding, tight=interpretation.tight)

    def _require_members(self, row: Row) -> list[list[Alternative]]:
        """Return what a list of joint answers requires: a respondent who gave each of them gave the answer."""
        question, group = row["question"], row["side"]
        joint = self.find_joint(question, group)
        if not joint:
            raise ValueError(f"question {question!r} is not counted jointly with another in group {group!r}")
        members = {label: option for option, label in self.labels[joint].items()}
        return [
            [({name_cell(question, option, group, members[member]): 1}, range(1, self.maximum + 1))]
            for member in row["members"].split(";")
            for option in row["options"].split(";")
        ]

    def _apply_rule(self, row: Row, word: Row, interpretation: Interpretation) -> list[Alternative]:
        """Return what the rule of a vague quantifier requires: forms with their allowed numbers."""
        is_strict = row["bound"] in interpretation.strict and not pd.isna(word["strict"])
        amount = Fraction(str(word["strict"] if is_strict else word["amount"]))
        form, forms = self._sum_options(row), self._list_forms(row)
        enough = range(ceil(amount), self.maximum + 1)
        match word["rule"]:
            case "part":
                # More than this part of the whole, which is all respondents or the answers compared with.
                compared = {name: 1 for answers in _list_compared(row) for name in self.sum_answers(*answers)}
                part = dict.fromkeys(form, amount.denominator)
                for name in compared or self.sum_respondents(row["side"]):
                    part[name] = part.get(name, 0) - amount.numerator
                return [(part, range(1, amount.denominator * self.maximum + 1))]
            case "apart":
                first, second = forms
                return [(subtract(first, second), range(-floor(amount), floor(amount) + 1))]
            case "at_least":
                return [(form, enough)]
            case "at_most":
                return [(form, range(floor(amount) + 1))]
            case "at_most_percent":
                largest = floor(Fraction(int(row["value"]), 100) * self._find_size(row["side"]))
                return [(one, range(largest + 1)) for one in forms]
            case "each":
                return [(one, enough) for one in ([form] if row["bound"] == "spread" else forms)]
            case "first":
                own, *others = (name_cell(one, ";".join(them), group) for one, them, group in _list_ordered(row))
                return [(subtract({own: 1}, {other: 1}), enough) for other in others]
        raise ValueError(f"unknown rule {word['rule']!r} of {row['bound']!r}")

    def _sum_options(self, row: Row) -> dict[str, int]:
        """Return the form that adds up the answers of a statement."""
        name = name_cell(row["question"], row["options"], row["side"])
        if name in self.sums:
            return {name: 1}
        return self.sum_answers(row["question"], row["options"].split(";"), row["side"])

    def _list_forms(self, row: Row) -> list[dict[str, int]]:
        """Return a form for each answer of a statement."""
        return [self.sum_answers(row["question"], [option], row["side"]) for option in row["options"].split(";")]

    def _find_size(self, group: str) -> int:
        """Return the printed number of respondents that percentages of a group refer to."""
        if group not in self._sizes:
            raise ValueError(f"no statement prints the number of respondents of {group!r}, of which percentages are")
        return self._sizes[group]

    def _is_size(self, row: Row) -> bool:
        """Return whether a statement prints the number of respondents of a group, or of all."""
        return row["question"] == self.groups.question and row["unit"] == "count" and not row["options"]


def _index_rows(table: pd.DataFrame, key: str) -> dict[str, Row]:
    return {str(row[key]): {str(column): value for column, value in row.items()} for row in table.to_dict("records")}


def _list_ordered(row: Row) -> list[tuple[str, list[str], str]]:
    """Return the answers that an order compares, the first of them first."""
    return [(row["question"], row["options"].split(";"), row["side"]), *_list_compared(row)]


def _list_compared(row: Row) -> list[tuple[str, list[str], str]]:
    """Return the question, options and group of the answers that are the statement's other side."""
    parts = [part.split(":") for part in row["against"].split("|") if part]
    return [(question, options.split(";"), (group or [row["side"]])[0]) for question, options, *group in parts]
