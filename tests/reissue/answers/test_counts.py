"""From answers to counts and to what they change, on datasets that satisfy the report."""

import pytest

from iucresearch.analysis import analyse
from iucresearch.clean import clean
from iucresearch.questionnaire import build_questionnaire
from reissue.answers import counts
from reissue.answers.draws import draw_datasets
from reissue.ledger import judge
from reissue.ledger.changes import find_changes
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.verdicts import SurveyModel


@pytest.fixture(scope="module")
def given(survey_model):
    return draw_datasets(survey_model.questionnaire, 3, 11).build_answers(2)


def test_cells_are_counted_one_by_one(survey_model, given):
    cells = counts.count_cells(survey_model.questionnaire, given)
    lac = given[(given["group"] == "LAC") & given["chosen"]]
    by_person = lac.pivot_table(index="respondent", columns="question", values="option", aggfunc="first")
    both = (by_person["strategy"] == "has") & (by_person["country"] == "peru")
    assert cells["strategy.has.LAC.peru"] == int(both.sum())
    assert cells["respondents.eu.all"] == 17
    eu = given[(given["group"] == "EU") & (given["question"] == "motivation") & (given["option"] == "partners")]
    assert cells["motivation.partners.EU"] == len(eu)
    assert cells["relevance-edp.4;5.all"] == 31


def test_counts_are_exact_and_add_up(survey_model, given):
    table = build_answer_table(survey_model.questionnaire, counts.count_cells(survey_model.questionnaire, given))
    assert (table["least"] == table["most"]).all()
    assert set(table["fixed_by"]) == {"answers"}
    whole = table[(table["question"] == "salience") & ~table["options"].str.contains(";")]
    assert whole.groupby("side")["least"].sum().to_dict() == {"all": 32, "EU": 17, "LAC": 15}


def test_a_question_that_is_not_in_the_file_stays_open(survey_model, given):
    without = given[given["question"] != "salience"]
    table = build_answer_table(survey_model.questionnaire, counts.count_cells(survey_model.questionnaire, without))
    own = table[(table["question"] == "salience") & (table["side"] == "EU")]
    assert set(zip(own["least"], own["most"], strict=True)) == {(0, 17)}
    assert own["fixed_by"].isna().all()
    finding = SurveyModel(
        survey_model.questionnaire, answers=counts.count_cells(survey_model.questionnaire, without)
    ).judge(["salience-marginal"])
    assert (finding.result, finding.evidence) == ("open", "the answers do not tell salience.marginal.EU")


def test_answers_that_satisfy_the_report_contradict_nothing(raw, processed, given):
    tables = analyse(raw, clean(raw), answers=counts.count_cells(build_questionnaire(raw), given))
    before, after = processed["claims"].set_index("id"), tables["claims"].set_index("id")
    consistent = before.index[before["verdict"] == "consistent"]
    assert (after.loc[consistent, "verdict"] == "consistent").all()
    assert set(tables["changes"]["effect"]) == {"settled", "confirmed"}
    own = before[(before["check"] == "survey") & (before["verdict"] == "undetermined")].index
    left = set(own) - set(tables["changes"]["id"])
    assert left == {"p17-face-to-face-mentions"}, "no count follows from it, whoever has the answers"


def test_one_answer_changed_is_told_with_its_count(raw, processed, survey_model, given):
    moved = given.copy()
    business = moved.index[(moved["question"] == "motivation") & (moved["option"] == "business")][0]
    moved.loc[business, "option"] = "sharing"
    bench = SurveyModel(survey_model.questionnaire, answers=counts.count_cells(survey_model.questionnaire, moved))
    after = judge(raw["claims"], processed, raw["readings"], bench)
    told = find_changes(processed["claims"], after).set_index("id")
    assert told.at["p17-business-motivation", "effect"] == "contradicted"
    assert told.at["p17-business-motivation", "evidence"] == "counted in the answers: 2 answered so"
    assert told["effect"].iloc[0] == "contradicted", "contradictions come first"
