import base64
import re
import warnings

import pytest
from bs4 import BeautifulSoup

from iucresearch.briefs.places import draw_place_map
from iucresearch.briefs.subject import find_subject
from iucresearch.figures.brief_map import brief_map_alt, brief_map_data
from tests.iucresearch.briefs.programme import programme
from tests.pages import table_cells


def test_picture_words_and_data_as_exhibits_have_them(processed, find, topology):
    found = find("poland")
    shown = draw_place_map(found, processed, topology)
    page = BeautifulSoup(shown.html, "html.parser")
    data = brief_map_data(found.pairings)
    assert page.img["alt"] == brief_map_alt(data, found.others)
    assert page.img["alt"] in shown.text
    assert page.img["alt"].isprintable()
    head, picture = str(page.img["src"]).split(",")
    assert head == "data:image/svg+xml;base64"
    svg = base64.b64decode(picture)
    assert svg.startswith(b"<?xml")
    assert (b"#f6dcb0" in svg, b"#cfdfee" in svg) == (True, True), "the countries of all its pairings are tinted"
    _, *rows = table_cells(shown.html)
    columns = ["number", "lac_region", "lac_seat", "eu_region", "eu_seat", "distance_km"]
    assert rows == data[columns].astype("str").to_numpy().tolist()
    assert "In grey: all other pairings." in page.get_text()


def test_letters_that_the_font_lacks_give_no_warning(processed, topology):
    tables = programme(processed, 1, ["中文 🜚"], countries=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shown = draw_place_map(find_subject("pairing-1", tables), tables, topology)
    assert "中文 🜚" in shown.html


@pytest.mark.parametrize("name", ["pairing-1", "country-0"])
def test_many_pairings_are_drawn(processed, topology, name):
    tables = programme(processed, 1000)
    found = find_subject(name, tables)
    shown = draw_place_map(found, tables, topology)
    picture = re.search(r"base64,([^\"]+)", shown.html)
    assert len(base64.b64decode(picture[1])) < 100_000
    assert len(table_cells(shown.html)) == 1 + len(found.pairings)
