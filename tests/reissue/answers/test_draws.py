"""Draws: datasets that satisfy every statement, the same from a seed, read back as they were written."""

import hashlib

import numpy as np
import pytest

from iucresearch.edition import EDITION
from reissue import cli
from reissue.answers import draws
from reissue.answers.counts import count_cells
from reissue.answers.decoding import decode_answers
from reissue.answers.export import read_export
from reissue.answers.mapping import read_mapping
from reissue.core import paths
from reissue.survey.interpretation import Interpretation
from reissue.survey.verdicts import SurveyModel


@pytest.fixture(scope="module")
def found(survey_model):
    return draws.draw_datasets(survey_model.questionnaire, 40, 7)


def test_every_dataset_satisfies_every_statement(survey_model, found):
    survey = survey_model.questionnaire
    for number in range(40):
        bench = SurveyModel(survey, answers=count_cells(survey, found.build_answers(number)))
        for id_ in survey.statements:
            if survey.is_binding(id_):
                assert bench.judge([id_]).result == "holds", (number, id_)


def test_the_tight_reading_is_kept_too(survey_model):
    reading = Interpretation(tight=True)
    tight = draws.draw_datasets(survey_model.questionnaire, 5, 7, reading)
    for number in range(5):
        cells = count_cells(survey_model.questionnaire, tight.build_answers(number))
        assert cells["salience.main.EU"] + cells["salience.main.LAC"] in (7, 21)


def test_a_seed_gives_the_same_datasets_and_another_gives_others(survey_model, found):
    again, other = (draws.draw_datasets(survey_model.questionnaire, 40, seed) for seed in (7, 8))
    for question, places in found.single.items():
        assert np.array_equal(places, again.single[question])
    assert not np.array_equal(found.single["salience"], other.single["salience"])


def test_respondents_are_told_apart_by_chance(survey_model):
    """Who gives an answer is as likely to be the first as the last respondent of a side."""
    many = draws.draw_datasets(survey_model.questionnaire, 2_000, 3)
    first = (many.single["motivation"] == 2).mean(axis=0)
    assert first[:17].max() - first[:17].min() < 0.06
    named = many.multiple["outcomes"][:, :, 3].mean(axis=0)
    assert named[17:].max() - named[17:].min() < 0.08


def test_a_dataset_is_read_back_as_it_was_written(raw, survey_model, found, tmp_path):
    mapping = read_mapping(paths.MAPPING, raw["questions"], raw["options"])
    given = found.build_answers(3)
    for split in (False, True):
        path = tmp_path / f"{split}.xlsx"
        draws.write_workbook(path, given, mapping, alias=draws.ALIAS, user=draws.SYNTHETIC, split=split)
        export = read_export(path)
        assert export.synthetic
        back = decode_answers(export, mapping, raw["questions"], raw["options"], survey_model.questionnaire.groups)
        assert count_cells(survey_model.questionnaire, back) == count_cells(survey_model.questionnaire, given)


def test_the_command_writes_the_same_files_each_time_and_removes_older_ones(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    folder = tmp_path / "reports" / "survey" / "synthetic"

    def digests() -> list[str]:
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())]

    assert draws.write_datasets(EDITION, "3", "5") == 0
    three = digests()
    (folder / "mine.xlsx").touch()
    assert draws.write_datasets(EDITION, "2", "5") == 0
    assert sorted(path.name for path in folder.iterdir()) == ["0001.xlsx", "0002.xlsx", "mine.xlsx"]
    assert [path.name for path in folder.parent.iterdir()] == ["synthetic"]
    (folder / "mine.xlsx").unlink()
    assert len(set(three)) == 3
    assert draws.write_datasets(EDITION, "3", "5") == 0
    assert digests() == three
    assert "3 SYNTHETIC datasets, seed 5" in capsys.readouterr().out


def test_interrupted_it_leaves_the_datasets_that_were_there(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    folder = tmp_path / "reports" / "survey" / "synthetic"
    assert draws.write_datasets(EDITION, "3", "5") == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write = draws.write_workbook

    def interrupted(path, *arguments, **options):
        if path.name == "0002.xlsx":
            raise KeyboardInterrupt
        write(path, *arguments, **options)

    monkeypatch.setattr(draws, "write_workbook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        draws.write_datasets(EDITION, "3", "6")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == ["synthetic"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--n", "0"], "'0' is not allowed"),
        (["--n", "ten"], "'ten' is not allowed"),
        (["--n", "10000"], "from 1 to 9999"),
        (["--seed", "-1"], "'-1' is not allowed"),
        (["--seed", "1.5"], "SEED"),
    ],
)
def test_bad_numbers_are_one_line(arguments, said, capsys):
    assert cli.call(EDITION, ["draws", *arguments]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1
