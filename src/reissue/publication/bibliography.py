"""The report's references, and the report itself, as a bibliography: from CSL-JSON to HTML."""

from __future__ import annotations

import json
import re
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from reissue.core import paths
from reissue.core.language import current_language
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.edition import Edition
from reissue.exhibits.rendering import render_template

if TYPE_CHECKING:
    from reissue.exhibits.show import Shown

#: A style that citeproc-py includes.
STYLE = "harvard-cite-them-right"
_DOI = re.compile(r"https?://doi\.org/(\S+?)(?=[.,;]?(?:\s|$|<))")


def format_references(items: list[dict[str, Any]]) -> list[tuple[str, Markup]]:
    """Return the entries of a bibliography in the style's order: the id of the CSL-JSON item and its HTML."""
    # The import takes 0.1 s, which only the page of the whole report needs.
    from citeproc import (
        PRIMARY_DIALECTS,
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    locale = current_language()
    dialect = "en-GB" if locale == ENGLISH else PRIMARY_DIALECTS.get(locale, "en-GB")
    # The library escapes nothing.
    escaped = [{name: _escape(value) for name, value in item.items() if name != "custom"} for item in items]
    with warnings.catch_warnings():
        # The library warns about each field that it does not know, and leaves it out.
        warnings.simplefilter("ignore")
        style = CitationStylesStyle(STYLE, locale=dialect, validate=False)
        bibliography = CitationStylesBibliography(style, CiteProcJSON(escaped), formatter.html)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        bibliography.sort()
        entries = [str(entry) for entry in bibliography.bibliography()]
    linked = (Markup(_DOI.sub(r'<a href="\g<0>">doi:\1</a>', entry)) for entry in entries)
    return list(zip(bibliography.keys, linked, strict=True))


@cache
def original_citation(edition: Edition) -> Markup:
    """Return the report that this edition is of, as an entry of a bibliography."""
    return format_references([edition.metadata["original"]])[0][1]


def references() -> Shown:
    """Return the references of the report as a notebook displays them, each with an anchor."""
    # Only notebooks call this; the build, which also cites, needs no pandas.
    from reissue.exhibits.show import Shown

    items = json.loads((paths.raw_folder() / "references.json").read_text(encoding="utf-8"))
    entries = format_references(items)
    plain = "\n".join(f"{id_}: {entry.striptags()}" for id_, entry in entries)
    return Shown(str(render_template("references.html", entries=entries)), plain, {})


def _escape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _escape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_escape(one) for one in value]
    return str(escape(value)) if isinstance(value, str) else value
