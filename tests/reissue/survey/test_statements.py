"""Statements to systems: each rule on a questionnaire of a few lines, and what follows for the report by hand."""

import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import conflicts, feasible, feasible_values
from reissue.survey.interpretation import Interpretation
from tests.reissue.survey.tiny import EU, LAC, said, tiny, word

N = EU + LAC
#: Every way to share out all people among three answers.
SHARES = [(a, b, N - a - b) for a in range(N + 1) for b in range(N + 1 - a)]


def leaves(system, question="topic", options="abc"):
    """The ways to share out all people among the answers that the system allows, counted from pairs of answers."""
    forms = [{f"{question}.{one}.{side}": 1 for side in ("EU", "LAC")} for one in options]
    first, second, third = forms
    # Two numbers in one: the first answer's count in the thirteens.
    both = feasible_values(system, {**dict.fromkeys(first, N + 1), **second})
    assert feasible_values(system, {**first, **second, **third}) in ([N], [])
    return [(one // (N + 1), one % (N + 1), N - one // (N + 1) - one % (N + 1)) for one in both]


def shares(holds):
    return [one for one in SHARES if holds(*one)]


def under(statement, reading=Interpretation()):  # noqa: B008
    return leaves(tiny(statement).build_system(["topic"], reading))


def test_without_statements_everything_is_possible():
    assert leaves(tiny().build_system(["topic"])) == SHARES


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        pytest.param(said("s", "a", value=4), lambda a, b, c: a == 4, id="a count"),
        pytest.param(said("s", "a;c", value=4), lambda a, b, c: a + c == 4, id="a count of two answers"),
        pytest.param(said("s", "b", bound="all"), lambda a, b, c: b == N, id="all"),
        pytest.param(said("s", "a", unit="percent", value=33), lambda a, b, c: a == 4, id="a percentage"),
        pytest.param(
            said("s", "a;b", unit="percent", bound="more than", value=66), lambda a, b, c: a + b > 7, id="more than"
        ),
        pytest.param(
            said("s", unit="label", value=25), lambda a, b, c: 3 in (a, b, c), id="a label whose slice is not told"
        ),
        pytest.param(said("s", "a;b", unit="mentions", value=9), lambda a, b, c: a + b == 9, id="mentions"),
        pytest.param(word("most", "a"), lambda a, b, c: a > N / 2, id="part: of all"),
        pytest.param(word("most", "a", against="topic:a;b"), lambda a, b, c: a > (a + b) / 2, id="part: of some"),
        pytest.param(
            said("s", "a", unit="percent", bound="around", value=90),
            lambda a, b, c: a in (10, 11),  # 81% to 99%
            id="near",
        ),
        pytest.param(word("equally", "a;b"), lambda a, b, c: abs(a - b) <= 1, id="apart"),
        pytest.param(word("named", "a;b"), lambda a, b, c: a >= 1 and b >= 1, id="each"),
        pytest.param(word("spread", "a;b"), lambda a, b, c: a + b >= 1, id="each: together"),
        pytest.param(word("highest", "a", against="topic:b|topic:c"), lambda a, b, c: a >= b and a >= c, id="first"),
        pytest.param(word("highest", "a", against="topic:b;c"), lambda a, b, c: a >= b + c, id="first: before a sum"),
        pytest.param(word("several", "a;b"), lambda a, b, c: a + b >= 3, id="at least"),
    ],
)
def test_what_a_statement_says(statement, holds):
    assert under(statement) == shares(holds)


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        pytest.param(said("s", "a", unit="percent", bound="around", value=50), lambda a, b, c: a == N // 2, id="near"),
        pytest.param(word("equally", "a;b"), lambda a, b, c: a == b, id="apart"),
        pytest.param(word("highest", "a", against="topic:b|topic:c"), lambda a, b, c: a > b and a > c, id="first"),
        pytest.param(word("most", "a"), lambda a, b, c: a > N / 2, id="part: it has no strict reading"),
    ],
)
def test_a_word_taken_strictly(statement, holds):
    assert under(statement, Interpretation(strict=frozenset({statement["bound"]}))) == shares(holds)


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        pytest.param(word("nobody", "a;b"), lambda a, b, c: a + b == 0, id="at most"),
        pytest.param(
            word("on the axis", "a;b", value=30), lambda a, b, c: a <= 3 and b <= 3, id="at most a percentage"
        ),
    ],
)
def test_a_word_set_aside_counts_only_where_it_is_used(statement, holds):
    assert under(statement) == SHARES
    assert under(statement, Interpretation(used=frozenset({statement["bound"]}))) == shares(holds)


