"""The pages as a reader's browser shows them: Chromium opens each, light and dark, wide and narrow."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from iucresearch.language import ENGLISH, LANGUAGES
from iucresearch.pipeline.order import read_order
from tests.conftest import Project
from tests.corpus import MARKUP
from tests.pipeline.mini import copied

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

pytestmark = pytest.mark.browser
if not CHROMIUM:  # the whole module at once: one line of the summary
    pytest.skip("no Chromium: put one on PATH (Debian, Ubuntu: apt install chromium)", allow_module_level=True)

PAGES = ("index.html", *(f"html/{stem}.html" for stem in read_order().needs))
WIDTHS = {"wide": 1300, "narrow": 390}

#: Every rule of axe-core at any level, the experimental ones included, but for these two of level AAA.
BUT = ["color-contrast-enhanced", "identical-links-same-purpose"]
AXE = """(but) => axe.run({resultTypes: ["violations"], rules: Object.fromEntries(
    axe.getRules().map(({ruleId}) => [ruleId, {enabled: !but.includes(ruleId)}])
)})"""

#: Tables and lists shortened to two rows of each make (elements and classes), which is all that colours depend on.
SHORTEN = """() => {
    const seen = {};
    for (const row of document.querySelectorAll("tbody tr, main li")) {
        const make = [row.parentElement.parentElement, row, ...row.querySelectorAll("*")];
        const name = make.map(e => e.tagName + e.className).join();
        seen[name] = (seen[name] ?? 0) + 1;
        if (seen[name] > 2) row.remove();
    }
    return document.querySelectorAll("*").length;
}"""


@dataclass
class Visit:
    """A page that was opened, with everything that it asked for or complained of."""

    page: Page
    look: tuple[str, int]
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def __call__(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser: Browser, project: Project, name: str, scheme: Any = "light", width: int = 1300) -> Visit:
    visit = Visit(browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme), (scheme, width))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.messages.append(str(error)))
    visit.page.on("console", lambda said: visit.messages.append(f"{said.type}: {said.text}"))
    visit.page.goto((project.root / "reports" / name).as_uri())
    return visit


@pytest.fixture(
    scope="module", params=[(p, s, w) for p in PAGES for s in ("light", "dark") for w in WIDTHS], ids=" ".join
)
def visit(request: pytest.FixtureRequest, browser: Browser, built: Project) -> Iterator[Visit]:
    name, scheme, width = request.param
    one = opened(browser, built, name, scheme, WIDTHS[width])
    yield one
    one.page.close()


@pytest.fixture
def index(browser: Browser, built: Project) -> Iterator[Visit]:
    one = opened(browser, built, "index.html")
    yield one
    one.page.close()


def test_page_asks_for_nothing_and_complains_of_nothing(visit: Visit) -> None:
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    assert [text for text in visit.messages if not text.startswith(("log", "info", "debug"))] == []


def test_page_does_not_scroll_sideways(visit: Visit) -> None:
    for folds in ("closed", "open"):
        visit(f"() => document.querySelectorAll('main details').forEach(d => d.open = {str(folds == 'open').lower()})")
        wide, window = visit("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{wide} px in a window of {window} px with folds {folds}"


def test_every_picture_loads_and_is_described(visit: Visit) -> None:
    for name, width, alt in visit("() => [...document.images].map(i => [i.closest('[id]').id, i.naturalWidth, i.alt])"):
        assert width > 0, name
        assert len(alt) > 40, f"{name}: {alt!r}"
        assert "description" not in alt, f"{name}: {alt!r}"


def test_axe_finds_no_violation(visit: Visit) -> None:
    """The whole page in one look; in every look the page with its long tables shortened, colours and all."""
    visit("() => document.querySelectorAll('details').forEach(fold => fold.open = true)")
    visit(AXE_SCRIPT)
    found = visit(AXE, [*BUT, "color-contrast"])["violations"] if visit.look == ("light", 1300) else []
    visit(SHORTEN)
    found += visit(AXE, BUT)["violations"]
    assert [f"{v['id']} ({v['impact']}): {n['html'][:120]}" for v in found for n in v["nodes"]] == []


def test_every_picture_of_the_report_is_on_the_page(index: Visit) -> None:
    pictured = set(index("() => [...document.images].map(i => i.closest('.exhibit').id)"))
    assert {f"figure-{n}" for n in (1, 2, 3, 5, 6, 7, 8)} <= pictured


@cache
def ids_of(page: Path) -> set[str]:
    return set(re.findall(r' id="([^"]+)"', page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", PAGES)
def test_links_land(browser: Browser, built: Project, name: str) -> None:
    visit = opened(browser, built, name)
    ids = visit("() => [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    targets = visit("() => [...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert targets
    for target in {target for target in targets if not target.startswith(("data:text/csv", "https://doi.org/"))}:
        file, _, fragment = target.partition("#")
        path = (built.root / "reports" / name).parent.joinpath(file).resolve() if file else None
        assert path is None or path.is_file(), target
        assert not fragment or fragment in (ids_of(path) if path else ids), target
    visit.page.close()


def test_contents_lead_to_their_headings(index: Visit) -> None:
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


@pytest.mark.parametrize("width", WIDTHS)
def test_keyboard_reaches_skip_link_contents_and_folds(browser: Browser, built: Project, width: str) -> None:
    visit = opened(browser, built, "index.html", width=WIDTHS[width])
    contents = visit("() => [...document.querySelectorAll('nav .beside a')].map(a => a.hash)")
    assert visit("() => [...document.querySelectorAll('nav .toc a')].map(a => a.hash)") == contents

    def tab() -> dict[str, Any]:
        visit.page.keyboard.press("Tab")
        return visit("""() => {
            const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e)
            return {what: e.className || e.hash || e.tagName, ring: style.outlineStyle !== 'none',
                seen: box.top >= -1 && box.left >= -1 && box.bottom <= innerHeight + 1 && box.width > 1}}""")

    first = tab()
    assert first["what"] == "skip"
    assert first["seen"]
    reached = [tab() for _ in range(2)]
    if width == "narrow":
        # Contents are folded there.
        while reached[-1]["what"] != "SUMMARY":
            reached.append(tab())
        visit.page.keyboard.press("Enter")
    reached += [tab() for _ in range(120)]
    order = [stop["what"] for stop in reached]
    assert [what for what in order if what in contents][: len(contents)] == contents
    assert "SUMMARY" in order[len(contents) :]
    assert "scroll" in order, "a table that can scroll is reached"
    assert [stop for stop in reached if stop["what"] != "scroll" and not (stop["seen"] and stop["ring"])] == []
    visit.page.close()


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


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_too_large_to_send(built: Project, name: str) -> None:
    assert (built.root / "reports" / name).stat().st_size < 3_000_000


@pytest.mark.parametrize("name", ["index.html", "html/04_survey.html"])
def test_twice_as_large_it_does_not_scroll_sideways(browser: Browser, built: Project, name: str) -> None:
    # At 200 % a window of 1300 pixels has room for 650.
    visit = opened(browser, built, name, width=650)
    test_page_does_not_scroll_sideways(visit)
    visit.page.close()


def check(browser: Browser, project: Project, name: str, language: str = "en") -> None:
    """Hold a page to what every page is held to, light and wide."""
    visit = opened(browser, project, name)
    test_page_asks_for_nothing_and_complains_of_nothing(visit)
    test_page_does_not_scroll_sideways(visit)
    test_every_picture_loads_and_is_described(visit)
    test_axe_finds_no_violation(visit)
    assert visit("() => document.documentElement.lang") == language
    visit.page.close()


@pytest.mark.parametrize("locale", sorted(set(LANGUAGES) - {ENGLISH}))
@pytest.mark.parametrize("name", PAGES)
def test_pages_in_other_languages(browser: Browser, translated: Project, name: str, locale: str) -> None:
    check(browser, translated, f"builds/published-{locale}/{name}", locale)


@pytest.mark.build
def test_briefs(browser: Browser, built: Project, tmp_path: Path) -> None:
    project = copied(built, tmp_path / "briefs")
    briefs = slugs(project, "pairings")[:2] + slugs(project, "countries")[1:2]
    done = project.make("briefs", "ONLY=" + " ".join(briefs))
    assert done.returncode == 0, done.stderr
    for brief in briefs:
        check(browser, project, f"briefs/{brief}.html")


def slugs(project: Project, table: str) -> list[str]:
    """Return the slugs of a processed table."""
    return pd.read_csv(project.root / "data" / "processed" / f"{table}.csv")["slug"].tolist()


SCRIPT, IMAGE = MARKUP["script"], MARKUP["image with a handler"]
SLOT = MARKUP["element with a handler"] + MARKUP["module"]
PROSE = MARKUP["drawing with a handler"].replace('"', "")


@pytest.fixture(scope="module")
def planted(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A report whose raw cells, named values and prose hold scripts; what is not touched is taken from `built`."""
    project = Project(tmp_path_factory.mktemp("planted") / "project")
    for folder in ("reports", "data/processed"):
        shutil.copytree(built.root / folder, project.root / folder)
    for old, new in (("Agro-industry", SCRIPT), ("Circular economy\n", IMAGE + "\n")):
        project.replace("data/raw/boxes.csv", old, new)
    project.replace("data/raw/swot.csv", "Political instability", SCRIPT)
    project.replace("data/raw/swot.csv", "Funding constraints", IMAGE)
    project.replace("src/iucresearch/values.py", '_quadrant("strength")', f"lambda t: {SLOT!r}")
    project.replace("notebooks/05_outlook.ipynb", "A few fields", f"{PROSE}A few fields")
    done = project.pipeline("--run", "01_clean 04_survey 05_outlook")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.mark.parametrize("name", ["index.html", "html/01_clean.html", "html/04_survey.html", "html/05_outlook.html"])
def test_planted_scripts_do_not_run(browser: Browser, planted: Project, name: str) -> None:
    visit = opened(browser, planted, name)
    visit("() => document.querySelectorAll('details').forEach(fold => fold.open = true)")
    visit.page.mouse.move(300, 300)
    text = visit("() => document.body.innerText")
    assert visit("() => window.ran") is None
    assert visit("() => document.querySelectorAll('img[src=x], [onerror], [onmouseover]').length") == 0
    shown = {"04_survey": (SCRIPT, IMAGE), "05_outlook": (SCRIPT, IMAGE, SLOT), "01_clean": (SLOT,)}
    for stem, planted_texts in shown.items():
        if name in ("index.html", f"html/{stem}.html"):
            assert [one for one in planted_texts if one not in text] == []
    assert [url for url in visit.requests if not url.startswith(("file:", "data:"))] == []
    visit.page.close()
