"""Pages: what each contains, and that nothing of a value, an output or another site runs or loads in them."""

import json
import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import pairwise
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from iucresearch.explore import MAKERS
from iucresearch.notebook import listing
from reissue.build.export import build_chapter_page, build_pages
from reissue.build.notebook_html import render_body
from reissue.build.order import Order, read_order
from reissue.core.errors import InputError
from reissue.core.language import languages
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import KINDS, Exhibit
from tests.conftest import Project
from tests.corpus import MARKUP

#: Attributes by which a page loads something, follows a link or sends a form.
ADDRESSES = {"src", "href", "srcset", "poster", "data", "action", "formaction", "background", "cite", "xlink:href"}
NAMES = ("index.html", "making.html", *(f"html/{stem}.html" for stem in read_order().needs))
OTHERS = [code for code in languages() if code != "en"]
ORDER = Order({"05": ()}, ("05",))
SCRIPT = "<script>alert(1)</script>"


@cache
def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser", multi_valued_attributes=None)


def find_values(page: BeautifulSoup, name: str) -> list[str]:
    return [tag[name] for tag in page.find_all(attrs={name: True})]


@cache
def find_ids(path: Path) -> frozenset[str]:
    return frozenset(find_values(parse(path), "id"))


def find_hash(page: BeautifulSoup) -> str:
    return re.search(r"Content hash\s*([0-9a-f]+)", page.get_text())[1]


def find_foreign(tags: list[Tag]) -> Iterator[str]:
    """Yield every address that is neither data, nor a fragment, nor a file beside the page, and no DOI."""
    for tag in tags:
        for name, value in tag.attrs.items():
            is_doi = tag.name == "a" and value.startswith("https://doi.org/")
            if name in ADDRESSES and re.match(r"\s*(?!data:)(\w[\w+.-]*:|//|/)", value) and not is_doi:
                yield value
        style = tag.get_text() if tag.name == "style" else tag.get("style", "")
        yield from re.findall(r"@import[^;]*|url\(\s*['\"]?(?!data:|#)[^'\")]+", style)


