"""Write answers in the layout of EUSurvey's exports, so that the same code reads synthetic and real ones."""

from __future__ import annotations

import io
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


def write_workbook(
    path: Path, answers: pd.DataFrame, mapping: pd.DataFrame, *, alias: str, user: str = "Anonymous"
) -> None:
    """Write answers, as `decode_answers` returns them, as an export in XLSX: one row per respondent.

    The file is written whole or not at all, and has the same bytes each time. Its columns, with or without answers, are
    in the order of the mapping; where that has several headers or labels, the first is written. The first row has the
    name of the survey, `alias`, and the column of user names the text `user`. The layout cannot express that a
    respondent answered a multiple choice with nothing: it is written as unanswered.

    Raises
    ------
    InputError
        If an answer has no label in the mapping, or a text is too long for a cell.
    """
    respondents = pd.Index(sorted(answers["respondent"].unique()))
    columns = _build_columns(answers, respondents, mapping)
    columns += [(header, [text] * len(respondents)) for header, text in (_METADATA | {"User name": user}).items()]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(CONTENT)
        _write_cell(sheet, 0, 0, alias, path)
        for place, (header, texts) in enumerate(columns):
            for row, text in enumerate([header, *texts], start=HEADER_ROW):
                _write_cell(sheet, row, place, text, path)
    write_bytes(path, buffer.getvalue())


def _build_columns(answers: pd.DataFrame, respondents: pd.Index, mapping: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Return the columns of the questions, each with its header and one text per respondent."""
    first = mapping.drop_duplicates(["question", "option"])
    labels = first.set_index(["question", "option"])["label"].to_dict()
    chosen = answers[answers["chosen"].astype(bool)].astype({"question": "str", "option": "str"})
    unknown = [one for one in zip(chosen["question"], chosen["option"], strict=True) if one not in labels]
    if unknown:
        question, option = unknown[0]
        raise InputError(
            f"the mapping has no label for {option!r} of question {question!r}", remedy="add it to the mapping"
        )
    texts = pd.Series([labels[one] for one in zip(chosen["question"], chosen["option"], strict=True)], chosen.index)
    found = []
    for question, header in mapping.drop_duplicates("question").set_index("question")["header"].items():
        own = texts[chosen["question"] == question]
        joined = own.groupby(chosen["respondent"]).agg(SEPARATOR.join).reindex(respondents, fill_value="")
        found.append((str(header), list(joined)))
    return found


def _write_cell(sheet: Worksheet, row: int, column: int, text: str, path: Path) -> None:
    # As a string in any case, so that nothing becomes a formula or a number.
    if sheet.write_string(row, column, text) != 0:
        raise InputError(
            f"the text {text[:40]!r} … does not fit into a cell",
            where=f"{display_path(path)}, row {row + 1}",
            expected="at most 32767 characters, and at most 1048576 rows",
            remedy="shorten it",
        )
