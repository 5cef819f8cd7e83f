"""From executed notebooks to pages: one page for each notebook, and the whole report as one page."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from reissue.build.completion import ProcessedRows, complete_notebook
from reissue.build.configuration import Build
from reissue.build.ipynb import find_exhibit_outputs, read_notebook
from reissue.build.order import read_order
from reissue.build.provenance_panel import Panel, build_panel, list_checks
from reissue.build.records import FOLDER
from reissue.core import paths, report
from reissue.core.errors import InputError
from reissue.core.language import _, current_language
from reissue.exhibits.edition import Edition
from reissue.exhibits.pictures import define_colours, inline_pictures
from reissue.exhibits.registry import ADDED, KINDS, WORDS
from reissue.exhibits.rendering import render_template
from reissue.exhibits.status import compute_status
from reissue.publication.bibliography import original_citation
from reissue.publication.metadata import citation, creators, json_ld, original_year

_TEMPLATE = Path(__file__).parents[1] / "templates" / "page"
_HEADING = re.compile(r"<(/?)h([1-5])\b")
_SECTION = re.compile(r'<h([12]) id="([^"]+)"[^>]*>(.*?)<a class="anchor-link"', re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_LINK = re.compile(r'\bhref="#([^"]+)"')
#: The number of main points on the first screen.
_POINTS = 3
_ANCHOR = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>', re.DOTALL)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)


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
    pages = build_pages(edition, notebooks, panel, order.page, build.notice, changes, tables.read_messages())
    return {f"executed/{stem}.ipynb": nbformat.writes(notebook) + "\n" for stem, notebook in notebooks.items()} | pages


def build_pages(
    edition: Edition,
    notebooks: Mapping[str, NotebookNode],
    panel: Panel,
    order: tuple[str, ...],
    notice: str = "",
    changes: str = "",
    messages: Sequence[Mapping[str, str]] = (),
) -> dict[str, str]:
    """Return the pages of completed notebooks, by their path; raise InputError if an exhibit is not shown once.

    `order` lists the notebooks on the page of the whole report; `notice` is at the top of all, `changes` of that one;
    `messages` are what the report finds, for its description.
    """
    bodies = {stem: render_body(notebook) for stem, notebook in notebooks.items()}
    pages = {
        f"html/{stem}.html": build_chapter_page(edition, notebooks[stem], body, panel, notice)
        for stem, body in bodies.items()
    }
    chapters = [notebooks[stem] for stem in order]
    shown = [exhibit for notebook in chapters for _output, exhibit in find_exhibit_outputs(notebook)]
    names = [exhibit["exhibit"] for exhibit in shown]
    for item in edition.exhibits:
        if names.count(item.id) != 1:
            raise InputError(
                f"{item.heading} is shown {names.count(item.id)} times",
                where=f"notebooks/{item.notebook}.ipynb",
                expected="once",
                remedy="show it once, or correct the registry",
            )
    pages["index.html"] = _build_report_page(
        edition,
        [bodies[stem] for stem in order],
        panel,
        lists=_list_exhibits(edition, shown),
        checks=list_checks(edition, chapters, names),
        notice=notice,
        changes=changes,
        messages=messages,
    )
    return pages


def prepare(edition: Edition) -> None:
    """Load what writes pages and crate, which takes most of a second, while the first kernel starts."""
    _make_exporter(True)
    original_citation(edition)
    import_module("rocrate.rocrate")


def build_chapter_page(edition: Edition, notebook: NotebookNode, body: str, panel: Panel, notice: str = "") -> str:
    """Return the page of one notebook, in a folder of the build; its title is the notebook's first heading.

    `body` is what `render_body` returned for the notebook.
    """
    headings = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and cell.source.startswith("# ")]
    title = headings[0].splitlines()[0][2:] if headings else edition.metadata["title"]
    body = _ANCHOR.sub("", body)
    own = set(_ID.findall(body))
    # Links to other chapters lead to the whole report.
    body = _LINK.sub(lambda m: m[0] if m[1] in own else f'href="../index.html#{m[1]}"', body)
    # A value that filled a slot of the title is escaped there already.
    return build_page(edition, unescape(title), body, panel, notice)


def build_page(
    edition: Edition, title: str, body: str, panel: Panel, notice: str = "", home: str = "../index.html"
) -> str:
    """Return a page that leads back to the whole report; the title is text, the body HTML."""
    return _fill_template(edition, title, [Markup(body)], panel, home=home, notice=notice)


def _fill_template(edition: Edition, title: str, chapters: list[Markup], panel: Panel, **own: Any) -> str:
    """Return the page's template filled with what all pages show, and with what this page shows."""
    metadata = edition.metadata
    variant, _colon, words = dict(panel).get(_("Variant"), "").partition(": ")
    css = (_TEMPLATE / "page.css").read_text(encoding="utf-8") + report.style("page.css")
    common: dict[str, Any] = {
        "title": title,
        "variant": variant,
        "variant_words": words,
        "css": Markup(css + define_colours("".join(chapters))),
        "about": metadata,
        "original": metadata["original"],
        "creators": creators(metadata),
        "chapters": chapters,
        "panel": panel,
        "words": WORDS,
        "home": "",
        "contents": [],
        "lists": [],
        "checks": [],
        "linked": "",
        "cover": False,
        "points": [],
        "notice": "",
        "changes": "",
    }
    return str(render_template("page.html", **{**common, **own}))


def _build_report_page(
    edition: Edition, bodies: list[str], panel: Panel, messages: Sequence[Mapping[str, str]], **own: Any
) -> str:
    """Return the page of the report: cover, contents, lists of exhibits, every chapter, panel."""
    metadata = edition.metadata
    hash_ = dict(panel).get(_("Content hash"), "")
    described = json_ld(metadata, hash_, current_language(), messages)
    linked = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    return _fill_template(
        edition,
        metadata["title"],
        # The title of the report is above the chapters: their headings move one level down.
        [Markup(_ANCHOR.sub("", _HEADING.sub(lambda m: f"<{m[1]}h{int(m[2]) + 1}", body))) for body in bodies],
        panel,
        contents=[
            {"level": int(level) - 1, "id": name, "text": Markup(re.sub(r"<[^>]+>", "", text))}
            for body in bodies
            for level, name, text in _SECTION.findall(body)
        ],
        year=original_year(metadata),
        citation=citation(metadata, hash_),
        report=original_citation(edition),
        linked=Markup(linked),
        points=sorted((one for one in messages if one["main"]), key=lambda one: int(one["main"]))[:_POINTS],
        cover=True,
        **own,
    )


def render_body(notebook: NotebookNode, *, code: bool = True) -> str:
    """Return a notebook as a fragment of a page, its code folded or left out; raise InputError for a script."""
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
    return inline_pictures(body.strip()) + "\n"


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


@cache
def _make_exporter(code: bool) -> Any:
    # nbconvert takes 0.3 s to import, which a build with nothing to export does not need.
    from nbconvert import HTMLExporter
    from nbconvert.exporters.templateexporter import TemplateExporter

    class Exporter(HTMLExporter):
        """Returns HTML as the template writes it: nbconvert would parse it all again, to add attributes it has."""

        def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **options: Any) -> tuple[Any, Any]:
            return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **options)

    folder = str(_TEMPLATE.parent)
    exporter = Exporter(template_name=_TEMPLATE.name, extra_template_basedirs=[folder], exclude_input=not code)
    # nbconvert's base template names them, in blocks that the project's template replaces.
    for name in ("highlight_code", "filter_data_type"):
        exporter.register_filter(name, lambda value, **_: value)
    return exporter
