"""How far the cells of a sheet reach, told from its XML: the reader makes room for the whole rectangle.

What a sheet declares of itself is not believed. Sheets whose cells are all named and near are told by one search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

from reissue.answers.columns import MAX_CELLS

_CHUNK = 1024**2
_NAME = rb"<(?:[\w.-]+:)?"
#: A cell of an XLSX that is not named as all programs name it, or lies beyond column RZ or row 99,999: 494 columns by
#: 99,999 rows are just what is read.
_ODD = re.compile(_NAME + rb'c(?=[\s/>])(?! r="[A-R]?[A-Z][0-9]{1,5}")')
_REPEATED = re.compile(rb"-repeated\s*=")
_ATTRIBUTES = rb"""((?:\s+[^\s=>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)"""
_TAG = re.compile(_NAME + rb"(row|c|table-row|table-cell|covered-table-cell)" + _ATTRIBUTES + rb"\s*/?>")
_ATTRIBUTE = re.compile(rb"""(?:[\w.-]+:)?([^\s=>"':]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"([A-Z]+)([0-9]+)")


def count_spanned_cells(sheet: Callable[[], IO[bytes]], *, ods: bool = False) -> int:
    """Return how many cells the rectangle has that the cells of a sheet span; 0 where it is surely small enough.

    Parameters
    ----------
    sheet
        Opens the sheet's XML.
    ods
        Whether it is of an ODS, where rows and cells can be repeated, rather than an XLSX.
    """
    odd = _REPEATED if ods else _ODD
    if not any(odd.search(chunk) for chunk in _chunks(sheet)):
        return 0
    row = column = last = widest = 0
    for chunk in _chunks(sheet):
        for tag in _TAG.finditer(chunk):
            about = {name: one or other for name, one, other in _ATTRIBUTE.findall(tag[2])}
            if tag[1] == b"row":
                row, column = int(about.get(b"r", row + 1)), 0
            elif tag[1] == b"table-row":
                row, column = row + int(about.get(b"number-rows-repeated", 1)), 0
            elif tag[1] == b"c":
                named = _CELL.fullmatch(about.get(b"r", b""))
                column = _number(named[1]) if named else column + 1
                last, widest = max(last, int(named[2]) if named else row), max(widest, column)
            else:
                column += int(about.get(b"number-columns-repeated", 1))
                if b"value-type" in about:
                    last, widest = max(last, row), max(widest, column)
            if last * widest > MAX_CELLS:
                return last * widest
    return last * widest


def _chunks(sheet: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    """Yield a sheet in pieces that cut no tag in two."""
    rest = b""
    with sheet() as file:
        while piece := file.read(_CHUNK):
            whole, sign, end = (rest + piece).rpartition(b"<")
            yield whole
            rest = sign + end
    yield rest


def _number(letters: bytes) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
