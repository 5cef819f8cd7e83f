"""From executed notebooks to pages: one page for each notebook, and the whole report as one page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from reissue.build.completion import ProcessedRows, complete_notebook
from reissue.build.configuration import Build
from reissue.build.file_list import FileGroup, list_files
from reissue.build.ipynb import find_exhibit_outputs, read_notebook
from reissue.build.links import HOME, MAKING, REVIEW, Language, link_pages, list_languages, relative_address
from reissue.build.notebook_html import make_exporter, render_body
from reissue.build.order import Order, read_order
from reissue.build.provenance_panel import Panel, build_panel, list_checks
from reissue.build.records import FOLDER
from reissue.core import paths, report
from reissue.core.errors import InputError
from reissue.core.language import _, current_language
from reissue.exhibits.edition import Edition
from reissue.exhibits.filters import define_filters
from reissue.exhibits.pictures import define_colours
from reissue.exhibits.registry import ADDED, KINDS, WORDS
from reissue.exhibits.rendering import render_template
from reissue.exhibits.status import compute_status
from reissue.publication.bibliography import original_citation
from reissue.publication.metadata import citation, creators, json_ld, original_year

_TEMPLATE = Path(__file__).parents[1] / "templates" / "page"
_HEADING = re.compile(r"<(/?)h([1-5])\b")
_SECTION = re.compile(r'<h([12]) id="([^"]+)"[^>]*>(.*?)<a class="anchor-link"', re.DOTALL)
#: The code of cells that show no exhibit, which only the page of the notebook has.
_CODE = re.compile(r'<details class="code">.*?</details>\n?', re.DOTALL)
#: The number of main points on the first screen.
_POINTS = 3
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>', re.DOTALL)


class Chapter(NamedTuple):
    """A notebook as HTML; on the page of the whole report, also the address and title of its own page."""

    html: str
    address: str = ""
    title: str = ""


def export(build: Build, content_hash: str) -> dict[str, str]:
    """Return the pages of a build and its completed notebooks, by their path in it.

    The hash covers everything that the build is made from.
    """
    edition, order = build.edition, read_order()
    folder = paths.build_folder(build.name)
    tables = ProcessedRows(paths.processed_of(build.name))
    notebooks = {}
    for stem in order.needs:
        executed = read_notebook(folder / FOLDER / f"{stem}.ipynb", "delete it and run make report")
        notebooks[stem] = complete_notebook(edition, stem, executed, tables, is_published=build.is_published)
    panel, changes = build_panel(edition, build.name, content_hash), ""
    if tables.has("changes"):
        # Only a build from true answers has them.
        rows = tables["changes"]
        changes = render_template("changes.html", rows=rows, counts=Counter(row["effect"] for row in rows))
    pages = build_pages(
        edition,
        notebooks,
        panel,
        order,
        build.notice,
        changes=changes,
        messages=tables.read_messages(),
        languages=list_languages(build),
        files=list_files(build),
    )
    return {f"executed/{stem}.ipynb": nbformat.writes(notebook) + "\n" for stem, notebook in notebooks.items()} | pages


def build_pages(
    edition: Edition,
    notebooks: Mapping[str, NotebookNode],
    panel: Panel,
    order: Order,
    notice: str = "",
    *,
    changes: str = "",
    messages: Sequence[Mapping[str, str]] = (),
    languages: Sequence[Language] = (),
    files: Sequence[FileGroup] = (),
) -> dict[str, str]:
    """Return the pages of completed notebooks, by their path; raise InputError if an exhibit is not shown once.

    `notice` is at the top of all pages, `changes` of that of the whole report. `messages` are what the report finds,
    for its description. `languages` are those of the report's other pages, and `files` those of the build.
    """
    bodies = {stem: render_body(notebook) for stem, notebook in notebooks.items()}
    shown = [exhibit for notebook in notebooks.values() for _output, exhibit in find_exhibit_outputs(notebook)]
    names = [exhibit["exhibit"] for exhibit in shown]
    for item in edition.exhibits:
        if names.count(item.id) != 1:
            raise InputError(
                f"{item.heading} is shown {names.count(item.id)} times",
                where=f"notebooks/{item.notebook}.ipynb",
                expected="once",
                remedy="show it once, or correct the registry",
            )
    pages = {
        place: build_chapter_page(edition, notebooks[stem], body, panel, order, place, notice)
        for stem, body in bodies.items()
        for place in [f"html/{stem}.html"]
    }
    checks = list_checks(edition, [*notebooks.values()], names)
    making = render_template("making.html", panel=panel, checks=checks, files=files)
    pages[MAKING] = build_page(edition, _("How this edition was made"), making, panel, order, MAKING, notice)
    pages[HOME] = _build_report_page(
        edition,
        [
            Chapter(_CODE.sub("", bodies[stem]), f"html/{stem}.html", _find_title(notebooks[stem], stem))
            for stem in order.page
        ],
        panel,
        messages,
        order=order,
        others=[(f"html/{stem}.html", _find_title(notebooks[stem], stem)) for stem in order.own_pages],
        lists=_list_exhibits(edition, shown),
        notice=notice,
        changes=changes,
        languages=languages,
    )
    return pages


def prepare(edition: Edition) -> None:
    """Load what writes pages and crate, which takes most of a second, while the first kernel starts."""
    make_exporter(code=True)
    original_citation(edition)
    import_module("rocrate.rocrate")


def build_chapter_page(
    edition: Edition, notebook: NotebookNode, body: str, panel: Panel, order: Order, place: str, notice: str = ""
) -> str:
    """Return the page of one notebook, for a place in the build; its title is the notebook's first heading.

    `body` is what `render_body` returned for the notebook.
    """
    title = _find_title(notebook, edition.metadata["title"])
    return build_page(edition, title, _ANCHOR.sub("", body), panel, order, place, notice)


def build_page(
    edition: Edition, title: str, body: str, panel: Panel, order: Order, place: str, notice: str = ""
) -> str:
    """Return a page that leads back to the whole report; the title is text, the body HTML."""
    return _fill_template(edition, title, [Chapter(Markup(body))], panel, order, place, notice=notice)


def _find_title(notebook: NotebookNode, otherwise: str) -> str:
    """Return the first heading of a notebook as text."""
    headings = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and cell.source.startswith("# ")]
    # A value that filled a slot is escaped there already.
    return unescape(headings[0].splitlines()[0][2:]) if headings else otherwise


def _fill_template(
    edition: Edition, title: str, chapters: list[Chapter], panel: Panel, order: Order, place: str, **own: Any
) -> str:
    """Return the page's template filled with what all pages show, and with what this page shows."""
    metadata = edition.metadata
    variant, _colon, words = dict(panel).get(_("Variant"), "").partition(": ")
    css = (_TEMPLATE / "page.css").read_text(encoding="utf-8") + report.style("page.css")
    html = "".join(chapter.html for chapter in chapters)
    common: dict[str, Any] = {
        "title": title,
        "variant": variant,
        "variant_words": words,
        "css": Markup(css + define_colours(html) + define_filters(html)),
        "about": metadata,
        "original": metadata["original"],
        "creators": creators(metadata),
        "chapters": chapters,
        "hash": dict(panel).get(_("Content hash"), ""),
        "words": WORDS,
        "home": relative_address(HOME, place),
        # A page outside of a build, such as a review's, says itself how it was made.
        "making": "" if place in (MAKING, REVIEW) else relative_address(MAKING, place),
        "sources": panel if place == REVIEW else [],
        "contents": [],
        "lists": [],
        "linked": "",
        "cover": False,
        "points": [],
        "notice": "",
        "changes": "",
        "languages": [],
    }
    return link_pages(str(render_template("page.html", **{**common, **own})), place, order)


