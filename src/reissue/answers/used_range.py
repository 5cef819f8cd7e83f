"""The range of cells that a sheet uses, found in its XML, because the reader allocates the whole rectangle.

The range that a sheet declares is not trusted. One search suffices if all cells have names and are near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO

from reissue.answers.columns import MAX_CELLS

_CHUNK = 1024**2
_NAME = rb"<(?:[\w.-]+:)?"
#: A cell of an XLSX with an unusual name or none, or beyond column RZ or row 99,999: a sheet without such cells has
#: fewer than MAX_CELLS.
_ODD = re.compile(_NAME + rb'c(?=[\s/>])(?! r="[A-R]?[A-Z][0-9]{1,5}")')
_REPEATED = re.compile(rb"-repeated\s*=")
_ATTRIBUTES = rb"""((?:\s+[^\s=>"']+\s*=\s*(?:"[^"]*"|'[^']*'))*)"""
_TAG = re.compile(_NAME + rb"(row|c|table-row|table-cell|covered-table-cell)" + _ATTRIBUTES + rb"\s*/?>")
_ATTRIBUTE = re.compile(rb"""(?:[\w.-]+:)?([^\s=>"':]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CELL = re.compile(rb"([A-Z]+)([0-9]+)")


def count_spanned_cells(sheet: Callable[[], IO[bytes]], *, ods: bool = False) -> int:
    """Return the number of cells in the rectangle that a sheet spans, or 0 if it is certainly small enough.

    `sheet` opens the sheet's XML. In an ODS, rows and cells can be repeated.
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
                column = _count_letters(named[1]) if named else column + 1
                last, widest = max(last, int(named[2]) if named else row), max(widest, column)
            else:
                column += int(about.get(b"number-columns-repeated", 1))
                if b"value-type" in about:
                    last, widest = max(last, row), max(widest, column)
            if last * widest > MAX_CELLS:
                return last * widest
    return last * widest


def _chunks(sheet: Callable[[], IO[bytes]]) -> Iterator[bytes]:
    """Yield a sheet in pieces that do not split a tag."""
    rest = b""
    with sheet() as file:
        while piece := file.read(_CHUNK):
            whole, sign, end = (rest + piece).rpartition(b"<")
            yield whole
            rest = sign + end
    yield rest


def _count_letters(letters: bytes) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
