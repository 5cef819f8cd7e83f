"""Pictures: the same drawings as images in notebooks, as inline SVG on pages, and as images again in print."""

from base64 import b64decode, b64encode
from html import unescape

import matplotlib.pyplot as plt
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from reissue.drawing import style
from reissue.exhibits.pictures import (
    define_colours,
    inline_pictures,
    invert_lightness,
    picture_element,
    restore_images,
)


def draw(name: str, text: str = "A place") -> bytes:
    with style.use_style():
        figure = plt.figure(figsize=(2, 1))
        axes = figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[])
        axes.fill_between([0, 1], [1, 0], color="#0b4f8a")
        figure.text(0.5, 0.5, text, color="#1b1f24")
    try:
        return style.svg(figure, name)
    finally:
        plt.close(figure)


@pytest.fixture(scope="module")
def html() -> str:
    return f"<p>Before</p>{picture_element(draw('a', 'Wide & long'), draw('a narrow'), 'A <b> “quote”')}<p>After</p>"


def test_a_notebook_has_both_drawings_as_images(html: str) -> None:
    picture = BeautifulSoup(html, "html.parser").picture
    assert picture.img["alt"] == "A <b> “quote”"
    assert b"Wide" in b64decode(picture.img["src"].partition(",")[2])
    assert b"A place" in b64decode(picture.source["srcset"].partition(",")[2])


def test_a_page_has_both_as_text_that_can_be_found_and_no_id_twice(html: str) -> None:
    page = BeautifulSoup(inline_pictures(html), "html.parser")
    assert page.img is None
    wide, narrow = page.select(".picture > svg")
    assert (wide["class"], narrow["class"]) == (["wide"], ["narrow"])
    assert wide["aria-label"] == narrow["aria-label"] == "A <b> “quote”"
    assert (wide["role"], wide.find("text").get_text(), narrow.find("text").get_text()) == (
        "img",
        "Wide & long",
        "A place",
    )
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)) > 0
    assert page.style is None


def test_colours_are_defined_in_both_schemes(html: str) -> None:
    page = inline_pictures(html)
    light, dark = define_colours(page).splitlines()[:2]
    assert "#0b4f8a" not in page
    assert "--c-0b4f8a:#0b4f8a" in light
    assert f"--c-0b4f8a:#{invert_lightness('0b4f8a')}" in dark
    assert dark.startswith("@media screen and (prefers-color-scheme:dark)")
    assert define_colours("<p>No picture</p>") == ""


def test_print_has_the_wide_drawing_as_it_was(html: str) -> None:
    page = BeautifulSoup(restore_images(inline_pictures(html)), "html.parser")
    assert page.svg is None
    assert page.img["alt"] == "A <b> “quote”"
    svg = b64decode(page.img["src"].partition(",")[2]).decode()
    assert unescape(BeautifulSoup(svg, "xml").find("text").get_text()) == "Wide & long"
    assert "#0b4f8a" in svg
    assert "var(" not in svg


def test_other_images_stay(html: str) -> None:
    other = f'<img src="data:image/svg+xml;base64,{b64encode(draw("b")).decode()}" alt="B">'
    assert inline_pictures(other) == restore_images(other) == other


@given(st.integers(0, 0xFFFFFF))
def test_what_is_darker_becomes_lighter(number: int) -> None:
    def lightness(colour: str) -> int:
        parts = [int(colour[place : place + 2], 16) for place in (0, 2, 4)]
        return max(parts) + min(parts)

    colour = f"{number:06x}"
    assert abs(lightness(invert_lightness(colour)) - (0.92 - 0.83 * lightness(colour) / 510) * 510) <= 2


def test_two_figures_with_other_names_share_no_id_and_one_name_gives_the_same_bytes() -> None:
    ids = [{tag["id"] for tag in BeautifulSoup(draw(name), "xml").select("[id]")} for name in ("a", "b")]
    assert all(ids)
    assert not ids[0] & ids[1]
    assert draw("a") == draw("a")
