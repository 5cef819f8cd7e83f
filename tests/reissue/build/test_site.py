"""A site: links that lead nowhere are found; `tests/test_second_edition.py` makes one."""

import pytest

from reissue.build.site import find_broken_links

HOME = (
    b'<a href="html/a.html#row-1">A</a><a href="https://doi.org/10/x">B</a>'
    b'<a href="#top" id="top">C</a><img src="data:,">'
)
PAGE = b'<p id="row-1"><a href="../index.html">Home</a><a href="../data/t%C3%A9.csv">Data</a></p>'
FILES = {"index.html": HOME, "html/a.html": PAGE, "data/t\u00e9.csv": b'<a href="nothing.html">'}


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
