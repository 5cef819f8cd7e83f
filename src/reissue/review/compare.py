"""The one comparer: files by their bytes, exhibits by their values; it names what differs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from itertools import zip_longest
from pathlib import Path

from reissue.core.datapackage import digest

#: What an exhibit is against another making of it, the worst last.
IDENTICAL, SAME_VALUES, DIFFERS, MISSING = VERDICTS = ("identical", "same values", "differs", "missing")
#: Of a row as a whole, and of a table's words.
ROW, WORDS = "row", "words"
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_TAG = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
#: The part of the rows that columns must tell apart to name them, where some are there twice.
_NEARLY = 0.9
#: Words shown on either side of a difference in a table's words.
_SHOWN = 6

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Difference:
    """One value that is not as published.

    Attributes
    ----------
    row
        The values that name the row, in words.
    column
        The column; `row` where a whole row is there on one side only, `words` where a table is written otherwise.
    published, rebuilt
        Both values; None where there is none.
    """

    row: str
    column: str
    published: str | None
    rebuilt: str | None

    def __str__(self) -> str:
        """Return it as readers are told it: `every week, Staff, most: 3 → 4`."""
        where = ", ".join(filter(None, [self.row, "" if self.column == ROW and self.row else self.column]))
        before, after = ("nothing" if value is None else value or "empty" for value in (self.published, self.rebuilt))
        return f"{where}: {before} → {after}"


@dataclass(frozen=True)
class Compared:
    """How an exhibit, or a table, came out against another making of it."""

    verdict: str
    differences: tuple[Difference, ...] = ()
    note: str = ""


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files in a folder and those below it, by their path in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def find_first_difference(ours: dict[str, bytes], theirs: dict[str, bytes]) -> str:
    """Return in one line what two sides made differently, and nothing where all is the same.

    A file that one side lacks comes before one whose contents differ.
    """
    if not ours:
        return "neither side made anything" if not theirs else f"only theirs has {min(theirs)}"
    for name in sorted(ours.keys() ^ theirs.keys()):
        return f"only {'ours' if name in ours else 'theirs'} has {name}"
    for name, content in ours.items():
        for number, (one, other) in enumerate(_lines(content, theirs[name]), start=1):
            if one != other:
                return f"{name}, line {number}: {_around(one, other)} here, {_around(other, one)} there"
    return ""


def compared(hashes: Mapping[str, str], values: Files, rebuilt: Files) -> Compared:
    """Hold the files of one exhibit, or of one table, against what was published of them.

    Parameters
    ----------
    hashes
        SHA-256 of every published file, by its place in a build.
    values
        The published files that hold values: tables as CSV and as HTML.
    rebuilt
        The files as made anew.
    """
    if not hashes and not rebuilt:
        return Compared(MISSING, note="neither published nor rebuilt")
    if not hashes:
        return Compared(DIFFERS, (Difference("", ROW, None, "the exhibit"),), "not published")
    lacking = [name for name in hashes if name not in rebuilt]
    other = [name for name, content in rebuilt.items() if hashes.get(name) != digest(content)]
    found = [one for name in other if name in values for one in _differing(name, values[name], rebuilt[name])]
    # Copies of one table (the figure's and the result's) have the same differences.
    differences = tuple(dict.fromkeys(found))
    if lacking:
        return Compared(MISSING, differences, f"not made: {', '.join(lacking)}")
    if differences:
        return Compared(DIFFERS, differences)
    note = f"other bytes: {', '.join(sorted(other))}" if other else ""
    return Compared(SAME_VALUES if other else IDENTICAL, note=note)


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst of some verdicts; identical, where there is none."""
    return max(verdicts, key=VERDICTS.index, default=IDENTICAL)


def _differing(name: str, published: bytes, rebuilt: bytes) -> list[Difference]:
    one, other = (content.decode("utf-8", "replace") for content in (published, rebuilt))
    return differing_cells(one, other) if name.endswith(".csv") else differing_words(one, other)


def differing_cells(published: str, rebuilt: str) -> list[Difference]:
    """Return the cells in which two CSV texts differ, row by row; rows are matched by the values that name them.

    Numbers are the same when they are equal, however they are written.
    """
    (head, rows), (other_head, other_rows) = _table(published), _table(rebuilt)
    found = [Difference("", column, "a column", None) for column in head if column not in other_head]
    found += [Difference("", column, None, "a column") for column in other_head if column not in head]
    naming = _naming(head, rows, other_head)
    before, after = _named(rows, naming), _named(other_rows, naming)
    for name, row in before.items():
        if name not in after:
            found.append(Difference(_words(name), ROW, _rest(row, naming), None))
            continue
        found += [
            Difference(_words(name), column, row[column], after[name][column])
            for column in head
            if column in other_head and not _same(row[column], after[name][column])
        ]
    found += [
        Difference(_words(name), ROW, None, _rest(row, naming)) for name, row in after.items() if name not in before
    ]
    common = [name for name in before if name in after]
    if not found and common != [name for name in after if name in before]:
        place = next(n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
        found.append(Difference(f"row {place + 1}", "order", _words(list(before)[place]), _words(list(after)[place])))
    return found


def differing_words(published: str, rebuilt: str) -> list[Difference]:
    """Return the first place where the words of two HTML tables differ, with some words around it."""
    one, other = (unescape(_TAG.sub(" ", text)).split() for text in (published, rebuilt))
    place = next((n for n, pair in enumerate(zip_longest(one, other)) if pair[0] != pair[1]), None)
    if place is None:
        return []
    first, second = (" ".join(words[max(0, place - 2) : place + _SHOWN]) for words in (one, other))
    return [Difference("", WORDS, first, second)]


def _table(text: str) -> tuple[list[str], list[dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restkey="", restval="")
    return list(reader.fieldnames or ()), [{k: str(v) for k, v in row.items()} for row in reader]


def _naming(head: list[str], rows: list[dict[str, str]], other: list[str]) -> list[str]:
    """Return the columns that name a row: the first ones that together are different in every row.

    Where that takes all columns, no value would be left to differ: then those that are different in nearly all.
    """
    shared = [column for column in head if column in other]
    for enough in (len(rows), _NEARLY * len(rows)):
        for number in range(1, len(shared)):
            if len({tuple(row[column] for column in shared[:number]) for row in rows}) >= enough:
                return shared[:number]
    return shared


def _named(rows: list[dict[str, str]], naming: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """Return rows by their names; of rows that are called alike, the second is so called, and so on."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        name = tuple(row[column] for column in naming)
        again = 1
        while name in found:
            again += 1
            name = (*name[: len(naming)], f"no. {again}")
        found[name] = row
    return found


def _words(name: tuple[str, ...]) -> str:
    return ", ".join(filter(None, name))


def _rest(row: dict[str, str], naming: list[str]) -> str:
    rest = [value for column, value in row.items() if column not in naming and value]
    return ", ".join(rest) or "a row"


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    return bool(_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)) and Decimal(one) == Decimal(other)


def _lines(one: bytes, other: bytes) -> zip_longest[tuple[bytes | None, bytes | None]]:
    return zip_longest(one.split(b"\n"), other.split(b"\n"))


def _around(line: bytes | None, other: bytes | None) -> str:
    """Return what stands where a line begins to differ from another."""
    if line is None:
        return "nothing"
    place = next((n for n, pair in enumerate(zip(line, other or b"", strict=False)) if pair[0] != pair[1]), len(line))
    return repr(line[max(0, place - 20) : place + 40].decode("utf-8", "replace"))
