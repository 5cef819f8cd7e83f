"""Columns of an export: their cells as text, and how texts are compared."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Cells = NDArray[np.object_]

#: What the questionnaire tool writes in a column for one option, if it was chosen or not; as `normalise` writes it.
YES = frozenset({"yes", "sí", "sim", "oui", "ja"})
NO = frozenset({"no", "não", "non", "nein"})

#: No export is larger; a larger file would fill the memory.
MAX_COLUMNS = 16_384
MAX_CELLS = 50_000_000
#: Rows that are turned into columns at a time, a compromise between speed and memory.
_CHUNK = 20_000
_ID = re.compile(r" \([A-Za-z0-9_.-]+\)$")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of an export: its header, its place (for messages), and one text per contribution."""

    header: str
    place: str
    cells: Cells


@dataclass(frozen=True, eq=False)
class Table:
    """All columns of a file, and the row of its first contribution."""

    columns: list[Column]
    first: int


def normalise(text: str) -> str:
    """Return a text as it is compared: without case, and with single spaces between words."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def strip_id(compared: str) -> str:
    """Return a normalised text without the ` (ID)` that the questionnaire tool can add."""
    return _ID.sub("", compared)


def gather_columns(rows: Iterable[Sequence[object]], width: int) -> list[Cells]:
    """Return the cells of each column as stripped text, from rows that all have `width` cells."""
    parts: list[list[Cells]] = [[np.array([], dtype=object)] for _ in range(width)]
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        for part, cells in zip(parts, zip(*chunk, strict=True), strict=True):
            part.append(_to_texts(cells))
    return [np.concatenate(part) for part in parts]


def factorise(cells: Cells) -> tuple[NDArray[np.intp], list[str]]:
    """Return for each cell the number of its text, and the distinct texts."""
    codes, values = pd.factorize(cells)
    return codes, [str(value) for value in values]


def is_yes_or_no(cells: Cells) -> bool:
    """Return whether a column holds Yes and No, in a known language, and nothing else."""
    words = {normalise(text) for text in factorise(cells)[1]} - {""}
    return bool(words) and words <= YES | NO


def is_empty(cells: Cells) -> bool:
    """Return whether no cell of a column holds anything."""
    return not (cells != "").any()


def _to_texts(cells: Sequence[object]) -> Cells:
    # Each distinct text is stripped once: a column has few of them.
    plain = np.array([cell if cell.__class__ is str else _to_text(cell) for cell in cells], dtype=object)
    codes, values = factorise(plain)
    return np.array([value.strip() for value in values], dtype=object)[codes]


def _to_text(cell: Any) -> str:
    """Return a cell's text: a whole number without a point, a date as ISO 8601."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)
