"""Figures 6 to 8 and the results: as many squares as the side has respondents, each in its place."""

import pandas as pd
import pytest
from matplotlib.patches import PathPatch

from iucresearch import style
from iucresearch.figures import survey

FIGURES = ["figure_06", "figure_07", "figure_08"] + [
    f"result_{name}" for name in ("respondents", "strategy", "phases", "support", "support_steps", "satisfaction")
]


def drawn(data):
    with style.styled():
        ax = survey.draw_counts(data)
    ax.figure.canvas.draw()
    return ax


def squares(ax):
    """Rows of squares in drawing order: how many are solid, hatched and empty."""
    spans = []
    for patch in ax.patches:
        assert isinstance(patch, PathPatch)
        kind = "hatched" if patch.get_hatch() else "empty" if patch.get_facecolor()[:3] == (1, 1, 1) else "solid"
        box = patch.get_path().get_extents()
        count = round((box.x1 - box.x0 - survey._SQUARE) + 1)
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
    text = survey.alt(data)
    for label, least, most, n in zip(data["label"], data["least"], data["most"], data["n"], strict=True):
        assert label in text
        assert survey.counted(least, most, n) in text
    assert survey.alt(data.assign(most=data["most"] - 1, least=data["least"] - 1)) != text


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
    assert survey.counted(3, 3, 32) == "3 of 32"
    assert survey.counted(28, 30, 32) == "28 to 30 of 32"


def test_nothing_to_draw_is_said():
    with pytest.raises(ValueError, match="no counts to draw"):
        survey.draw_counts(pd.DataFrame(columns=["label", "side", "n", "least", "most"]))


def test_same_bytes_twice(processed):
    data = survey.figure_08_data(processed["survey_counts"])
    first, second = (drawn(data).figure for _ in range(2))
    assert style.svg(first) == style.svg(second)
    assert style.png(first) == style.png(second)
