from __future__ import annotations

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from iucresearch.explore import MAKERS
from iucresearch.notebook import listing, show
from reissue.build.export import _check_complete, render_body
from reissue.build.order import read_order
from reissue.core.errors import InputError
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import KINDS, Exhibit
from tests.conftest import Project
from tests.corpus import MARKUP
from tests.reissue.build.mini import Mini, tree

VOID = {"meta", "link", "img", "br", "hr", "input", "col", "wbr"}
#: Attributes by which a page loads something, follows a link or sends a form.
ADDRESSES = {"src", "href", "srcset", "poster", "data", "action", "formaction", "background", "cite", "xlink:href"}
NAMES = ("index.html", *(f"html/{stem}.html" for stem in read_order().needs))
SCRIPT = "<script>alert(1)</script>"


class Parsed(HTMLParser):
    """A page with its tags, in order, and what does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.style = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.faults += [f"{self.getpos()}: {tag} has {name} twice" for name in twice]
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"{self.getpos()}: </{tag}> ends {self.open[-1:]}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.style += data

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.values("id"))


@cache
def parsed(path: Path) -> Parsed:
    return Parsed(path.read_text(encoding="utf-8"))


def foreign(page: Parsed) -> Iterator[str]:
    """Yield every address of a page that is not its own: neither data, nor a fragment, nor a file beside it.

    A link to a DOI is followed by who wants it; it loads nothing.
    """
    for tag, attributes in page.tags:
        yield from (
            v
            for n, v in attributes.items()
            if n in ADDRESSES
            and re.match(r"\s*(?!data:)(\w[\w+.-]*:|//|/)", v)
            and not (tag == "a" and v.startswith("https://doi.org/"))
        )
    for style in (page.style, *page.values("style")):
        yield from re.findall(r"@import[^;]*", style)
        yield from (url for url in re.findall(r"url\(\s*['\"]?([^'\")]*)", style) if not url.startswith(("data:", "#")))


@pytest.mark.build
@pytest.mark.parametrize("name", NAMES)
class TestEveryPage:
    @pytest.fixture
    def page(self, built: Project, name: str) -> Parsed:
        return parsed(built.root / "reports" / name)

    def test_it_nests(self, page: Parsed) -> None:
        assert page.faults == []
        assert page.open == []

    def test_its_policy_stands_before_anything_that_could_load(self, page: Parsed) -> None:
        tags = [tag for tag, _ in page.tags]
        policies = [
            a["content"] for tag, a in page.tags if a.get("http-equiv", "").lower() == "content-security-policy"
        ]
        assert len(policies) == 1
        rules = dict(rule.strip().split(" ", 1) for rule in policies[0].split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["base-uri"] == rules["form-action"] == "'none'"
        assert rules["img-src"] == "data:"
        assert not [rule for rule in rules if rule.startswith(("script", "connect", "frame", "object"))]
        assert tags[:4] == ["html", "head", "meta", "meta"]
        assert "charset" in page.tags[2][1]
        assert "http-equiv" in page.tags[3][1]

    def test_it_loads_nothing_from_elsewhere(self, page: Parsed) -> None:
        assert list(foreign(page)) == []
        assert not {tag for tag, _ in page.tags} & {"iframe", "object", "embed", "base", "form", "video"}
        # What describes the page to machines is data: no browser runs it.
        assert {a.get("type") for tag, a in page.tags if tag == "script"} <= {"application/ld+json"}
        assert not [
            n
            for _, a in page.tags
            for n in a
            if n.startswith("on") or n == "srcdoc" or (n == "http-equiv" and a[n] == "refresh")
        ]

    def test_its_links_lead_somewhere(self, page: Parsed, built: Project, name: str) -> None:
        here = built.root / "reports" / name
        for link in page.values("href"):
            if link.startswith(("data:", "https://doi.org/")):
                continue
            file, _, fragment = link.partition("#")
            target = (here.parent / file).resolve() if file else here
            assert target.is_file(), link
            if fragment:
                assert fragment in parsed(target).ids, link

    def test_its_ids_are_there_once(self, page: Parsed) -> None:
        assert [name for name, count in Counter(page.values("id")).items() if count > 1] == []
        assert [name for name in page.values("id") if not name or re.search(r"\s", name)] == []

    def test_what_refers_to_an_id_finds_it(self, page: Parsed) -> None:
        refers = " ".join(v for n in ("aria-labelledby", "aria-describedby", "for", "headers") for v in page.values(n))
        assert set(refers.split()) <= set(page.values("id"))

    def test_its_headings_never_skip_a_level(self, page: Parsed) -> None:
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []

    def test_it_says_its_language_and_title_and_shows_the_hash(self, page: Parsed, built: Project, name: str) -> None:
        assert page.tags[0][1]["lang"] == "en"
        text = (built.root / "reports" / name).read_text(encoding="utf-8")
        assert re.search(r"<title>[^<]{5,}</title>", text)
        assert len(re.findall(r"<dt>Content hash</dt><dd>[0-9a-f]{16}</dd>", text)) == 1

    def test_pictures_have_a_text(self, page: Parsed) -> None:
        pictures = [attributes for tag, attributes in page.tags if tag == "img"]
        assert [p["src"][:40] for p in pictures if len(p.get("alt", "")) < 20] == []
        assert [p["src"][:40] for p in pictures if not p["src"].startswith("data:image/")] == []

    def test_pictures_load_nothing_themselves(self, page: Parsed) -> None:
        for source in page.values("src"):
            kind, _, content = source.partition(";base64,")
            if kind == "data:image/svg+xml":
                svg = b64decode(content).decode()
                assert re.findall(r"""(?:href|src)=["'](?!#|data:)[^"']*""", svg) == []
                assert not re.search(r"<script|@import|url\((?!['\"]?#)", svg)


@pytest.mark.build
class TestWhole:
    @pytest.fixture
    def page(self, built: Project) -> Parsed:
        return parsed(built.root / "reports" / "index.html")

    def test_every_exhibit_is_shown_and_listed_once(self, page: Parsed, built: Project) -> None:
        sections = [a["id"] for tag, a in page.tags if tag == "section" and a.get("class") == "exhibit"]
        assert sorted(sections) == sorted(item.id for item in EXHIBITS)
        text = (built.root / "reports" / "index.html").read_text(encoding="utf-8")
        overview = text[(start := text.index('class="overview"')) : text.index("</section>", start)]
        listed = re.findall(r'<th scope="row"><a href="#([\w-]+)"', overview)
        reports = [item for item in EXHIBITS if not item.is_added]
        own = [item.id for kind in KINDS for item in reports if item.kind == kind]
        assert listed == own + [item.id for item in EXHIBITS if item.is_added]

    def test_every_chapter_is_there_in_the_order_of_the_page(self, page: Parsed) -> None:
        assert [tag for tag, _ in page.tags].count("article") == len(read_order().page)

    def test_every_exhibit_stands_on_its_notebooks_page(self, built: Project) -> None:
        for item in EXHIBITS:
            assert item.id in parsed(built.root / "reports" / "html" / f"{item.notebook}.html").values("id")

    @pytest.mark.parametrize("item", EXHIBITS, ids=lambda item: item.id)
    def test_every_exhibit_tells_its_data_its_making_and_its_claims(self, built: Project, item: Exhibit) -> None:
        text = (built.root / "reports" / "index.html").read_text(encoding="utf-8")
        own = text[(start := text.index(f'<section class="exhibit" id="{item.id}">')) : text.index("</section>", start)]
        assert f"<code>notebooks/{item.notebook}.ipynb</code>" in own
        assert f'show("{item.id}"' in unescape(own)
        assert re.search(r'<a class="to" href="#rows?-[\w-]+">', own)
        assert re.search(rf'href="data:text/csv;[^"]+" download="{item.id}\.csv"', own)
        make = MAKERS[item.id].make
        assert (f"<code>{make.__module__}:{make.__name__}</code>" in own) == (make is not data_table)
        claims = pd.read_csv(built.root / "reports" / "claims.csv")
        assert own.count('href="#claim-') == (claims["exhibit"] == item.id).sum()

    def test_it_describes_itself_to_machines(self, built: Project) -> None:
        text = (built.root / "reports" / "index.html").read_text(encoding="utf-8")
        told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
        assert told["@type"] == "Report"
        assert f"<dd>{told['identifier']}</dd>" in text
        assert told["isBasedOn"]["sameAs"] == "https://doi.org/10.2760/39443"

    def test_the_cover_says_how_to_cite(self, built: Project) -> None:
        text = (built.root / "reports" / "index.html").read_text(encoding="utf-8")
        cover = text[text.index("<header>") : text.index("</header>")]
        assert "doi:10.2760/39443" in cover
        assert re.search(r"content hash [0-9a-f]{16}", cover)

    def test_every_page_shows_the_same_hash(self, built: Project) -> None:
        pages = [(built.root / "reports" / name).read_text(encoding="utf-8") for name in NAMES]
        assert len({match for page in pages for match in re.findall(r"<dd>([0-9a-f]{16})</dd>", page)}) == 1


class TestComplete:
    @pytest.mark.parametrize("times", [0, 2])
    def test_an_exhibit_that_is_not_shown_once_stops_the_page(self, times: int) -> None:
        names = [item.id for item in EXHIBITS if item.id != "table-2"] + ["table-2"] * times
        with pytest.raises(InputError, match=rf"^notebooks/05_outlook\.ipynb: Table 2\. .* is shown {times} times\. "):
            _check_complete(EDITION, names)

    def test_none_is_written_then_and_the_build_does_not_look_finished(self, ready: Mini) -> None:
        before = tree(ready.root)
        ready.add("05_outlook", 'show("table-2", "tables", "csv", "html")')
        done = ready.make("report")
        assert done.returncode == 2
        line = done.stderr.splitlines()[0]
        assert line.startswith("iucresearch: notebooks/05_outlook.ipynb: Table 2. ")
        assert "is shown 2 times. expected once." in line
        after = tree(ready.root)
        assert [name for name in before if name.endswith(".html") and after[name] != before[name]] == []
        assert ready.make("report").returncode == 2


class TestEscaped:
    def test_outputs_are_text(self) -> None:
        new = nbformat.v4.new_output
        outputs = [
            new("stream", name="stdout", text=SCRIPT),
            new("display_data", {"text/plain": SCRIPT}),
            new("error", ename="E", evalue=SCRIPT, traceback=[SCRIPT]),
            new("display_data", {"image/png": "AAAA"}, metadata={"image/png": {"alt": f'">{SCRIPT}'}}),
        ]
        body = render_body(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SCRIPT, outputs=outputs)]))
        assert "<script" not in body
        assert body.count("&lt;script&gt;") == 5
        assert Parsed(body).faults == []

    @pytest.mark.parametrize("name", [name for name, value in MARKUP.items() if "<script" in value.lower()])
    def test_an_output_with_a_script_is_not_shown(self, name: str) -> None:
        output = nbformat.v4.new_output("display_data", {"text/html": f"<p>{MARKUP[name]}</p>"})
        cell = nbformat.v4.new_code_cell("x", id="a1", outputs=[output])
        with pytest.raises(InputError, match="cell a1: an output holds a script"):
            render_body(nbformat.v4.new_notebook(cells=[cell]))

    def test_what_a_notebook_came_with_is_not_shown_and_its_title_is_text(self, fresh: Mini) -> None:
        """Outputs that were stored are not shown, none is trusted, and a heading is no markup."""
        path = fresh.root / "notebooks" / "05_outlook.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["trusted"] = True
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata["trusted"] = True
                cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": MARKUP["script"]})]
        nbformat.write(notebook, path)
        fresh.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Outlook </title> & more")
        assert fresh.make("report").returncode == 0
        made = fresh.root / "reports"
        page = (made / "html" / "05_outlook.html").read_text()
        assert MARKUP["script"] not in page
        text = (made / "executed" / "05_outlook.ipynb").read_text()
        assert "script" not in text
        assert "trusted" not in text
        assert "<title>Outlook &lt;/title&gt; &amp; more</title>" in page

    def test_cells_of_tables_and_captions_are_text(self) -> None:
        frame = pd.DataFrame({SCRIPT: [SCRIPT, f'"{SCRIPT}']})
        shown = listing(frame, SCRIPT)
        cell = nbformat.v4.new_code_cell(
            "x", outputs=[nbformat.v4.new_output("display_data", {"text/html": shown.html})]
        )
        body = render_body(nbformat.v4.new_notebook(cells=[cell]))
        assert "<script" not in body
        assert Parsed(body).faults == []

    def test_values_of_an_exhibit_are_text(self) -> None:
        data = pd.DataFrame({"pairing": [SCRIPT], "aspect": ["a"], "fact": ["b"]})
        shown = show("box-1", data_table, data)
        assert "<script" not in shown.html
        assert "&lt;script&gt;" in shown.html
        assert Parsed(shown.html).faults == []
