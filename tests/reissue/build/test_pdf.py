"""The report on paper: tagged, the same bytes each time, without anything from the network or the disk."""

import os
import re
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from html import escape, unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from iucresearch.edition import EDITION
from iucresearch.exhibits import EXHIBITS
from reissue.build.order import read_order
from reissue.build.pdf import render_pdf
from reissue.core.errors import InputError
from tests.conftest import TRIALS, Project
from tests.reissue.build.mini import Mini, ran
from tests.reissue.build.trials import times

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
pytestmark = pytest.mark.usefixtures("pdf_engine")

PICTURE = re.compile(r"data:image/svg\+xml;base64,([\w+/=]+)")
#: The fonts of matplotlib, by the names that the style gives them.
FONTS = {f"Print-{kind}" for kind in ("Serif", "Serif-Bold", "Serif-Italic", "Sans", "Sans-Bold", "Mono")}
HOSTILE = '"><script>app.alert(1)</script>&lt;b&gt;'
NOTICE = '<p class="notice" role="note">Not for release.</p>'


def make_page(body: str, title: str = "Small, but whole") -> str:
    """Return a small page with the structure of a report."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<title>{title}</title>\n</head>\n'
        f'<body class="report">\n<header>\n<h1>{title}</h1>\n</header>\n<main>{body}</main>\n</body>\n</html>\n'
    )


def encode_svg(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def read_pdf(page: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(render_pdf(page)))


class TestSmall:
    def test_hostile_text_stays_text_and_a_link_with_encoded_letters_keeps_its_target(self) -> None:
        body = f'<p class="{escape(HOSTILE)}">{escape(HOSTILE)}</p><a href="#{escape(HOSTILE)}">x</a>'
        body += '<a href="#h%C3%A9re">later</a> <p id="hére">here</p>'
        reader = read_pdf(make_page(body, r"A \) (title"))
        assert HOSTILE in "".join(one.extract_text() for one in reader.pages).replace("\n", "")
        assert reader.metadata
        assert reader.metadata.title == r"A \) (title"
        assert_inert(reader)
        assert [one["/S"] for one in find_elements(reader)].count("/Link") == 1

    @pytest.mark.parametrize("scheme", ["file", "http"])
    @pytest.mark.parametrize(
        "loads",
        [
            '<img src="{0}" alt="A picture from elsewhere">',
            '<p style="background:url({0})">Text</p>',
            '<link rel="attachment" href="{0}"><link rel="stylesheet" href="{0}"><style>@import "{0}";</style>',
            '<object data="{0}">Text</object>',
            '<svg xmlns="http://www.w3.org/2000/svg"><image href="{0}" width="9" height="9"/></svg>',
        ],
        ids=["img", "background", "left out", "object", "svg"],
    )
    def test_nothing_is_fetched(self, loads: str, scheme: str, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("SECRET")
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            port = server.getsockname()[1]
            address = (tmp_path / "secret").as_uri() if scheme == "file" else f"http://127.0.0.1:{port}/secret"
            page = make_page(loads.format(address))
            if "<link" in loads:
                assert_inert(read_pdf(page))
            else:
                with pytest.raises(InputError, match="disallowed protocol"):
                    render_pdf(page)
            with pytest.raises(TimeoutError):
                server.accept()

    @pytest.mark.parametrize(
        ("picture", "problem"),
        [
            ('<img src="data:image/svg+xml;base64,bm8=" alt="A picture">', "Failed to load image"),
            (f'<img src="{encode_svg(SVG)}">', "has no required alt"),
        ],
    )
    def test_a_picture_with_a_fault_stops_it(self, picture: str, problem: str) -> None:
        with pytest.raises(InputError, match=problem):
            render_pdf(make_page(picture))

    def test_a_notice_is_on_every_page_and_the_style_has_no_errors(self, caplog: pytest.LogCaptureFixture) -> None:
        body = f'{NOTICE}<nav><p>One</p></nav><article><p>Two</p><p class="exhibit">Three</p></article>'
        pages = read_pdf(make_page(body)).pages
        assert ["Not for release." in one.extract_text() for one in pages] == [True, True, True]
        assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []

    def test_other_conditions_give_the_same_bytes(self, tmp_path: Path) -> None:
        page = make_page(f'<h2>A</h2><p>B <em>C</em> <code>D</code></p><img alt="E" src="{encode_svg(SVG)}">')
        script = (
            "import sys; from reissue.build.pdf import render_pdf; sys.stdout.buffer.write(render_pdf(sys.argv[1]))"
        )
        variables = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
        command = [sys.executable, "-c", script, page]
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | variables, capture_output=True, check=True)
        assert done.stdout == render_pdf(page)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise ModuleNotFoundError(name='cffi')", "the package cffi is not installed"),
        ("print('Paragraphs.')\nraise OSError('no library libpango\\nmore')", "apt-get install libpango-1.0-0"),
    ],
)
def test_a_failed_import_gives_one_line(
    source: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "weasyprint.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint")
    with pytest.raises(InputError, match=message) as caught:
        render_pdf(make_page(""))
    assert "\n" not in str(caught.value)
    assert "more" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.build
def test_make_makes_the_page_and_then_the_pdf_and_then_nothing(ready: Mini) -> None:
    ready.replace("notebooks/05_outlook.ipynb", "# Outlook", "# Prospects")
    done = ready.make("pdf")
    assert (done.returncode, done.stderr) == (0, "")
    assert ran(done.stdout) == ["05_outlook"]
    assert done.stdout.endswith("The PDF is ready: reports/report.pdf\n")
    path = ready.root / "reports" / "report.pdf"
    first = path.read_bytes()
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
    assert path.read_bytes() != first


def find_elements(reader: pypdf.PdfReader) -> list[DictionaryObject]:
    """Return the structure elements of a PDF, in reading order."""

    def walk(item: Any) -> Iterator[DictionaryObject]:
        item = item.get_object()
        if isinstance(item, ArrayObject):
            for one in item:
                yield from walk(one)
        elif isinstance(item, DictionaryObject):
            if "/S" in item:
                yield item
            if "/K" in item:
                yield from walk(item["/K"])

    return list(walk(reader.trailer["/Root"]["/StructTreeRoot"]))


def list_bookmarks(reader: pypdf.PdfReader, items: list[Any], level: int = 0) -> Iterator[tuple[str, str, int]]:
    """Yield the level, the title and the page number of each bookmark."""
    for item in items:
        if isinstance(item, list):
            yield from list_bookmarks(reader, item, level + 1)
        else:
            yield str(level), str(item.title), (reader.get_destination_page_number(item) or 0) + 1


def assert_inert(reader: pypdf.PdfReader) -> None:
    """Fail where a PDF runs something, contains a file, or links to anything but its own pages and DOIs."""
    catalog: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(catalog)
    assert set(catalog.get("/Names", {})) <= {"/Dests"}
    for number in [*reader.xref[0], *reader.xref_objStm]:
        item: Any = IndirectObject(number, 0, reader).get_object()
        if isinstance(item, DictionaryObject):
            assert not {"/JS", "/EF", "/Launch"} & set(item)
            assert item.get("/Type") not in ("/EmbeddedFile", "/Filespec")
            if item.get("/Subtype") == "/Link" and "/A" in item:
                assert item["/A"]["/S"] == "/URI"
                assert item["/A"]["/URI"].startswith("https://doi.org/")


def squeeze(text: str) -> str:
    """Return a text without white space: lines break anywhere."""
    return re.sub(r"\s+", "", text)


class Report:
    """The PDF of the whole report, read once, and the page that it was made from.

    Drawing the pictures takes most of the time, so all are empty pictures of the same size. `make test-faults` draws
    them.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.reader = read_pdf(page if TRIALS > 1 else PICTURE.sub(self.empty, page))
        self.texts = [one.extract_text() for one in self.reader.pages]
        self.elements = find_elements(self.reader)

    @staticmethod
    def empty(picture: re.Match[str]) -> str:
        svg = b64decode(picture[1]).decode()
        return encode_svg(f"{svg[: svg.index('>', svg.index('<svg ')) + 1]}</svg>")

    def find(self, pattern: str) -> list[Any]:
        return [one for one in self.elements if re.fullmatch(pattern, one["/S"])]


