"""Figures 6 to 8 and the results: their artists show the plotted counts, in order, in the colours of the sides."""

from statistics import median

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from iucresearch.exhibits import EXHIBITS
from iucresearch.figures import survey
from iucresearch.labels import SIDE_NAMES
from iucresearch.style import EU, LAC
from reissue.core.language import format_counts, translate_words, use_language
from reissue.drawing import style
from tests.drawn_counts import assert_readable, read_items, read_key, read_notes, read_rows

GROUPS = [item.about for item in EXHIBITS if "survey_counts" in item.tables]
WIDTHS = {style.WIDTH: 8.0, style.NARROW: 6.5}
COLOURS = {"all": style.MUTED, "EU": EU, "LAC": LAC}
SIDES = ("all", "EU", "LAC")
each_group = pytest.mark.parametrize("group", GROUPS)
each_side = pytest.mark.parametrize("side", SIDES)
each_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def data(processed):
    return lambda group, **choice: survey.counts_data(processed["survey_counts"], group, processed["survey"], **choice)


def drawn(counts, width=style.WIDTH):
    with style.use_style():
        ax = survey.draw_counts(counts, width=width)
        ax.figure.canvas.draw()
    return ax


def values_of(feasible):
    return tuple(map(int, feasible.split(";")))


def implied_counts(total, of_total, of_side):
    """The counts of a side that the counts of all respondents allow, each alone."""
    return {k for k in range(of_side + 1) for one in total if 0 <= one - k <= of_total - of_side}


def expected_rows(counts):
    """What the plotted data require: label, possible counts, colour; by label, all respondents before the sides."""
    found = {}
    whole = {}
    for label, rows in counts.groupby("label", sort=False):
        (main, *others) = rows.to_dict("records")
        total, n = values_of(main["feasible"]), main["n"]
        sides = {}
        for row in others:
            values = values_of(row["feasible"])
            most = max(values_of(whole[row["side"]])) if label in whole.get("parts", ()) else row["n"]
            if set(values) != {k for k in implied_counts(total, n, row["n"]) if k <= most}:
                sides[row["side"]] = values
        if main.get("answers_combined", 1) > 1:
            labels = list(dict.fromkeys(counts["label"]))
            place = labels.index(label) + 1
            whole = {row["side"]: row["feasible"] for row in others}
            whole["parts"] = labels[place : place + main["answers_combined"]]
        if sides or set(total) not in ({*range(low, high)} for low in (0, 1) for high in (n, n + 1)):
            colour = COLOURS[next((side for side, name in SIDE_NAMES.items() if name == label), main["side"])]
            found[label] = [(label, total, colour), *(("", values, COLOURS[side]) for side, values in sides.items())]
    return found


@each_group
@pytest.mark.parametrize(
    ("side", "width"),
    [("all", style.WIDTH), ("all", style.NARROW), ("EU", style.WIDTH), ("LAC", style.NARROW)],
    ids=["wide", "narrow", "EU", "LAC"],
)
def test_the_artists_show_the_plotted_counts(data, group, side, width):
    counts = data(group, side=side)
    expected = expected_rows(counts)
    ax = drawn(counts, width)
    assert_readable(ax, WIDTHS[width])
    if not expected:
        assert [text for _mark, text in read_items(ax)] == list(dict.fromkeys(counts["label"]))
        return
    rows = read_rows(ax)
    shown = {}
    for row in rows:
        if row.label:
            answer = shown[row.label] = []
        answer.append((row.label, row.possible, row.colour))
    assert shown == expected
    assert all(row.certain == row.possible[0] and row.is_bold == (len(row.possible) == 1) for row in rows)
    assert all(format_counts(row.possible) in row.words for row in rows)
    assert bool(read_key(ax)) == any(len(row.possible) > 1 for row in rows)
    hidden = len(set(counts["label"])) - len(expected)
    notes = [note for note in read_notes(ax) if note.startswith("Not drawn")]
    assert [note.startswith(f"Not drawn: {hidden} of {len(set(counts['label']))} ") for note in notes] == [True] * bool(
        hidden
    )


@each_width
@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_language_fits(data, width, language):
    with use_language(language):
        for group in GROUPS:
            ax = drawn(translate_words(data(group)), width)
            assert_readable(ax, WIDTHS[width])
            plt.close(ax.figure)


def test_figure_6_is_three_bars_and_their_sum_apart(data):
    ax = drawn(data("motivation"))
    *answers, together = read_rows(ax)
    assert [(row.label, row.words) for row in answers] == [
        ("Sharing and learning", "14 or 15"),
        ("Finding partners/leveraging projects", "14 or 15"),
        ("New business opportunities", "3"),
    ]
    assert together.label == "Sharing and learning or finding partners/leveraging projects"
    assert (together.words, together.is_bold) == ("29", True)
    (heading,) = read_notes(ax)
    places = {text.get_text().replace("\n", " "): text.get_position()[1] for text in ax.texts}
    assert places["New business opportunities"] < places[heading] < places[together.label]


