"""From answers to counts and to what they change, on datasets that satisfy the report."""

import pandas as pd
import pytest

from iucresearch.analysis import analyse
from iucresearch.clean import clean
from reissue.answers import counts
from reissue.answers.draws import drawn
from reissue.ledger import judge
from reissue.ledger.changes import changes
from reissue.survey.answered import counted_answers
from reissue.survey.statements import questionnaire
from reissue.survey.verdicts import Bench


@pytest.fixture(scope="module")
def given(survey_bench):
    return drawn(survey_bench.survey, 3, 11).answers(2)


def test_cells_are_counted_one_by_one(survey_bench, given):
    cells = counts.cell_counts(survey_bench.survey, given)
    lac = given[(given["side"] == "LAC") & given["chosen"]]
    by_person = lac.pivot_table(index="respondent", columns="question", values="option", aggfunc="first")
    both = (by_person["strategy"] == "has") & (by_person["country"] == "peru")
    assert cells["strategy.has.LAC.peru"] == int(both.sum())
    assert cells["respondents.eu.all"] == 17
    eu = given[(given["side"] == "EU") & (given["question"] == "motivation") & (given["option"] == "partners")]
    assert cells["motivation.partners.EU"] == len(eu)
    assert cells["relevance-edp.4;5.all"] == 31


def test_counts_are_exact_and_add_up(survey_bench, given):
    table = counted_answers(survey_bench.survey, counts.cell_counts(survey_bench.survey, given))
    assert (table["least"] == table["most"]).all()
    assert set(table["fixed_by"]) == {"answers"}
    whole = table[(table["question"] == "salience") & ~table["options"].str.contains(";")]
    assert whole.groupby("side")["least"].sum().to_dict() == {"all": 32, "EU": 17, "LAC": 15}


def test_a_question_that_is_not_in_the_file_stays_open(survey_bench, given):
    without = given[given["question"] != "salience"]
    table = counted_answers(survey_bench.survey, counts.cell_counts(survey_bench.survey, without))
    own = table[(table["question"] == "salience") & (table["side"] == "EU")]
    assert set(zip(own["least"], own["most"], strict=True)) == {(0, 17)}
    assert own["fixed_by"].isna().all()
    finding = Bench(survey_bench.survey, answers=counts.cell_counts(survey_bench.survey, without)).judge(
        ["salience-marginal"]
    )
    assert (finding.result, finding.evidence) == ("open", "the answers do not tell salience.marginal.EU")


def test_answers_that_satisfy_the_report_contradict_nothing(raw, processed, given):
    tables = analyse(raw, clean(raw), answers=counts.cell_counts(questionnaire(raw), given))
    before, after = processed["claims"].set_index("id"), tables["claims"].set_index("id")
    consistent = before.index[before["verdict"] == "consistent"]
    assert (after.loc[consistent, "verdict"] == "consistent").all()
    assert set(tables["changes"]["effect"]) == {"settled", "confirmed"}
    own = before[(before["check"] == "survey") & (before["verdict"] == "undetermined")].index
    left = set(own) - set(tables["changes"]["id"])
    assert left == {"p17-face-to-face-mentions"}, "no count follows from it, whoever has the answers"


def test_one_answer_changed_is_told_with_its_count(raw, processed, survey_bench, given):
    moved = given.copy()
    business = moved.index[(moved["question"] == "motivation") & (moved["option"] == "business")][0]
    moved.loc[business, "option"] = "sharing"
    bench = Bench(survey_bench.survey, answers=counts.cell_counts(survey_bench.survey, moved))
    after = judge(raw["claims"], processed, raw["readings"], bench)
    told = changes(processed["claims"], after).set_index("id")
    assert told.at["p17-business-motivation", "effect"] == "contradicted"
    assert told.at["p17-business-motivation", "evidence"] == "counted in the answers: 2 answered so"
    assert told["effect"].iloc[0] == "contradicted", "contradictions come first"


def test_the_mapping_that_is_shipped_is_the_questionnaires_own(raw):
    from reissue.answers.mapping import default_mapping, read_mapping
    from reissue.core import paths

    own = default_mapping(raw["questions"], raw["options"])
    shipped = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    pd.testing.assert_frame_equal(shipped.reset_index(drop=True), own.reset_index(drop=True))
