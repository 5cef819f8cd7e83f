"""Chromium, started once for a module's tests, and axe-core: a page is opened once and checked in every state."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

if not CHROMIUM:  # a whole module at once: one line of the summary
    pytest.skip("no Chromium: put one on PATH (Debian, Ubuntu: apt install chromium)", allow_module_level=True)

#: Colour scheme and width of each look. At 200 % a window of 1300 pixels has room for 650.
LOOKS = {"light wide": ("light", 1300), "light twice as large": ("light", 650), "dark narrow": ("dark", 390)}

#: Every rule of axe-core at any level, the experimental ones included, but for these two of level AAA. Contrast takes
#: as long as all others together, so it is run by itself, on fewer elements.
BUT = ["color-contrast-enhanced", "identical-links-same-purpose"]
CONTRAST = "color-contrast"
RULES = """(but) => axe.run({resultTypes: ["violations"], rules: Object.fromEntries(
    axe.getRules().map(({ruleId}) => [ruleId, {enabled: !but.includes(ruleId)}])
)})"""

#: Contrast of two texts of each kind: an element's tag, class and font, and all that is painted behind it. The rule
#: would compute the same for every other text of that kind.
COLOURS = """(rule) => {
    const behind = new Map(), seen = {}, texts = [];
    for (const one of document.querySelectorAll("*")) {
        const style = getComputedStyle(one);
        const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode,
            style.position, style.zIndex, style.overflow].join();
        const up = behind.get(one.parentElement) ?? "";
        behind.set(one, own === "rgba(0, 0, 0, 0),none,1,none,normal,static,auto,visible" ? up : `${up}|${own}`);
        if (![...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
        const make = [behind.get(one), style.color, style.fontSize, style.fontWeight, style.textShadow,
            style.visibility, one.tagName, one.className].join();
        seen[make] = (seen[make] ?? 0) + 1;
        if (seen[make] <= 2) texts.push(one);
    }
    return axe.run({include: texts}, {resultTypes: ["violations"], runOnly: [rule]});
}"""

#: Shortens tables and lists to two rows of each kind (elements and classes); `lengthen` restores them.
SHORTEN = """() => {
    const seen = {}, removed = [];
    for (const row of document.querySelectorAll("tbody tr, main li")) {
        const make = [row.parentElement.parentElement, row, ...row.querySelectorAll("*")];
        const name = make.map(e => e.tagName + e.className).join();
        seen[name] = (seen[name] ?? 0) + 1;
        if (seen[name] > 2) removed.push([row, row.parentNode, row.nextSibling]);
    }
    for (const [row] of removed) row.remove();
    window.lengthen = () => removed.reverse().forEach(([row, parent, next]) => parent.insertBefore(row, next));
}"""


class Chromium:
    """A browser with one page, in which visits take turns: opening another takes as long as checking most pages."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()
        self.visit: Any = None
        self.page.on("request", lambda request: self.visit.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.visit.messages.append(str(error)))
        self.page.on("console", lambda message: self.visit.messages.append(f"{message.type}: {message.text}"))
        self.page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.visit.messages.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> Visit:
        """Open a page, light and wide."""
        visit = Visit(self, path)
        visit.show("light", 1300)
        return visit


@dataclass
class Visit:
    """An opened page, with its requests and its messages."""

    chromium: Chromium
    path: Path
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The page; it is opened again if another visit has begun."""
        if self.chromium.visit is not self:
            self.chromium.visit = self
            self.chromium.page.goto(self.path.as_uri())
        return self.chromium.page

    def __call__(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def show(self, scheme: Any, width: int) -> None:
        """Show the page in another colour scheme and width, without opening it again."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 900})

    def unfold(self, *, is_open: bool = True) -> None:
        """Open or close all folds, those of the contents included."""
        self("open => document.querySelectorAll('details').forEach(fold => fold.open = open)", is_open)

    def outside_requests(self) -> list[str]:
        """Return the addresses outside of its folder that the page requested."""
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]

    def complaints(self) -> list[str]:
        """Return the warnings, errors and dialogs of the page."""
        return [text for text in self.messages if not text.startswith(("log", "info", "debug"))]

    def violations(self, *, whole: bool = False, only_contrast: bool = False) -> list[str]:
        """Return what axe-core finds in the look that is shown, all folds open.

        Contrast is checked with long tables shortened; the other rules are, too, unless the page is checked as a whole.
        """
        self.unfold()
        if not self("() => 'axe' in window"):
            self(AXE_SCRIPT)
        found = self(RULES, [*BUT, CONTRAST])["violations"] if whole else []
        self(SHORTEN)
        if not whole and not only_contrast:
            found += self(RULES, [*BUT, CONTRAST])["violations"]
        found += self(COLOURS, CONTRAST)["violations"]
        self("() => lengthen()")
        self.unfold(is_open=False)
        return [f"{v['id']} ({v['impact']}): {node['html'][:120]}" for v in found for node in v["nodes"]]


@contextmanager
def started() -> Iterator[Chromium]:
    """Yield a browser, for one module at most: while it runs, nothing else may run an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Chromium(browser)
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with started() as browser:
        yield browser
