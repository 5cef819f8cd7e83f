"""From the report's statements about the survey to a system of counts.

Each row of the table of statements becomes one statement of the system, under its id: a number as it is printed,
a soft word by its reading.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd

from reissue.survey.questions import ALL, RESPONDENTS, SIDES, Questions, cell, minus
from reissue.survey.rounding import allowed_counts
from reissue.survey.system import Alternative, System

#: A row of a table, by column.
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """How statements are turned into counts: one configuration.

    Attributes
    ----------
    rounding
        How printed percentages were rounded (see `allowed_counts`).
    tight
        Whether "more than 93%" also says that it is not more than 94%.
    without
        Soft words whose statements are left out.
    strict
        Soft words taken strictly.
    used
        Soft words whose statements count although the published configuration sets them aside.
    """

    rounding: str = "up_or_down"
    tight: bool = False
    without: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()


class Questionnaire(Questions):
    """The statements about a survey, its questions and answers, and how soft words are read.

    Parameters
    ----------
    survey
        One row per statement; columns id, sentence, question, options, side, unit, bound, value, against,
        members (`data/raw/survey.csv`).
    questions
        One row per question: id, order, group, choice (`single` or `multiple`), joint.
    options
        One row per answer: question, order, option, label.
    words
        One row per soft word: word, rule, amount, strict, used (`data/raw/readings.csv`).
    """

    def __init__(
        self, survey: pd.DataFrame, questions: pd.DataFrame, options: pd.DataFrame, words: pd.DataFrame
    ) -> None:
        super().__init__(questions, options)
        #: The tables that it is made from.
        self.frames = survey, questions, options, words
        filled = survey.fillna({"options": "", "against": "", "members": ""})
        self.statements: dict[str, Row] = {str(row["id"]): _row(row) for row in filled.to_dict("records")}
        self.words: dict[str, Row] = {str(row["word"]): _row(row) for row in words.to_dict("records")}
        self._sums = {
            cell(question, ";".join(options), str(row["side"])): (
                question,
                self.form(question, options, str(row["side"])),
            )
            for row in self.statements.values()
            for question, options in self._ordered(row)
        }
        self._most = int(max(row["value"] for row in self.statements.values() if _is_size(row)))
        self._spoken_of = {
            id_: [row["question"], *(question for question, _ in _compared(row))]
            for id_, row in self.statements.items()
        }
        # The same few systems are asked for hundreds of times.
        self._systems: dict[tuple[tuple[str, ...], Reading], System] = {}
        #: Whether a statement can be true beside counts that are told: kept for all that are told any.
        self.can_be: dict[tuple[object, ...], bool] = {}

    def clusters(self) -> list[list[str]]:
        """Return the questions that statements or joint counts tie together, in their order."""
        ties = [{question, joint} for question, joint in self.joint.items()]
        ties += [{*self.spoken_of(id_)} for id_ in self.statements]
        found: list[list[str]] = []
        for question in self.choice:
            if not any(question in cluster for cluster in found):
                reached = {question}
                while any(reached & tie and not tie <= reached for tie in ties):
                    reached |= {one for tie in ties if reached & tie for one in tie}
                found.append([one for one in self.choice if one in reached])
        return found

    def system(self, questions: Iterable[str] | None = None, reading: Reading = Reading()) -> System:
        """Return the system of some questions, or of all; numbers of respondents belong to each, also to none.

        A statement that bounds no count, or whose soft word the reading sets aside, is left out.
        """
        asked = tuple(one for one in (self.choice if questions is None else questions) if one != RESPONDENTS)
        if (asked, reading) not in self._systems:
            self._systems[asked, reading] = self._system(asked, reading)
        return self._systems[asked, reading].without()

    def structure(self, asked: Iterable[str]) -> System:
        """Return what holds of the counts of some questions whatever is said, numbers of respondents among them."""
        system = System()
        for side in SIDES:
            system.cell(cell(RESPONDENTS, side.lower(), ALL), self._most)
        for name in self.all_cells(asked):
            system.cell(name, self._most)
        for question in asked:
            self.bind(system, question, self._most)
        for name, (question, form) in self._sums.items():
            if question in asked:
                system.cell(name, self._most).require({**form, name: -1}, {0})
        return system

    def _system(self, asked: tuple[str, ...], reading: Reading) -> System:
        system = self.structure(asked)
        for id_ in self.statements:
            if {*asked, RESPONDENTS}.issuperset(self._spoken_of[id_]) and self.counts(id_, reading):
                for alternatives in self.said(id_, reading):
                    system.any_of(*alternatives, label=id_)
        return system

    def counts(self, id_: str, reading: Reading = Reading()) -> bool:
        """Whether a statement binds counts under a reading."""
        word = self.words.get(self.statements[id_]["bound"])
        if word is None:
            return bool(self.said(id_, reading))
        used = word["used"] or word["word"] in reading.used
        return used and word["word"] not in reading.without and bool(self.said(id_, reading))

    def said(self, id_: str, reading: Reading = Reading()) -> list[list[Alternative]]:
        """Return what a statement says: a list of choices that hold together, each a list of alternatives.

        Empty where it bounds no count.
        """
        row = self.statements[id_]
        if row["unit"] in _LITERAL:
            return [list(one) for one in getattr(self, f"_{row['unit']}")(row, reading)]
        word = self.words.get(row["bound"])
        if word is None:
            return []
        amount = word["strict"] if row["bound"] in reading.strict and not pd.isna(word["strict"]) else word["amount"]
        return [[pair] for pair in getattr(self, f"_{word['rule']}")(row, Fraction(str(amount)))]

    def spoken_of(self, id_: str) -> list[str]:
        """Return the questions that a statement speaks of."""
        return list(self._spoken_of[id_])

    def sums(self) -> dict[str, dict[str, int]]:
        """Return the cells that stand for sums of others, which orders compare, with their forms."""
        return {name: form for name, (_, form) in self._sums.items()}

    def adds_up(self, row: Row) -> bool:
        """Whether a statement is about the sum of its answers, which are then a count to show."""
        if self.choice[str(row["question"])] == "multiple" or not row["options"]:
            return False
        word = self.words.get(str(row["bound"]))
        literal = row["unit"] in ("count", "percent")
        return literal or (word is not None and (word["rule"] in _ADDING or row["bound"] == "spread"))

    # What statements say: each returns alternatives, or pairs of form and allowed numbers.

    def _count(self, row: Row, _: Reading) -> Iterable[list[Alternative]]:
        side, question = str(row["side"]), str(row["question"])
        if question == RESPONDENTS:
            yield [(self.size(side), {int(row["value"])})]
        elif row["bound"] == "all":
            yield [({**self._form(row), **minus(self.size(side))}, {0})]
        else:
            yield [(self._form(row), {int(row["value"])})]

    def _percent(self, row: Row, reading: Reading) -> Iterable[list[Alternative]]:
        n, value = self._n(str(row["side"])), int(row["value"])
        word = self.words.get(str(row["bound"]))
        if word is not None and word["rule"] == "near":
            strict = row["bound"] in reading.strict
            if strict:
                allowed = allowed_counts(f"{value}%", n, reading.rounding)
            else:
                near = Fraction(str(word["amount"])) * value
                allowed = [k for k in range(n + 1) if abs(Fraction(100 * k, n) - value) <= near]
        else:
            bound = "" if row["bound"] == "exactly" else f"{row['bound']} "
            allowed = allowed_counts(f"{bound}{value}%", n, reading.rounding, tight=reading.tight)
        yield [(self._form(row), frozenset(allowed))]

    def _label(self, row: Row, reading: Reading) -> Iterable[list[Alternative]]:
        """Read a chart label whose slice is not told: one of the answers has it."""
        question, side = str(row["question"]), str(row["side"])
        allowed = frozenset(allowed_counts(f"{row['value']}%", self._n(side), reading.rounding))
        yield [(self.form(question, [option], side), allowed) for option in self.options[question]]

    def _mentions(self, row: Row, _: Reading) -> Iterable[list[Alternative]]:
        yield [(self._form(row), {int(row["value"])})]

    def _countries(self, row: Row, _: Reading) -> Iterable[list[Alternative]]:
        """Read countries named: somebody from each gave the answer."""
        question, joint = str(row["question"]), self.joint[str(row["question"])]
        named = {label: option for option, label in self.labels[joint].items()}
        for member in str(row["members"]).split(";"):
            for option in str(row["options"]).split(";"):
                yield [({cell(question, option, str(row["side"]), named[member]): 1}, range(1, self._most + 1))]

    def _part(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        """Read: more than this part of the whole, which is all respondents or the answers compared with."""
        whole = self._sum(row) or self.size(str(row["side"]))
        form = dict.fromkeys(self._form(row), amount.denominator)
        for name in whole:
            form[name] = form.get(name, 0) - amount.numerator
        yield form, range(1, amount.denominator * self._most + 1)

    def _apart(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        first, second = (self.form(str(row["question"]), [o], str(row["side"])) for o in str(row["options"]).split(";"))
        yield {**first, **minus(second)}, range(-floor(amount), floor(amount) + 1)

    def _at_least(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        yield self._form(row), range(ceil(amount), self._most + 1)

    def _at_most(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        yield self._form(row), range(floor(amount) + 1)

    def _at_most_percent(self, row: Row, _: Fraction) -> Iterable[Alternative]:
        side = str(row["side"])
        most = floor(Fraction(int(row["value"]), 100) * self._n(side))
        for option in str(row["options"]).split(";"):
            yield self.form(str(row["question"]), [option], side), range(most + 1)

    def _each(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        together = row["bound"] == "spread"
        options = str(row["options"]).split(";")
        for group in [options] if together else [[option] for option in options]:
            yield self.form(str(row["question"]), group, str(row["side"])), range(ceil(amount), self._most + 1)

    def _first(self, row: Row, amount: Fraction) -> Iterable[Alternative]:
        own, *others = (cell(question, ";".join(options), str(row["side"])) for question, options in self._ordered(row))
        for other in others:
            yield {own: 1, other: -1}, range(ceil(amount), self._most + 1)

    def _ordered(self, row: Row) -> list[tuple[str, list[str]]]:
        """Return the answers that an order compares: their sums are cells, so that comparisons share them."""
        if self.words.get(str(row["bound"]), {}).get("rule") != "first":
            return []
        return [(str(row["question"]), str(row["options"]).split(";")), *_compared(row)]

    def _form(self, row: Row) -> dict[str, int]:
        question, options, side = str(row["question"]), str(row["options"]), str(row["side"])
        name = cell(question, options, side)
        return {name: 1} if name in self._sums else self.form(question, options.split(";"), side)

    def _sum(self, row: Row) -> dict[str, int]:
        return {
            name: 1 for question, options in _compared(row) for name in self.form(question, options, str(row["side"]))
        }

    def _n(self, side: str) -> int:
        """Return the number of respondents that percentages of a side are of."""
        sizes = [int(row["value"]) for row in self.statements.values() if _is_size(row) and row["side"] == side]
        return sizes[0]


#: Rules about a sum of answers.
_ADDING = {"part", "at_least", "at_most"}
_LITERAL = {"count", "percent", "label", "mentions", "countries"}


def _row(row: Mapping[Hashable, Any]) -> Row:
    return {str(column): value for column, value in row.items()}


def _is_size(row: Row) -> bool:
    return row["question"] == RESPONDENTS and row["unit"] == "count"


def _compared(row: Row) -> list[tuple[str, list[str]]]:
    """Return the questions and options that a statement compares with."""
    pairs = [part.partition(":") for part in str(row["against"]).split("|") if part]
    return [(question, options.split(";")) for question, _, options in pairs]


def questionnaire(tables: Mapping[str, pd.DataFrame]) -> Questionnaire:
    """Return the survey's questions and statements with the readings of soft words."""
    return Questionnaire(tables["survey"], tables["questions"], tables["options"], tables["readings"])
