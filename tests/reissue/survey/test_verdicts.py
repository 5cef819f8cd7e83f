"""SurveyModel: what the other statements make of one."""

import pytest

from reissue.core.language import format_counts
from reissue.survey.interpretation import Interpretation
from reissue.survey.verdicts import FAILS, HOLDS, OPEN, SurveyFinding, SurveyModel
from tests.reissue.survey.tiny import said, tiny, word


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], "none"),
        ([3], "3"),
        ([3, 4], "3 or 4"),
        ([3, 5], "3 or 5"),
        ([28, 29, 30], "28 to 30"),
        ([7, 21, 22, 23], "7 or 21 to 23"),
        ([7, 21], "7 or 21"),
        ([1, 3, 5, 6, 7], "1, 3 or 5 to 7"),
    ],
)
def test_a_set_of_counts_in_words(values, words):
    assert format_counts(values) == words


def judge(*statements, ids=("claim",), **more):
    return SurveyModel(tiny(*statements), **more).judge(list(ids))


FIVE = said("five", "a", value=5)


def test_what_follows_from_the_others_holds():
    found = judge(FIVE, said("claim", "b;c", value=7))
    assert found == SurveyFinding(HOLDS, "it follows from the other statements: 7 is possible")


def test_what_cannot_be_beside_the_others_fails_and_they_are_named():
    found = judge(FIVE, said("idle", "b;c", unit="words", bound="named"), said("claim", "b;c", value=8))
    assert found == SurveyFinding(FAILS, "it cannot hold together with all, five: 7 is possible")


def test_what_the_others_leave_is_open():
    found = judge(FIVE, said("three", "b", value=3), said("claim", "b", side="EU", value=2))
    assert found == SurveyFinding(OPEN, "the other statements leave it open: 0 to 3 are possible")


def test_a_statement_is_no_witness_for_itself_nor_is_its_sentence():
    same = said("claim", "a", value=5, sentence="one"), said("beside", "b;c", value=7, sentence="one")
    assert judge(*same).result == OPEN
    assert judge(*same, FIVE).result == HOLDS


def test_statements_of_one_claim_are_judged_together():
    two = said("first", "b", value=3), said("second", "c", value=4)
    assert judge(FIVE, *two, ids=["first", "second"]).result == OPEN
    three = (*two, said("third", "a;b", value=8))
    assert judge(*three, ids=["first", "second"]) == SurveyFinding(OPEN, "the other statements leave it open")
    assert judge(FIVE, *three, ids=["first", "second"]) == SurveyFinding(HOLDS, "it follows from the other statements")


def test_where_the_others_conflict_nothing_is_said():
    found = judge(FIVE, said("six", "a", value=6), said("claim", "b", value=1))
    assert found == SurveyFinding(OPEN, "the other statements cannot hold together: five, six")


def test_what_bounds_no_count_is_open():
    found = judge(word("who knows", "a"), ids=["who knows"])
    assert found == SurveyFinding(OPEN, "no count follows from it: About who knows")


def test_a_comparison_names_no_counts():
    found = judge(said("most", "a", value=7), word("highest", "a", against="topic:b|topic:c"), ids=["highest"])
    assert found == SurveyFinding(HOLDS, "it follows from the other statements")


def test_the_reading_decides():
    said_ = said("a", "a", value=4), said("b", "b", value=3), word("equally", "a;b")
    assert judge(*said_, ids=["equally"]).result == HOLDS
    assert judge(*said_, ids=["equally"], interpretation=Interpretation(strict=frozenset({"equally"}))).result == FAILS


# The numbers of respondents.


def test_sizes_follow_from_each_other():
    found = judge(ids=["all"])
    assert found == SurveyFinding(HOLDS, "it follows from the other statements: 12 is possible")


def test_a_size_that_a_question_rules_out_fails():
    found = judge(said("claim", question="respondents", side="LAC", value=6), ids=["claim"])
    assert found == SurveyFinding(FAILS, "the other statements leave it out: 5 is possible")


def test_a_size_that_is_told_once_is_bounded_by_every_question():
    sizes = [
        said("all", question="respondents", value=12),
        said("eu", question="respondents", side="EU", value=7, sentence="sides"),
        said("lac", question="respondents", side="LAC", value=5, sentence="sides"),
    ]
    survey = tiny(
        said("four", "a", side="LAC", value=4),
        said("six", "x", question="tools", side="EU", value=6),
        sizes=sizes,
    )
    assert SurveyModel(survey).judge(["eu"]) == SurveyFinding(
        OPEN, "the other statements leave it open: 6 to 8 are possible"
    )
    assert SurveyModel(survey).judge(["lac"]) == SurveyFinding(
        OPEN, "the other statements leave it open: 4 to 6 are possible"
    )


# With the answers at hand.

ANSWERS = {"topic.a.EU": 3, "topic.a.LAC": 2, "topic.b.EU": 4, "topic.b.LAC": 0}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (said("claim", "a", value=5), SurveyFinding(HOLDS, "counted in the answers: 5 answered so")),
        (said("claim", "a", value=6), SurveyFinding(FAILS, "counted in the answers: 5 answered so")),
        (said("claim", "a;b", unit="percent", value=75), SurveyFinding(HOLDS, "counted in the answers: 9 answered so")),
        (said("claim", "a;b", unit="words", bound="equally"), SurveyFinding(HOLDS, "counted in the answers")),
        (said("claim", "c", value=0), SurveyFinding(OPEN, "the answers do not tell topic.c.EU")),
    ],
)
def test_answers_decide_alone(statement, expected):
    against = said("against", "a", value=9)
    assert judge(against, statement, answers=ANSWERS) == expected


def test_a_label_holds_where_some_answer_has_it():
    whole = {**ANSWERS, "topic.c.EU": 0, "topic.c.LAC": 3}
    assert judge(said("claim", unit="label", value=25), answers=whole).result == HOLDS
    assert judge(said("claim", unit="label", value=50), answers=whole).result == FAILS
