"""From executed notebooks to pages: each notebook's own, and the whole report as one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from reissue.build.completion import ProcessedRows, complete_notebook
from reissue.build.configuration import Build
from reissue.build.ipynb import find_exhibit_outputs, read_notebook
from reissue.build.order import read_order
from reissue.build.preface import render_changes
from reissue.build.provenance_panel import Panel, build_panel, list_checks
from reissue.build.records import FOLDER
from reissue.core import paths, report
from reissue.core.errors import InputError
from reissue.core.language import _, current_language
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import ADDED, KINDS, WORDS
from reissue.exhibits.rendering import render_template
from reissue.exhibits.status import compute_status
from reissue.publication.bibliography import original_citation
from reissue.publication.metadata import citation, creators, json_ld, original_year

_REMEDY = "delete it and run make report"
_TEMPLATE = Path(__file__).parents[1] / "templates" / "page"
_HEADING = re.compile(r"<(/?)h([1-5])\b")
_SECTION = re.compile(r'<h([12]) id="([^"]+)"[^>]*>(.*?)<a class="anchor-link"', re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'\bhref="#([^"]+)"')
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>', re.DOTALL)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


def export(build: Build, content_hash: str) -> dict[str, str]:
    """Return the pages of a build and its completed notebooks, by their place in it.

    Parameters
    ----------
    content_hash
        Of all that the build is made from.

    Raises
    ------
    InputError
        If an executed notebook is missing or not whole, or cannot be completed; if an exhibit of the registry is
        missing from the whole report, or there twice.
    """
    edition, order = build.edition, read_order()
    about = build_panel(edition, build.name, content_hash)
    folder = paths.build_folder(build.name)
    tables = ProcessedRows(paths.processed_of(build.name))
    notebooks = {
        stem: complete_notebook(edition, stem, read_notebook(folder / FOLDER / f"{stem}.ipynb", _REMEDY), tables)
        for stem in order.needs
    }
    executed = {f"executed/{stem}.ipynb": nbformat.writes(notebook) + "\n" for stem, notebook in notebooks.items()}
    return executed | build_pages(edition, notebooks, about, order.page, build.notice, render_changes(build.name))


def build_pages(
    edition: Edition,
    notebooks: Mapping[str, NotebookNode],
    about: Panel,
    order: tuple[str, ...],
    notice: str = "",
    changes: Markup = Markup(""),  # noqa: B008
) -> dict[str, str]:
    """Return the pages of completed notebooks by their place in a build.

    Parameters
    ----------
    notebooks
        By stem, as `complete_notebook` returns them. Not changed.
    about
        What pages say of their making.
    order
        The order of the notebooks on the page of the whole report.
    notice, changes
        What stands at the top: of every page, and of the whole report.

    Raises
    ------
    InputError
        If an exhibit of the registry is missing from the whole report, or there twice.
    """
    bodies = {stem: render_body(notebook) for stem, notebook in notebooks.items()}
    made = {
        f"html/{stem}.html": build_chapter_page(edition, notebooks[stem], bodies[stem], about, notice)
        for stem in notebooks
    }
    shown = [exhibit for stem in order for _output, exhibit in find_exhibit_outputs(notebooks[stem])]
    checks = list_checks(edition, [notebooks[stem] for stem in order], [exhibit["exhibit"] for exhibit in shown])
    made["index.html"] = _build_report_page(
        edition, [bodies[stem] for stem in order], shown, about, notice, changes, checks
    )
    return made


def prepare(edition: Edition) -> None:
    """Load what exporting takes, while there is nothing to export yet."""
    _make_exporter(True)
    original_citation(edition)


def build_chapter_page(edition: Edition, notebook: NotebookNode, body: str, about: Panel, notice: str = "") -> str:
    """Return the page of one notebook; it stands in a folder of the build.

    Parameters
    ----------
    notebook
        Whose first heading is the page's title.
    body
        What `body_of` made of it.
    about
        What the page says of its making.
    notice
        What stands at the top of it.
    """
    # A value that filled a slot is escaped there already.
    title = unescape(_find_title(notebook, edition.metadata["title"]))
    return build_page(edition, title, _link_to_report(_ANCHOR.sub("", body)), about, notice)


def build_page(
    edition: Edition, title: str, body: str, about: Panel, notice: str = "", home: str = "../index.html"
) -> str:
    """Return a page that leads back to the whole report; title is text, body HTML."""
    return _fill_template(edition, title, [Markup(body)], about, home=home, notice=notice)


def _fill_template(edition: Edition, title: str, chapters: list[Markup], about: Panel, **own: Any) -> str:
    """Return the page's template filled with what all pages say, and what is this one's own."""
    metadata = edition.metadata
    variant, _colon, words = dict(about).get(_("Variant"), "").partition(": ")
    common: dict[str, Any] = {
        "title": title,
        "variant": variant,
        "variant_words": words,
        "css": _read_css(),
        "about": metadata,
        "original": metadata["original"],
        "creators": creators(metadata),
        "chapters": chapters,
        "panel": about,
        "words": WORDS,
        "home": "",
        "contents": [],
        "lists": [],
        "checks": [],
        "linked": "",
        "cover": False,
        "notice": "",
        "changes": "",
    }
    return str(render_template("page.html", **{**common, **own}))


def _link_to_report(body: str) -> str:
    """Let links to what another chapter has lead to the whole report."""
    own = set(_ID.findall(body))
    return _LINK.sub(lambda m: m[0] if m[1] in own else f'href="../index.html#{m[1]}"', body)


def _build_report_page(
    edition: Edition,
    bodies: list[str],
    shown: list[dict[str, Any]],
    about: Panel,
    notice: str,
    changes: Markup,
    checks: list[str],
) -> str:
    """Return the page of the report: cover, contents, lists of exhibits, every chapter, panel."""
    metadata = edition.metadata
    _check_complete(edition, [exhibit["exhibit"] for exhibit in shown])
    hash_ = dict(about).get(_("Content hash"), "")
    linked = json.dumps(json_ld(metadata, hash_, current_language()), ensure_ascii=False).replace("<", "\\u003c")
    return _fill_template(
        edition,
        metadata["title"],
        [Markup(_ANCHOR.sub("", _HEADING.sub(_lower_heading, body))) for body in bodies],
        about,
        contents=[entry for body in bodies for entry in _list_headings(body)],
        lists=_list_exhibits(edition, shown),
        year=original_year(metadata),
        citation=citation(metadata, hash_),
        report=original_citation(edition),
        linked=Markup(linked),
        checks=checks,
        cover=True,
        notice=notice,
        changes=changes,
    )


def render_body(notebook: NotebookNode, *, code: bool = True) -> str:
    """Return a notebook as a fragment of a page, in the project's template; its code folded, or left out.

    Raises
    ------
    InputError
        If an output holds a script: pages run none, and whoever opens one need not trust it.
    """
    for cell in notebook.cells:
        if any(_SCRIPT.search(str(output.get("data", {}).get("text/html", ""))) for output in cell.get("outputs", [])):
            raise InputError(
                "an output holds a script",
                where=f"cell {cell.id}",
                expected="text, tables and pictures: pages run no script",
                remedy="show it without one",
            )
    words = {"code": _("Code"), "cell": _("Cell")}
    body: str = _make_exporter(code).from_notebook_node(notebook, {"words": words})[0]
    return body.strip() + "\n"


def _list_exhibits(edition: Edition, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lists of exhibits: one for each kind of the report's, then one of those that this edition adds."""
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


