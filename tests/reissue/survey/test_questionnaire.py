"""Skipped questions and questions that are one, compared with going through every table."""

import itertools

import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import feasible_values
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import build_feasible_table, find_conflicts, tabulate_counts
from tests.reissue.survey.tiny import EU, LAC, build_tiny, state, word

N = EU + LAC
SKIPPED = Interpretation(skipped=True)


def split(number, parts):
    """Every way to distribute people over some answers."""
    if parts == 1:
        return [(number,)]
    return [(first, *rest) for first in range(number + 1) for rest in split(number - first, parts - 1)]


def find_values(survey, interpretation):
    """The possible values of each count, by question, options and group."""
    found = tabulate_counts(survey, interpretation)
    return {(one.question, ";".join(one.options), one.group): sorted(values) for one, values in found.items()}


@pytest.mark.parametrize("strict", [False, True])
def test_the_motivations_of_the_report_if_respondents_skipped_the_question(raw, strict):
    """Three name business; two motivations weigh the same, and more than half of the 32 name either."""
    apart = 0 if strict else 1
    tables = [
        (sharing, partners, none)
        for sharing, partners, business, none in split(32, 4)
        if business == 3 and abs(sharing - partners) <= apart and sharing + partners > 16
    ]
    assert (14, 14, 1) in tables
    interpretation = Interpretation(skipped=True, strict=frozenset({"equally"} if strict else ()))
    found = find_values(build_questionnaire(raw), interpretation)
    assert found["motivation", "sharing", "all"] == sorted({one for one, _, _ in tables})
    assert found["motivation", "partners", "all"] == sorted({one for _, one, _ in tables})
    assert found["motivation", "sharing;partners", "all"] == sorted({one + other for one, other, _ in tables})
    assert found["motivation", "sharing", "all"] == list(range(9, 15) if strict else range(8, 16))


def test_jointly_counted_questions_can_be_skipped_apart_from_each_other():
    """Both countries have a respondent with a plan; ten have one, and most of the five are from Chile."""
    survey = build_tiny(
        state("has", "has", question="plan", side="LAC", unit="countries", members="Chile;Peru"),
        state("n", "has", question="plan", value=10),
        word("most", "cl", question="country", side="LAC"),
        word("named", "named", question="names", side="LAC"),
    )
    answers = [*itertools.product(("has", "not", ""), ("cl", "pe", ""))]
    # The people of one side by plan and country, and how many of the other side have a plan.
    tables = [
        (table, 10 - has)
        for table in (dict(zip(answers, numbers, strict=True)) for numbers in split(LAC, len(answers)))
        if (has := sum(table["has", one] for one in ("cl", "pe", ""))) >= 10 - EU
        and table["has", "cl"]
        and table["has", "pe"]
        and sum(table[one, "cl"] for one in ("has", "not", "")) * 2 > LAC
    ]

    def find_sums(place, answer):
        return sorted({sum(n for key, n in table.items() if key[place] == answer) for table, _ in tables})

    found = find_values(survey, SKIPPED)
    assert found["plan", "has", "LAC"] == find_sums(0, "has") == [3, 4, 5]
    assert found["plan", "not", "LAC"] == find_sums(0, "not") == [0, 1, 2]
    assert found["country", "cl", "LAC"] == find_sums(1, "cl") == [3, 4]
    assert found["country", "pe", "LAC"] == find_sums(1, "pe") == [1, 2]
    assert found["plan", "has", "EU"] == sorted({eu for _, eu in tables})
    assert found["names", "named", "LAC"] == [1, 2, 3, 4, 5], "one who names it may have skipped the country"
    assert found["respondents", "eu", "all"] == [EU], "everybody is of a side"


def test_shares_are_of_all_respondents_and_a_label_is_of_an_answer():
    survey = build_tiny(state("s", "a", unit="percent", value=50), state("t", unit="label", value=25))
    system = survey.build_system(["topic"], SKIPPED)
    first, second, third = (survey.sum_answers("topic", [one], "all") for one in "abc")
    assert feasible_values(system, first) == [6]
    # Two numbers in one: the second answer's count is that of the thirteens.
    both = feasible_values(system, {**dict.fromkeys(second, N + 1), **third})
    assert [divmod(one, N + 1) for one in both] == [(0, 3), (1, 3), (2, 3), (3, 0), (3, 1), (3, 2), (3, 3)]


def test_fewer_than_all_can_have_answered():
    survey = build_tiny(state("s", "a;b;c", value=9))
    assert find_conflicts(survey, Interpretation()) == [["all", "s"]]
    assert find_values(survey, SKIPPED)["topic", "a", "all"] == list(range(10))


def test_what_everybody_answered_is_as_published(raw):
    survey = build_questionnaire(raw)
    before, after = (find_values(survey, one) for one in (Interpretation(), SKIPPED))
    assert all({*values} <= {*after[key]} for key, values in before.items())
    assert before["satisfaction", "high", "all"] == after["satisfaction", "high", "all"] == [32]
    assert before.keys() == after.keys(), "those who skipped a question are not listed"


SAME = Interpretation(same=frozenset({("again", "topic")}))


def test_two_questions_that_are_one_have_the_same_counts():
    survey = build_tiny(
        state("s", "a", value=5),
        state("t", "b", side="EU", question="again", value=7),
        same={"again": "topic"},
    )
    assert ["topic", "again"] in survey.clusters
    found = find_values(survey, SAME)
    for option, side in itertools.product("abc", ("all", "EU", "LAC")):
        assert found["topic", option, side] == found["again", option, side]
    # All of one side say b, so that the five of the other say a.
    assert [found["again", one, "all"] for one in "abc"] == [[5], [7], [0]]
    apart = find_values(survey, Interpretation())
    assert (apart["again", "a", "all"], apart["topic", "b", "all"]) == ([0, 1, 2, 3, 4, 5], list(range(8)))
    assert survey.with_skips.same == survey.same


def test_statements_about_two_questions_that_are_one_can_conflict():
    survey = build_tiny(state("s", "a", value=5), state("t", "a", question="again", value=6), same={"again": "topic"})
    assert not find_conflicts(survey, Interpretation())
    assert find_conflicts(survey, SAME) == [["s", "t"]]


@pytest.mark.parametrize("other", ["plan", "tools", "country", "topics"])
def test_questions_with_other_answers_cannot_be_one(other):
    with pytest.raises(ValueError, match=f"question 'topic' cannot be the same as '{other}': expected a question with"):
        build_tiny(same={"topic": other})


def test_the_discovery_process_as_one_of_the_phases(raw):
    """31 rate it 4 or 5 and one rates it 3: all 32."""
    survey = build_questionnaire(raw)
    assert survey.same == {"relevance-edp": "relevance-analysis"}
    found = find_values(survey, Interpretation(same=frozenset(survey.same.items())))
    own = {options: found["relevance-analysis", options, "all"] for options in ("1", "2", "3", "4;5", "3;4;5")}
    assert own == {"1": [0], "2": [0], "3": [1], "4;5": [31], "3;4;5": [32]}
    assert {key[1:]: one for key, one in found.items() if key[0] == "relevance-edp"} == {
        key[1:]: one for key, one in found.items() if key[0] == "relevance-analysis"
    }


def test_the_table_of_counts_can_be_of_another_interpretation():
    table = build_feasible_table(build_tiny(state("s", "a", value=5), state("t", "b", value=7)), SKIPPED)
    fixed = table[(table["question"] == "topic") & (table["options"] == "c") & (table["side"] == "all")]
    assert fixed[["feasible", "fixed_by"]].values.tolist() == [["0", "all;s;t"]] * 2