@pytest.mark.build
@pytest.mark.parametrize("name", NAMES)
class TestEveryPage:
    @pytest.fixture
    def page(self, built: Project, name: str) -> BeautifulSoup:
        return parse(built.root / "reports" / name)

    def test_its_policy_comes_before_anything_that_could_load(self, page: BeautifulSoup) -> None:
        policies = page.find_all("meta", attrs={"http-equiv": re.compile("content-security-policy", re.IGNORECASE)})
        assert len(policies) == 1
        rules = dict(rule.strip().split(" ", 1) for rule in policies[0]["content"].split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["img-src"] == "data:"
        assert not [rule for rule in rules if rule.startswith(("script", "connect", "frame", "object"))]
        tags = page.find_all(True)[:4]
        assert [tag.name for tag in tags] == ["html", "head", "meta", "meta"]
        assert "charset" in tags[2].attrs
        assert "http-equiv" in tags[3].attrs

    def test_it_loads_nothing_from_elsewhere_and_runs_nothing(self, page: BeautifulSoup) -> None:
        tags = page.find_all(True)
        assert list(find_foreign(tags)) == []
        assert not {tag.name for tag in tags} & {"iframe", "object", "embed", "base", "form", "video"}
        # What describes the page to machines is data: no browser runs it.
        assert {tag.get("type") for tag in tags if tag.name == "script"} <= {"application/ld+json"}
        assert [name for tag in tags for name in tag.attrs if name.startswith("on") or name == "srcdoc"] == []
        assert page.find("meta", attrs={"http-equiv": "refresh"}) is None

    def test_its_links_lead_to_something(self, page: BeautifulSoup, built: Project, name: str) -> None:
        here = built.root / "reports" / name
        # Made by other commands; `make site` makes all of them, and checks its links.
        others = {"report.pdf", "briefs/index.html", *(f"builds/published-{code}/index.html" for code in OTHERS)}
        for link in find_values(page, "href"):
            if link.startswith(("data:", "https://doi.org/")) or (name == "index.html" and link in others):
                continue
            file, _, fragment = link.partition("#")
            target = (here.parent / file).resolve() if file else here
            assert target.is_file(), link
            if fragment:
                assert fragment in find_ids(target), link

    def test_its_ids_are_unique_what_refers_to_them_finds_them_and_headings_skip_no_level(
        self, page: BeautifulSoup
    ) -> None:
        ids = find_values(page, "id")
        assert [name for name, count in Counter(ids).items() if count > 1 or not name or re.search(r"\s", name)] == []
        names = ("aria-labelledby", "aria-describedby", "for", "headers")
        assert {one for name in names for value in find_values(page, name) for one in value.split()} <= set(ids)

        levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
        assert (levels[0], levels.count(1)) == (1, 1)
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []

    def test_it_has_its_language_a_title_and_the_hash(self, page: BeautifulSoup, built: Project) -> None:
        assert page.html["lang"] == "en"
        assert len(page.title.get_text()) >= 5
        assert re.fullmatch("[0-9a-f]{16}", find_hash(page))
        assert find_hash(page) == find_hash(parse(built.root / "reports" / "index.html"))

    def test_its_pictures_have_a_text_and_load_nothing(self, page: BeautifulSoup) -> None:
        assert [svg["class"] for svg in page.select("svg") if len(svg.get("aria-label", "")) < 20] == []
        pictures = page.find_all("img")
        assert [p["src"][:40] for p in pictures if len(p.get("alt", "")) < 20] == []
        assert [p["src"][:40] for p in pictures if not p["src"].startswith("data:image/")] == []
        for picture in pictures:
            kind, _, content = picture["src"].partition(";base64,")
            if kind == "data:image/svg+xml":
                svg = b64decode(content).decode()
                assert re.findall(r"""(?:href|src)=["'](?!#|data:)[^"']*""", svg) == []
                assert not re.search(r"<script|@import|url\((?!['\"]?#)", svg)


@pytest.mark.build
class TestWhole:
    @pytest.fixture
    def text(self, built: Project) -> str:
        return (built.root / "reports" / "index.html").read_text(encoding="utf-8")

    @pytest.fixture
    def page(self, built: Project) -> BeautifulSoup:
        return parse(built.root / "reports" / "index.html")

    def test_every_exhibit_and_chapter_is_shown_and_listed_once(self, page: BeautifulSoup, built: Project) -> None:
        assert len(page.find_all("article")) == len(read_order().page)
        sections = [section["id"] for section in page.find_all("section", class_="exhibit")]
        assert sorted(sections) == sorted(item.id for item in EXHIBITS)
        listed = [link["href"][1:] for link in page.select('section.overview th[scope="row"] a')]
        own = [item.id for kind in KINDS for item in EXHIBITS if item.kind == kind and not item.is_added]
        assert listed == own + [item.id for item in EXHIBITS if item.is_added]
        for item in EXHIBITS:
            assert item.id in find_ids(built.root / "reports" / "html" / f"{item.notebook}.html")

    @pytest.mark.parametrize("item", EXHIBITS, ids=lambda item: item.id)
    def test_every_exhibit_shows_its_data_its_source_and_its_claims(
        self, built: Project, text: str, item: Exhibit
    ) -> None:
        own = text[(start := text.index(f'<section class="exhibit" id="{item.id}">')) : text.index("</section>", start)]
        assert f"<code>notebooks/{item.notebook}.ipynb</code>" in own
        assert f'show("{item.id}"' in unescape(own)
        assert re.search(r'<a class="to" href="html/01_clean\.html#rows?-[\w-]+">', own)
        assert re.search(rf'href="data:text/csv;[^"]+" download="{item.id}\.csv"', own)
        make = MAKERS[item.id].make
        assert (f"<code>{make.__module__}:{make.__name__}</code>" in own) == (make is not data_table)
        claims = pd.read_csv(built.root / "reports" / "claims.csv")
        assert own.count('href="html/06b_ledger.html#claim-') == (claims["exhibit"] == item.id).sum()

    def test_it_describes_itself_to_machines_and_says_how_to_cite_it(self, text: str) -> None:
        linked = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
        assert linked["@type"] == "Report"
        assert f"Content hash {linked['identifier']}." in text
        assert linked["isBasedOn"]["sameAs"] == "https://doi.org/10.2760/39443"
        assert len([part for part in linked["hasPart"] if part["@type"] == "Claim"]) > 40
        about = text[text.index("<footer") :]
        assert "doi:10.2760/39443" in about
        assert re.search(r"content hash [0-9a-f]{16}", about)

    def test_the_first_screen_has_main_points_with_numbers_and_links(self, page: BeautifulSoup) -> None:
        points = page.select("header .points li")
        assert len(points) == 3
        assert all(re.search(r"\d", point.get_text()) for point in points)
        assert len(page.select("header .points a")) == 3
        targets = [link["href"] for link in page.select("header .jump a")]
        assert targets[1:] == ["#overview", "html/06b_ledger.html#ledger", "making.html#files", "#about"]

    def test_it_leads_to_other_languages_forms_and_pages(self, page: BeautifulSoup) -> None:
        alternates = {link["hreflang"]: link["href"] for link in page.find_all("link", rel="alternate")}
        assert alternates == {"en": "index.html"} | {c: f"builds/published-{c}/index.html" for c in OTHERS}
        forms = [link["href"] for link in page.select(".forms a")]
        assert forms == [*(alternates[code] for code in OTHERS), "report.pdf", "briefs/index.html"]
        own = [f"html/{stem}.html" for stem in read_order().own_pages]
        assert [link["href"] for link in page.select(".beside .apart a")] == [*own, "making.html"]
        assert [link["href"] for link in page.select(".notebook a")] == [f"html/{s}.html" for s in read_order().page]

    def test_it_is_light(self, built: Project) -> None:
        assert (built.root / "reports" / "index.html").stat().st_size < 1_600_000

    @pytest.mark.parametrize("item", EXHIBITS, ids=lambda item: item.id)
    def test_every_exhibit_states_its_message_before_its_status_and_in_its_description(
        self, page: BeautifulSoup, item: Exhibit
    ) -> None:
        section = page.find("section", id=item.id)
        message = section.find("p", class_="message")
        if item.id == "figure-4":
            assert message is None
            return
        assert message.find_next("p")["class"] == "status"
        assert "{" not in message.get_text()
        drawings = section.select("svg[role=img]")
        assert [svg["class"] for svg in drawings] == (["wide", "narrow"] if item.is_picture else [])
        assert all(svg["aria-label"].startswith(f"{message.get_text()} ") for svg in drawings)

    def test_no_reason_of_a_status_is_repeated_often(self, page: BeautifulSoup) -> None:
        reasons = Counter(status.get_text().partition(";")[0] for status in page.select(".exhibit .status"))
        assert max(reasons.values()) <= 4

    def test_the_files_of_the_build_are_listed(self, built: Project) -> None:
        listed = [link["href"] for link in parse(built.root / "reports" / "making.html").select(".files a")]
        assert {"figures/figure-6.svg", "tables/table-1.csv", "claims.csv", "survey/feasible.csv"} <= {*listed}
        assert {"executed/04_survey.ipynb", "../data/processed/pairings.csv", "ro-crate-metadata.json"} <= {*listed}
        assert [one for one in listed if not (built.root / "reports" / one).is_file()] == []


@pytest.mark.parametrize("times", [0, 2])
def test_an_exhibit_that_is_not_shown_once_stops_the_page(times: int) -> None:
    names = [item.id for item in EXHIBITS if item.id != "table-2"] + ["table-2"] * times
    about = [{"reissue": {"exhibit": name, "counts": {}}} for name in names]
    outputs = [nbformat.v4.new_output("display_data", {"text/plain": ""}, metadata=one) for one in about]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    with pytest.raises(InputError, match=rf"^notebooks/05_outlook\.ipynb: Table 2\. .* is shown {times} times\. "):
        build_pages(EDITION, {"05": notebook}, [], Order({"05": ()}, ("05",)))


class TestEscaped:
    def test_a_title_is_text(self) -> None:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Outlook </title> & more")])
        page = build_chapter_page(EDITION, notebook, render_body(notebook), [], ORDER, "html/05.html")
        assert "<title>Outlook &lt;/title&gt; &amp; more</title>" in page

    def test_outputs_are_text(self) -> None:
        new = nbformat.v4.new_output
        frame = pd.DataFrame({SCRIPT: [SCRIPT, f'"{SCRIPT}']})
        outputs = [
            new("stream", name="stdout", text=SCRIPT),
            new("display_data", {"text/plain": SCRIPT}),
            new("error", ename="E", evalue=SCRIPT, traceback=[SCRIPT]),
            new("display_data", {"image/png": "AAAA"}, metadata={"image/png": {"alt": f'">{SCRIPT}'}}),
            new("display_data", {"text/html": listing(frame, SCRIPT).html}),
        ]
        body = render_body(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SCRIPT, outputs=outputs)]))
        assert "<script" not in body
        assert body.count("&lt;script&gt;") >= 9

    @pytest.mark.parametrize("name", [name for name, value in MARKUP.items() if "<script" in value.lower()])
    def test_an_output_with_a_script_is_refused(self, name: str) -> None:
        output = nbformat.v4.new_output("display_data", {"text/html": f"<p>{MARKUP[name]}</p>"})
        cell = nbformat.v4.new_code_cell("x", id="a1", outputs=[output])
        with pytest.raises(InputError, match="cell a1: an output holds a script"):
            render_body(nbformat.v4.new_notebook(cells=[cell]))


def test_what_writes_pages_loads_no_pandas() -> None:
    """Each build would pay half a second for it."""
    code = "import sys, reissue.build.export; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