def _build_report_page(
    edition: Edition,
    chapters: list[Chapter],
    panel: Panel,
    messages: Sequence[Mapping[str, str]],
    *,
    order: Order,
    **own: Any,
) -> str:
    """Return the page of the report: cover, contents, lists of exhibits, every chapter."""
    metadata = edition.metadata
    hash_ = dict(panel).get(_("Content hash"), "")
    described = json_ld(metadata, hash_, current_language(), messages)
    linked = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    return _fill_template(
        edition,
        metadata["title"],
        # The title of the report is above the chapters: their headings move one level down.
        [chapter._replace(html=_lower_headings(chapter.html)) for chapter in chapters],
        panel,
        order,
        HOME,
        contents=[
            {"level": int(level) - 1, "id": name, "text": Markup(re.sub(r"<[^>]+>", "", text))}
            for chapter in chapters
            for level, name, text in _SECTION.findall(chapter.html)
        ],
        year=original_year(metadata),
        citation=citation(metadata, hash_),
        report=original_citation(edition),
        linked=Markup(linked),
        points=sorted((one for one in messages if one["main"]), key=lambda one: int(one["main"]))[:_POINTS],
        briefs=bool(edition.briefs),
        cover=True,
        **own,
    )


def _lower_headings(body: str) -> Markup:
    """Return a chapter with its headings one level down, and without their links to themselves."""
    return Markup(_ANCHOR.sub("", _HEADING.sub(lambda m: f"<{m[1]}h{int(m[2]) + 1}", body)))


def _list_exhibits(edition: Edition, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lists of exhibits: one for each kind of the report's, then one for those that this edition adds."""
    counts = {exhibit["exhibit"]: exhibit["counts"] for exhibit in shown}
    lists = [
        (_(heading), False, [e for e in edition.exhibits if e.kind == kind and not e.is_added])
        for kind, heading in KINDS.items()
    ]
    lists.append((_(WORDS[ADDED]), True, [e for e in edition.exhibits if e.is_added]))
    return [
        {
            "heading": heading,
            "added": added,
            "rows": [{"exhibit": e, "state": compute_status(e, counts[e.id]).word} for e in exhibits],
        }
        for heading, added, exhibits in lists
        if exhibits
    ]