@pytest.fixture(scope="module")
def report(built: Project) -> Report:
    return Report((built.root / "reports" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.faults
@pytest.mark.build
class TestReport:
    def test_it_declares_the_standard_and_the_metadata_of_the_edition(self, report: Report) -> None:
        about, info = EDITION.metadata, report.reader.metadata
        catalog: Any = report.reader.trailer["/Root"]
        assert catalog["/MarkInfo"]["/Marked"].value is True
        assert catalog["/ViewerPreferences"]["/DisplayDocTitle"].value is True
        assert catalog["/Lang"] == "en"
        assert {one["/Tabs"] for one in report.reader.pages} == {"/S"}
        xml = report.reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert 'pdfuaid:part="1"' in xml
        assert about["title"] in xml
        assert info
        assert (info.title, info.subject) == (about["title"], about["description"])
        assert info.author == ", ".join(one["name"] for one in about["creators"])
        assert info["/Keywords"] == ", ".join(about["keywords"])
        assert info["/CreationDate"] == info["/ModDate"] == f"D:{about['released'].replace('-', '')}"

    def test_every_picture_of_the_page_has_its_text_and_headings_skip_no_level(self, report: Report) -> None:
        on_page = [unescape(text) for text in re.findall(r'<svg class="wide" [^>]*aria-label="([^"]*)"', report.page)]
        assert [one["/Alt"] for one in report.find("/Figure")] == on_page
        assert len(on_page) == len({item.id for item in EXHIBITS if item.is_picture})

        levels = [int(one["/S"][2]) for one in report.find("/H[1-6]")]
        assert (levels[0], levels.count(1)) == (1, 1)
        assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []

    def test_every_table_has_header_cells_with_a_scope(self, report: Report) -> None:
        headers = report.find("/TH")
        assert len(headers) > 200
        assert {one["/A"]["/Scope"] for one in headers} == {"/Row", "/Column"}
        # Where cells span rows, the lists of WeasyPrint are wrong.
        cells = report.find("/TH|/TD")
        assert any("/RowSpan" in one["/A"] for one in cells if "/A" in one)
        assert not any("/Headers" in one["/A"] for one in cells if "/A" in one)
        tagged = [one["/S"] for one in report.find("/Table|/TH")]
        assert tagged[-1] == "/TH"
        assert ("/Table", "/Table") not in pairwise(tagged)

    def test_every_chapter_has_a_bookmark_and_a_line_of_the_contents(self, report: Report) -> None:
        entries = re.findall(r'<li class="level-(\d)"><a href="#[^"]*">(.*?)</a></li>', report.page)
        # The page has them twice: for wide and for narrow screens.
        entries = entries[: len(entries) // 2]
        marks = list(list_bookmarks(report.reader, report.reader.outline))
        # The contents and the lists of exhibits are no chapters.
        assert len([level for level, *_ in marks if level == "0"]) == len(read_order().page) + 2
        contents = re.sub(r"\s+", " ", report.texts[1])
        for level, title in entries:
            number = next(mark[2] for mark in marks if mark[:2] == (level, unescape(title)))
            assert re.search(rf"{re.escape(unescape(title))}( \.)+ ?{number} ?", contents), title
            assert squeeze(unescape(title)) in squeeze(report.texts[number - 1])

    def test_it_has_few_pages_each_with_its_number_and_the_title(self, report: Report) -> None:
        assert len(report.texts) <= 40
        for number, text in enumerate(report.texts[1:], start=2):
            assert text.strip().endswith(f"{EDITION.metadata['title']} {number}")
        assert not report.texts[0].strip().endswith(" 1")

    def test_every_exhibit_is_listed_with_its_page(self, report: Report) -> None:
        first = next(place for place, text in enumerate(report.texts) if "Lists of exhibits" in text)
        lists = squeeze("".join(report.texts[first : first + 2]))
        for item in EXHIBITS:
            place = report.reader.named_destinations[item.id]
            number = (report.reader.get_destination_page_number(place) or 0) + 1
            assert squeeze(item.heading) in squeeze(report.texts[number - 1]), item.id
            assert re.search(re.escape(squeeze(item.heading)) + rf"\d+\w+?{number}(?!\d)", lists), item.id

    def test_it_leaves_out_what_is_behind_an_exhibit_and_what_only_a_screen_needs(self, report: Report) -> None:
        text = re.sub(r"\s+", " ", " ".join(report.texts))
        assert not re.search(
            "Skip to the text|How it is made|from iucresearch|schema.org|Notebook of this chapter|Español|On pages of",
            text,
        )
        assert "The data behind each figure" in text

    def test_its_links_have_targets_and_tags(self, report: Report) -> None:
        links: list[Any] = [one.get_object() for page in report.reader.pages for one in page.get("/Annots", ())]
        addresses = {link["/A"]["/URI"] for link in links if "/A" in link}
        assert [one for one in addresses if not one.startswith("https://")] == []
        assert len(links) > 100
        assert all("/StructParent" in link and link["/Contents"] for link in links)
        assert {link["/Dest"] for link in links if "/Dest" in link} <= set(report.reader.named_destinations)
        tags = report.find("/Link")
        assert len(tags) == len(links)
        children = [kid.get_object() for tag in tags for kid in tag["/K"]]
        assert not [kid for kid in children if isinstance(kid, DictionaryObject) and kid.get("/S") == "/Link"]

    def test_it_runs_nothing_and_contains_its_fonts_and_no_other_file(self, report: Report) -> None:
        assert_inert(report.reader)
        fonts = [font for page in report.reader.pages for font in page["/Resources"]["/Font"].values()]
        descriptors = [font.get_object()["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
        assert all({"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)
        assert {one["/FontName"].partition("+")[2] for one in descriptors} <= FONTS