def test_a_word_left_out_says_nothing():
    assert under(word("most", "a"), Interpretation(without=frozenset({"most"}))) == SHARES
    assert under(word("most", "a"), Interpretation(without=frozenset({"equally"}))) == shares(lambda a, b, c: a > 6)


@pytest.mark.parametrize(("limit", "literal", "tight"), [(66, 8, [8]), (60, 8, []), (74, 9, [9])])
def test_a_bound_read_tightly(limit, literal, tight):
    """Eight of twelve are 66.7%, nine are 75%: more than 60 is true of eight, but so is more than 61."""
    bound = said("s", "a", unit="percent", bound="more than", value=limit)
    assert under(bound) == shares(lambda a, b, c: a >= literal)
    assert under(bound, Interpretation(tight=True)) == shares(lambda a, b, c: a in tight)


@pytest.mark.parametrize(("rule", "printed"), [("half_up", 67), ("trunc", 66)])
def test_rounding_is_as_the_reading_says(rule, printed):
    eight = shares(lambda a, b, c: a == 8)
    for value in (66, 67):
        assert under(said("s", "a", unit="percent", value=value), Interpretation(rule)) == (
            eight if value == printed else []
        )


def test_what_bounds_no_count_is_left_out():
    survey = tiny(word("an unknown word", "a"))
    assert not survey.is_binding("an unknown word")
    assert survey.build_system(["topic"]).labels() == ["all", "eu", "lac"]


def test_a_side_has_its_own_people():
    survey = tiny(said("s", "a", side="LAC", bound="all"), word("most", "b", side="EU"))
    found = feasible(survey.build_system(["topic"]))
    assert found["topic.a.LAC"] == [LAC]
    assert found["topic.c.LAC"] == [0]
    assert found["topic.b.EU"] == [4, 5, 6, 7]
    assert found["topic.c.EU"] == [0, 1, 2, 3]


def test_a_percentage_of_a_side_is_of_its_people():
    survey = tiny(said("s", "a", side="LAC", unit="percent", value=40))
    assert feasible(survey.build_system(["topic"]))["topic.a.LAC"] == [2]


def test_one_may_tick_several_answers_but_each_once():
    survey = tiny(said("s", "x;y", question="tools", unit="mentions", value=20))
    system = survey.build_system(["tools"])
    assert feasible_values(system, survey.sum_answers("tools", ["x"], "all")) == list(range(8, N + 1))
    assert feasible_values(system, survey.sum_answers("tools", ["x"], "EU")) == list(range(3, EU + 1))


# Counted jointly.


def joint(*statements):
    return tiny(
        said("has", "has", question="plan", side="LAC", unit="countries", members="Chile;Peru"),
        said("names", "named", question="names", side="LAC", unit="countries", members="Peru"),
        *statements,
    )


def test_answers_counted_jointly_have_a_cell_per_country():
    survey = joint()
    cells = survey.build_system(["plan", "names", "country"]).cells
    assert {name for name in cells if name.startswith("plan.has")} == {
        "plan.has.EU",
        "plan.has.LAC.cl",
        "plan.has.LAC.pe",
    }
    assert survey.sum_answers("country", ["cl"], "LAC") == {"plan.has.LAC.cl": 1, "plan.not.LAC.cl": 1}
    assert not survey.sum_answers("country", ["cl"], "EU"), "a country is of one side alone"
    assert not any(name.startswith("country") for name in cells)


def test_questions_counted_jointly_hang_together():
    assert tiny().clusters == [["respondents"], ["topic"], ["plan", "names", "country"], ["tools"]]
    tied = tiny(word("most", "a", against="tools:x"))
    assert ["topic", "tools"] in tied.clusters


def test_somebody_from_each_country_named():
    survey = joint()
    system = survey.build_system(["plan", "names", "country"])
    assert feasible_values(system, survey.sum_answers("plan", ["has"], "LAC")) == [2, 3, 4, 5]
    assert feasible_values(system, survey.sum_answers("country", ["cl"], "LAC")) == [1, 2, 3, 4]
    assert feasible_values(system, survey.sum_answers("names", ["named"], "LAC")) == [1, 2, 3, 4, 5]


