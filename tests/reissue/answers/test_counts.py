"""From answers to counts and to what they change, on datasets that satisfy the report."""

import pandas as pd
import pytest

from iucresearch.clean import clean
from reissue.answers import counts
from reissue.answers.draws import drawn
from reissue.core.errors import InputError
from reissue.ledger import judge
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
    table = counts.counted_answers(survey_bench.survey, counts.cell_counts(survey_bench.survey, given))
    assert (table["least"] == table["most"]).all()
    assert set(table["fixed_by"]) == {"answers"}
    whole = table[(table["question"] == "salience") & ~table["options"].str.contains(";")]
    assert whole.groupby("side")["least"].sum().to_dict() == {"all": 32, "EU": 17, "LAC": 15}


def test_a_question_that_is_not_in_the_file_stays_open(survey_bench, given):
    without = given[given["question"] != "salience"]
    table = counts.counted_answers(survey_bench.survey, counts.cell_counts(survey_bench.survey, without))
    own = table[(table["question"] == "salience") & (table["side"] == "EU")]
    assert set(zip(own["least"], own["most"], strict=True)) == {(0, 17)}
    assert own["fixed_by"].isna().all()
    finding = Bench(survey_bench.survey, answers=counts.cell_counts(survey_bench.survey, without)).judge(
        ["salience-marginal"]
    )
    assert (finding.result, finding.evidence) == ("open", "the answers do not tell salience.marginal.EU")


def test_answers_that_satisfy_the_report_contradict_nothing(raw, processed, given):
    tables = clean(raw, answers=given)
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
    told = counts.changes(processed["claims"], after).set_index("id")
    assert told.at["p17-business-motivation", "effect"] == "contradicted"
    assert told.at["p17-business-motivation", "evidence"] == "counted in the answers: 2 answered so"
    assert told["effect"].iloc[0] == "contradicted", "contradictions come first"


def test_no_file_no_answers():
    assert counts.load_answers("") is None


def test_the_runner_says_where_the_file_lies(tmp_path, monkeypatch):
    monkeypatch.setenv("IUCRESEARCH_SURVEY", str(tmp_path / "else.xlsx"))
    with pytest.raises(InputError, match=r"else\.xlsx: there is no such file|there is no such file.*else\.xlsx"):
        counts.load_answers("name.xlsx")


def test_the_mapping_that_is_shipped_is_the_questionnaires_own(raw):
    from reissue.answers.mapping import default_mapping, read_mapping
    from reissue.core import paths

    own = default_mapping(raw["questions"], raw["options"])
    shipped = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    pd.testing.assert_frame_equal(shipped.reset_index(drop=True), own.reset_index(drop=True))
