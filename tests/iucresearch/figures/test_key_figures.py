from __future__ import annotations

import re
from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from iucresearch import style
from iucresearch.figures.key_figures import figure_05, figure_05_alt, figure_05_data
from reissue.core.errors import InputError
from tests.iucresearch.figures.drawn import assert_readable, longer, sizes, svg_of_a_fresh_process, texts

SPANISH = [
    "hermanamientos entre regiones de la UE y de América Latina",
    "planes de acción conjuntos",
    "acuerdos de cooperación / memorandos de entendimiento",
    "estrategias de especialización inteligente diseñadas o en desarrollo",
    "nuevos contactos comerciales",
    "formaciones sobre especialización inteligente",
]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def key_figures() -> pd.DataFrame:
    rows = [
        ("trainings", 6, 3, "exactly", "Smart Specialisation trainings"),
        ("pairings", 1, 20, "exactly", "EU-Latin American pairings"),
        ("joint-action-plans", 2, 20, "exactly", "Joint Action Plans"),
        ("cooperation-agreements", 3, 20, "exactly", "cooperation agreements / Memoranda of Understanding"),
        ("strategies", 4, 15, "exactly", "Smart Specialisation Strategies designed/under development"),
        ("business-contacts", 5, 300, "over", "new business contacts"),
    ]
    return pd.DataFrame(rows, columns=["id", "order", "value", "qualifier", "text"])


@pytest.fixture
def data(key_figures: pd.DataFrame) -> pd.DataFrame:
    return figure_05_data(key_figures)


def test_data_is_one_row_per_tile_in_order_and_leaves_its_input_alone(key_figures: pd.DataFrame) -> None:
    before = key_figures.copy()
    data = figure_05_data(key_figures)
    assert list(data["value"]) == [20, 20, 20, 15, 300, 3]
    pd.testing.assert_frame_equal(key_figures, before)


def test_every_value_is_written_in_the_drawing(data: pd.DataFrame) -> None:
    written = texts(figure_05(data))
    expected = [*data["text"], *(str(value) for value in data["value"]), "over"]
    assert sorted(written) == sorted(expected)


def test_what_limits_a_number_stands_before_it_on_its_line(data: pd.DataFrame) -> None:
    ax = figure_05(data)
    ax.figure.draw_without_rendering()
    at = {artist.get_text(): artist for artist in ax.texts}
    over, number = at["over"], at["300"]
    assert over.get_position()[1] == pytest.approx(number.get_position()[1])
    assert over.get_window_extent().x1 < number.get_window_extent().x0


def test_numerals_are_big(data: pd.DataFrame) -> None:
    ax = figure_05(data)
    assert sorted(sizes(ax))[-len(data)] >= 3 * min(sizes(ax))


def test_is_as_wide_as_the_page_and_readable(data: pd.DataFrame) -> None:
    ax = figure_05(data)
    assert ax.figure.get_figwidth() == style.WIDTH
    assert_readable(ax)


def test_longer_texts_fit(key_figures: pd.DataFrame) -> None:
    longer_texts = key_figures.assign(text=key_figures["text"].map(longer))
    assert_readable(figure_05(figure_05_data(longer_texts)))


def test_spanish_fits(data: pd.DataFrame) -> None:
    ax = figure_05(data.assign(text=SPANISH).replace("over", "más de"))
    assert_readable(ax)
    assert {"más de", *SPANISH} <= set(texts(ax))


def test_a_text_that_cannot_fit_is_refused(data: pd.DataFrame) -> None:
    data["text"] = data["text"] * 8
    with pytest.raises(InputError, match=r"key_figures\.csv.*does not fit.*shorten it"):
        figure_05(data)


def test_a_formula_is_only_text(data: pd.DataFrame) -> None:
    formula = "$x$ and $\\frac$"
    data.loc[0, "text"] = formula
    ax = figure_05(data)
    assert formula in texts(ax)
    assert style.svg(ax.figure)  # as mathematics it would not parse


def test_no_line_begins_with_a_stroke(data: pd.DataFrame) -> None:
    lines = [line for artist in figure_05(data.assign(text=SPANISH)).texts for line in artist.get_text().split("\n")]
    assert any("/" in line for line in lines)
    assert not [line for line in lines if line.startswith("/")]


def test_change_of_data_changes_alt_and_drawing(data: pd.DataFrame) -> None:
    changed = data.replace({"value": {300: 417}})
    assert "over 417 new business contacts" in figure_05_alt(changed)
    assert "417" in texts(figure_05(changed))
    assert "417" not in texts(figure_05(data))
    fewer = data.iloc[:4]
    assert len([text for text in texts(figure_05(fewer)) if text.isdigit()]) == len(fewer)


def test_every_number_of_the_alt_text_comes_from_the_data(data: pd.DataFrame) -> None:
    numbers = [int(number) for number in re.findall(r"\d+", figure_05_alt(data.iloc[1:]))]
    assert numbers == [len(data) - 1, *data["value"].iloc[1:]]


def test_draws_on_given_axes(data: pd.DataFrame) -> None:
    _, (left, right) = plt.subplots(1, 2, figsize=(17, 4), layout="constrained")
    assert figure_05(data, ax=left) is left
    assert not right.texts
    assert_readable(left)


def test_axes_that_are_too_small_are_refused(data: pd.DataFrame) -> None:
    _, ax = plt.subplots(figsize=(2, 1))
    with pytest.raises(InputError, match="larger axes"):
        figure_05(data, ax=ax)


def test_svg_is_the_same_in_a_fresh_process(data: pd.DataFrame) -> None:
    fresh = svg_of_a_fresh_process("iucresearch.figures.key_figures", "figure_05", data, seed="7")
    assert fresh == style.svg(figure_05(data).figure)


def test_an_empty_table_is_refused(key_figures: pd.DataFrame, data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"key_figures\.csv: no row to draw.*make report"):
        figure_05_data(key_figures.iloc[:0])
    for function in (figure_05, figure_05_alt):
        with pytest.raises(InputError, match="no row to draw"):
            function(data.iloc[:0])


def test_a_missing_value_is_refused(key_figures: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="'text' has a row without a value"):
        figure_05_data(key_figures.assign(text=None))
