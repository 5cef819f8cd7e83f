"""Figures 6 to 8 and the results: as many squares as the side has respondents, each in its place."""

import pytest
from matplotlib.patches import PathPatch

from iucresearch.exhibits import EXHIBITS
from iucresearch.figures import survey
from iucresearch.labels import SIDE_NAMES
from reissue.drawing import style
from reissue.drawing.squares import SQUARE
from tests.iucresearch.figures.drawn import assert_apart_and_inside

GROUPS = [item.about for item in EXHIBITS if "survey_counts" in item.tables]
each_group = pytest.mark.parametrize("group", GROUPS)


@pytest.fixture
def data(processed):
    return lambda group, **choice: survey.counts_data(processed["survey_counts"], group, **choice)


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


@each_group
def test_every_square_is_a_respondent_and_no_text_meets_another(data, group):
    counts = data(group)
    ax = drawn(counts)
    assert_apart_and_inside([ax], ax.figure.dpi)
    rows: dict[float, dict[str, int]] = {}
    for place, kind, count, start in squares(ax)[:-3]:  # the last three are the key
        row = rows.setdefault(place, {})
        assert start == sum(row.values()), "spans follow one another without a gap"
        row[kind] = count
    assert len(rows) == len(counts)
    for row, least, most, n in zip(rows.values(), counts["least"], counts["most"], counts["n"], strict=True):
        assert (row.get("solid", 0), row.get("hatched", 0), row.get("empty", 0)) == (least, most - least, n - most)


@each_group
@pytest.mark.parametrize("side", ["EU", "LAC"])
def test_one_side_alone(data, group, side):
    counts = data(group, side=side)
    if group == "respondents":
        assert counts["label"].tolist() == [SIDE_NAMES[side]]
    else:
        assert set(counts["side"]) == {side}
    assert survey.counts_alt(counts)


def test_alt_text_has_every_count_and_follows_the_data(data):
    counts = data("familiarity")
    text = survey.counts_alt(counts)
    for label, feasible, n in zip(counts["label"], counts["feasible"], counts["n"], strict=True):
        assert label in text
        assert survey.format_possible_counts(feasible, n) in text
    assert survey.counts_alt(counts.assign(feasible=counts["feasible"].str.replace("28", "27"))) != text


@pytest.mark.parametrize(("feasible", "words"), [("3", "3"), ("28;29;30", "28 to 30"), ("7;21;22;23", "7 or 21 to 23")])
def test_counts_in_words(feasible, words):
    assert survey.format_possible_counts(feasible, 32) == f"{words} of 32"


def dots(ax):
    """The left end of each dot, row by row."""
    marks = [patch for patch in ax.patches if patch.get_zorder() == 4]
    return [[round(float(ring[:, 0].min()), 2) for ring in patch.get_path().to_polygons()] for patch in marks]


def test_dots_mark_the_possible_counts_where_some_in_between_are_not(data):
    counts = data("salience")
    gapped = counts[counts["most"] - counts["least"] + 1 > counts["feasible"].str.split(";").str.len()]
    assert gapped["feasible"].tolist() == ["7;21;22;23", "7;21;22;23"]
    drawn_dots = dots(drawn(counts))
    left = SQUARE / 2 - 0.17
    assert drawn_dots[:-1] == [[round(value - 1 + left, 2) for value in (7, 21, 22, 23)]] * 2
    assert len(drawn_dots[-1]) == 1, "the key explains them"
    assert dots(drawn(data("motivation"))) == []
    tight = data("salience", reading="tight").set_index(["label", "side"])
    assert tight.at[("Main topic", "all"), "feasible"] == "7;21"
