"""The one comparer: files by their bytes, exhibits by their values; it names what differs."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import zip_longest
from pathlib import Path

from reissue.core.datapackage import digest

#: The verdicts on an exhibit or table, the worst last.
IDENTICAL, SAME_VALUES, DIFFERS, MISSING = VERDICTS = ("identical", "same values", "differs", "missing")
#: The column of a difference in a whole row, and in the words of an HTML table.
ROW, WORDS = "row", "words"
_TAG = re.compile(r"<[^>]*>")
#: What changes how an HTML table looks, but not what it says.
_STYLE = re.compile(r"<style\b.*?</style>", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r"""\s(?:class|style)=("[^"]*"|'[^']*')""")
_TOKEN = re.compile(r"<[^>]*>|[^<\s]+")
#: Where no columns differ in every row, those that differ in this share of the rows identify a row.
_ALMOST_ALL = 0.9
#: Words shown on either side of a difference in the words of a table.
_WORDS_SHOWN = 6

Row = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One value that is not as published; None if one side lacks it.

    `row` has the values that identify the row. `column` is `row` for a whole row, and `words` for an HTML table.
    """

    row: str
    column: str
    published: str | None
    rebuilt: str | None

    def __str__(self) -> str:
        """Return the difference in one line: `every week, Staff, most: 3 → 4`."""
        where = ", ".join(filter(None, [self.row, "" if self.column == ROW and self.row else self.column]))
        before, after = ("nothing" if value is None else value or "empty" for value in (self.published, self.rebuilt))
        return f"{where}: {before} → {after}"


@dataclass(frozen=True)
class Comparison:
    """The result of comparing an exhibit or table, with its id and name, with the published one."""

    verdict: str
    differences: tuple[Difference, ...] = ()
    note: str = ""
    id: str = ""
    name: str = ""


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the contents of all files in a folder and its subfolders, by relative path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def find_first_difference(ours: Mapping[str, bytes], theirs: Mapping[str, bytes]) -> str:
    """Return the first difference between two sets of files in one line; empty if they are the same.

    A file that one side lacks comes before a file whose contents differ.
    """
    if not ours:
        return "neither side made anything" if not theirs else f"only theirs has {min(theirs)}"
    for name in sorted(ours.keys() ^ theirs.keys()):
        return f"only {'ours' if name in ours else 'theirs'} has {name}"
    for name, content in ours.items():
        lines = enumerate(zip_longest(content.splitlines(keepends=True), theirs[name].splitlines(keepends=True)), 1)
        for number, (one, other) in lines:
            if one != other:
                return f"{name}, line {number}: {one!r:.80} here, {other!r:.80} there"
    return ""


def compare_files(hashes: Mapping[str, str], values: Mapping[str, bytes], rebuilt: Mapping[str, bytes]) -> Comparison:
    """Compare the rebuilt files of one exhibit or table with the published ones.

    `hashes` has the SHA-256 of every published file, `values` the contents of those that hold values (CSV, HTML).
    """
    if not hashes and not rebuilt:
        return Comparison(MISSING, note="neither published nor rebuilt")
    if not hashes:
        return Comparison(DIFFERS, (Difference("", ROW, None, "the exhibit"),), "not published")
    missing = [name for name in hashes if name not in rebuilt]
    changed = [name for name, content in rebuilt.items() if hashes.get(name) != digest(content)]
    found: list[Difference] = []
    for name in [one for one in changed if one in values]:
        before, after = (content.decode("utf-8", "replace") for content in (values[name], rebuilt[name]))
        found += compare_cells(before, after) if name.endswith(".csv") else compare_words(before, after)
    # Copies of one table (the figure's and the result's) have the same differences.
    differences = tuple(dict.fromkeys(found))
    if missing:
        return Comparison(MISSING, differences, f"not made: {', '.join(missing)}")
    if differences:
        return Comparison(DIFFERS, differences)
    if changed:
        return Comparison(SAME_VALUES, note=f"other bytes: {', '.join(sorted(changed))}")
    return Comparison(IDENTICAL)


def find_worst(verdicts: Iterable[str]) -> str:
    """Return the worst verdict; identical if there is none."""
    return max(verdicts, key=VERDICTS.index, default=IDENTICAL)


def compare_cells(published: str, rebuilt: str) -> list[Difference]:
    """Return the cells in which two CSV texts differ. Cells are compared as text: `2.1` is not `2.10`.

    Rows are matched by the values of the first columns that identify them.
    """
    (columns, rows), (other_columns, other_rows) = _read_rows(published), _read_rows(rebuilt)
    found = [Difference("", column, "a column", None) for column in columns if column not in other_columns]
    found += [Difference("", column, None, "a column") for column in other_columns if column not in columns]
    shared = [column for column in columns if column in other_columns]
    keys = _find_key_columns(shared, rows)
    before, after = _index_rows(rows, keys), _index_rows(other_rows, keys)
    for key, row in before.items():
        if key not in after:
            found.append(Difference(_join(key), ROW, _join_rest(row, keys), None))
            continue
        other = after[key]
        found += [Difference(_join(key), name, row[name], other[name]) for name in shared if row[name] != other[name]]
    new = [key for key in after if key not in before]
    found += [Difference(_join(key), ROW, None, _join_rest(after[key], keys)) for key in new]
    if not found:
        pairs = enumerate(zip(before, after, strict=True), start=1)
        moved = [Difference(f"row {n}", "order", _join(one), _join(other)) for n, (one, other) in pairs if one != other]
        found = moved[:1]
    return found


def compare_words(published: str, rebuilt: str) -> list[Difference]:
    """Return the first difference between two HTML tables, with some words around it.

    Style is ignored; every other tag and attribute counts, since it can change the meaning.
    """
    unstyled = (_STYLE.sub(" ", text) for text in (published, rebuilt))
    tokens = [_TOKEN.findall(_TAG.sub(lambda tag: _STYLE_ATTRIBUTE.sub("", tag[0]), text)) for text in unstyled]
    words = [[token for token in one if not token.startswith("<")] for one in tokens]
    one, other = words if words[0] != words[1] else tokens
    place = next((n for n, pair in enumerate(zip_longest(one, other)) if pair[0] != pair[1]), None)
    if place is None:
        return []
    before, after = (unescape(" ".join(side[max(0, place - 2) : place + _WORDS_SHOWN])) for side in (one, other))
    return [Difference("", WORDS, before, after)]


def _read_rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a CSV text; repeated columns, and cells beyond the header, have names too."""
    header, *rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) or [[]]
    beyond = range(len(header), max(map(len, [header, *rows])))
    columns = [_join(name) for name in _number_repeats((name,) for name in [*header, *(f"column {n}" for n in beyond)])]
    return columns, [dict(zip_longest(columns, row, fillvalue="")) for row in rows if row]


def _find_key_columns(columns: list[str], rows: list[dict[str, str]]) -> list[str]:
    """Return the fewest first columns that identify a row, or almost all rows: values of other columns can differ."""
    for enough in (len(rows), _ALMOST_ALL * len(rows)):
        for number in range(1, len(columns)):
            if len({tuple(row[name] for name in columns[:number]) for row in rows}) >= enough:
                return columns[:number]
    return columns


def _index_rows(rows: list[dict[str, str]], keys: list[str]) -> dict[Row, dict[str, str]]:
    return dict(zip(_number_repeats(tuple(row[name] for name in keys) for row in rows), rows, strict=True))


def _number_repeats(names: Iterable[Row]) -> Iterator[Row]:
    """Yield names; a repeated name gets its number: `no. 2`."""
    counts = Counter[Row]()
    for name in names:
        counts[name] += 1
        yield name if counts[name] == 1 else (*name, f"no. {counts[name]}")


def _join(values: Iterable[str]) -> str:
    return ", ".join(filter(None, values))


def _join_rest(row: dict[str, str], keys: list[str]) -> str:
    return _join(value for column, value in row.items() if column not in keys) or "a row"
