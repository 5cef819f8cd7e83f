"""Decode the columns of an export into answers: one row per respondent, question and option.

Columns are decoded one by one, and each distinct text once: an export may have 100,000 rows.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reissue.answers.columns import YES, Column, factorise, is_empty, is_yes_or_no, normalise
from reissue.answers.export import Export
from reissue.answers.mapping import MAX_PROBLEMS_LISTED, SEPARATOR, Names, check_mapping, raise_problems, suggest
from reissue.survey.groups import Groups

_RATINGS = frozenset("12345")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_REMEDY = "correct the cells, or add their labels to the mapping"

Bools = NDArray[np.bool_]


def decode_answers(
    export: Export, mapping: pd.DataFrame, questions: pd.DataFrame, options: pd.DataFrame, groups: Groups
) -> pd.DataFrame:
    """Return one row per respondent, question and option, given the results of `read_export` and `read_mapping`.

    Returns
    -------
    pandas.DataFrame
        Columns respondent (from 1, in the file's order), group, question, option and chosen. A single choice has the
        row of the option chosen; a multiple choice one row for each option, chosen or not; either has none where
        nothing was answered. In columns of Yes and No, No everywhere is no answer: the file does not distinguish it
        from "nothing applies". `.attrs["ignored"]` lists headers that the mapping does not have, and
        `.attrs["missing"]` questions that have no column.

    Raises
    ------
    InputError
        Listing labels that are unknown, ratings outside 1 to 5, two labels where one may be chosen, two columns of
        one question, a respondent without a group; with sheet, row, column, and what may have been meant.
    """
    check_mapping(mapping, questions, options)
    decoder = _Decoder(export, Names(mapping), questions, options)
    decoder.find_columns()
    ids = list(questions.sort_values("order")["id"])
    chosen = {question: decoder.decode_choices(question) for question in ids if question in decoder.columns}
    group = decoder.decode_groups(groups, chosen.get(groups.question))
    raise_problems(decoder.problems, export.file, _REMEDY)
    frame = decoder.build_frame(chosen, group, groups.names)
    frame.attrs["ignored"] = decoder.ignored
    frame.attrs["missing"] = [question for question in ids if question not in decoder.columns]
    return frame


class _Decoder:
    """Decodes the columns of one export, and collects the problems."""

    def __init__(self, export: Export, names: Names, questions: pd.DataFrame, options: pd.DataFrame) -> None:
        self.export = export
        self.names = names
        self.multiple = set(questions.loc[questions["choice"] == "multiple", "id"])
        ordered = options.sort_values("order", kind="stable")
        self.options = {str(question): list(own) for question, own in ordered.groupby("question")["option"]}
        #: The column of each question, and the columns of the options of a question that is split.
        self.columns: dict[str, Column] = {}
        self.split: dict[str, list[Column]] = {}
        self.ignored: list[str] = []
        self.problems: list[str] = []
        self._unknown: set[tuple[str, str]] = set()

    def find_columns(self) -> None:
        """Find the columns of the questions, and skip those that the mapping does not have."""
        left = list(self.export.columns)
        while left:
            column = left.pop(0)
            question = self.names.find_question(column.header)
            if question is None:
                self.ignored.append(column.header)
                continue
            block: list[Column] = []
            if question in self.multiple and is_empty(column.cells):
                block = self._find_block(question, left)
                del left[: len(block)]
            if question in self.columns:
                places = f"{self.columns[question].place} and {column.place}"
                self.problems.append(f"two columns for question {question!r} ({places})")
                continue
            self.columns[question] = column
            if block:
                self.split[question] = block

    def _find_block(self, question: str, following: list[Column]) -> list[Column]:
        """Return the columns of Yes and No that follow the empty column of a multiple choice."""
        run: list[str | None] = []
        for column in following:
            option = self.names.find_option(question, column.header)
            if not is_yes_or_no(column.cells) or (option is None and self.names.find_question(column.header)):
                break
            run.append(option)
        # A column with an unknown label may be a question of its own. It counts as an option only among known options,
        # or as long as an option has no column.
        known = [index for index, option in enumerate(run) if option is not None]
        end = known[-1] + 1 if known else 0
        without = len(set(self.options[question]) - set(run)) - (end - len(known))
        if not known and len(run) < without:
            return []
        return following[: min(len(run), end + max(0, without))]

    def decode_choices(self, question: str) -> Bools:
        """Return one row per respondent and one column per option of the question: whether it was chosen."""
        if question in self.split:
            return self._decode_block(question, self.split[question])
        column = self.columns[question]
        codes, texts = factorise(column.cells)
        first = np.unique(codes, return_index=True)[1]
        own = self.options[question]
        table = np.zeros((len(texts), len(own)), dtype=bool)
        for number, text in enumerate(texts):
            if text:
                place = f"{column.place}, {self.export.name_row(int(first[number]))}"
                table[number, [own.index(option) for option in self._decode_cell(question, text, place)]] = True
        return table[codes]

    def _decode_block(self, question: str, block: list[Column]) -> Bools:
        own = self.options[question]
        table = np.zeros((self.export.rows, len(own)), dtype=bool)
        for column in block:
            option = self.names.find_option(question, column.header)
            if option is None:
                self._add_unknown(question, column.header, column.place)
                continue
            codes, texts = factorise(column.cells)
            yes = np.array([normalise(text) in YES for text in texts], dtype=bool)
            table[:, own.index(option)] |= yes[codes]
        return table

    def _decode_cell(self, question: str, text: str, place: str) -> list[str]:
        """Return the options that a cell means; none if it has a problem."""
        option = self.names.find_option(question, text)
        if option is not None:
            return [option]
        # Exports use both separators, and a label may contain the shorter one.
        for separator in (SEPARATOR, ";"):
            parts = [part.strip() for part in " ".join(text.split()).split(separator) if part.strip()]
            found = [self.names.find_option(question, part) for part in parts]
            meant = [option for option in found if option is not None]
            if not meant or len(meant) < len(parts):
                continue
            if question in self.multiple:
                return meant
            self.problems.append(f"{text!r} ({place}): question {question!r} has one answer, these are {len(meant)}")
            return []
        if question not in self.multiple:
            return self._decode_rating(question, text, place)
        for part, option in zip(parts, found, strict=True):
            if option is None:
                self._add_unknown(question, part, place)
        return []

    def _decode_rating(self, question: str, text: str, place: str) -> list[str]:
        if set(self.options[question]) <= _RATINGS and _NUMBER.fullmatch(text):
            number = float(text.replace(",", "."))
            option = self.names.numbers[question].get(number)
            if option is not None:
                return [option]
            if number not in range(1, 6):
                self.problems.append(f"rating {text!r} of question {question!r} is outside 1 to 5 ({place})")
                return []
        self._add_unknown(question, text, place)
        return []

    def _add_unknown(self, question: str, label: str, place: str) -> None:
        if (question, normalise(label)) in self._unknown:
            return
        self._unknown.add((question, normalise(label)))
        # Suggestions take time, and only the first problems are listed.
        near = suggest(label, self.names.labels[question]) if len(self.problems) < MAX_PROBLEMS_LISTED else ""
        self.problems.append(f"{label!r} is not a label of question {question!r} ({place}){near}")

    def decode_groups(self, groups: Groups, chosen: Bools | None) -> NDArray[np.intp]:
        """Return the place of each respondent's group in `groups.names`."""
        question = groups.question
        if chosen is None:
            headers = [header for header, one in self.names.headers.items() if one == question]
            near = next((text for header in headers if (text := suggest(header, self.ignored))), "")
            wanted = " or ".join(map(repr, headers)) or f"as the mapping has no question {question!r}"
            self.problems.append(f"there is no column of the respondents' group, {wanted}{near}")
            return np.zeros(self.export.rows, dtype=np.intp)
        column = self.columns[question]
        blank = np.flatnonzero(column.cells == "")
        if len(blank):
            others = f" and {len(blank) - 1} more" if len(blank) > 1 else ""
            self.problems.append(
                f"a respondent has no group ({column.place}, {self.export.name_row(int(blank[0]))}{others}; "
                "delete the row if it has no answers)"
            )
        places = [groups.names.index(groups.by_option[option]) for option in self.options[question]]
        return np.array(places, dtype=np.intp)[chosen.argmax(axis=1)]

    def build_frame(self, chosen: dict[str, Bools], group: NDArray[np.intp], groups: tuple[str, ...]) -> pd.DataFrame:
        """Return one row per respondent, question and option, from a table per question: respondents by options."""
        every_option = pd.Index(list(dict.fromkeys(option for own in self.options.values() for option in own)))
        every_group, every_question = pd.Index(groups), pd.Index(list(chosen))
        parts = []
        for number, (question, table) in enumerate(chosen.items()):
            has_answer = np.repeat(table.any(axis=1, keepdims=True), table.shape[1], axis=1)
            rows, places = np.nonzero(has_answer if question in self.multiple else table)
            codes = every_option.get_indexer(pd.Index(self.options[question]))
            columns = {
                "respondent": rows + 1,
                "group": pd.Categorical.from_codes(group[rows], categories=every_group),
                "question": pd.Categorical.from_codes(np.full(len(rows), number), categories=every_question),
                "option": pd.Categorical.from_codes(codes[places], categories=every_option),
                "chosen": table[rows, places],
            }
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts).sort_values("respondent", kind="stable", ignore_index=True)
