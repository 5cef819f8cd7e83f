"""The report on paper: tagged, the same bytes each time, with nothing of the network or the disk in it."""

from __future__ import annotations

import builtins
import os
import re
import socket
import sys
from base64 import b64encode
from collections.abc import Iterator
from functools import cached_property
from html import escape, unescape
from html.parser import HTMLParser
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from bs4 import BeautifulSoup
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build import pdf as command
from reissue.build.order import read_order
from reissue.build.pdf import render_pdf
from reissue.build.print_html import prepare_for_print
from reissue.core.errors import InputError
from tests.conftest import TRIALS, Project, accept, once
from tests.reissue.build.mini import Mini, copied, ran
from tests.reissue.build.trials import times

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
#: The fonts of matplotlib, by the names that the style gives them.
FONTS = {f"Print-{kind}" for kind in ("Serif", "Serif-Bold", "Serif-Italic", "Sans", "Sans-Bold", "Mono")}
HOSTILE = '"><script>app.alert(1)</script>&lt;b&gt;'


def page(body: str, head: str = "") -> str:
    """Return a small page of the form that reports have."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<title>Small, but whole</title>\n{head}</head>\n'
        f'<body class="report">\n<header>\n<h1>Small, but whole</h1>\n</header>\n{body}\n</body>\n</html>\n'
    )


class TestForPrint:
    def test_what_is_kept_is_copied_letter_by_letter(self) -> None:
        body = "<p title='a &amp; \"b\"'>1 &lt; 2 &#8211; <em>so</em><br>&nbsp;é<br/></p>"
        assert body in prepare_for_print(EDITION.metadata, page(body))

    @pytest.mark.parametrize(
        "left",
        [
            '<a class="skip" href="#content">away</a>',
            '<div class="behind"><details class="data"><div>away</div></details><div>away</div></div>',
            '<details class="code"><summary>away</summary><pre>away</pre></details>',
            '<p class="download"><a href="data:text/csv,away">away</a></p>',
            "<style>p{content:'away'}</style>",
            '<script type="application/ld+json">{"away": "</p>"}</script>',
        ],
    )
    def test_what_paper_has_no_use_for_is_left_out(self, left: str) -> None:
        printed = prepare_for_print(EDITION.metadata, page(f"<p>Before</p>{left}<p>After</p>"))
        assert "<p>Before</p><p>After</p>" in printed
        assert "away" not in printed

    def test_contents_and_ledger_are_opened(self) -> None:
        printed = prepare_for_print(
            EDITION.metadata,
            page(
                '<details class="toc" open><summary>Contents</summary><ol><li><a href="#a">A</a></li></ol></details>'
                '<p id="a">A</p><details class="ledger"><summary>3 statements</summary><p>One</p></details>'
            ),
        )
        assert "<h2>Contents</h2><ol><li>" in printed
        assert '<a href="#a">A</a><span class="here" data-to="#a"></span></li></ol></section>' in printed
        assert '<div class="ledger"><p class="summary">3 statements</p><p>One</p></div>' in printed
        assert "details" not in printed

    def test_raw_rows_and_dictionary_are_said_to_be_on_the_page_once(self) -> None:
        rows = '<details class="rows" id="rows-{0}"><summary>away</summary></details>\n'
        printed = prepare_for_print(
            EDITION.metadata, page(f"<h3>Rows</h3>{rows.format('a')}{rows.format('b')}<h3>Next</h3>")
        )
        assert printed.count('<p class="left-out">On the page, not in this PDF.</p>') == 1
        dictionary = '<div class="scroll" aria-label="Every column of every table"><table></table></div>'
        printed = prepare_for_print(EDITION.metadata, page(dictionary))
        assert '<p class="left-out">' in printed
        assert "<table>" not in printed

    def test_links_to_what_was_left_out_are_text(self) -> None:
        printed = prepare_for_print(
            EDITION.metadata,
            page(
                '<a class="to" href="#row-a">row</a> <a href="#h%C3%A9re">later</a> <a href="https://doi.org/x">doi</a>'
                '<p id="hére">here</p><details class="rows" id="row-a"><p>away</p></details>'
            ),
        )
        assert '<span class="to">row</span>' in printed
        assert '<a href="#h%C3%A9re">later</a>' in printed
        assert '<a href="https://doi.org/x">doi</a>' in printed

    def test_the_lists_say_on_which_page_an_exhibit_stands(self) -> None:
        row = '<tr><th scope="row"><a href="#box-1">Box 1</a></th></tr>'
        table = f'<table><thead><tr><th scope="col">Exhibit</th></tr></thead><tbody>{row}</tbody></table>'
        printed = prepare_for_print(
            EDITION.metadata, page(f'<section class="overview">{table}</section><section id="box-1">{table}</section>')
        )
        assert printed.count('<td class="number"><span class="here" data-to="#box-1"></span></td></tr></tbody>') == 1
        assert printed.count('<th scope="col" class="number">In this PDF</th></tr></thead>') == 1

    def test_its_header_and_dates_are_the_editions(self) -> None:
        printed = prepare_for_print(EDITION.metadata, page(""))
        assert '<h1 data-short="Small">Small, but whole</h1>' in printed
        assert f'<meta name="dcterms.created" content="{EDITION.metadata["released"]}">' in printed

    def test_what_is_not_for_release_says_so_on_the_cover(self) -> None:
        notice = '<p class="notice" role="note">Not for release.</p>'
        printed = prepare_for_print(EDITION.metadata, page(f"<main>{notice}<p>Text</p></main>"))
        assert printed.count(notice) == 1
        assert printed.index("<header>") < printed.index(notice) < printed.index("</header>")

    def test_hostile_text_stays_text(self) -> None:
        text, title = escape(HOSTILE), escape(HOSTILE, quote=False)
        printed = prepare_for_print(
            EDITION.metadata,
            page(f'<p class="{text}">{text}</p><a class="{text}" href="#{text}">x</a>').replace("Small", title),
        )
        tags: list[str] = []

        class Tags(HTMLParser):
            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                tags.append(tag)

        Tags().feed(printed)
        assert "script" not in tags
        assert "b" not in tags
        assert f">{text}</p>" in printed


@pytest.fixture(scope="session")
def engine() -> None:
    """WeasyPrint and its libraries; without them there is nothing to test."""
    try:
        command._weasyprint()
    except InputError as error:
        pytest.skip(str(error))


def text_of(made: bytes) -> str:
    return "".join(one.extract_text() for one in pypdf.PdfReader(BytesIO(made)).pages)


@pytest.mark.usefixtures("engine")
class TestSmall:
    def test_hostile_text_stays_text(self) -> None:
        made = render_pdf(
            prepare_for_print(EDITION.metadata, page(f"<p>{escape(HOSTILE)}</p>").replace("Small", r"A \) (title", 1))
        )
        assert HOSTILE in text_of(made).replace("\n", "")
        assert pypdf.PdfReader(BytesIO(made)).metadata.title == r"A \) (title, but whole"
        assert_inert(made)

    @pytest.mark.parametrize("scheme", ["file", "http"])
    @pytest.mark.parametrize(
        "loads",
        [
            '<img src="{0}" alt="A picture from elsewhere">',
            '<p style="background:url({0})">Text</p>',
            '<style>@import "{0}";</style>',
            '<link rel="stylesheet" href="{0}">',
            '<link rel="attachment" href="{0}">',
            '<object data="{0}">Text</object>',
            '<svg xmlns="http://www.w3.org/2000/svg"><image href="{0}" width="9" height="9"/></svg>',
        ],
        ids=["img", "background", "import", "stylesheet", "attachment", "object", "svg"],
    )
    def test_nothing_is_fetched(self, loads: str, scheme: str, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("SECRET")
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            port = server.getsockname()[1]
            address = (tmp_path / "secret").as_uri() if scheme == "file" else f"http://127.0.0.1:{port}/secret"
            with pytest.raises(InputError, match="disallowed protocol"):
                render_pdf(page(loads.format(address)))
            with pytest.raises(TimeoutError):
                server.accept()

    def test_a_picture_that_cannot_be_drawn_stops_it(self) -> None:
        with pytest.raises(InputError, match="Failed to load image"):
            render_pdf(page('<img src="data:image/svg+xml;base64,bm8=" alt="A picture">'))

    def test_a_picture_without_a_text_stops_it(self) -> None:
        with pytest.raises(InputError, match="has no required alt"):
            render_pdf(page(f'<img src="data:image/svg+xml;base64,{b64encode(SVG.encode()).decode()}">'))

    def test_header_cells_say_what_they_head(self) -> None:
        head = '<thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        made = render_pdf(page(f'<table>{head}<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>'))
        cells = [one for one in elements(pypdf.PdfReader(BytesIO(made))) if one["/S"] == "/TH"]
        assert [cell["/A"]["/Scope"] for cell in cells] == ["/Column", "/Column", "/Row"]

    def test_where_cells_span_rows_no_wrong_headers_are_listed(self) -> None:
        rows = '<tr><th scope="rowgroup" rowspan="2">1</th><td>2</td></tr><tr><td>3</td></tr>'
        made = render_pdf(page(f"<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{rows}</tbody></table>"))
        found = elements(pypdf.PdfReader(BytesIO(made)))
        assert ["/Headers" in one["/A"] for one in found if one["/S"] == "/TD" and "/A" in one] == [False, False]
        header = next(one for one in found if one["/S"] == "/TH" and "/RowSpan" in one["/A"])
        assert (header["/A"]["/Scope"], header["/A"]["/RowSpan"]) == ("/Row", 2)

    def test_what_is_not_for_release_says_so_on_every_page(self) -> None:
        body = '<p class="notice">Not for release.</p><nav><p>One</p></nav><article><p>Two</p></article>'
        texts = [
            one.extract_text()
            for one in pypdf.PdfReader(BytesIO(render_pdf(prepare_for_print(EDITION.metadata, page(body))))).pages
        ]
        assert len(texts) == 3
        assert ["Not for release." in text for text in texts] == [True, True, True]

    def test_its_style_says_nothing_that_is_not_understood(self, caplog: pytest.LogCaptureFixture) -> None:
        render_pdf(prepare_for_print(EDITION.metadata, page('<p class="notice">Not for release.</p>')))
        assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


class TestMissing:
    """What is not installed is told in one line; an older PDF stays."""

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (ModuleNotFoundError("No module named 'weasyprint'", name="weasyprint"), "the package weasyprint is not"),
            (ModuleNotFoundError("No module named 'cffi'", name="cffi"), "the package cffi is not installed"),
            (OSError("cannot load library 'libpango-1.0-0': no such file\nmore"), "apt-get install libpango-1.0-0"),
        ],
        ids=["package", "its-package", "library"],
    )
    def test_an_import_that_fails(self, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str) -> None:
        ordinary = builtins.__import__

        def refusing(name: str, *arguments: Any, **named: Any) -> Any:
            if name == "weasyprint":
                print("Some paragraphs.")
                raise error
            return ordinary(name, *arguments, **named)

        monkeypatch.setattr(builtins, "__import__", refusing)
        with pytest.raises(InputError, match=told) as caught:
            render_pdf(page(""))
        assert "\n" not in str(caught.value)
        assert "more" not in str(caught.value)

    def test_an_old_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", SimpleNamespace(__version__="62.3"))
        with pytest.raises(InputError, match=r"version 62\.3\. expected 70 or newer"):
            render_pdf(page(""))

    @pytest.mark.build
    @pytest.mark.parametrize(
        "fails",
        [
            "raise ModuleNotFoundError(\"No module named 'weasyprint'\", name='weasyprint')",
            "print('Some paragraphs.')\nraise OSError(\"cannot load library 'libpango-1.0-0'\")",
        ],
        ids=["package", "library"],
    )
    def test_make_says_one_line_and_keeps_the_last(self, ready: Mini, fails: str) -> None:
        old = ready.root / "reports" / "report.pdf"
        old.write_bytes(b"the last one")
        os.utime(old, (0, 0))
        (ready.root / "src" / "weasyprint.py").write_text(fails)
        done = ready.make("pdf")
        assert done.returncode == 2
        assert done.stdout == ""
        assert [line for line in done.stderr.splitlines() if not line.startswith("make: ***")] == [
            line for line in done.stderr.splitlines() if line.startswith("iucresearch: report.pdf: ")
        ]
        assert done.stderr.count("iucresearch: ") == 1
        assert old.read_bytes() == b"the last one"
        assert not list(old.parent.glob(".report.pdf*"))


@pytest.mark.build
@pytest.mark.usefixtures("engine")
class TestMake:
    def test_it_makes_the_page_and_then_the_pdf_and_then_nothing(self, ready: Mini) -> None:
        ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
        done = ready.make("pdf")
        assert (done.returncode, done.stderr) == (0, "")
        assert ran(done.stdout) == ["05_outlook"]
        assert done.stdout.endswith("The PDF is ready: reports/report.pdf\n")
        made = ready.root / "reports" / "report.pdf"
        first = made.read_bytes()
        assert first.startswith(b"%PDF-1.7")

        before = times(ready.root)
        again = ready.make("pdf")
        assert (again.returncode, again.stderr) == (0, "")
        assert again.stdout == "Nothing to do: reports/report.pdf is up to date.\n"
        assert times(ready.root) == before

        with (ready.root / "src" / "reissue" / "templates" / "page" / "print.css").open("a") as style:
            style.write("p{color:red}")
        changed = ready.make("pdf")
        assert (ran(changed.stdout), changed.stderr) == ([], "")
        assert made.read_bytes() != first

    def test_a_variant_has_its_own(self, ready: Mini) -> None:
        done = ready.make("pdf", "VARIANT=lac")
        assert done.stdout.endswith("The PDF is ready: reports/builds/lac/report.pdf\n")
        assert (ready.root / "reports" / "builds" / "lac" / "report.pdf").exists()
        assert not (ready.root / "reports" / "report.pdf").exists()


def elements(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Return the structure elements of a PDF, in reading order."""
    found: list[DictionaryObject] = []

    def walk(item: Any) -> None:
        item = item.get_object()
        if isinstance(item, ArrayObject):
            for one in item:
                walk(one)
        elif isinstance(item, DictionaryObject):
            if "/S" in item:
                found.append(item)
            if "/K" in item:
                walk(item["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def assert_inert(made: bytes) -> None:
    """Fail where a PDF runs something, carries a file, or sends one elsewhere but to a page of it or a DOI."""
    reader = pypdf.PdfReader(BytesIO(made))
    catalog = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(catalog)
    assert set(catalog.get("/Names", {})) <= {"/Dests"}
    numbers = [*reader.xref[0], *reader.xref_objStm]
    for number in numbers:
        item = IndirectObject(number, 0, reader).get_object()
        if isinstance(item, DictionaryObject):
            assert not {"/JS", "/EF", "/Launch"} & set(item)
            assert item.get("/Type") not in ("/EmbeddedFile", "/Filespec")
            if item.get("/Subtype") == "/Link" and "/A" in item:
                assert item["/A"]["/S"] == "/URI"
                assert item["/A"]["/URI"].startswith("https://doi.org/")


#: What draws, and shows no text: operators of paths, of colours and of what is drawn in one piece.
DRAWS = re.compile(rb"(.* )?(m|l|c|v|y|h|re|f|f\*|S|s|B|W|W\*|n|w|J|j|M|d|rg|RG|k|K|g|G|cs|CS|scn|SCN|gs|ri|i|Do)")


def text_of_page(one: pypdf.PageObject) -> str:
    """Return the text of a page; what is drawn is passed over, which takes most of the time."""
    lines = one.get_contents().get_data().splitlines()
    stream = DecodedStreamObject()
    stream.set_data(b"\n".join(line for line in lines if not DRAWS.fullmatch(line)))
    bare = pypdf.PageObject(one.pdf, one.indirect_reference)
    bare.update(one)
    bare[NameObject("/Contents")] = stream
    return bare.extract_text()


@pytest.fixture(scope="session")
def printed(built: Project, built_mini: Mini, engine: None, shared: Path) -> Project:
    """A project with the PDF of the report, printed twice; made once for all workers. Do not change it.

    The whole report takes a minute: `make test-faults` prints it. Here tables have some rows, and most pictures are
    small ones.
    """
    page = BeautifulSoup((built.root / "reports" / "index.html").read_text(encoding="utf-8"), "html.parser")
    if TRIALS == 1:
        for row in page.select("tbody > tr:nth-of-type(n + 4)"):
            if not row.find_parent(class_="overview"):
                row.decompose()
        for picture in page.find_all("img")[2:]:
            picture["src"] = f"data:image/svg+xml;base64,{b64encode(SVG.encode()).decode()}"

    def make(project: Mini) -> None:
        other = copied(project, project.root.with_name("printed in another folder"))
        for one, variables in ((project, {}), (other, {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"})):
            whole = one.root / "reports" / "index.html"
            whole.write_text(str(page), encoding="utf-8")
            accept(one, whole)
            done = one.command("pdf", **variables)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == "The PDF is ready: reports/report.pdf\n"

    return once(shared, "printed", make, lambda root: copied(built_mini, root), Mini)


class Report:
    """The PDF of the whole report, read once, and the page that it was made from."""

    def __init__(self, project: Project) -> None:
        self.page = (project.root / "reports" / "index.html").read_text(encoding="utf-8")
        self.content = (project.root / "reports" / "report.pdf").read_bytes()
        self.reader = pypdf.PdfReader(BytesIO(self.content))
        self.catalog: Any = self.reader.trailer["/Root"]
        self.elements = elements(self.reader)

    @cached_property
    def texts(self) -> list[str]:
        return [text_of_page(one) for one in self.reader.pages]

    def kinds(self, pattern: str) -> list[Any]:
        return [one for one in self.elements if re.fullmatch(pattern, one["/S"])]


@pytest.fixture(scope="module")
def report(printed: Project) -> Report:
    return Report(printed)


@pytest.mark.faults
@pytest.mark.build
class TestReport:
    def test_it_is_tagged_and_says_so(self, report: Report) -> None:
        assert report.catalog["/MarkInfo"]["/Marked"].value is True
        assert report.catalog["/StructTreeRoot"]["/K"]
        assert report.catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        assert report.catalog["/Lang"] == "en"
        assert 'pdfuaid:part="1"' in report.catalog["/Metadata"].get_data().decode()
        assert {one["/Tabs"] for one in report.reader.pages} == {"/S"}

    def test_its_metadata_are_the_editions(self, report: Report) -> None:
        about, told = EDITION.metadata, report.reader.metadata
        assert told.title == about["title"]
        assert told.author == ", ".join(one["name"] for one in about["creators"])
        assert told.subject == about["description"]
        assert told["/Keywords"] == ", ".join(about["keywords"])
        assert told["/CreationDate"] == told["/ModDate"] == f"D:{about['released'].replace('-', '')}"
        assert about["title"] in report.catalog["/Metadata"].get_data().decode()

    def test_every_picture_of_the_page_is_there_with_its_text(self, report: Report) -> None:
        on_page = [picture["alt"] for picture in BeautifulSoup(report.page, "html.parser").find_all("img")]
        assert [one["/Alt"] for one in report.kinds("/Figure")] == on_page
        assert len(on_page) == len({item.id for item in EXHIBITS if item.is_picture})

    def test_its_headings_never_skip_a_level(self, report: Report) -> None:
        levels = [int(one["/S"][2]) for one in report.kinds("/H[1-6]")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []

    def test_every_table_has_header_cells_that_say_what_they_head(self, report: Report) -> None:
        headers = report.kinds("/TH")
        assert len(headers) > 300
        assert {one["/A"]["/Scope"] for one in headers} == {"/Row", "/Column"}
        for table in report.kinds("/Table"):
            assert any(one["/S"] == "/TH" for one in below(table))
            cells = [one for one in below(table) if one["/S"] in ("/TH", "/TD") and "/A" in one]
            spans = any("/RowSpan" in cell["/A"] for cell in cells)
            assert all(bool(cell["/A"].get("/Headers")) != spans for cell in cells if cell["/S"] == "/TD")

    def test_every_chapter_has_a_bookmark_and_a_line_of_the_contents(self, report: Report) -> None:
        entries = re.findall(r'<li class="level-(\d)"><a href="#[^"]*">(.*?)</a></li>', report.page)
        entries = entries[: entries.index(("0", "How this page was made")) + 1]
        marks = list(bookmarks(report.reader))
        assert len([level for level, *_ in marks if level == 0]) == len(read_order().page) + 3
        contents = re.sub(r"\s+", " ", report.texts[1])
        for level, title in entries:
            number = next(number for mark in marks if mark[:2] == (int(level), unescape(title)) for number in mark[2:])
            assert re.search(rf"{re.escape(unescape(title))}( \.)+ ?{number} ?", contents), title
            assert squeezed(unescape(title)) in squeezed(report.texts[number - 1])

    def test_pages_are_numbered_and_say_where_they_are(self, report: Report) -> None:
        short = EDITION.metadata["title"].split(",")[0]
        for number, text in enumerate(report.texts[1:], start=2):
            lines = [line.strip() for line in text.splitlines() if line.strip()]
            assert str(number) in (lines[0], lines[1], lines[2], lines[-1]), lines[:3]
            assert short in text
        assert "\n1\n" not in report.texts[0]

    def test_every_exhibit_is_there_once_and_listed_with_its_page(self, report: Report) -> None:
        lists = squeezed("".join(report.texts[2:4]))
        for item in EXHIBITS:
            place = report.reader.named_destinations[item.id]
            number = report.reader.get_destination_page_number(place) + 1
            assert squeezed(item.heading) in squeezed(report.texts[number - 1]), item.id
            assert re.search(re.escape(squeezed(item.heading)) + rf"\d+\w+?{number}(?!\d)", lists), item.id

    def test_the_ledger_is_there_and_raw_rows_are_not(self, report: Report) -> None:
        claims = set(re.findall(r'id="(claim-[\w-]+)"', report.page))
        rows = set(re.findall(r'id="(row-[\w-]+)"', report.page))
        assert len(claims) > 40
        assert rows
        assert claims <= set(report.reader.named_destinations)
        assert not rows & set(report.reader.named_destinations)
        assert "On the page, not in this PDF." in "".join(report.texts)

    def test_its_links_lead_somewhere_and_are_told_as_links(self, report: Report) -> None:
        links = [one.get_object() for a_page in report.reader.pages for one in a_page.get("/Annots", ())]
        assert len(links) > 100
        assert all("/StructParent" in link and link["/Contents"] for link in links)
        assert {link["/Dest"] for link in links if "/Dest" in link} <= set(report.reader.named_destinations)
        told = report.kinds("/Link")
        assert len(told) == len(links)
        assert not [one for link in told for one in below(link) if one["/S"] == "/Link"]

    def test_it_is_the_same_bytes_in_another_folder_under_other_conditions(self, printed: Project) -> None:
        other = printed.root.with_name("printed in another folder")
        assert (other / "reports" / "report.pdf").read_bytes() == (printed.root / "reports" / "report.pdf").read_bytes()

    def test_it_runs_nothing_and_carries_no_file(self, report: Report) -> None:
        assert_inert(report.content)

    def test_its_fonts_are_in_it(self, report: Report) -> None:
        fonts = [font for a_page in report.reader.pages for font in a_page["/Resources"]["/Font"].values()]
        descriptors = [font.get_object()["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
        assert all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)
        assert {one["/FontName"].partition("+")[2] for one in descriptors} <= FONTS


def below(element: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield the elements of a table, however deep."""
    for kid in element.get("/K", ()):
        kid = kid.get_object() if isinstance(kid, IndirectObject) else kid
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            yield kid
            yield from below(kid)


def bookmarks(reader: pypdf.PdfReader) -> Iterator[tuple[int, str, int]]:
    """Yield the level, title and number of the page of each bookmark."""

    def walk(items: list[Any], level: int) -> Iterator[tuple[int, str, int]]:
        for item in items:
            if isinstance(item, list):
                yield from walk(item, level + 1)
            else:
                yield level, str(item.title), reader.get_destination_page_number(item) + 1

    return walk(reader.outline, 0)


def squeezed(text: str) -> str:
    """Return a text without white space: lines are broken anywhere."""
    return re.sub(r"\s+", "", text)
