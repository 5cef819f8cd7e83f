"""Draws: datasets that satisfy every statement, the same from a seed, read back as written; and what they change."""

import pandas as pd
import pytest

from iucresearch.analysis import analyse
from iucresearch.clean import clean
from iucresearch.edition import EDITION
from reissue import cli
from reissue.answers import draws
from reissue.answers.counts import count_cells
from reissue.answers.decoding import decode_answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.core import paths
from reissue.ledger.judge import find_changes, judge
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.interpretation import Interpretation
from reissue.survey.verdicts import SurveyModel


@pytest.fixture(scope="module")
def datasets(survey_model):
    return draws.draw_datasets(survey_model.questionnaire, 12, 7)


def test_every_dataset_satisfies_every_statement(survey_model, datasets):
    survey = survey_model.questionnaire
    for number in range(12):
        model = SurveyModel(survey, answers=count_cells(survey, datasets.build_answers(number)))
        for id_ in survey.statements:
            if survey.is_binding(id_):
                assert model.judge([id_]).result == "holds", (number, id_)


def test_an_interpretation_applies_to_the_draws(survey_model):
    tight = draws.draw_datasets(survey_model.questionnaire, 5, 7, Interpretation(tight=True))
    for number in range(5):
        cells = count_cells(survey_model.questionnaire, tight.build_answers(number))
        assert cells["salience.main.EU"] + cells["salience.main.LAC"] in (7, 21)


def test_a_seed_gives_the_same_datasets_and_another_gives_others(survey_model, datasets):
    again, other = (draws.draw_datasets(survey_model.questionnaire, 12, seed) for seed in (7, 8))
    for question, places in datasets.single.items():
        assert (places == again.single[question]).all()
    assert (datasets.single["salience"] != other.single["salience"]).any()


def test_a_dataset_is_read_back_as_it_was_written(raw, survey_model, datasets, tmp_path):
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    answers = datasets.build_answers(3)
    path = tmp_path / "a.xlsx"
    draws.write_workbook(path, answers, mapping, alias=draws.ALIAS, user=draws.SYNTHETIC)
    export = read_export(path)
    assert export.synthetic
    back = decode_answers(export, mapping, raw["questions"], raw["options"], survey_model.questionnaire.groups)
    key = ["respondent", "group", "question", "option", "chosen"]
    # A respondent without any of a question's options has no row in a file.
    written = answers[answers.groupby(["respondent", "question"])["chosen"].transform("any")]
    same = pd.concat([back[key], written[key]]).astype("str").value_counts()
    assert (same == 2).all()
    assert len(same) == len(back)


def test_the_command_replaces_older_datasets_only_once_it_has_new_ones(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    folder = tmp_path / "reports" / "survey" / "synthetic"

    def read_files() -> dict[str, bytes]:
        assert [path.name for path in folder.parent.iterdir()] == ["synthetic"]
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    assert draws.write_datasets(EDITION, "2", "5") == 0
    assert len(set(read_files().values())) == 2
    assert "2 SYNTHETIC datasets, seed 5" in capsys.readouterr().out
    (folder / "mine.xlsx").touch()
    assert draws.write_datasets(EDITION, "1", "5") == 0
    after = read_files()
    assert set(after) == {"0001.xlsx", "mine.xlsx"}

    def interrupt(path, *arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(draws, "write_workbook", interrupt)
    with pytest.raises(KeyboardInterrupt):
        draws.write_datasets(EDITION, "1", "6")
    assert read_files() == after


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--n", "0"], "'0' is not allowed"),
        (["--n", "ten"], "'ten' is not allowed"),
        (["--n", "10000"], "from 1 to 9999"),
        (["--seed", "-1"], "'-1' is not allowed"),
        (["--seed", "1.5"], "SEED"),
    ],
)
def test_bad_numbers_are_one_line(arguments, part, capsys):
    assert cli.call(EDITION, ["draws", *arguments]) == 2
    message = capsys.readouterr().err
    assert part in message
    assert message.count("\n") == 1


def test_a_question_that_is_not_in_the_file_stays_open(survey_model, datasets):
    survey, answers = survey_model.questionnaire, datasets.build_answers(2)
    cells = count_cells(survey, answers[answers["question"] != "salience"])
    table = build_answer_table(survey, cells)
    own = table[(table["question"] == "salience") & (table["side"] == "EU")]
    assert set(zip(own["least"], own["most"], strict=True)) == {(0, 17)}
    assert own["fixed_by"].isna().all()
    finding = SurveyModel(survey, answers=cells).judge(["salience-marginal"])
    assert (finding.result, finding.evidence) == ("open", "the answers do not have salience.marginal.EU")


def test_answers_that_satisfy_the_report_contradict_nothing(raw, processed, survey_model, datasets):
    counts = count_cells(survey_model.questionnaire, datasets.build_answers(2))
    tables = analyse(raw, clean(raw), answers=counts)
    before, after = processed["claims"].set_index("id"), tables["claims"].set_index("id")
    consistent = before.index[before["verdict"] == "consistent"]
    assert (after.loc[consistent, "verdict"] == "consistent").all()
    assert set(tables["changes"]["effect"]) == {"settled", "confirmed"}
    own = before[(before["check"] == "survey") & (before["verdict"] == "undetermined")].index
    left = set(own) - set(tables["changes"]["id"])
    assert left == {"p17-face-to-face-mentions"}, "no count follows from this statement, even with the answers"


def test_one_changed_answer_is_reported_with_its_count(raw, processed, survey_model, datasets):
    moved = datasets.build_answers(2)
    business = moved.index[(moved["question"] == "motivation") & (moved["option"] == "business")][0]
    moved.loc[business, "option"] = "sharing"
    model = SurveyModel(survey_model.questionnaire, answers=count_cells(survey_model.questionnaire, moved))
    changes = find_changes(processed["claims"], judge(raw["claims"], processed, raw["readings"], model)).set_index("id")
    assert changes.at["p17-business-motivation", "effect"] == "contradicted"
    assert changes.at["p17-business-motivation", "evidence"] == "“3” here; counted in the answers: 2 answered so"
    assert changes["effect"].iloc[0] == "contradicted", "contradictions come first"
