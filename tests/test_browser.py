"""The pages as a reader's browser shows them: Chromium opens each, light and dark, wide and narrow."""

from typing import Any

import pytest

from reissue.build.order import read_order
from tests.chromium import LOOKS, Visit, chromium
from tests.conftest import TRANSLATED, TRIALS

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PAGES = ("index.html", *(f"html/{stem}.html" for stem in read_order().needs))
#: Pages that axe checks: the whole report has all chapters, and a chapter alone has another head.
WHOLE, CHAPTER = "index.html", "html/05_outlook.html"


@pytest.fixture
def index(chromium, built):
    """The whole report, just opened."""
    return chromium.open(built.root / "reports" / WHOLE)


def check_page(visit: Visit, looks: tuple[str, ...], language: str = "en") -> None:
    """Check what holds for every page: it fits the window, describes its pictures, requests nothing, and is small."""
    assert visit("() => document.documentElement.lang") == language
    for look in looks:
        visit.show(*LOOKS[look])
        for is_open in (False, True):
            visit.unfold(is_open=is_open)
            width, window = visit("() => [document.documentElement.scrollWidth, innerWidth]")
            assert width <= window, f"{look}: {width} px in {window} px, folds {'open' if is_open else 'closed'}"
    for name, width, alt in visit("() => [...document.images].map(i => [i.closest('[id]').id, i.naturalWidth, i.alt])"):
        assert width > 0, name
        assert len(alt) > 40, f"{name}: {alt!r}"
        assert "description" not in alt, f"{name}: {alt!r}"
    assert visit.outside_requests() == []
    assert visit.complaints() == []
    # The page of the whole report in Spanish is the largest.
    assert visit.path.stat().st_size < 3_200_000


@pytest.mark.faults
@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_every_look(chromium, built, name):
    """Axe reads two pages with long tables shortened; `make test-faults` lets it read the report as a whole.

    In the second look, it checks only the colours of the report: the chapter has every other difference.
    """
    visit = chromium.open(built.root / "reports" / name)
    check_page(visit, tuple(LOOKS))
    if name in (WHOLE, CHAPTER):
        for look in ("light wide", "dark narrow"):
            visit.show(*LOOKS[look])
            only_contrast = (name, look) == (WHOLE, "dark narrow") and TRIALS == 1
            assert visit.violations(whole=TRIALS > 1, only_contrast=only_contrast) == [], look
        assert visit.complaints() == []


def test_every_picture_of_the_report_is_there_and_contents_lead_to_their_headings(index):
    pictured = set(index("() => [...document.images].map(i => i.closest('.exhibit').id)"))
    assert {f"figure-{n}" for n in (1, 2, 3, 5, 6, 7, 8)} <= pictured
    links = index.page.locator("nav .beside a")
    assert links.count() > 20
    for place in (1, links.count() - 1):
        link = links.nth(place)
        heading = index.page.locator(link.get_attribute("href") or "")
        link.click()
        box = heading.bounding_box()
        assert 0 <= box["y"] < 900
        assert heading.inner_text() == link.inner_text()


@pytest.mark.parametrize("width", [1300, 390], ids=["wide", "narrow"])
def test_keyboard_reaches_skip_link_contents_and_folds(index, width):
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
    stops = [tab() for _ in range(2)]
    if width == 390:
        # Contents are folded there.
        while stops[-1]["what"] != "SUMMARY":
            stops.append(tab())
        index.page.keyboard.press("Enter")
    while stops[-1]["what"] != contents[-1] and len(stops) < 100:
        stops.append(tab())
    # The first screen leads to the first chapter, too.
    assert list(dict.fromkeys(stop["what"] for stop in stops if stop["what"] in contents)) == contents
    # After the contents, the keyboard reaches a fold and a table that can scroll.
    missing = {"SUMMARY", "scroll"}
    while missing and len(stops) < 150:
        stops.append(tab())
        missing.discard(stops[-1]["what"])
    assert missing == set()
    assert [stop for stop in stops if stop["what"] != "scroll" and not (stop["seen"] and stop["ring"])] == []


def test_skip_link_and_fold_work_by_keyboard(index):
    index.page.keyboard.press("Tab")
    index.page.keyboard.press("Enter")
    assert index("() => location.hash") == "#content"
    index.page.keyboard.press("Tab")
    assert index("() => document.activeElement.closest('main') !== null")
    fold = index.page.locator("main summary").first
    fold.focus()
    index.page.keyboard.press("Enter")
    assert index("() => document.activeElement.parentElement.open")


def test_one_text_in_another_colour_is_found(chromium, tmp_path):
    """Of many texts two of each kind are checked; what is painted behind a text makes it another kind."""
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
            found = [line.partition(" ")[0] for line in visit.violations(only_contrast=True)]
            assert found == ["color-contrast"] * (scheme in schemes), fault
            assert visit("() => document.querySelectorAll('tbody tr').length") == 40


@pytest.mark.faults
@pytest.mark.parametrize("locale", TRANSLATED)
def test_pages_in_other_languages(chromium, translated, locale):
    for name in (WHOLE, CHAPTER):
        visit = chromium.open(translated.root / "reports" / "builds" / f"published-{locale}" / name)
        check_page(visit, ("light wide", "dark narrow"), locale)
        if name == CHAPTER or TRIALS > 1:
            assert visit.violations() == []


@pytest.mark.build
def test_briefs(chromium, with_briefs):
    for path in (with_briefs.root / "reports" / "briefs").glob("[!i]*.html"):
        visit = chromium.open(path)
        check_page(visit, ("light wide",))
        assert visit.violations() == []
