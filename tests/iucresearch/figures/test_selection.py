from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle

from iucresearch import style
from iucresearch.figures.selection import figure_02, figure_02_alt, figure_02_data
from reissue.core.errors import InputError
from tests.iucresearch.figures.drawn import assert_readable, longer, svg_of_a_fresh_process, texts

LAC = [
    "Country covered by the framework of DG REGIO",
    "Interest expressed in a letter of commitment",
    "Contact person appointed for continuous liaison",
    "National or local resources engaged",
    "Business and research stakeholders involved",
    "First steps or commitment towards a strategy",
    "All quadruple or quintuple helix actors engaged",
    "Needs and opportunities matching an EU region's profile",
]
EU = [
    "Capacity to support the counterpart's strategy",
    "Ability to leverage joint new projects",
    "Ability to leverage new business opportunities",
]
SPANISH = [
    "Las visitas anuales preseleccionan regiones latinoamericanas",
    "Las autoridades nacionales se comprometen y se validan las regiones",
    "País incluido en el marco de actuación de la DG REGIO",
    "Interés manifestado mediante una carta de compromiso",
    "Persona de contacto designada para un enlace permanente",
    "Recursos nacionales o locales movilizados para el Programa",
    "Participación de las empresas y de los agentes de investigación",
    "Primeros pasos o compromiso hacia una estrategia propia",
    "Implicación de todos los actores de la cuádruple o quíntuple hélice",
    "Necesidades y oportunidades acordes con el perfil de una región de la UE",
    "Una convocatoria a medida selecciona a los socios de la UE",
    "Capacidad para apoyar la estrategia de la región homóloga",
    "Capacidad para poner en marcha nuevos proyectos conjuntos",
    "Capacidad para generar nuevas oportunidades de negocio",
    "Se hermanan las regiones",
]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture
def criteria() -> pd.DataFrame:
    rows = [("EU", n, text) for n, text in enumerate(EU, start=1)]
    rows += [("LAC", n, text) for n, text in enumerate(LAC, start=1)]
    table = pd.DataFrame(rows[::-1], columns=["side", "order", "criterion"])
    return table.assign(id=[f"{side.lower()}-{n}" for side, n in zip(table["side"], table["order"], strict=True)])


@pytest.fixture
def data(criteria: pd.DataFrame) -> pd.DataFrame:
    return figure_02_data(criteria)


def test_data_follows_the_process_and_leaves_its_input_alone(criteria: pd.DataFrame) -> None:
    before = criteria.copy()
    data = figure_02_data(criteria)
    steps = data[data["kind"] == "step"]
    assert list(steps["stage"]) == [1, 2, 3, 4]
    assert list(steps["side"]) == ["LAC", "LAC", "EU", "both"]
    assert list(data.loc[data["kind"] == "criterion", "text"]) == LAC + EU
    assert set(data.loc[data["text"].isin(LAC), "stage"]) == {2}
    assert set(data.loc[data["text"].isin(EU), "stage"]) == {3}
    pd.testing.assert_frame_equal(criteria, before)


def test_every_value_is_written_in_the_drawing(data: pd.DataFrame) -> None:
    written = texts(figure_02(data))
    assert set(data["text"]) <= set(written)
    numbers = sorted(text for text in written if text.isdigit())
    assert numbers == sorted(str(n) for n in data["number"] if n)
    assert {style.SIDE_NAMES["LAC"], style.SIDE_NAMES["EU"]} <= set(written)


def test_each_number_stands_before_its_criterion(data: pd.DataFrame) -> None:
    ax = figure_02(data)
    ax.figure.draw_without_rendering()
    where = {artist.get_text().replace("\n", " "): artist.get_window_extent() for artist in ax.texts}
    for artist in ax.texts:
        if not artist.get_text().isdigit():
            continue
        box = artist.get_window_extent()
        level = (box.y0 + box.y1) / 2
        right = [text for text, at in where.items() if at.x0 > box.x1 and at.y0 < level < at.y1 and not text.isdigit()]
        nearest = min(right, key=lambda text: where[text].x0)
        row = data[data["text"] == nearest].iloc[0]
        assert str(row["number"]) == artist.get_text()


