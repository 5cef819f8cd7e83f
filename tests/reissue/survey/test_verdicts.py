"""SurveyModel: whether the other statements leave a statement true, false or open."""

import pytest

from reissue.survey.interpretation import Interpretation
from reissue.survey.verdicts import FAILS, HOLDS, OPEN, SurveyFinding, SurveyModel
from tests.reissue.survey.tiny import build_tiny, state, word


def judge(*statements, ids=("claim",), **more):
    return SurveyModel(build_tiny(*statements), **more).judge(list(ids))


FIVE = state("five", "a", value=5)


@pytest.mark.parametrize(
    ("statements", "claim", "result", "evidence"),
    [
        ([FIVE], {"options": "b;c", "value": 7}, HOLDS, "it follows from the other statements: 7 is possible"),
        (
            [FIVE, word("named", "b;c")],
            {"options": "b;c", "value": 8},
            FAILS,
            "it cannot hold together with all, five: 7 is possible",
        ),
        (
            [FIVE, state("three", "b", value=3)],
            {"options": "b", "side": "EU", "value": 2},
            OPEN,
            "the other statements leave it open: 0 to 3 are possible",
        ),
        (
            [FIVE, state("six", "a", value=6)],
            {"options": "b", "value": 1},
            OPEN,
            "the other statements cannot hold together: five, six",
        ),
        ([], {"options": "a", "unit": "words", "bound": "who knows"}, OPEN, "no count follows from it: About claim"),
        (
            [state("most", "a", value=7)],
            {"options": "a", "unit": "words", "bound": "highest", "against": "topic:b|topic:c"},
            HOLDS,
            "it follows from the other statements",
        ),
        (
            [],
            {"question": "respondents", "side": "LAC", "value": 6},
            FAILS,
            "the other statements leave it out: 5 is possible",
        ),
    ],
)
def test_verdicts_by_the_other_statements(statements, claim, result, evidence):
    found = judge(*statements, state("claim", **claim))
    assert (found.result, found.evidence) == (result, evidence)
    assert bool(found.against) == evidence.startswith("it cannot hold together with")


def test_a_statement_is_not_evidence_for_itself_nor_is_its_sentence():
    same = state("claim", "a", value=5, sentence="one"), state("beside", "b;c", value=7, sentence="one")
    assert judge(*same).result == OPEN
    assert judge(*same, FIVE).result == HOLDS


def test_statements_of_one_claim_are_judged_together():
    two = state("first", "b", value=3), state("second", "c", value=4)
    assert judge(FIVE, *two, ids=["first", "second"]).result == OPEN
    three = (*two, state("third", "a;b", value=8))
    assert judge(*three, ids=["first", "second"]) == SurveyFinding(OPEN, "the other statements leave it open")
    assert judge(FIVE, *three, ids=["first", "second"]) == SurveyFinding(HOLDS, "it follows from the other statements")


def test_the_interpretation_decides():
    statements = state("a", "a", value=4), state("b", "b", value=3), word("equally", "a;b")
    strict = Interpretation(strict=frozenset({"equally"}))
    assert judge(*statements, ids=["equally"]).result == HOLDS
    assert judge(*statements, ids=["equally"], interpretation=strict).result == FAILS


ANSWERS = {"topic.a.EU": 3, "topic.a.LAC": 2, "topic.b.EU": 4, "topic.b.LAC": 0}
WHOLE = {**ANSWERS, "topic.c.EU": 0, "topic.c.LAC": 3}


@pytest.mark.parametrize(
    ("answers", "statement", "result", "evidence"),
    [
        (ANSWERS, {"options": "a", "value": 5}, HOLDS, "counted in the answers: 5 answered so"),
        (ANSWERS, {"options": "a", "value": 6}, FAILS, "counted in the answers: 5 answered so"),
        (ANSWERS, {"options": "a;b", "unit": "percent", "value": 75}, HOLDS, "counted in the answers: 9 answered so"),
        (ANSWERS, {"options": "a;b", "unit": "words", "bound": "equally"}, HOLDS, "counted in the answers"),
        (ANSWERS, {"options": "c", "value": 0}, OPEN, "the answers do not have topic.c.EU"),
        # A label of unknown answer holds if some answer has it.
        (WHOLE, {"unit": "label", "value": 25}, HOLDS, "counted in the answers"),
        (WHOLE, {"unit": "label", "value": 50}, FAILS, "counted in the answers"),
    ],
)
def test_the_answers_alone_decide_where_they_are_known(answers, statement, result, evidence):
    contradiction = state("against", "a", value=9)
    assert judge(contradiction, state("claim", **statement), answers=answers) == SurveyFinding(result, evidence)
