"""The pages as a reader's browser shows them: Chromium opens each, light and dark, wide and narrow."""

from typing import Any

import pandas as pd
import pytest

from reissue.build.order import read_order
from tests.chromium import LOOKS, Visit, chromium
from tests.conftest import TRANSLATED, TRIALS

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PAGES = ("index.html", "making.html", *(f"html/{stem}.html" for stem in read_order().needs))
#: Pages that axe checks: the whole report has all chapters, and a chapter alone has another head.
WHOLE, CHAPTER = "index.html", "html/05_outlook.html"


#: Of each picture that is shown: where it is, its width, and its description.
PICTURES = """() => [...document.querySelectorAll('img, svg[role=img]')].filter(one => one.getClientRects().length)
    .map(one => [one.closest('[id]').id, one.getBoundingClientRect().width, one.alt ?? one.ariaLabel])"""
#: The size in pixels, on the screen, of each text of a picture that is shown.
TEXT_SIZES = """() => [...document.querySelectorAll('.picture svg text')].filter(one => one.getClientRects().length)
    .map(one => {
        const {a, b, c, d} = one.getScreenCTM(), scale = Math.sqrt(Math.abs(a * d - b * c))
        return [one.textContent, parseFloat(getComputedStyle(one).fontSize) * scale]
    })"""


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
    for name, width, alt in visit(PICTURES):
        assert width > 0, name
        assert len(alt) > 40, f"{name}: {alt!r}"
        assert "description" not in alt, f"{name}: {alt!r}"
    assert visit.outside_requests() == []
    assert visit.complaints() == []
    assert visit.path.stat().st_size < 1_600_000


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
    pictured = [name for name, _width, _alt in index(PICTURES)]
    assert len(pictured) == len(set(pictured))
    assert {f"figure-{n}" for n in (1, 2, 3, 5, 6, 7, 8)} <= {*pictured}
    links = index.page.locator("nav .beside > ol a")
    assert links.count() > 20
    for place in (1, links.count() - 1):
        link = links.nth(place)
        heading = index.page.locator(link.get_attribute("href") or "")
        link.click()
        box = heading.bounding_box()
        assert 0 <= box["y"] < 900
        assert heading.inner_text() == link.inner_text()


def test_the_page_is_short_and_its_pictures_are_legible_on_every_screen(index):
    assert index("() => document.documentElement.scrollHeight") <= 35_000
    for width in (1300, 650, 390):
        index.show("light", width)
        sizes = index(TEXT_SIZES)
        assert len(sizes) > 300
        assert [size for size in sizes if size[1] < 9] == [], width


@pytest.mark.parametrize("width", [1300, 390], ids=["wide", "narrow"])
def test_the_reader_sees_the_chapter_and_the_way_back_in_the_middle_of_it(index, width):
    index.show("light", width)
    index.page.locator("#figure-7 .source").scroll_into_view_if_needed()
    index.page.wait_for_timeout(100)
    heading = index.page.locator("article:has(#figure-7) > h2")
    assert 0 <= heading.bounding_box()["y"] < 20
    up = index.page.locator("article:has(#figure-7) > .up")
    assert 0 <= up.bounding_box()["y"] < 40
    up.click()
    assert index("() => document.querySelector('nav.contents').getBoundingClientRect().top") < 900
    index.page.keyboard.press("Home")
    index.page.wait_for_function("() => scrollY === 0")


def test_readers_choose_statements_without_a_script(chromium, built):
    visit = chromium.open(built.root / "reports" / "html" / "06b_ledger.html")
    rows = "() => [...document.querySelectorAll('.ledger tbody tr:not(.group)')].filter(r => r.getClientRects().length)"

    def list_shown() -> list[str]:
        return visit(f"{rows}.map(row => row.id)")

    claims = pd.read_csv(built.root / "reports" / "claims.csv")
    assert list_shown() == [f"claim-{id_}" for id_ in claims["id"]]
    lists = visit.page.locator(".filters select")
    lists.nth(0).select_option(label=f"contradicted ({(claims['verdict'] == 'contradicted').sum()})")
    chosen = claims[claims["verdict"] == "contradicted"]
    assert list_shown() == [f"claim-{id_}" for id_ in chosen["id"]]
    section = chosen["section"].iloc[0]
    lists.nth(3).select_option(label=f"{section} ({(claims['section'] == section).sum()})")
    assert list_shown() == [f"claim-{id_}" for id_ in chosen.loc[chosen["section"] == section, "id"]]
    for one in (0, 3):
        lists.nth(one).select_option(label="all")
    assert len(list_shown()) == len(claims)


@pytest.mark.parametrize("width", [1300, 390], ids=["wide", "narrow"])
def test_keyboard_reaches_skip_link_contents_and_folds(index, width):
    index.show("light", width)
    contents = index("() => [...document.querySelectorAll('nav .beside > ol a')].map(a => a.hash)")
    assert index("() => [...document.querySelectorAll('nav .toc > ol a')].map(a => a.hash)") == contents

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
    # After the contents, the keyboard reaches a fold.
    while stops[-1]["what"] != "SUMMARY" and len(stops) < 150:
        stops.append(tab())
    assert stops[-1]["what"] == "SUMMARY"
    assert [stop for stop in stops if not (stop["seen"] and stop["ring"])] == []


def test_only_tables_that_can_overflow_are_stops_and_everything_that_is_named_has_a_name_of_its_own(index):
    stops = index("() => [...document.querySelectorAll('[tabindex]')].map(e => e.querySelector('table').className)")
    assert set(stops) <= {"wide"}
    shown = index("() => [...document.querySelectorAll('[tabindex]')].filter(e => e.checkVisibility()).length")
    assert shown <= 5
    for kind in ("nav, [role=region]", "summary"):
        names = index(
            "kind => [...document.querySelectorAll(kind)].map(e => (e.ariaLabel ?? e.textContent).trim())", kind
        )
        # The contents are there for wide screens and for narrow ones.
        assert [name for name in names if names.count(name) > 1] == []


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
