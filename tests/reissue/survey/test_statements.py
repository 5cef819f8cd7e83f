"""Statements to systems: each rule on a questionnaire of a few lines, and what follows for the report by hand."""

import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import conflicts, feasible, feasible_values
from reissue.survey.interpretation import Interpretation
from tests.reissue.survey.tiny import EU, LAC, build_tiny, state, word

N = EU + LAC
LITERAL, TIGHT = Interpretation(), Interpretation(tight=True)
#: Every way to distribute all people over three answers.
SHARES = [(a, b, N - a - b) for a in range(N + 1) for b in range(N + 1 - a)]


def find_shares(statement, interpretation=LITERAL):
    """The ways to distribute all people over the answers that a statement allows."""
    system = build_tiny(statement).build_system(["topic"], interpretation)
    first, second, third = ({f"topic.{one}.{side}": 1 for side in ("EU", "LAC")} for one in "abc")
    assert feasible_values(system, {**first, **second, **third}) in ([N], [])
    # Two numbers in one: the first answer's count is that of the thirteens.
    both = feasible_values(system, {**dict.fromkeys(first, N + 1), **second})
    return [(one // (N + 1), one % (N + 1), N - one // (N + 1) - one % (N + 1)) for one in both]


def select_shares(holds):
    return [one for one in SHARES if holds(*one)]


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        (state("s", "a", value=4), lambda a, b, c: a == 4),
        (state("s", "a;c", value=4), lambda a, b, c: a + c == 4),
        (state("s", "b", bound="all"), lambda a, b, c: b == N),
        (state("s", "a", unit="percent", value=33), lambda a, b, c: a == 4),
        (state("s", "a;b", unit="percent", bound="more than", value=66), lambda a, b, c: a + b > 7),
        # A chart label whose slice is unknown.
        (state("s", unit="label", value=25), lambda a, b, c: 3 in (a, b, c)),
        (state("s", "a;b", unit="mentions", value=9), lambda a, b, c: a + b == 9),
        # A part of all, and of the answers that it is compared with.
        (word("most", "a"), lambda a, b, c: a > N / 2),
        (word("most", "a", against="topic:a;b"), lambda a, b, c: a > (a + b) / 2),
        # 81% to 99%.
        (state("s", "a", unit="percent", bound="around", value=90), lambda a, b, c: a in (10, 11)),
        (word("equally", "a;b"), lambda a, b, c: abs(a - b) <= 1),
        (word("named", "a;b"), lambda a, b, c: a >= 1 and b >= 1),
        (word("spread", "a;b"), lambda a, b, c: a + b >= 1),
        (word("highest", "a", against="topic:b|topic:c"), lambda a, b, c: a >= b and a >= c),
        (word("highest", "a", against="topic:b;c"), lambda a, b, c: a >= b + c),
        (word("several", "a;b"), lambda a, b, c: a + b >= 3),
        (word("an unknown word", "a"), lambda a, b, c: True),
    ],
)
def test_what_a_statement_requires(statement, holds):
    assert find_shares(statement) == select_shares(holds)


