"""Who answered: what of the survey's file could tell one respondent from another, found again in files to be released.

Answers themselves are counted elsewhere. Here are looked for the file's own name and place, all cells of columns that
are no question of the report's (free text, names, addresses, ids, dates), and whole rows of answers.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from iucresearch import paths
from iucresearch.intake.columns import Column
from iucresearch.intake.export import read_columns
from iucresearch.intake.mapping import Names

#: A shorter text is too common to tell who somebody is.
_SHORTEST = 4
#: Numbers are everywhere; only long ones are looked for.
_DIGITS = 6
#: From this length on, parts of a text are looked for, too: a text may be cut.
_LONG = 40
_PART = 20
#: So many answers of different questions beside each other are somebody's row.
_ROW = 3
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_DATA = re.compile(r"data:[\w/+.-]*(?:;charset=[\w-]+)?;base64,([A-Za-z0-9+/=]+)")
_TAG = re.compile(r"<[^<>]+>")
_TABLE_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
_SEPARATOR = re.compile(r"[,;\t|]")
#: What an edition is made from besides the answers: what stands there does not come from them.
_OWN = (paths.RAW, paths.NOTEBOOKS, paths.PARAMS, Path(__file__).parents[1])


@dataclass(frozen=True)
class Identifiers:
    """What must not be found in a release.

    Attributes
    ----------
    texts
        Texts as they are compared, each with what it is.
    labels
        The questions of each label that an answer may have.
    """

    texts: Mapping[str, str]
    labels: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, survey: Path, mapping: pd.DataFrame) -> Identifiers:
        """Return what is to be looked for of an export.

        Parameters
        ----------
        survey
            The file of the answers.
        mapping
            Which header is which question and which label which option.

        Raises
        ------
        InputError
            If the file cannot be read.
        """
        found: dict[str, str] = {}
        for text in (str(survey), str(survey.resolve()), survey.name, survey.stem):
            found.setdefault(compared(text), "the name or place of the survey's file")
        for column in read_columns(survey).columns:
            for text, what in _of_column(column, Names(mapping)):
                found.setdefault(compared(text), what)
        own = "\n".join(_own())
        kept = {text: what for text, what in found.items() if _tells(text) and text not in own}
        labels: dict[str, set[str]] = {}
        for label, option, question in zip(mapping["label"], mapping["option"], mapping["question"], strict=True):
            for text in (label, option):
                if len(text) >= _SHORTEST:
                    labels.setdefault(compared(text), set()).add(question)
        return cls(kept, {label: frozenset(questions) for label, questions in labels.items()})

    def found_in(self, name: str, content: bytes) -> list[str]:
        """Return what of it is in a file: a line for each thing that is told, never the thing itself.

        Parameters
        ----------
        name
            The file's name, which is looked at, too.
        """
        told = []
        texts = list(views_of(name, content))
        views = [compared(name), *map(compared, texts)]
        for text, what in self.texts.items():
            if any(text in view and _stands_alone(text, view) for view in views):
                told.append(f"{name}: {what}")
        if any(self._is_row(cells) for text in texts for cells in _rows(text)):
            told.append(f"{name}: a row of somebody's answers")
        return list(dict.fromkeys(told))

    def _is_row(self, cells: list[str]) -> bool:
        known = {label for cell in cells if (label := compared(cell)) in self.labels}
        if len(known) <= _ROW:
            return False
        # The answers that one question may have stand together in many a table; somebody's stand across questions.
        questions = {question for label in known for question in self.labels[label]}
        most = max(sum(question in self.labels[label] for label in known) for question in questions)
        return len(known) - most >= _ROW


def compared(text: str) -> str:
    """Return a text as it is compared: without regard to case and white space."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def views_of(name: str, content: bytes) -> Iterator[str]:
    """Return a file as text, in every way in which something may be written in it.

    As it is; with entities, escapes and percent signs resolved; without tags; and what is embedded as base64.
    """
    text = content.decode("utf-8", errors="replace") if not name.endswith(".png") else content.decode("latin-1")
    if name.endswith((".json", ".ipynb")):
        text = "\n".join(_strings(json.loads(text)))
    yield text
    bare = unescape(text)
    if bare != text:
        yield bare
    if "<" in bare:
        yield _TAG.sub("", bare)
    if "%" in text:
        yield unquote(text)
    for payload in dict.fromkeys(_DATA.findall(text)):
        try:
            inside = base64.b64decode(payload, validate=True)
        except binascii.Error:
            continue
        yield from views_of("embedded", inside)


def _of_column(column: Column, names: Names) -> Iterator[tuple[str, str]]:
    """Return the texts of a column that may tell who somebody is, each with what it is."""
    is_question = names.question(column.header) is not None
    for text in dict.fromkeys(map(str, column.cells)):
        for address in _MAIL.findall(text):
            yield address, "an e-mail address"
        if not is_question:
            what = f"a cell of the column {column.header!r}"
            yield text, what
            if len(text) >= _LONG:
                for part in re.split(r"[.!?;,\n]", text):
                    if len(part.strip()) >= _PART:
                        yield part, what


def _own() -> Iterator[str]:
    for folder in _OWN:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield compared(path.read_text(encoding="utf-8", errors="replace"))


def _tells(text: str) -> bool:
    return len(text) >= (_DIGITS if re.fullmatch(r"[\d.,:/\s-]+", text) else _SHORTEST)


def _stands_alone(text: str, view: str) -> bool:
    """Whether a text stands in another as a word, not as part of one."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", view) is not None


def _rows(text: str) -> Iterator[list[str]]:
    """Return what may be rows of a table, in HTML or in lines, as cells."""
    for row in _TABLE_ROW.findall(text):
        yield [unescape(_TAG.sub("", cell)) for cell in _CELL.findall(row)]
    for line in text.splitlines():
        if "<" not in line:
            cells = _SEPARATOR.split(line)
            if len(cells) > _ROW:
                yield [cell.strip(" \"'[]()") for cell in cells]


def _strings(value: object) -> Iterator[str]:
    """Return all texts of something read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield name
            yield from _strings(inside)
    elif isinstance(value, Iterable):
        # The lines of a cell are a list: they belong together.
        parts = list(value)
        if parts and all(isinstance(part, str) for part in parts):
            yield "".join(parts)
        for part in parts:
            yield from _strings(part)
