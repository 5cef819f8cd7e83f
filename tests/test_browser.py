"""The pages as a reader's browser shows them: Chromium opens each, light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reissue.build.order import read_order
from tests.chromium import LOOKS, Chromium, Visit, chromium
from tests.conftest import TRANSLATED, TRIALS, Project

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PAGES = ("index.html", *(f"html/{stem}.html" for stem in read_order().needs))
#: Pages that axe reads: the whole report has all chapters, and a chapter alone another head.
READ = ("index.html", "html/05_outlook.html")


@pytest.fixture(scope="module", params=PAGES)
def visit(request: pytest.FixtureRequest, chromium: Chromium, built: Project) -> Visit:
    """A page that all tests look at, one after the other: each shows it in the look that it asks for."""
    return chromium.open(built.root / "reports" / request.param)


@pytest.fixture
def index(chromium: Chromium, built: Project) -> Visit:
    """The whole report, just opened."""
    return chromium.open(built.root / "reports" / "index.html")


def assert_asks_for_nothing_and_complains_of_nothing(visit: Visit) -> None:
    assert visit.outside_requests() == []
    assert visit.complaints() == []


def assert_does_not_scroll_sideways(visit: Visit) -> None:
    for is_open in (False, True):
        visit.unfold(is_open=is_open)
        wide, window = visit("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{wide} px in a window of {window} px, folds {'open' if is_open else 'closed'}"


def assert_every_picture_loads_and_is_described(visit: Visit) -> None:
    for name, width, alt in visit("() => [...document.images].map(i => [i.closest('[id]').id, i.naturalWidth, i.alt])"):
        assert width > 0, name
        assert len(alt) > 40, f"{name}: {alt!r}"
        assert "description" not in alt, f"{name}: {alt!r}"


@pytest.mark.faults
@pytest.mark.parametrize("look", LOOKS)
def test_every_look_of_a_page(visit: Visit, look: str) -> None:
    """It does not scroll sideways, axe finds no violation, nothing is asked for.

    Axe reads two pages, light and wide, dark and narrow, with long tables shortened; `make test-faults` lets it read
    the report as a whole.
    """
    visit.show(*LOOKS[look])
    assert_does_not_scroll_sideways(visit)
    if look in ("light wide", "dark narrow") and str(visit.path).endswith(READ):
        assert visit.violations(whole=TRIALS > 1) == []
    assert_asks_for_nothing_and_complains_of_nothing(visit)


def test_twice_as_large_it_does_not_scroll_sideways(visit: Visit) -> None:
    # At 200 % a window of 1300 pixels has room for 650.
    visit.show("light", 650)
    assert_does_not_scroll_sideways(visit)


def test_every_picture_loads_and_is_described(visit: Visit) -> None:
    assert_every_picture_loads_and_is_described(visit)


def test_no_page_is_too_large_to_send(visit: Visit) -> None:
    assert visit.path.stat().st_size < 3_000_000


def test_every_picture_of_the_report_is_there_and_contents_lead_to_their_headings(index: Visit) -> None:
    pictured = set(index("() => [...document.images].map(i => i.closest('.exhibit').id)"))
    assert {f"figure-{n}" for n in (1, 2, 3, 5, 6, 7, 8)} <= pictured
    links = index.page.locator("nav .beside a")
    assert links.count() > 20
    for place in (1, links.count() - 1):
        link = links.nth(place)
        heading = index.page.locator(link.get_attribute("href") or "")
        link.click()
        box = heading.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 900
        assert heading.inner_text() == link.inner_text()


@pytest.mark.parametrize("width", [1300, 390], ids=["wide", "narrow"])
def test_keyboard_reaches_skip_link_contents_and_folds(index: Visit, width: int) -> None:
    index.show("light", width)
    contents = index("() => [...document.querySelectorAll('nav .beside a')].map(a => a.hash)")
    assert index("() => [...document.querySelectorAll('nav .toc a')].map(a => a.hash)") == contents

    def tab() -> dict[str, Any]:
        index.page.keyboard.press("Tab")
        return index("""() => {
            const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
            return {what: e.className || e.hash || e.tagName, ring: style.outlineStyle !== 'none',
                seen: box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1 && box.width > 1}}""")

    first = tab()
    assert first["what"] == "skip"
    assert first["seen"]
    reached = [tab() for _ in range(2)]
    if width == 390:
        # Contents are folded there.
        while reached[-1]["what"] != "SUMMARY":
            reached.append(tab())
        index.page.keyboard.press("Enter")
    reached += [tab() for _ in range(120)]
    order = [stop["what"] for stop in reached]
    assert [what for what in order if what in contents][: len(contents)] == contents
    assert "SUMMARY" in order[len(contents) :]
    assert "scroll" in order, "a table that can scroll is reached"
    assert [stop for stop in reached if stop["what"] != "scroll" and not (stop["seen"] and stop["ring"])] == []


def test_skip_link_and_fold_work_by_keyboard(index: Visit) -> None:
    index.page.keyboard.press("Tab")
    index.page.keyboard.press("Enter")
    assert index("() => location.hash") == "#content"
    index.page.keyboard.press("Tab")
    assert index("() => document.activeElement.closest('main') !== null")
    fold = index.page.locator("main summary").first
    fold.focus()
    index.page.keyboard.press("Enter")
    assert index("() => document.activeElement.parentElement.open")


def test_one_text_in_another_colour_is_found(chromium: Chromium, tmp_path: Path) -> None:
    """Of many texts two of each make are looked at; what is painted behind a text makes it another."""
    rows = "<tr><th scope='row'>Row</th><td>Dark</td></tr>" * 40
    style = "* {background: #fff} @media (prefers-color-scheme: dark) {.dark {background: #222}}"
    page = f"""<!doctype html><html lang="en"><title>A</title><style>{style}</style><main><h1>A</h1><table>
        <caption>B</caption><thead><tr><th>One</th><th>Two</th></tr></thead><tbody>{rows}</tbody></table><p>Text</p><p>Text</p>
        <div FAULT><p style="background:inherit">Text</p></div></main>"""
    faults = {"": [], 'style="color:#ddd"': ["light", "dark"], 'class="dark"': ["dark"]}
    for fault, schemes in {**faults, 'style="opacity:.3"': ["light", "dark"]}.items():
        (tmp_path / "page.html").write_text(page.replace("FAULT", fault), encoding="utf-8")
        visit = chromium.open(tmp_path / "page.html")
        for scheme in ("light", "dark"):
            visit.show(scheme, 1300)
            found = [line.partition(" ")[0] for line in visit.violations(whole=False)]
            assert found == ["color-contrast"] * (scheme in schemes), fault
            assert visit("() => document.querySelectorAll('tbody tr').length") == 40


def check(chromium: Chromium, path: Path, language: str = "en") -> None:
    """Hold a page to what every page is held to, light and wide."""
    visit = chromium.open(path)
    assert_does_not_scroll_sideways(visit)
    assert_every_picture_loads_and_is_described(visit)
    assert visit.violations(whole=False) == []
    assert visit("() => document.documentElement.lang") == language
    assert_asks_for_nothing_and_complains_of_nothing(visit)


@pytest.mark.faults
@pytest.mark.parametrize("locale", TRANSLATED)
@pytest.mark.parametrize("name", READ)
def test_pages_in_other_languages(chromium: Chromium, translated: Project, name: str, locale: str) -> None:
    check(chromium, translated.root / "reports" / "builds" / f"published-{locale}" / name, locale)


@pytest.mark.build
def test_briefs(chromium: Chromium, with_briefs: Project) -> None:
    for path in (with_briefs.root / "reports" / "briefs").glob("[!i]*.html"):
        check(chromium, path)