@pytest.mark.parametrize(
    ("reading", "statement", "holds"),
    [
        ("strict", state("s", "a", unit="percent", bound="around", value=50), lambda a, b, c: a == N // 2),
        ("strict", word("equally", "a;b"), lambda a, b, c: a == b),
        ("strict", word("highest", "a", against="topic:b|topic:c"), lambda a, b, c: a > b and a > c),
        # It has no strict meaning.
        ("strict", word("most", "a"), lambda a, b, c: a > N / 2),
        ("used", word("no-one", "a;b"), lambda a, b, c: a + b == 0),
        ("used", word("on the axis", "a;b", value=30), lambda a, b, c: a <= 3 and b <= 3),
    ],
)
def test_a_quantifier_taken_strictly_or_only_used_by_an_interpretation(reading, statement, holds):
    assert reading == "strict" or find_shares(statement) == SHARES
    assert find_shares(statement, Interpretation(**{reading: frozenset({statement["bound"]})})) == select_shares(holds)


def test_quantifiers_that_bound_no_count_and_those_left_out_by_an_interpretation():
    survey = build_tiny(word("an unknown word", "a"))
    assert not survey.is_binding("an unknown word")
    assert survey.build_system(["topic"]).labels() == ["all", "eu", "lac"]
    most = word("most", "a")
    assert find_shares(most, Interpretation(without=frozenset({"most"}))) == SHARES
    assert find_shares(most, Interpretation(without=frozenset({"equally"}))) == select_shares(lambda a, b, c: a > 6)


@pytest.mark.parametrize(("limit", "literal", "tight"), [(66, 8, [8]), (60, 8, []), (74, 9, [9])])
def test_a_bound_read_tightly(limit, literal, tight):
    """Eight of twelve are 66.7%, nine are 75%: more than 60 is true of eight, but so is more than 61."""
    bound = state("s", "a", unit="percent", bound="more than", value=limit)
    assert find_shares(bound) == select_shares(lambda a, b, c: a >= literal)
    assert find_shares(bound, TIGHT) == select_shares(lambda a, b, c: a in tight)


@pytest.mark.parametrize(("rule", "printed"), [("half_up", 67), ("trunc", 66)])
def test_rounding_follows_the_interpretation(rule, printed):
    eight = select_shares(lambda a, b, c: a == 8)
    for value in (66, 67):
        found = find_shares(state("s", "a", unit="percent", value=value), Interpretation(rule))
        assert found == (eight if value == printed else [])


def test_statements_about_one_side():
    survey = build_tiny(state("s", "a", side="LAC", bound="all"), word("most", "b", side="EU"))
    found = feasible(survey.build_system(["topic"]))
    assert (found["topic.a.LAC"], found["topic.c.LAC"]) == ([LAC], [0])
    assert (found["topic.b.EU"], found["topic.c.EU"]) == ([4, 5, 6, 7], [0, 1, 2, 3])
    survey = build_tiny(state("s", "a", side="LAC", unit="percent", value=40))
    assert feasible(survey.build_system(["topic"]))["topic.a.LAC"] == [2], "of five"


JOINT = (
    state("has", "has", question="plan", side="LAC", unit="countries", members="Chile;Peru"),
    state("names", "named", question="names", side="LAC", unit="countries", members="Peru"),
)


def test_jointly_counted_and_compared_questions_form_clusters():
    assert build_tiny().clusters == [["respondents"], ["topic"], ["plan", "names", "country"], ["tools"]]
    assert ["topic", "tools"] in build_tiny(word("most", "a", against="tools:x")).clusters


def test_each_country_named_has_a_respondent():
    survey = build_tiny(*JOINT)
    system = survey.build_system(["plan", "names", "country"])
    assert feasible_values(system, survey.sum_answers("plan", ["has"], "LAC")) == [2, 3, 4, 5]
    assert feasible_values(system, survey.sum_answers("country", ["cl"], "LAC")) == [1, 2, 3, 4]
    assert feasible_values(system, survey.sum_answers("names", ["named"], "LAC")) == [1, 2, 3, 4, 5]


@pytest.fixture(scope="module")
def survey(raw):
    return build_questionnaire(raw)


STEPS = [f"support-{one}" for one in ("analysis", "governance", "vision", "priorities", "policy-mix", "cooperation")]
PHASES = [one.replace("support", "relevance") for one in STEPS]


@pytest.mark.parametrize(
    ("questions", "options", "side", "interpretation", "expected"),
    [
        # All 15 of Latin America are among the 28; so 13 of 17 are European, and so are the three and the one.
        (["familiarity"], "very;broadly", "EU", LITERAL, [13]),
        (["familiarity"], "very;broadly", "LAC", LITERAL, [15]),
        (["familiarity"], "vaguely", "EU", LITERAL, [3]),
        (["familiarity"], "not", "EU", LITERAL, [1]),
        # 32 less 3 is 29, which two equally frequent answers share.
        (["motivation"], "business", "all", LITERAL, [3]),
        (["motivation"], "sharing", "all", LITERAL, [14, 15]),
        # 28 to 30 are main or important; one of them is the 22% that Figure 8 prints: 7 of 32.
        (["salience"], "main", "all", LITERAL, [7, 21, 22, 23]),
        (["salience"], "marginal", "all", LITERAL, [2]),
        (["salience"], "other", "all", LITERAL, [0, 1, 2]),
        (["salience"], "main", "all", TIGHT, [7, 21]),
        (["salience"], "other", "all", TIGHT, [2]),
        # 8 rate monitoring low, the most of all phases; so 24 or more rate any other high, and at most 31 do.
        (PHASES, "4;5", "all", LITERAL, list(range(24, 32))),
        (["relevance-monitoring"], "4;5", "all", LITERAL, [24]),
        (["relevance-edp"], "1;2", "all", LITERAL, [0]),
        # Above 65% is 21 or more; around 20% is 6 or 7, which leaves 26 at most.
        (STEPS, "some;structured", "all", LITERAL, list(range(21, 27))),
        (STEPS, "minimal;information", "all", LITERAL, [6, 7]),
        (STEPS, "some;structured", "all", TIGHT, [21]),
        # 16 mentions of two kinds of workshop: one has 8 or more, and meetings at least as many.
        (["exchange"], "face-to-face", "all", LITERAL, list(range(8, 33))),
        (["exchange"], "general-workshops", "all", LITERAL, list(range(1, 16))),
        (["strategy"], "has;aims", "all", LITERAL, [30, 31, 32]),
        (["strategy"], "has;aims", "all", TIGHT, [30]),
        # Four countries have a strategy and four aim at one; 15 respondents are from Latin America.
        (["strategy"], "has", "LAC", LITERAL, list(range(4, 12))),
    ],
)
def test_counts_of_the_report(survey, questions, options, side, interpretation, expected):
    for question in questions:
        cluster = next(one for one in survey.clusters if question in one)
        system = survey.build_system(cluster, interpretation)
        assert feasible_values(system, survey.sum_answers(question, options.split(";"), side)) == expected, question


def test_all_statements_hold_together_as_published(survey):
    for interpretation in (LITERAL, TIGHT):
        assert not any(conflicts(survey.build_system(cluster, interpretation)) for cluster in survey.clusters)
