"""Counts told beside a report: what they contradict is not believed, by itself; all else is."""

import pandas as pd

from iucresearch.survey.informed import Informed
from iucresearch.survey.results import counted
from iucresearch.survey.statements import Reading
from iucresearch.survey.verdicts import FAILS, Bench
from tests.survey.tiny import said, tiny

TIGHT = Reading(tight=True)


def informed(*statements, told):
    return Informed(tiny(*statements), pd.DataFrame(told, columns=["question", "options", "side", "count"]))


def feasible(survey, reading=Reading()):  # noqa: B008
    return {(one.question, one.options, one.side): sorted(counts) for one, counts in counted(survey, reading).items()}


def test_a_count_that_is_told_is_fixed_and_bounds_the_others():
    found = feasible(informed(told=[("topic", "a", "all", 9)]))
    assert found["topic", ("a",), "all"] == [9]
    assert found["topic", ("b",), "all"] == [0, 1, 2, 3]
    assert found["topic", ("a",), "LAC"] == [2, 3, 4, 5]


def test_what_it_contradicts_leaves_the_system_and_is_found_to_fail():
    survey = informed(said("one", "a", value=4), said("other", "b", value=3), told=[("topic", "a", "all", 9)])
    assert survey.contradicted() == ["one"]
    assert feasible(survey)["topic", ("c",), "all"] == [0], "the other is believed"
    assert Bench(survey).judge(["one"]).result == FAILS
    assert "released-topic-a-all" in Bench(survey).judge(["one"]).evidence


def test_a_bound_is_read_tightly_only_where_that_can_be():
    bound = said("most", "a;b", unit="percent", bound="more than", value=58)  # 7 of 12 are 58.3%
    survey = informed(bound, told=[("topic", "a", "all", 8)])
    assert survey.contradicted(TIGHT) == []
    assert feasible(survey, TIGHT)["topic", ("c",), "all"] == [0, 1, 2, 3, 4]
    assert feasible(informed(bound, told=[("topic", "a", "all", 5)]), TIGHT)["topic", ("c",), "all"] == [5]


def test_numbers_of_respondents_may_be_others_and_larger():
    told = [("respondents", "eu", "all", 9), ("respondents", "lac", "all", 6), ("topic", "a", "all", 15)]
    survey = informed(told=told)
    assert survey.contradicted() == ["all", "eu", "lac"]
    assert feasible(survey)["topic", ("a",), "LAC"] == [6]


def test_statements_about_what_is_counted_jointly_can_be_held_beside_it():
    named = said("named", "has", question="plan", side="LAC", unit="countries", members="Chile;Peru")
    assert informed(named, told=[("plan", "has", "LAC", 1)]).contradicted() == ["named"]
    assert informed(named, told=[("plan", "has", "LAC", 2)]).contradicted() == []


def test_the_report_is_left_alone():
    report = tiny(said("one", "a", value=4))
    Informed(report, pd.DataFrame([("topic", "a", "all", 9)], columns=["question", "options", "side", "count"]))
    assert feasible(report)["topic", ("a",), "all"] == [4]
