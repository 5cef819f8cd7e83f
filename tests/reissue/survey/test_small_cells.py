"""Small groups: those that gave an answer, and those that did not, where somebody must be in them and few can."""

import pandas as pd
import pytest

from iucresearch.labels import count_names
from iucresearch.listings import list_small_groups
from reissue.survey.small_cells import is_small, list_small_cells


@pytest.mark.parametrize(
    ("counts", "small"),
    [
        ({1}, True),
        ({4}, True),
        ({2, 3}, True),
        ({5}, False),
        ({0}, False),
        ({0, 1}, False),
        ({4, 5}, False),
        ({}, False),
    ],
)
def test_a_group_is_small_where_somebody_is_in_it_and_fewer_than_five(counts, small):
    assert is_small(counts) is small


def counts(*rows):
    columns = ["question", "options", "label", "side", "reading", "n", "feasible", "fixed_by"]
    return pd.DataFrame(rows, columns=columns).assign(title="Topic", group="topic")


def test_groups_that_gave_an_answer_and_that_did_not():
    found = list_small_groups(
        counts(
            ("topic", "a", "Apples", "all", "literal", 32, "3", "one;two"),
            ("topic", "b", "Pears", "all", "literal", 32, "28;29;30", None),
            ("topic", "c", "Plums", "all", "literal", 32, "0;1", None),
            ("topic", "c", "Plums", "all", "tight", 32, "1", "three"),
            ("topic", "a", "Apples", "all", "tight", 32, "3", "one"),
            ("topic", "d", "Figs", "EU", "tight", 17, "16", "five"),
            ("respondents", "lac", "Latin America", "all", "literal", 32, "29", "four"),
        )
    )
    assert list(found.itertuples(index=False, name=None)) == [
        ("Topic: Apples", "all", "gave it", "3", "either way", "one, two"),
        ("Topic: Pears", "all", "did not give it", "2 to 4", "either way", ""),
        ("Topic: Plums", "all", "gave it", "1", "bounds read tightly", "three"),
        ("Topic: Figs", "EU", "did not give it", "1", "bounds read tightly", "five"),
    ]


def test_who_asks_for_more_is_told_of_larger_groups():
    few = counts(("topic", "a", "Apples", "all", "literal", 32, "7", "one"))
    assert list(list_small_groups(few)["count"]) == []
    assert list(list_small_cells(few, count_names(few), 8)["count"]) == ["Topic: Apples"]


def test_the_reports_own_small_groups_are_these(processed):
    found = list_small_groups(processed["survey_counts"])
    told = set(zip(found["count"], found["side"], found["who"], found["respondents"], strict=True))
    assert {
        ("Familiarity with Smart Specialisation: Did not know it", "EU", "gave it", "1"),
        ("Familiarity with Smart Specialisation: Very familiar or broadly familiar", "EU", "did not give it", "4"),
        ("Main motivation for taking part: New business opportunities", "all", "gave it", "3"),
        (
            "Relevance of each phase of Smart Specialisation, Entrepreneurial Discovery Process: 3",
            "all",
            "gave it",
            "1",
        ),
        ("Place of Smart Specialisation in the exchanges: Marginal topic", "all", "gave it", "2"),
    } <= told
    assert not {count for count, *_ in told if count.startswith("Satisfaction")}