@pytest.mark.parametrize(
    ("group", "whole", "parts"),
    [
        ("familiarity", "Very familiar or broadly familiar", ["Very familiar", "Broadly familiar"]),
        ("salience", "Main topic or important topic", ["Main topic", "Important topic"]),
        ("strategy", "Has a strategy or aims to elaborate one", ["Has a strategy", "Aims to elaborate one"]),
    ],
)
def test_answers_counted_together_precede_their_parts(data, group, whole, parts):
    ax = drawn(data(group))
    rows = [row for row in read_rows(ax) if row.label]
    assert [row.label for row in rows[:3]] == [whole, *parts]
    assert [row.thickness < rows[0].thickness for row in rows] == [row.label in parts for row in rows]
    lefts = {text.get_text().replace("\n", " "): text.get_position()[0] for text in ax.texts}
    assert all(lefts[part] > lefts[whole] for part in parts)


def test_figure_7_has_the_sides_in_their_colours_under_the_answers(data):
    rows = read_rows(drawn(data("familiarity")))
    assert [
        (row.words, row.colour) for row in rows if row.label != "Very familiar" and row.label != "Broadly familiar"
    ] == [
        ("28", style.MUTED),
        ("European Union 13 of 17", EU),
        ("Latin America 15 of 15", LAC),
        ("3", style.MUTED),
        ("European Union 3 of 17", EU),
        ("Latin America 0 of 15", LAC),
        ("1", style.MUTED),
        ("European Union 1 of 17", EU),
        ("Latin America 0 of 15", LAC),
    ]


def test_figure_8_leaves_excluded_counts_blank(data):
    rows = {row.label: row for row in read_rows(drawn(data("salience")))}
    assert rows["Main topic"].possible == rows["Important topic"].possible == (7, 21, 22, 23)
    assert rows["Main topic"].certain == 7
    tight = data("salience", reading="tight").set_index(["label", "side"])
    assert tight.at[("Main topic", "all"), "feasible"] == "7;21"


def test_outcomes_are_a_list_in_the_order_of_the_statements(data, processed):
    counts = data("outcomes")
    ranks = counts[counts["side"] == "all"].set_index("label")["rank"]
    assert read_items(drawn(counts)) == [(str(rank), label) for label, rank in ranks.sort_values().items()]
    assert ranks.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert counts.loc[counts["side"] != "all", "rank"].isna().all(), "the report gives no order for a side"
    statements = processed["survey"].copy()
    ranked = statements["unit"] == "rank"
    statements.loc[ranked, "value"] = statements.loc[ranked, "value"].tolist()[::-1]
    turned = survey.counts_data(processed["survey_counts"], "outcomes", statements)
    assert [text for _mark, text in read_items(drawn(turned))] == ranks.index.tolist()[::-1]
    assert survey.counts_alt(turned) != survey.counts_alt(counts)
    assert "rank" not in data("outcomes", side="EU")
    assert all("rank" not in data(group) for group in GROUPS if group != "outcomes")


def test_ranked_answers_that_are_counted_are_bars_in_their_order(data):
    counts = data("outcomes")
    counts.loc[counts["rank"] == 2, ["least", "most", "feasible"]] = [9, 9, "9"]
    rows = read_rows(drawn(counts))
    assert [row.label.partition(". ")[0] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert rows[1].possible == (9,)


@each_group
@each_side
def test_alt_text_has_every_drawn_count_and_follows_the_data(data, group, side):
    counts = data(group, side=side)
    text = survey.counts_alt(counts)
    expected = expected_rows(counts)
    for label in dict.fromkeys(counts["label"]):
        assert (f" {label}: " in text) == (label in expected)
        assert label in text or expected
        for row, (_label, values, _colour) in enumerate(expected.get(label, ())):
            words = format_counts(values)
            assert (f"{label}: {words}" if row == 0 else f" {words} of ") in text
    if expected:
        first = counts["label"] == next(iter(expected))
        assert survey.counts_alt(counts.assign(feasible=counts["feasible"].mask(first, "2"))) != text


def test_alt_texts_are_short(data):
    lengths = [len(survey.counts_alt(data(group))) for group in GROUPS]
    assert median(lengths) < 300
    assert max(lengths) < 350


def test_rows_that_combine_answers_have_their_number(data):
    counts = data("support")
    several = counts[counts["answers_combined"] > 1]
    assert several["label"].unique().tolist() == [
        "Some or structured and clear",
        "Minimal or information and awareness-raising",
    ]
    assert set(several["answers_combined"]) == {2}
    assert "answers_combined" not in data("phases"), "a question has one row"
    assert list(data("exchanges")) == ["label", "side", "n", "least", "most", "feasible"]


def test_no_data_is_no_row(processed):
    none = processed["survey_counts"].iloc[:0]
    assert isinstance(survey.counts_data(none, "outcomes", processed["survey"]), pd.DataFrame)
