"""The report's references, and the report itself, as a bibliography: CSL-JSON in, HTML out."""

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

#: The style that comes with citeproc-py.
STYLE = "harvard-cite-them-right"
_DOI = re.compile(r"https?://doi\.org/(\S+?)(?=[.,;]?(?:\s|$|<))")


def format_references(items: list[dict[str, Any]]) -> list[tuple[str, Markup]]:
    """Return the entries of a bibliography in the style's order: the item's id and its HTML.

    Parameters
    ----------
    items
        CSL-JSON items. Not changed: their texts are escaped here, which the library does not do.
    """
    # citeproc takes 0.1 s to import, which only the page of the whole report pays.
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    own = [_escaped({name: value for name, value in item.items() if name != "custom"}) for item in items]
    with warnings.catch_warnings():
        # What the library does not know of an item, it warns of and leaves out.
        warnings.simplefilter("ignore")
        source = CiteProcJSON(json.loads(json.dumps(own)))
        style = CitationStylesStyle(STYLE, locale=_choose_dialect(current_language()), validate=False)
        made = CitationStylesBibliography(style, source, formatter.html)
        for item in items:
            made.register(Citation([CitationItem(item["id"])]))
        made.sort()
        entries = [str(entry) for entry in made.bibliography()]
    return list(zip(made.keys, (Markup(_linked(entry)) for entry in entries), strict=True))


def _choose_dialect(locale: str) -> str:
    """Return the dialect in whose words entries are written: British English for a language that the library lacks."""
    from citeproc import PRIMARY_DIALECTS

    return "en-GB" if locale == ENGLISH else PRIMARY_DIALECTS.get(locale, "en-GB")


@cache
def original_citation(edition: Edition) -> Markup:
    """Return the report that this edition is of, as an entry of the bibliography."""
    return format_references([edition.metadata["original"]])[0][1]


def references() -> Shown:
    """Return the report's references as a notebook displays them, each a place to link to."""
    # Only notebooks call this; the build, which cites too, does without pandas.
    from reissue.exhibits.show import Shown

    items = json.loads((paths.raw_folder() / "references.json").read_text(encoding="utf-8"))
    entries = format_references(items)
    plain = "\n".join(f"{id_}: {entry.striptags()}" for id_, entry in entries)
    return Shown(str(render_template("references.html", entries=entries)), plain, {})


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return str(escape(value))
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    if isinstance(value, dict):
        return {name: _escaped(one) for name, one in value.items()}
    return value


def _linked(entry: str) -> str:
    return _DOI.sub(lambda doi: f'<a href="{doi[0]}">doi:{doi[1]}</a>', entry)