def _check_complete(edition: Edition, names: list[str]) -> None:
    for item in edition.exhibits:
        if names.count(item.id) != 1:
            raise InputError(
                f"{item.heading} is shown {names.count(item.id)} times",
                where=f"notebooks/{item.notebook}.ipynb",
                expected="once",
                remedy="show it once, or mend the registry",
            )


def _list_headings(body: str) -> list[dict[str, Any]]:
    return [
        {"level": int(level) - 1, "id": name, "text": Markup(re.sub(r"<[^>]+>", "", text))}
        for level, name, text in _SECTION.findall(body)
    ]


def _lower_heading(match: re.Match[str]) -> str:
    """Move a heading one level down: on the whole page the title stands above the chapters."""
    return f"<{match[1]}h{int(match[2]) + 1}"


def _find_title(notebook: NotebookNode, otherwise: str) -> str:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:])
    return otherwise


@cache
def _read_css() -> Markup:
    return Markup((_TEMPLATE / "page.css").read_text(encoding="utf-8") + report.style("page.css"))


@cache
def _make_exporter(code: bool) -> Any:
    # nbconvert takes 0.3 s to import: a build with nothing to export does not pay for it.
    from nbconvert import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter

    class Exporter(HTMLExporter):
        """HTML as the template writes it: reading it all again, to add attributes it has, takes half the time."""

        def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> tuple[Any, Any]:
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **options)

    folder = str(_TEMPLATE.parent)
    exporter = Exporter(template_name=_TEMPLATE.name, extra_template_basedirs=[folder], exclude_input=not code)
    # The template that ours is based on names them, in blocks that ours replaces.
    for name in ("highlight_code", "filter_data_type"):
        exporter.register_filter(name, lambda value, **_: value)
    return exporter
