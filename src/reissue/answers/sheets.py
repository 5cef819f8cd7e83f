"""Read the sheets of an export: XLSX and ODS, and what was saved again as CSV."""

from __future__ import annotations

import csv
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError
from xlsxwriter.utility import xl_col_to_name

from reissue.answers.columns import MAX_CELLS, MAX_COLUMNS, Column, Table, gather_columns
from reissue.answers.used_range import count_spanned_cells
from reissue.core.datapackage import read_text
from reissue.core.errors import InputError
from reissue.core.paths import display_path

CONTENT = "Content"
#: The row of the headers, counted from 0, after alias, date of the export and a blank row.
HEADER_ROW = 3

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_EXPORT_AGAIN = "export the results again"
_SAVE_AS_CSV = "save the results as CSV UTF-8"
#: The first rows of a CSV, which determine its separator.
_TOP_ROWS = 50
_CONTENT_SHEET = re.compile(CONTENT + r"([1-9][0-9]*)?")

# A workbook is compressed XML: one that unpacks to more than this would fill the memory.
_MAX_BYTES = 2 * 1024**3
_MAX_RATIO = 200
_RATIO_FROM = 200 * 1024**2
#: Errors of unpacking a damaged archive.
_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, EOFError, OSError, RuntimeError)


def read_workbook(path: Path) -> Table:
    """Return the columns of the sheet Content and of the sheets that continue it.

    Raises
    ------
    InputError
        If the file is not a workbook, is encrypted, damaged or a zip bomb, or if its sheets are not those of an export.
    """
    where = display_path(path)
    _check_archive(path)
    try:
        # The reader would determine the format of a path by its name.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            names = sorted(filter(_CONTENT_SHEET.fullmatch, book.sheet_names), key=lambda name: (len(name), name))
            if CONTENT not in names:
                raise InputError(
                    f"there is no sheet {CONTENT!r}",
                    where=where,
                    expected=f"{CONTENT!r} among the sheets, which are {', '.join(book.sheet_names[:5])}",
                    remedy="give the results as they were exported, not the statistics",
                )
            sheets = [_read_sheet(book.get_sheet_by_name(name), where) for name in names]
    except PasswordError:
        raise InputError(
            "the workbook is encrypted", where=where, remedy="open it, remove the password and save it again"
        ) from None
    except (CalamineError, OSError) as error:
        raise InputError(f"the workbook is damaged ({error})", where=where, remedy=_EXPORT_AGAIN) from None
    rows = [len(columns[0].cells) for columns in sheets]
    for name, count in zip(names, rows, strict=True):
        if count != rows[0]:
            raise InputError(
                f"the sheet has {count} rows below the headers, but sheet {CONTENT} has {rows[0]}",
                where=f"{where}, sheet {name}",
                expected="the same contributions in every sheet",
                remedy=_EXPORT_AGAIN,
            )
    return Table([column for columns in sheets for column in columns], HEADER_ROW + 2)


def _read_sheet(sheet: CalamineSheet, where: str) -> list[Column]:
    rows: Iterator[Sequence[object]] = iter(sheet.iter_rows())
    headers = next(islice(rows, HEADER_ROW, None), ())
    texts = [column[0] for column in gather_columns([headers], len(headers))]
    if not any(texts):
        raise InputError(
            f"there are no headers in row {HEADER_ROW + 1}",
            where=f"{where}, sheet {sheet.name}",
            expected="alias, date and a blank row, then the headers",
            remedy="give the results as they were exported",
        )
    # The reader omits empty columns on the left, but not empty rows above.
    left = sheet.start[1] if sheet.start else 0
    return _build_columns(f"sheet {sheet.name}, ", left, texts, rows)


def _build_columns(sheet: str, left: int, headers: list[str], rows: Iterable[Sequence[object]]) -> list[Column]:
    cells = gather_columns(rows, len(headers))
    places = [f"{sheet}column {xl_col_to_name(left + index)}" for index in range(len(headers))]
    return [Column(*column) for column in zip(headers, places, cells, strict=True)]


