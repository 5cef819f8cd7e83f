"""Exports that are XML: answers by language-neutral ids, brought to the shape of the sheet.

The file is read as a stream, so that memory holds its columns and nothing else.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
import numpy as np
from defusedxml.common import DefusedXmlException

from iucresearch.errors import InputError
from iucresearch.intake.columns import MOST_CELLS, MOST_COLUMNS, Column, Table
from iucresearch.paths import shown

_EXPORT = "Results with Survey/Elements and Answers/AnswerSet"
_REMEDY = "export the results again, as XML"
_LANGUAGE = "en"
#: Questions that hold no answers of their own: parts of them do, or nothing does.
_SILENT = frozenset({"Rating", "Line"})
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

Key = tuple[str, str]


def read_elements(path: Path) -> Table:
    """Return the columns of an XML export, with the headers and labels of one language: English, or the first listed.

    Raises
    ------
    InputError
        If the file is not XML, declares a document type or entities, is not an export of results or is too large.
    """
    where = shown(path)
    handler = _Handler(where)
    try:
        with path.open("rb") as file:
            defusedxml.sax.parse(file, handler, forbid_dtd=True)
    except DefusedXmlException:
        raise InputError(
            "the XML declares a document type or entities", where=where, expected="neither", remedy=_REMEDY
        ) from None
    except SAXParseException as error:
        raise InputError(
            f"not XML: {error.getMessage()}",
            where=f"{where}, line {error.getLineNumber()}",
            expected=_EXPORT,
            remedy=_REMEDY,
        ) from None
    except (LookupError, ValueError) as error:  # an encoding that the parser does not know
        raise InputError(f"not XML: {error}", where=where, expected="UTF-8", remedy=_REMEDY) from None
    return handler.table()


class _Handler(ContentHandler):
    """Takes the elements of every language, settles on one, then fills columns answer by answer."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.depth = 0
        self.language: str | None = None
        #: Per language, in order: kind of element, its id, its type, its label.
        self.items: dict[str, list[list[str]]] = {}
        self.labels: dict[str, str] = {}
        self.headers: dict[Key, str] = {}
        self.cells: dict[Key, list[str]] = {}
        self.contributions: list[str] = []
        #: What the contribution under way has answered so far.
        self.given: dict[Key, list[str]] = {}
        self.answer: Key | None = None
        self.text: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:
        if not self.depth and name != "Results":
            raise InputError(f"the XML holds {name!r}", where=self.where, expected=_EXPORT, remedy=_REMEDY)
        self.depth += 1
        self.text = []
        if self.language is not None:
            if "id" in attrs:
                self.items[self.language].append([name, attrs["id"], attrs.get("type", ""), ""])
        elif name == "Elements":
            self.language = attrs.get("lang", "").lower()
            self.items[self.language] = []
        elif name == "AnswerSet":
            if not self.items:
                raise InputError("there are no elements", where=self.where, expected=_EXPORT, remedy=_REMEDY)
            self._close()
            self.contributions.append(attrs.get("id") or attrs.get("list", ""))
        elif name == "Answer" and self.contributions:
            self.answer = (attrs.get("qid", ""), attrs.get("aid", ""))

    def characters(self, content: str) -> None:
        self.text.append(content)

    def endElement(self, name: str) -> None:
        self.depth -= 1
        if self.language is not None:
            self._end_element(name, self.language)
        elif name == "Survey":
            self._settle()
        elif name == "Answer" and self.answer:
            self._add(*self.answer, "".join(self.text).strip())
            self.answer = None
        elif name == "AnswerSet":
            self._close()

    def _end_element(self, name: str, language: str) -> None:
        if name == "Elements":
            self.language = None
            return
        items = self.items[language]
        label = _plain("".join(self.text))
        self.text = []
        if label and items and name in (items[-1][0], "CellTitle", "ResultText"):
            items[-1][3] = label

    def _settle(self) -> None:
        """Choose a language and lay out the columns as the sheet has them."""
        if not self.items:
            raise InputError("there are no elements", where=self.where, expected=_EXPORT, remedy=_REMEDY)
        items = self.items[_LANGUAGE if _LANGUAGE in self.items else next(iter(self.items))]
        title = ""
        asked: list[Key] = []
        for kind, name, type_, text in items:
            label = text or name
            if kind in ("MatrixTitle", "TableTitle"):
                title, asked = label, []
            elif kind == "MatrixQuestion":
                self.headers[name, ""] = f"{title}: {label}"
            elif kind == "TableQuestion":
                asked.append((name, label))
            elif kind == "TableAnswer":
                self.headers |= {(question, name): f"{title} {row}:{label}" for question, row in asked}
                self._check_size(len(self.headers), 0)
            elif kind in ("RatingQuestion", "Cell") or (kind == "Question" and type_ not in _SILENT):
                self.headers[name, ""] = label
            elif kind in ("Answer", "MatrixAnswer"):
                self.labels[name] = label
        self.cells = {key: [] for key in self.headers}

    def _add(self, question: str, answer: str, text: str) -> None:
        if (question, answer) in self.headers and answer:
            key, value = (question, answer), text
        else:
            # An id that no element has stays as it is: whoever reads the column will say that it is unknown.
            key, value = (question, ""), self.labels.get(answer, answer) if answer else text
        if value:
            self.given.setdefault(key, []).append(value)

    def _close(self) -> None:
        """Put what a contribution has answered into its columns."""
        for key, values in self.given.items():
            cells = self.cells.setdefault(key, [])
            self._check_size(len(self.cells), len(self.contributions))
            missing = len(self.contributions) - len(cells)
            cells.extend([""] * missing)
            cells[-1] = "; ".join(filter(None, [cells[-1], *values]))
        self.given = {}

    def _check_size(self, columns: int, rows: int) -> None:
        if columns > MOST_COLUMNS or columns * rows > MOST_CELLS:
            raise InputError(
                f"the XML has {columns} questions and {rows} contributions so far",
                where=self.where,
                expected=f"at most {MOST_COLUMNS} questions, and {MOST_CELLS} answers",
                remedy=_REMEDY,
            )

    def table(self) -> Table:
        rows = len(self.contributions)
        self._check_size(len(self.cells), rows)
        if not self.items:
            raise InputError("there are no elements", where=self.where, expected=_EXPORT, remedy=_REMEDY)
        columns = []
        for (question, answer), cells in self.cells.items():
            filled = np.array(cells + [""] * (rows - len(cells)), dtype=object)
            header = self.headers.get((question, answer), question)
            columns.append(Column(header, f"question {question}", filled))
        columns.append(Column("Contribution ID", "attribute id", np.array(self.contributions, dtype=object)))
        return Table(columns, "contribution", 1)


def _plain(label: str) -> str:
    """Return a label as the sheet writes it: those who draw up a questionnaire may format it, the sheet may not."""
    return " ".join(html.unescape(_TAG.sub("", label)).split())
