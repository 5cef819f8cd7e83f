"""Links between pages: where they lead, and that those which lead nowhere are found."""

import pytest

from reissue.build.links import find_broken_links, link_pages, relative_address
from reissue.build.order import Order

HOME = (
    b'<a href="html/a.html#row-1">A</a><a href="https://doi.org/10/x">B</a>'
    b'<a href="#top" id="top">C</a><img src="data:,">'
)
PAGE = b'<p id="row-1"><a href="../index.html">Home</a><a href="../data/t%C3%A9.csv">Data</a></p>'
FILES = {"index.html": HOME, "html/a.html": PAGE, "data/t\u00e9.csv": b'<a href="nothing.html">'}


def test_a_link_to_another_page_is_relative_to_the_page_it_is_on() -> None:
    order = Order({"a": (), "b": ()}, ("a",), {"b": ("row-",)})
    html = '<p id="own"><a href="#own">1</a><a href="#row-1">2</a><a href="#map">3</a></p>'
    assert link_pages(html, "index.html", order).count('href="#own"') == 1
    assert 'href="html/b.html#row-1"' in link_pages(html, "index.html", order)
    assert 'href="b.html#row-1"' in link_pages(html, "html/a.html", order)
    assert 'href="../index.html#map"' in link_pages(html, "html/a.html", order)


def test_addresses_of_absolute_paths_are_relative() -> None:
    assert relative_address("/p/data/a.csv", "/p/reports/index.html") == "../data/a.csv"
    assert relative_address("index.html", "index.html") == "index.html"


def test_links_to_files_and_their_elements_are_followed() -> None:
    assert find_broken_links(FILES) == []


@pytest.mark.parametrize(
    ("place", "content", "broken"),
    [
        ("html/a.html", PAGE.replace(b"row-1", b"row-2"), "index.html: html/a.html#row-1"),
        ("html/a.html", PAGE.replace(b"../index", b"index"), "html/a.html: index.html"),
        ("html/a.html", PAGE.replace(b"../index.html", b"../../index.html"), "html/a.html: ../../index.html"),
        ("index.html", HOME.replace(b'id="top"', b""), "index.html: #top"),
        ("index.html", HOME.replace(b"data:,", b"/picture.png"), "index.html: /picture.png"),
    ],
)
def test_what_leads_nowhere_is_named(place: str, content: bytes, broken: str) -> None:
    assert find_broken_links({**FILES, place: content}) == [broken]
