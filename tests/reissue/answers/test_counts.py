"""From answers to counts and to what they change, on datasets that satisfy the report."""

import pytest

from iucresearch.analysis import analyse
from iucresearch.clean import clean
from reissue.answers.counts import count_cells
from reissue.answers.draws import draw_datasets
from reissue.ledger import judge
from reissue.ledger.judge import find_changes
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.verdicts import SurveyModel


@pytest.fixture(scope="module")
def answers(survey_model):
    return draw_datasets(survey_model.questionnaire, 3, 11).build_answers(2)


def test_cells_and_the_table_of_counts(survey_model, answers):
    cells = count_cells(survey_model.questionnaire, answers)
    lac = answers[(answers["group"] == "LAC") & answers["chosen"]]
    by_person = lac.pivot_table(index="respondent", columns="question", values="option", aggfunc="first")
    both = (by_person["strategy"] == "has") & (by_person["country"] == "peru")
    assert cells["strategy.has.LAC.peru"] == int(both.sum())
    assert cells["respondents.eu.all"] == 17
    is_eu_partner = (
        (answers["group"] == "EU") & (answers["question"] == "motivation") & (answers["option"] == "partners")
    )
    assert cells["motivation.partners.EU"] == is_eu_partner.sum()
    assert cells["relevance-edp.4;5.all"] == 31
    table = build_answer_table(survey_model.questionnaire, cells)
    assert (table["least"] == table["most"]).all()
    assert set(table["fixed_by"]) == {"answers"}
    whole = table[(table["question"] == "salience") & ~table["options"].str.contains(";")]
    assert whole.groupby("side")["least"].sum().to_dict() == {"all": 32, "EU": 17, "LAC": 15}


def test_a_question_that_is_not_in_the_file_stays_open(survey_model, answers):
    survey = survey_model.questionnaire
    cells = count_cells(survey, answers[answers["question"] != "salience"])
    table = build_answer_table(survey, cells)
    own = table[(table["question"] == "salience") & (table["side"] == "EU")]
    assert set(zip(own["least"], own["most"], strict=True)) == {(0, 17)}
    assert own["fixed_by"].isna().all()
    finding = SurveyModel(survey, answers=cells).judge(["salience-marginal"])
    assert (finding.result, finding.evidence) == ("open", "the answers do not have salience.marginal.EU")


def test_answers_that_satisfy_the_report_contradict_nothing(raw, processed, survey_model, answers):
    tables = analyse(raw, clean(raw), answers=count_cells(survey_model.questionnaire, answers))
    before, after = processed["claims"].set_index("id"), tables["claims"].set_index("id")
    consistent = before.index[before["verdict"] == "consistent"]
    assert (after.loc[consistent, "verdict"] == "consistent").all()
    assert set(tables["changes"]["effect"]) == {"settled", "confirmed"}
    own = before[(before["check"] == "survey") & (before["verdict"] == "undetermined")].index
    left = set(own) - set(tables["changes"]["id"])
    assert left == {"p17-face-to-face-mentions"}, "no count follows from this statement, even with the answers"


def test_one_changed_answer_is_reported_with_its_count(raw, processed, survey_model, answers):
    moved = answers.copy()
    business = moved.index[(moved["question"] == "motivation") & (moved["option"] == "business")][0]
    moved.loc[business, "option"] = "sharing"
    model = SurveyModel(survey_model.questionnaire, answers=count_cells(survey_model.questionnaire, moved))
    changes = find_changes(processed["claims"], judge(raw["claims"], processed, raw["readings"], model)).set_index("id")
    assert changes.at["p17-business-motivation", "effect"] == "contradicted"
    assert changes.at["p17-business-motivation", "evidence"] == "counted in the answers: 2 answered so"
    assert changes["effect"].iloc[0] == "contradicted", "contradictions come first"
