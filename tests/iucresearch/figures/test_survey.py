"""Figures 6 to 8 and the results: as many squares as the side has respondents, each in its place."""

import pandas as pd
import pytest
from matplotlib.patches import PathPatch

from iucresearch import style
from iucresearch.figures import survey
from reissue.drawing.squares import SQUARE

RESULTS = ("respondents", "organisations", "exchanges", "strategy", "phases", "support", "support_steps")
FIGURES = ["figure_06", "figure_07", "figure_08"] + [
    f"result_{name}" for name in (*RESULTS, "facilitator", "outcomes", "sustainability", "satisfaction")
]


def drawn(data):
    with style.use_style():
        ax = survey.draw_counts(data)
    ax.figure.canvas.draw()
    return ax


def squares(ax):
    """Rows of squares in drawing order: how many are solid, hatched and empty."""
    spans = []
    for patch in ax.patches:
        assert isinstance(patch, PathPatch)
        if patch.get_zorder() > 2:  # a dot
            continue
        kind = "hatched" if patch.get_hatch() else "empty" if patch.get_facecolor()[:3] == (1, 1, 1) else "solid"
        box = patch.get_path().get_extents()
        count = round((box.x1 - box.x0 - SQUARE) + 1)
        spans.append((round((box.y0 + box.y1) / 2, 6), kind, count, round(box.x0)))
    return spans


@pytest.mark.parametrize("name", FIGURES)
def test_every_square_is_a_respondent(processed, name):
    data = getattr(survey, f"{name}_data")(processed["survey_counts"])
    ax = drawn(data)
    rows: dict[float, dict[str, int]] = {}
    for place, kind, count, start in squares(ax)[:-3]:  # the last three are the key
        row = rows.setdefault(place, {})
        assert start == sum(row.values()), "spans follow one another without a gap"
        row[kind] = count
    assert len(rows) == len(data)
    for row, least, most, n in zip(rows.values(), data["least"], data["most"], data["n"], strict=True):
        assert (row.get("solid", 0), row.get("hatched", 0), row.get("empty", 0)) == (least, most - least, n - most)


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_figure_or_meets_another(processed, name):
    ax = drawn(getattr(survey, f"{name}_data")(processed["survey_counts"]))
    page = ax.figure.bbox
    boxes = [text.get_window_extent() for text in ax.texts]
    for box in boxes:
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1
        assert page.y0 <= box.y0
        assert box.y1 <= page.y1
    for place, box in enumerate(boxes):
        assert box.count_overlaps(boxes[place + 1 :]) == 0, ax.texts[place].get_text()


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("side", ["EU", "LAC"])
def test_one_side_alone(processed, name, side):
    data = getattr(survey, f"{name}_data")(processed["survey_counts"], side=side)
    if name == "result_respondents":
        assert data["label"].tolist() == [style.SIDE_NAMES[side]]
    else:
        assert set(data["side"]) == {side}
    drawn(data)


def test_alt_text_tells_every_count_and_follows_the_data(processed):
    data = survey.figure_07_data(processed["survey_counts"])
    text = survey.counts_alt(data)
    for label, feasible, n in zip(data["label"], data["feasible"], data["n"], strict=True):
        assert label in text
        assert survey.format_possible_counts(feasible, n) in text
    assert survey.counts_alt(data.assign(feasible=data["feasible"].str.replace("28", "27"))) != text


def test_the_counts_of_figure_7_by_side(processed):
    """28 + 3 + 1 = 32; 15 of the 28 are all of Latin America (3.2, page 18): the rest follows."""
    data = survey.figure_07_data(processed["survey_counts"]).set_index(["label", "side"])
    for label, eu, lac in (
        ("Very familiar or broadly familiar", 13, 15),
        ("Vaguely familiar", 3, 0),
        ("Did not know it", 1, 0),
    ):
        assert data.loc[(label, "EU"), ["least", "most"]].tolist() == [eu, eu]
        assert data.loc[(label, "LAC"), ["least", "most"]].tolist() == [lac, lac]


def test_counts_in_words():
    assert survey.format_possible_counts("3", 32) == "3 of 32"
    assert survey.format_possible_counts("28;29;30", 32) == "28 to 30 of 32"
    assert survey.format_possible_counts("7;21", 32) == "7 or 21 of 32"
    assert survey.format_possible_counts("7;21;22;23", 32) == "7 or 21 to 23 of 32"


def dots(ax):
    """Where the dots stand: row by row, the left end of each."""
    marks = [patch for patch in ax.patches if patch.get_zorder() == 4]
    return [[round(float(ring[:, 0].min()), 2) for ring in patch.get_path().to_polygons()] for patch in marks]


def test_dots_mark_the_possible_counts_where_some_in_between_are_not(processed):
    data = survey.figure_08_data(processed["survey_counts"])
    gapped = data[data["most"] - data["least"] + 1 > data["feasible"].str.split(";").str.len()]
    assert gapped["feasible"].tolist() == ["7;21;22;23", "7;21;22;23"]
    drawn_dots = dots(drawn(data))
    left = SQUARE / 2 - 0.17
    assert drawn_dots[:-1] == [[round(value - 1 + left, 2) for value in (7, 21, 22, 23)]] * 2
    assert len(drawn_dots[-1]) == 1, "the key explains them"
    assert dots(drawn(survey.figure_06_data(processed["survey_counts"]))) == []


def test_the_tight_reading_leaves_less(processed):
    data = survey.figure_08_data(processed["survey_counts"], reading="tight").set_index(["label", "side"])
    assert data.at[("Main topic", "all"), "feasible"] == "7;21"
    assert data.at[("Any other answer", "all"), "feasible"] == "2"


def test_many_respondents_are_a_bar():
    rows = [("A", "all", 320, 40, 200, "40;" + ";".join(map(str, range(100, 201)))), ("A", "EU", 170, 170, 170, "170")]
    data = pd.DataFrame(rows, columns=["label", "side", "n", "least", "most", "feasible"])
    ax = drawn(data)
    bars = [patch for patch in ax.patches if patch.get_zorder() <= 2][:-3]
    widths = [patch.get_path().get_extents().width for patch in bars]
    assert [round(width / widths[0] * 40) for width in widths] == [40, 160, 120, 170]
    assert max(text.get_window_extent().x1 for text in ax.texts) <= ax.figure.bbox.x1
    assert "Bars" in survey.counts_alt(data)
    assert "40 or 100 to 200 of 320" in survey.counts_alt(data)


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="no counts to draw"):
        survey.draw_counts(pd.DataFrame(columns=["label", "side", "n", "least", "most", "feasible"]))


def test_same_bytes_twice(processed):
    data = survey.figure_08_data(processed["survey_counts"])
    first, second = (drawn(data).figure for _ in range(2))
    assert style.svg(first) == style.svg(second)
    assert style.png(first) == style.png(second)
