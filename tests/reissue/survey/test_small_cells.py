"""Small cells: the respondents who gave an answer, or did not, if there are some and fewer than the limit."""

import pandas as pd

from iucresearch.labels import count_names
from iucresearch.listings import list_small_groups
from reissue.survey.small_cells import is_small, list_small_cells


def test_a_cell_is_small_if_every_possible_count_is():
    assert all(map(is_small, ({1}, {4}, {2, 3})))
    assert not any(map(is_small, ({5}, {0}, {0, 1}, {4, 5}, {})))


def build_counts(*rows):
    columns = ["question", "options", "label", "side", "reading", "n", "feasible", "fixed_by"]
    return pd.DataFrame(rows, columns=columns).assign(title="Topic", group="topic")


def test_cells_of_those_who_gave_an_answer_and_of_those_who_did_not():
    counts = build_counts(
        ("topic", "a", "Apples", "all", "literal", 32, "3", "one;two"),
        ("topic", "b", "Pears", "all", "literal", 32, "28;29;30", None),
        ("topic", "c", "Plums", "all", "literal", 32, "0;1", None),
        ("topic", "c", "Plums", "all", "tight", 32, "1", "three"),
        ("topic", "a", "Apples", "all", "tight", 32, "3", "one"),
        ("topic", "d", "Figs", "EU", "tight", 17, "16", "five"),
        ("topic", "e", "Dates", "all", "literal", 32, "7", "six"),
        ("respondents", "lac", "Latin America", "all", "literal", 32, "29", "four"),
    )
    assert list(list_small_groups(counts).itertuples(index=False, name=None)) == [
        ("Topic: Apples", "all", "gave it", "3", "either way", "one, two"),
        ("Topic: Pears", "all", "did not give it", "2 to 4", "either way", ""),
        ("Topic: Plums", "all", "gave it", "1", "bounds read tightly", "three"),
        ("Topic: Figs", "EU", "did not give it", "1", "bounds read tightly", "five"),
    ]
    more = list_small_cells(counts, count_names(counts), 8, group_question="respondents")
    assert set(more["count"]) - set(list_small_groups(counts)["count"]) == {"Topic: Dates"}


def test_the_small_cells_of_the_report(processed):
    found = list_small_groups(processed["survey_counts"])
    cells = set(zip(found["count"], found["side"], found["who"], found["respondents"], strict=True))
    assert {
        ("Familiarity with Smart Specialisation: Did not know it", "EU", "gave it", "1"),
        ("Familiarity with Smart Specialisation: Very familiar or broadly familiar", "EU", "did not give it", "4"),
        ("Main motivation for taking part: New business opportunities", "all", "gave it", "3"),
        ("Place of Smart Specialisation in the exchanges: Marginal topic", "all", "gave it", "2"),
    } <= cells
    assert not {count for count, *_ in cells if count.startswith("Satisfaction")}
