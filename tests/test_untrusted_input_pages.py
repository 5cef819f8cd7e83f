"""The pages of a build from data with the corpus, in Chromium: every value is there as text, and none runs."""

import nbformat
import pytest

from iucresearch.edition import EDITION
from reissue.build.export import build_chapter_page
from reissue.build.notebook_html import render_body
from reissue.build.order import Order
from tests.chromium import chromium
from tests.corpus import AWAY, MARKUP, TEXTS

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.build]

#: The whole report has all chapters; a chapter alone has another head.
PAGES = ("index.html", "html/05_outlook.html")
#: Tables whose every row is in a chapter.
SHOWN = {
    "01_clean": ("abbreviations", "boxes", "corrections", "odd", "options", "questions", "sections", "survey", "swot"),
    "01b_analysis": ("values",),
    "02_context": ("pilots", "uptake"),
    "04_survey": ("boxes",),
    "05_outlook": ("swot", "values"),
    "06_claims": ("claims", "discrepancies"),
    "07_annex": ("pairings",),
}
#: What a mouse and a keyboard could set off, all at once.
TOUCH = """() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    for (const kind of ["mouseover", "mouseenter", "focus", "click", "toggle", "load", "error"])
        for (const one of document.querySelectorAll("main *")) if (!one.matches("a[download]"))
            one.dispatchEvent(new Event(kind));
}"""
#: Attributes that hold code, and elements that a page of this report never has.
CODE = """() => [
    ...[...document.querySelectorAll("*")].flatMap(e => e.getAttributeNames().filter(name => name.startsWith("on"))),
    ...[...document.querySelectorAll("script:not([type='application/ld+json']), iframe, object, embed, form, input, "
        + "base, svg:not(.picture > svg), math, plaintext, meta[http-equiv=refresh], link[rel=stylesheet]")]
        .map(e => e.tagName),
    ...[...document.querySelectorAll(".picture svg *")].map(e => e.tagName).filter(name => !DRAWN.test(name)),
    ...[...document.querySelectorAll("[href], [src], [action], [data]")].flatMap(e => ["href", "src", "action", "data"]
        .map(name => (e.getAttribute(name) ?? "").trim())).filter(to => to && !OWN.test(to)),
]""".replace("DRAWN", "/^(g|path|text|tspan|defs|clipPath|rect|use)$/").replace(
    "OWN", r"/^(#|data:text\/csv|data:image\/svg|data:,|https:\/\/doi\.org\/|[a-z0-9_.\/-]+[.](html|pdf))/"
)


def one_space(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("page", [*PAGES, 0, 1], ids=str)  # a number is that of a brief
def test_every_text_is_there_and_none_runs(chromium, poisoned, page):
    name = page if page in PAGES else f"briefs/{poisoned.briefs[page]}.html"
    visit = chromium.open(poisoned.project.root / "reports" / name)
    visit(TOUCH)
    visit.page.mouse.move(300, 300)
    assert visit("() => window.ran") is None
    assert [url for url in visit.requests if AWAY in url] + visit.outside_requests() == []
    assert len(visit.page.context.pages) == 1
    assert visit("() => location.protocol") == "file:"
    # The page's policy would report a script that it had to stop: even that must not happen.
    assert visit.complaints() == []
    assert visit(CODE) == [], "no value becomes an element or an address"
    text = one_space(visit("() => document.body.textContent"))
    tables = [table for stem, own in SHOWN.items() for table in own if name in ("index.html", f"html/{stem}.html")]
    assert [one for table in tables for one in poisoned.planted[table] if one_space(one) not in text] == []
    if name == "index.html":
        assert [one for one in TEXTS.values() if one_space(one) not in text] == []


def test_markup_in_the_prose_of_a_notebook_does_not_run(chromium, tmp_path):
    """A markdown cell may hold markup: the policy of the page lets none run or load."""
    prose = "# Title\n\n{}A few words".format(MARKUP["drawing with a handler"].replace('"', ""))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(prose, id="a")])
    path = tmp_path / "page.html"
    order = Order({"05": ()}, ("05",))
    page = build_chapter_page(
        EDITION, notebook, render_body(notebook), [("Configuration", "small")], order, "page.html"
    )
    path.write_text(page, encoding="utf-8")
    visit = chromium.open(path)
    visit(TOUCH)
    assert "A few words" in visit("() => document.body.textContent")
    assert visit("() => window.ran") is None
    assert visit.outside_requests() == []