def test_no_more_people_of_a_country_name_a_thing_than_there_are():
    survey = joint(
        said("five", "named", question="names", side="LAC", value=5),
        said("none", "not", question="plan", side="LAC", value=0),
        said("three", "cl", question="country", side="LAC", value=3),
    )
    found = feasible(survey.build_system(["plan", "names", "country"]))
    assert (found["names.named.LAC.cl"], found["names.named.LAC.pe"]) == ([3], [2])
    assert (found["plan.has.LAC.cl"], found["plan.has.LAC.pe"]) == ([3], [2])
    assert found["names.named.EU"] == list(range(EU + 1))


# The report, worked out by hand.


@pytest.fixture(scope="module")
def survey(raw):
    return build_questionnaire(raw)


def count(survey, question, options, side="all", reading=Interpretation()):  # noqa: B008
    cluster = next(one for one in survey.clusters if question in one)
    return feasible_values(survey.build_system(cluster, reading), survey.sum_answers(question, options, side))


TIGHT = Interpretation(tight=True)


def test_familiarity_by_side(survey):
    """All 15 of Latin America are among the 28; so 13 of 17 are European, and so are the three and the one."""
    by_side = {
        options: [count(survey, "familiarity", options.split(";"), side) for side in ("EU", "LAC")]
        for options in ("very;broadly", "vaguely", "not")
    }
    assert by_side == {"very;broadly": [[13], [15]], "vaguely": [[3], [0]], "not": [[1], [0]]}


def test_motivations(survey):
    """32 less 3 is 29, which two that weigh the same share 14 to 15."""
    assert count(survey, "motivation", ["business"]) == [3]
    assert count(survey, "motivation", ["sharing"]) == count(survey, "motivation", ["partners"]) == [14, 15]


def test_salience(survey):
    """28 to 30 are main or important; one of them is the 22% that Figure 8 prints: 7 of 32."""
    assert count(survey, "salience", ["main"]) == count(survey, "salience", ["important"]) == [7, 21, 22, 23]
    assert count(survey, "salience", ["marginal"]) == [2]
    assert count(survey, "salience", ["other"]) == [0, 1, 2]
    assert count(survey, "salience", ["main"], reading=TIGHT) == [7, 21]
    assert count(survey, "salience", ["other"], reading=TIGHT) == [2]


def test_relevance(survey):
    """8 rate monitoring low, the most of all phases; so 24 or more rate any other high, and at most 31 do."""
    others = [
        f"relevance-{one}" for one in ("analysis", "governance", "vision", "priorities", "policy-mix", "cooperation")
    ]
    for phase in others:
        assert count(survey, phase, ["4", "5"]) == list(range(24, 32))
        assert count(survey, phase, ["1", "2", "3"]) == list(range(1, 9))
    assert count(survey, "relevance-monitoring", ["4", "5"]) == [24]
    assert count(survey, "relevance-edp", ["1", "2"]) == [0]


def test_support_on_steps(survey):
    """Above 65% is 21 or more; around 20% is 6 or 7, which leaves 26 at most."""
    for step in ("analysis", "governance", "vision", "priorities", "policy-mix", "cooperation"):
        assert count(survey, f"support-{step}", ["some", "structured"]) == list(range(21, 27))
        assert count(survey, f"support-{step}", ["minimal", "information"]) == [6, 7]
        assert count(survey, f"support-{step}", ["some", "structured"], reading=TIGHT) == [21]


def test_exchange(survey):
    """16 mentions of two kinds of workshop: one has 8 or more, and meetings no fewer."""
    assert count(survey, "exchange", ["face-to-face"]) == list(range(8, 33))
    assert count(survey, "exchange", ["general-workshops"]) == list(range(1, 16))


def test_strategy(survey):
    assert count(survey, "strategy", ["has", "aims"]) == [30, 31, 32]
    assert count(survey, "strategy", ["has", "aims"], reading=TIGHT) == [30]
    # Four countries have one and four aim at one; of Latin America are 15.
    assert count(survey, "strategy", ["has"], "LAC") == list(range(4, 12))
    assert count(survey, "country", ["mexico"], "LAC")[0] == 2


def test_all_statements_hold_together_as_published(survey):
    for reading in (Interpretation(), TIGHT):
        assert [conflicts(survey.build_system(cluster, reading)) for cluster in survey.clusters] == [[]] * len(
            survey.clusters
        )
