"""Read a respondent-level export of EUSurvey, the European Commission's questionnaire tool.

EUSurvey exports results as XLSX or ODS, and people save them again as CSV. Whatever the format, the result is the same:
columns of text under the questions' headers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reissue.answers.columns import Column, is_empty, is_yes_or_no, normalise
from reissue.answers.sheets import read_csv, read_workbook
from reissue.core.errors import InputError
from reissue.core.paths import SYNTHETIC, display_path

_GIVE_EXPORT = "give the results as EUSurvey exports them: XLSX or ODS, or CSV UTF-8"
_CONTRIBUTION = "contribution id"
_METADATA = frozenset(
    {"invitation number", _CONTRIBUTION, "user name", "creation date", "last update", "languages", "total score"}
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, eq=False)
class Export:
    """One column per question or, where multiple choice is split, per option; one cell per contribution."""

    #: In the file's order, without those that describe the contribution itself.
    columns: tuple[Column, ...]
    #: The number of contributions.
    rows: int
    #: The file, as messages name it.
    file: str = "the export"
    #: The row of the first contribution: 5 in a sheet.
    first: int = 5
    #: Whether the file states that its answers are drawn, not given.
    synthetic: bool = False

    def name_row(self, index: int) -> str:
        """Return the row of a contribution, counted from 0, as messages name it."""
        return f"row {self.first + index}"


def read_export(path: Path) -> Export:
    """Return the columns of an XLSX, ODS or CSV file. The content determines the format; the file's name does not.

    A CSV is UTF-8, with commas or semicolons, and its headers in row 1, or in row 4 as in the sheet.

    Raises
    ------
    InputError
        If the file is missing, a folder, of another format, encrypted, damaged, a zip bomb or without contributions;
        if its sheets do not fit together; if a header or a contribution is a duplicate.
    """
    where = display_path(path)
    table = read_workbook(path) if _is_workbook(path) else read_csv(path)
    # Rows up to the last one in which any cell holds something.
    rows = max((int(filled[-1]) + 1 for one in table.columns if len(filled := np.flatnonzero(one.cells))), default=0)
    if not rows:
        raise InputError(
            "the sheet has no contributions",
            where=where,
            expected="one row for each contribution, below the headers",
            remedy=_GIVE_EXPORT,
        )
    columns = [Column(column.header, column.place, column.cells[:rows]) for column in table.columns]
    _refuse_duplicate_contributions(columns, table.first, where)
    questions = [column for column in columns if column.header or not is_empty(column.cells)]
    # EUSurvey adds its own columns last: a question of the same name further in front stays.
    while questions and normalise(questions[-1].header) in _METADATA:
        questions.pop()
    _refuse_duplicate_headers(questions, where)
    users = [text for column in columns if normalise(column.header) == "user name" for text in column.cells]
    return Export(tuple(questions), rows, where, table.first, SYNTHETIC in users)


def _is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook; else it is taken for CSV, unless it is certainly something else."""
    where = display_path(path)
    if path.is_dir():
        raise InputError("this is a folder", where=where, expected="a file", remedy=_GIVE_EXPORT)
    try:
        with path.open("rb") as file:
            head = file.read(4096)
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
        return True
    is_markup = head.removeprefix(_BOM).lstrip().startswith(b"<")
    if is_markup or b"\0" in head or head.startswith(b"%PDF"):
        raise InputError("the format is unknown", where=where, expected="XLSX, ODS or CSV", remedy=_GIVE_EXPORT)
    return False


def _refuse_duplicate_contributions(columns: list[Column], first: int, where: str) -> None:
    for column in columns:
        if normalise(column.header) != _CONTRIBUTION:
            continue
        seen: dict[str, int] = {}
        for row, text in enumerate(column.cells, start=first):
            if text and normalise(text) != "anonymous" and seen.setdefault(text, row) != row:
                raise InputError(
                    f"duplicate contribution {text!r}",
                    where=f"{where}, {column.place}, rows {seen[text]} and {row}",
                    expected="every contribution once",
                    remedy="delete one of the two",
                )


def _refuse_duplicate_headers(columns: list[Column], where: str) -> None:
    """Refuse two columns with the same header, unless they are options of questions that are split into columns."""
    headers = Counter(normalise(column.header) for column in columns if column.header)
    if max(headers.values(), default=0) < 2:
        return
    seen: dict[str, Column] = {}
    # The column before the run of columns of Yes and No that a column belongs to: empty if they are options.
    leader = columns[0]
    for column in columns:
        if not is_yes_or_no(column.cells):
            leader = column
        if not column.header or (leader is not column and is_empty(leader.cells)):
            continue
        other = seen.setdefault(normalise(column.header), column)
        if other is not column:
            raise InputError(
                f"two columns have the header {column.header!r}",
                where=f"{where}, {other.place} and {column.place}",
                expected="every header once",
                remedy="rename or delete one of the two",
            )
