"""Answers in the layout in which EUSurvey exports them, so that made-up and real ones are read by the same code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from reissue.answers.mapping import SEPARATOR
from reissue.answers.sheets import CONTENT, HEADER_ROW
from reissue.core.errors import InputError
from reissue.core.files import write_bytes
from reissue.core.paths import display_path

#: A sheet has so many columns; more are in the next sheet.
WIDTH = 254

_METADATA = {
    "Invitation number": "Anonymous",
    "Contribution ID": "Anonymous",
    "User name": "Anonymous",
    "Creation date": "",
    "Last update": "",
    "Languages": "EN",
}
# Two runs write the same bytes: nothing in the file may depend on the clock.
_CREATED = datetime(2020, 1, 1)

Written = tuple[str, list[str]]


def write_workbook(
    path: Path,
    answers: pd.DataFrame,
    mapping: pd.DataFrame,
    *,
    alias: str,
    split: bool = False,
    user: str = "Anonymous",
) -> None:
    """Write answers as an export in XLSX: one row per respondent, one column per question.

    Parameters
    ----------
    path
        The workbook; written whole or not at all, and the same bytes each time.
    answers
        One row per respondent, question and option, as `decode_answers` returns them.
    mapping
        The header of each question and the label of each option; the first one where there are several. The columns
        are in its order, with or without answers.
    alias
        The name of the survey, for the first row.
    split
        Whether each option of a multiple choice has a column of Yes and No, instead of all labels in one cell.
    user
        The text in the column of user names.

    Notes
    -----
    The layout has no way to say that a multiple choice was answered with nothing: it is written as unanswered. A
    question counts as a multiple choice if its answers show it: an option not chosen, or two chosen.

    Raises
    ------
    InputError
        If an answer has no label in the mapping, or a text is too long for a cell.
    """
    respondents = pd.Index(sorted(answers["respondent"].unique()))
    columns = list(_build_columns(answers, respondents, mapping, split))
    columns += [(header, [text] * len(respondents)) for header, text in (_METADATA | {"User name": user}).items()]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    for number, start in enumerate(range(0, len(columns), WIDTH)):
        sheet = book.add_worksheet(f"{CONTENT}{number or ''}")
        _write(sheet, 0, 0, alias, path)
        for place, (header, texts) in enumerate(columns[start : start + WIDTH]):
            for row, text in enumerate([header, *texts], start=HEADER_ROW):
                _write(sheet, row, place, text, path)
    book.close()
    write_bytes(path, buffer.getvalue())


def _build_columns(
    answers: pd.DataFrame, respondents: pd.Index, mapping: pd.DataFrame, split: bool
) -> Iterator[Written]:
    """Yield the columns of the questions, each with its header and one text per respondent."""
    headers = dict(reversed(list(zip(mapping["question"], mapping["header"], strict=True))))
    first = mapping.drop_duplicates(["question", "option"])
    labels = {
        str(question): dict(zip(own["option"], own["label"], strict=True))
        for question, own in first.groupby("question", sort=False)
    }
    by_question = dict(list(answers.groupby("question", observed=True)))
    if unknown := [question for question in by_question if question not in labels]:
        raise InputError(f"the mapping has no header for question {unknown[0]!r}", remedy="add its labels to it")
    for question, own in labels.items():
        rows = by_question.get(question, answers.iloc[:0])
        taken = rows[rows["chosen"].astype(bool)]
        texts = _label_options(taken["option"], question, labels)
        if split and (len(taken) < len(rows) or taken["respondent"].duplicated().any()):
            yield headers[question], [""] * len(respondents)
            for option, label in own.items():
                yes = respondents.isin(taken.loc[taken["option"] == option, "respondent"])
                yield label, ["Yes" if chosen else "No" for chosen in yes]
        else:
            joined = texts.groupby(taken["respondent"]).agg(SEPARATOR.join).reindex(respondents, fill_value="")
            yield headers[question], list(joined)


def _label_options(options: pd.Series[str], question: str, labels: dict[str, dict[str, str]]) -> pd.Series[str]:
    """Return the label of each option.

    Raises
    ------
    InputError
        If the mapping has no label for one of them.
    """
    texts = options.astype(object).map(labels[question])
    if texts.isna().any():
        raise InputError(
            f"the mapping has no label for {options[texts.isna()].iloc[0]!r} of question {question!r}",
            remedy="add it to the mapping",
        )
    return texts


def _write(sheet: Worksheet, row: int, column: int, text: str, path: Path) -> None:
    # As a string whatever it looks like: what begins with = is no formula, and what looks like a number is none.
    if sheet.write_string(row, column, text) != 0:
        raise InputError(
            f"the text {text[:40]!r} … does not fit into a cell",
            where=f"{display_path(path)}, row {row + 1}",
            expected="at most 32767 characters, and at most 1048576 rows",
            remedy="shorten it",
        )
