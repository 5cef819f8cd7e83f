"""Accessible HTML tables: a caption, headers with scope, every value escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from reissue.core import report
from reissue.core.language import N_, QUOTED, _, code_columns, current_language, format_number, join_words, word_columns
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.rendering import render_template

#: Headings of columns for readers; `_derive_heading` gives technical tables theirs.
_HEADINGS = {
    "abbreviation": N_("Abbreviation"),
    "about": N_("About"),
    "answer": N_("Answer"),
    "answers": N_("Answers"),
    "authors": N_("Authors"),
    "cleaned": N_("Cleaned"),
    "code": N_("Code"),
    "column": N_("Column"),
    "count": N_("Count"),
    "details": N_("Details"),
    "doi": N_("DOI"),
    "evidence": N_("Evidence"),
    "feasible": N_("Feasible"),
    "fixed by": N_("Fixed by"),
    "id": N_("Key"),
    "kind": N_("Kind"),
    "label": N_("Label"),
    "least": N_("Least"),
    "level": N_("Level"),
    "links": N_("Links"),
    "listed": N_("Listed"),
    "meaning": N_("Meaning"),
    "most": N_("Most"),
    "n": N_("Respondents"),
    "name": N_("Name"),
    "number": N_("Number"),
    "one row": N_("One row"),
    "order": N_("Order"),
    "page": N_("Page"),
    "pages": N_("Pages"),
    "part": N_("Part"),
    "printed": N_("Printed"),
    "published": N_("Published"),
    "qualifier": N_("Qualifier"),
    "question": N_("Question"),
    "read otherwise": N_("Read otherwise"),
    "reason": N_("Reason"),
    "read": N_("Read"),
    "respondents": N_("Respondents"),
    "row": N_("Row"),
    "rows": N_("Rows"),
    "section": N_("Section"),
    "sections": N_("Sections"),
    "side": N_("Side"),
    "source": N_("Source"),
    "stage": N_("Stage"),
    "statements": N_("Statements"),
    "table": N_("Table"),
    "text": N_("Text"),
    "then": N_("Then"),
    "title": N_("Title"),
    "type": N_("Type"),
    "unit": N_("Unit"),
    "value": N_("Value"),
    "verdict": N_("Verdict"),
    "who": N_("Who"),
    "word": N_("Word"),
    "year": N_("Year"),
}
_ACRONYMS = {"n": "respondents", "km": "(km)", "id": "key", "doi": "DOI"}
#: The group of all respondents, which every survey has.
_CODES = (N_("all"),)


def data_table(
    frame: pd.DataFrame, caption: str, *, anchor: str = "", links: Sequence[str] = (), english: bool = False
) -> Markup:
    """Return any frame as an HTML table, one row per row; the first cell of a row is its header.

    With an `anchor`, the id of a row is `ANCHOR-` and the text of its first cell. With `links`, an address per row, its
    first cell links there. Cells stay `english` if they are names in code or files, or printed in the report.
    """
    names = [str(name) for name in frame.columns]
    headings = {**_HEADINGS, **report.vocabulary().headings}
    columns = [
        {
            "label": _(headings[name]) if name in headings else _derive_heading(name),
            "english": english and name not in headings,
            "number": pd.api.types.is_any_real_numeric_dtype(frame[column]),
        }
        for name, column in zip(names, frame.columns, strict=True)
    ]
    cells = _format_cell if english else _translate_cell
    rows = [
        [cells(name, value) for name, value in zip(names, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    for row, link in zip(rows, links, strict=bool(links)):
        row[0] = Markup('<a class="to" href="{}">{}</a>').format(link, row[0])
    return render_template("table.html", caption=caption, columns=columns, rows=rows, anchor=anchor, english=english)


def _derive_heading(name: str) -> str:
    acronyms = {**_ACRONYMS, **report.vocabulary().acronyms}
    words = " ".join(acronyms.get(word, word) for word in name.replace("_", " ").split(" "))
    return words[:1].upper() + words[1:]


def _format_cell(name: str, value: Any) -> str:
    """Return a cell in English."""
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _translate_cell(name: str, value: Any) -> str:
    """Return a cell in the build's language; text that stays English is marked as such."""
    plain = _format_cell(name, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return plain and format_number(value)
    if name in word_columns() or name in code_columns():
        return _(plain)
    if name == "links":
        return "; ".join(_(part) for part in plain.split("; "))
    if name in report.vocabulary().pairs and plain.count(" and ") == 1:
        return join_words(plain.split(" and "))
    if name in QUOTED and plain and current_language() != ENGLISH:
        return Markup('<span lang="en">{}</span>').format(plain)
    return plain