def _check_archive(path: Path) -> None:
    """Refuse a file that is not a workbook, or that would fill the memory."""
    where = display_path(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entries, names = archive.infolist(), archive.namelist()
            total = sum(entry.file_size for entry in entries)
            packed = max(1, sum(entry.compress_size for entry in entries))
            is_bomb = total > _MAX_BYTES or (total > _RATIO_FROM and total / packed > _MAX_RATIO)
            is_ods = "mimetype" in names and archive.open("mimetype").read(len(_ODS)) == _ODS
            sheets = [one for one in names if one.startswith("xl/worksheets/") or (is_ods and one == "content.xml")]
            spans = (count_spanned_cells(partial(archive.open, one), ods=is_ods) for one in sheets)
            widest = 0 if is_bomb else max(spans, default=0)
    except _DAMAGED as error:
        raise InputError(f"the workbook is damaged ({error})", where=where, remedy=_EXPORT_AGAIN) from None
    if is_bomb:
        raise InputError(
            f"unpacked it would have {total // 1024**2} MB, {total // packed} times its size",
            where=where,
            expected=f"at most {_MAX_BYTES // 1024**2} MB and {_MAX_RATIO} times",
            remedy=_EXPORT_AGAIN,
        )
    if not is_ods and not any(name.startswith("xl/") for name in names):
        raise InputError(
            "this is an archive, not a workbook",
            where=where,
            expected="XLSX or ODS",
            remedy="unpack it and give the workbook inside",
        )
    if widest > MAX_CELLS:
        raise InputError(
            f"a sheet spans over {widest} cells",
            where=where,
            expected=f"at most {MAX_CELLS}",
            remedy="delete the rows and columns outside the answers and save it again",
        )


def read_csv(path: Path) -> Table:
    """Return the columns of an export that was saved as CSV, with commas or semicolons.

    Raises
    ------
    InputError
        If the file is empty, not UTF-8, contains a null byte, or has rows that are longer than the headers.
    """
    where = display_path(path)
    try:
        tops = {separator: list(islice(_read_rows(path, separator), _TOP_ROWS)) for separator in ",;"}
        separator = max(tops, key=lambda candidate: _rate_separator(tops[candidate]))
        header = _find_header_row(tops[separator])
        headers = [cell.strip() for row in tops[separator][header : header + 1] for cell in row]
        if not any(headers):
            raise InputError("there are no headers", where=f"{where}, row 1", expected="questions", remedy=_SAVE_AS_CSV)
        if len(headers) > MAX_COLUMNS:
            raise InputError(
                f"there are {len(headers)} headers", where=where, expected=f"at most {MAX_COLUMNS}", remedy=_SAVE_AS_CSV
            )
        rows = islice(_read_rows(path, separator, strict=True), header + 1, None)
        columns = _build_columns("", 0, headers, _pad_rows(rows, len(headers), header + 2, where))
    except UnicodeDecodeError:
        # It raises an error that names the row.
        read_text(path, _SAVE_AS_CSV)
        raise
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", where=where, remedy=_SAVE_AS_CSV) from None
    return Table(columns, header + 2)


def _read_rows(path: Path, separator: str, *, strict: bool = False) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(_refuse_null_bytes(file, display_path(path)), delimiter=separator, strict=strict)


def _refuse_null_bytes(file: Iterable[str], where: str) -> Iterator[str]:
    for number, line in enumerate(file, start=1):
        if "\0" in line:
            raise InputError("null bytes are not allowed", where=f"{where}, row {number}", remedy=_SAVE_AS_CSV)
        yield line


def _find_header_row(top: list[list[str]]) -> int:
    """Return 3 if the first rows are those of the sheet (alias, date, a blank row, then the headers), else 0."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in top]
    has_preamble = len(top) > HEADER_ROW and max(filled[:2]) <= 2 and not filled[2] and filled[HEADER_ROW] > 0
    return HEADER_ROW if has_preamble else 0


def _rate_separator(top: list[list[str]]) -> tuple[bool, float, int]:
    """Return how well a separator fits the first rows: it occurs, rows are as wide as the headers, it is frequent."""
    rows = [row for row in top[_find_header_row(top) :] if row]
    width = len(rows[0]) if rows else 0
    return width > 1, sum(len(row) == width for row in rows) / max(1, len(rows)), width


def _pad_rows(rows: Iterator[list[str]], width: int, first: int, where: str) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=first):
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            raise InputError(
                f"the row has {len(row)} cells, but there are {width} headers",
                where=f"{where}, row {number}, column {xl_col_to_name(width)}",
                expected="a header for every cell",
                remedy="put cells that contain the separator in quotes",
            )
        yield row[:width] + [""] * (width - len(row))
