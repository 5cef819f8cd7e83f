from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.patches import FancyArrowPatch

from iucresearch import style
from iucresearch.figures.network import figure_01, figure_01_alt, figure_01_data
from reissue.core.errors import InputError
from tests.iucresearch.figures.drawn import assert_readable, longer, svg_of_a_fresh_process, texts

COLUMNS = ["id", "section", "page", "order", "action", "objective", "timing"]
WORDS = ["action", "objective", "timing"]
SPANISH = {
    "action": [
        "Facilitación de hermanamientos",
        "Visitas anuales a las autoridades nacionales",
        "Visitas de estudio o estancias de prácticas",
        "Encuentro anual en Bruselas",
    ],
    "objective": [
        "Asistencia técnica, seguimiento y búsqueda de socios, con vistas a proyectos piloto o acuerdos",
        "Preseleccionar y validar regiones latinoamericanas, asegurar su compromiso y su implicación",
        "Aprendizaje entre pares sobre las necesidades mutuas, nuevos negocios y proyectos piloto",
        "Alinear con iniciativas de la UE, desarrollar capacidades, difundir resultados, recoger opiniones",
    ],
    "timing": ["durante todo el Programa", "cada año", "una semana", "cada año"],
    "links": [
        "Región latinoamericana; Región de la UE",
        "Programa IUC-LAC; Autoridades nacionales",
        "Región latinoamericana; Región de la UE",
        "Autoridades nacionales; Región latinoamericana; Región de la UE; Programa IUC-LAC",
    ],
}


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def actions() -> pd.DataFrame:
    rows = [
        (
            "yearly-gathering",
            "2.2.1",
            14,
            4,
            "Gathering in Brussels",
            "Align, build capacity, gather feedback",
            "annual",
        ),
        (
            "pairing-facilitation",
            "2.2.1",
            14,
            1,
            "Pairing facilitation",
            "Technical support, follow-up and matching, towards pilot projects or agreements",
            "throughout",
        ),
        (
            "national-visits",
            "2.2.1",
            14,
            2,
            "Visits to national authorities",
            "Pre-select and validate Latin American regions, secure commitment and ownership",
            "annual",
        ),
        (
            "study-visits",
            "2.2.1",
            14,
            3,
            "Study visits or internships",
            "Peer learning about each other's needs, new business and pilot projects",
            "one week",
        ),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture
def data(actions: pd.DataFrame) -> pd.DataFrame:
    return figure_01_data(actions)


def test_data_is_one_row_per_action_in_order_and_leaves_its_input_alone(actions: pd.DataFrame) -> None:
    before = actions.copy()
    data = figure_01_data(actions)
    assert list(data["order"]) == [1, 2, 3, 4]
    assert list(data["direction"]) == ["between", "one way", "both ways", "all together"]
    pd.testing.assert_frame_equal(actions, before)


def test_every_value_is_written_in_the_drawing(data: pd.DataFrame) -> None:
    written = texts(figure_01(data))
    for column in WORDS:
        assert set(data[column]) <= set(written)
    partners = {partner for links in data["links"] for partner in links.split("; ")}
    assert partners <= set(written)
    assert len(written) == len(data) * len(WORDS) + len(partners)


def test_directions_are_arrows(data: pd.DataFrame) -> None:
    heads = [
        patch.get_arrowstyle().__class__.__name__
        for patch in figure_01(data).patches
        if isinstance(patch, FancyArrowPatch)
    ]
    # One arrow for the visits to authorities, one from each region to the other.
    assert heads.count("CurveFilledA") == 2
    assert heads.count("CurveFilledB") == 1


def test_is_as_wide_as_the_page_and_readable(data: pd.DataFrame) -> None:
    ax = figure_01(data)
    assert ax.figure.get_figwidth() == style.WIDTH
    assert_readable(ax)


def test_longer_texts_fit(actions: pd.DataFrame) -> None:
    for column in WORDS:
        actions[column] = actions[column].map(longer)
    assert_readable(figure_01(figure_01_data(actions)))


def test_spanish_fits(data: pd.DataFrame) -> None:
    ax = figure_01(data.assign(**SPANISH))
    assert_readable(ax)
    assert {"Región latinoamericana", *SPANISH["objective"]} <= set(texts(ax))


def test_a_text_that_cannot_fit_is_refused(data: pd.DataFrame) -> None:
    data["objective"] = data["objective"] * 6
    with pytest.raises(InputError, match=r"actions\.csv.*does not fit.*shorten it"):
        figure_01(data)


def test_change_of_data_changes_alt_and_drawing(data: pd.DataFrame) -> None:
    changed = data.replace({"timing": {"one week": "a fortnight"}, "action": {"Pairing facilitation": "Matchmaking"}})
    assert figure_01_alt(changed) != figure_01_alt(data)
    assert {"a fortnight", "Matchmaking"} <= set(texts(figure_01(changed))) - set(texts(figure_01(data)))


def test_alt_says_every_value_and_counts_rows(data: pd.DataFrame) -> None:
    alt = figure_01_alt(data)
    for column in WORDS:
        assert all(value in alt for value in data[column])
    assert "4 actions" in alt
    assert "3 actions" in figure_01_alt(data.iloc[1:])


def test_draws_on_given_axes_and_leaves_settings_alone(data: pd.DataFrame) -> None:
    settings = dict(mpl.rcParams)
    figure, (left, right) = plt.subplots(1, 2, figsize=(17, 6), layout="constrained")
    assert figure_01(data, ax=right) is right
    assert not left.texts
    assert_readable(right)
    assert dict(mpl.rcParams) == settings
    assert figure.axes == [left, right]


def test_svg_is_the_same_in_a_fresh_process(data: pd.DataFrame) -> None:
    fresh = svg_of_a_fresh_process("iucresearch.figures.network", "figure_01", data, seed="7")
    assert fresh == style.svg(figure_01(data).figure)


def test_lines_break_alike_at_every_resolution(data: pd.DataFrame) -> None:
    drawn = []
    for dpi in (72, 200):
        with mpl.rc_context({"figure.dpi": dpi}):
            drawn.append(style.svg(figure_01(data).figure))
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("function", [figure_01, figure_01_alt])
def test_an_empty_table_is_refused(actions: pd.DataFrame, data: pd.DataFrame, function) -> None:
    with pytest.raises(InputError, match=r"actions\.csv: no row to draw.*make report"):
        figure_01_data(actions.iloc[:0])
    with pytest.raises(InputError, match="no row to draw"):
        function(data.iloc[:0])


def test_a_missing_column_or_value_is_refused(actions: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no column 'timing'"):
        figure_01_data(actions.drop(columns="timing"))
    with pytest.raises(InputError, match="'timing' has a row without a value"):
        figure_01_data(actions.assign(timing=[None, "a", "b", "c"]))


def test_an_action_of_unknown_links_is_refused(actions: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"whom the action 'webinars' links.*correct its id"):
        figure_01_data(actions.replace("study-visits", "webinars"))


def test_a_missing_action_is_refused(data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="restore the missing row"):
        figure_01(data.iloc[1:])
