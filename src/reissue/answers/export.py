"""The intake of a respondent-level export of EUSurvey, the European Commission's questionnaire tool.

Results are exported as XLSX or ODS, and people save them again as CSV. Whatever the format, the result is the same:
columns of text under the questions' headers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reissue.answers.columns import Column, Table, is_empty, is_yes_or_no, normalise
from reissue.answers.sheets import read_csv, read_workbook
from reissue.core.errors import InputError
from reissue.core.paths import SYNTHETIC, display_path

__all__ = ["SYNTHETIC", "Column", "Export", "read_columns", "read_export"]

_GIVE_EXPORT = "give the results as EUSurvey exports them: XLSX or ODS, or CSV UTF-8"
_CONTRIBUTION = "contribution id"
_METADATA = frozenset(
    {"invitation number", _CONTRIBUTION, "user name", "creation date", "last update", "languages", "total score"}
)
_ANONYMOUS = "anonymous"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOM = b"\xef\xbb\xbf"
_HEAD = 4096


@dataclass(frozen=True, eq=False)
class Export:
    """One column per question or, where multiple choice is split, per option; one cell per contribution.

    Attributes
    ----------
    columns
        In the file's order, without those that describe the contribution itself.
    rows
        How many contributions there are.
    file
        The file, as messages name it.
    first
        The row of the first contribution: 5 in a sheet.
    synthetic
        Whether the file says of itself that nobody gave these answers.
    """

    columns: tuple[Column, ...]
    rows: int
    file: str = "the export"
    first: int = 5
    synthetic: bool = False

    def row(self, index: int) -> str:
        """Return how messages call a contribution, counted from 0."""
        return f"row {self.first + index}"


def read_export(path: Path) -> Export:
    """Return an export's columns, whatever its format; the content tells it, not the file's name.

    Parameters
    ----------
    path
        XLSX, ODS or CSV (comma or semicolon, UTF-8; headers in row 1, or in row 4 as in the sheet).

    Raises
    ------
    InputError
        If the file is missing, a folder, of another format, encrypted, damaged, a zip bomb or without contributions;
        if its sheets do not fit together; if a header or a contribution is there twice.
    """
    where = display_path(path)
    table = read_columns(path)
    columns = table.columns
    rows = _rows(columns)
    _refuse_same_contributions(columns, table, where)
    questions = _drop_metadata(columns)
    _refuse_same_headers(questions, where)
    users = [text for column in columns if normalise(column.header) == "user name" for text in column.cells]
    return Export(tuple(questions), rows, where, table.first, SYNTHETIC in users)


def read_columns(path: Path) -> Table:
    """Return all columns of an export as they are, with those that describe the contribution itself.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no contribution.
    """
    table = _READERS[_format(path)](path)
    rows = _rows(table.columns)
    if not rows:
        raise InputError(
            "there is no contribution",
            where=display_path(path),
            expected="a row for each below the headers",
            remedy=_GIVE_EXPORT,
        )
    columns = [Column(column.header, column.place, column.cells[:rows]) for column in table.columns]
    return Table(columns, table.first)


def _format(path: Path) -> str:
    where = display_path(path)
    if path.is_dir():
        raise InputError("this is a folder", where=where, expected="a file", remedy=_GIVE_EXPORT)
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise InputError("there is no such file", where=where, remedy="check its name, or export the results") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where, remedy="check who may read it") from None
    if head.startswith(_OLE):
        raise InputError(
            "the workbook is encrypted, or is of the old XLS format",
            where=where,
            expected="XLSX without a password",
            remedy="open it, remove the password and save it as XLSX",
        )
    if head.startswith(b"PK"):
        return "workbook"
    is_markup = head.removeprefix(_BOM).lstrip().startswith(b"<")
    if is_markup or b"\0" in head or head.startswith(b"%PDF"):
        raise InputError("the format is unknown", where=where, expected="XLSX, ODS or CSV", remedy=_GIVE_EXPORT)
    return "csv"


_READERS = {"workbook": read_workbook, "csv": read_csv}


def _rows(columns: list[Column]) -> int:
    """Count contributions: rows up to the last one in which any cell holds anything."""
    filled = [np.flatnonzero(column.cells != "") for column in columns]
    return max((int(rows[-1]) + 1 for rows in filled if len(rows)), default=0)


def _drop_metadata(columns: list[Column]) -> list[Column]:
    """Drop what EUSurvey adds last: a question of the same name further in front stays."""
    named = [column for column in columns if column.header or not is_empty(column.cells)]
    while named and normalise(named[-1].header) in _METADATA:
        named.pop()
    return named


def _refuse_same_contributions(columns: list[Column], table: Table, where: str) -> None:
    for column in columns:
        if normalise(column.header) != _CONTRIBUTION:
            continue
        seen: dict[str, int] = {}
        for index, text in enumerate(column.cells):
            if not text or normalise(text) == _ANONYMOUS:
                continue
            if text in seen:
                first, second = table.first + seen[text], table.first + index
                raise InputError(
                    f"contribution {text!r} is there twice",
                    where=f"{where}, {column.place}, rows {first} and {second}",
                    expected="every contribution once",
                    remedy="delete one of the two",
                )
            seen[text] = index


def _refuse_same_headers(columns: list[Column], where: str) -> None:
    places: dict[str, list[int]] = defaultdict(list)
    for index, column in enumerate(columns):
        if column.header:
            places[normalise(column.header)].append(index)
    twice = [same for same in places.values() if len(same) > 1]
    before = _before_runs(columns) if twice else []
    for same in twice:
        # Questions that are split into a column for each option may have options of the same name.
        asked = [i for i in same if before[i] == i or not is_empty(columns[before[i]].cells)]
        if len(asked) > 1:
            first, second = columns[asked[0]], columns[asked[1]]
            raise InputError(
                f"two columns have the header {second.header!r}",
                where=f"{where}, {first.place} and {second.place}",
                expected="every header once",
                remedy="rename or delete one of the two",
            )


def _before_runs(columns: list[Column]) -> list[int]:
    """Return for each column the one before the run of columns of Yes and No that it stands in, or itself."""
    found: list[int] = []
    for index, column in enumerate(columns):
        found.append(found[-1] if index and is_yes_or_no(column.cells) else index)
    return found