def test_criteria_stand_under_their_step_in_their_side_s_lane(data: pd.DataFrame) -> None:
    ax = figure_02(data)
    at = {artist.get_text().replace("\n", " "): artist.get_position() for artist in ax.texts}
    for stage in (2, 3):
        rows = data[data["stage"] == stage]
        step, *criteria = (at[text] for text in rows["text"])
        assert {x for x, _ in criteria} == {step[0]}
        levels = [step[1], *(y for _, y in criteria)]
        assert levels == sorted(levels)


def test_sides_have_the_colours_of_the_style(data: pd.DataFrame) -> None:
    discs = [patch for patch in figure_02(data).patches if isinstance(patch, Circle)]
    colors = {to_hex(disc.get_facecolor()) for disc in discs} | {to_hex(disc.get_edgecolor()) for disc in discs}
    assert {style.LAC, style.EU} <= colors


def test_is_as_wide_as_the_page_and_readable(data: pd.DataFrame) -> None:
    ax = figure_02(data)
    assert ax.figure.get_figwidth() == style.WIDTH
    assert_readable(ax)


def test_longer_texts_fit(data: pd.DataFrame) -> None:
    assert_readable(figure_02(data.assign(text=data["text"].map(longer))))


def test_spanish_fits(data: pd.DataFrame) -> None:
    ax = figure_02(data.assign(text=SPANISH))
    assert_readable(ax)
    assert set(SPANISH) <= set(texts(ax))


def test_a_text_that_cannot_fit_is_refused(criteria: pd.DataFrame) -> None:
    criteria["criterion"] = criteria["criterion"] * 5
    with pytest.raises(InputError, match=r"criteria\.csv.*does not fit.*shorten it"):
        figure_02(figure_02_data(criteria))


def test_change_of_data_changes_alt_and_drawing(criteria: pd.DataFrame, data: pd.DataFrame) -> None:
    fewer = figure_02_data(criteria[criteria["criterion"] != EU[1]])
    assert "3 criteria" in figure_02_alt(data)
    assert "2 criteria" in figure_02_alt(fewer)
    assert EU[1] in figure_02_alt(data)
    assert EU[1] not in figure_02_alt(fewer)
    assert EU[1] not in texts(figure_02(fewer))
    assert "2 criteria" in texts(figure_02(fewer))


def test_one_criterion_is_singular(criteria: pd.DataFrame) -> None:
    one = figure_02_data(criteria[(criteria["side"] == "LAC") | (criteria["order"] == 1)])
    assert "1 criterion:" in figure_02_alt(one)
    assert "1 criterion" in texts(figure_02(one))


def test_draws_on_given_axes(data: pd.DataFrame) -> None:
    _, (left, right) = plt.subplots(1, 2, figsize=(17, 6), layout="constrained")
    assert figure_02(data, ax=left) is left
    assert not right.texts
    assert_readable(left)


def test_svg_is_the_same_in_a_fresh_process(data: pd.DataFrame) -> None:
    fresh = svg_of_a_fresh_process("iucresearch.figures.selection", "figure_02", data, seed="7")
    assert fresh == style.svg(figure_02(data).figure)


def test_an_empty_table_is_refused(criteria: pd.DataFrame, data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"criteria\.csv: no row to draw.*make report"):
        figure_02_data(criteria.iloc[:0])
    for function in (figure_02, figure_02_alt):
        with pytest.raises(InputError, match="no row to draw"):
            function(data.iloc[:0])


def test_a_side_without_a_criterion_is_refused(criteria: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"the sides with a criterion are LAC.*expected EU and LAC"):
        figure_02_data(criteria[criteria["side"] == "LAC"])


def test_a_missing_step_is_refused(data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="figure_02_data"):
        figure_02(data[data["stage"] != 1])
