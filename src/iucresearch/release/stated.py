"""The counts that a file states, wherever it does: in tables, in data behind pictures, in descriptions.

It reads finished files alone, and knows of the code that made them only how a set of counts is worded.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from iucresearch.exhibits import EXHIBITS

_SECTION = re.compile(r'<section class="exhibit" id="([^"]+)">(.*?)</section>', re.DOTALL)
_CSV = re.compile(r'href="data:text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)" download="([^"]+)\.csv"')
_ALT = re.compile(r'<img src="data:image/svg\+xml;base64,[^"]*" alt="([^"]*)">')
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^<>]+>")
#: Exhibits that show counts of the survey.
_COUNTED = {item.id for item in EXHIBITS if item.shows_counts}


@dataclass(frozen=True)
class Stated:
    """A statement about a count, as a file makes it.

    Attributes
    ----------
    place
        Where it stands.
    about
        What names the count: question and options where the file has them, else the exhibit and the label.
    side
        Of whom.
    counts
        Every number that it leaves, joined by `;`.
    """

    place: str
    about: tuple[str, str]
    side: str
    counts: str


@dataclass(frozen=True)
class Picture:
    """A picture's description, and the data that stand beside it."""

    place: str
    exhibit: str
    alt: str
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Listed:
    """A table of a page: its heads, and its rows as they are read."""

    place: str
    exhibit: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_csv(place: str, text: str, exhibit: str = "") -> list[Stated]:
    """Return what a CSV file states of counts; nothing where it has no counts that are feasible.

    Parameters
    ----------
    place
        Where the text stands.
    exhibit
        The exhibit whose data it has, where it does not name questions itself.
    """
    found = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row.get("feasible") is None or row.get("side") is None:
            continue
        if row.get("question"):
            about = row["question"], row.get("options") or row.get("option") or ""
        else:
            about = exhibit, row.get("label") or ""
        found.append(Stated(place, about, row["side"], row["feasible"]))
    return found


def pictures_of(name: str, content: bytes) -> list[Picture]:
    """Return the descriptions of a page's or notebook's pictures of counts, each with the data beside it."""
    found = []
    for html in _html(name, content):
        for exhibit, body in _SECTION.findall(html):
            if exhibit in _COUNTED:
                data = {inner: base64.b64decode(text).decode() for text, inner in _CSV.findall(body)}
                rows = tuple(csv.DictReader(io.StringIO(data.get(exhibit, ""), newline="")))
                alt = _ALT.search(body)
                found.append(Picture(f"{name}, {exhibit}", exhibit, unescape(alt[1]) if alt else "", rows))
    return found


def embedded_in(name: str, content: bytes) -> list[Stated]:
    """Return what the CSV texts state that a page or notebook carries: those to save, and outputs in plain words."""
    found = []
    for html in _html(name, content):
        for text, exhibit in _CSV.findall(html):
            found += of_csv(f"{name}, {exhibit}.csv", base64.b64decode(text).decode(), exhibit)
    for output in _outputs(name, content):
        if exhibit := output.get("metadata", {}).get("iucresearch", {}).get("exhibit"):
            plain = _joined(output.get("data", {}).get("text/plain", ""))
            found += of_csv(f"{name}, {exhibit} in plain words", plain.rpartition("\n\n")[2], exhibit)
    return found


def tables_of(name: str, content: bytes) -> list[Listed]:
    """Return the tables of a page or notebook, each with the exhibit that it stands in."""
    found = []
    for html in _html(name, content):
        sections = [(m.start(), m.end(), m[1]) for m in _SECTION.finditer(html)]
        for table in _TABLE.finditer(html):
            exhibit = next((own for begin, end, own in sections if begin <= table.start() < end), "")
            rows = [tuple(_text(cell) for cell in _CELL.findall(row)) for row in _ROW.findall(table[0])]
            if rows:
                found.append(Listed(f"{name}{f', {exhibit}' if exhibit else ''}", exhibit, rows[0], tuple(rows[1:])))
    return found


def _html(name: str, content: bytes) -> Iterator[str]:
    """Return the HTML of a page, or of each output of a notebook."""
    if name.endswith(".html"):
        yield content.decode("utf-8")
    for output in _outputs(name, content):
        yield _joined(output.get("data", {}).get("text/html", ""))


def _outputs(name: str, content: bytes) -> Iterator[dict[str, Any]]:
    if name.endswith(".ipynb"):
        for cell in json.loads(content)["cells"]:
            yield from cell.get("outputs", [])


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _text(cell: str) -> str:
    return " ".join(unescape(_TAG.sub("", cell)).split())
