"""Answers of three groups: drawn, written, read back and counted."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reissue.answers.counts import count_cells
from reissue.answers.decoding import decode_answers
from reissue.answers.draws import draw_datasets
from reissue.answers.export import read_export
from reissue.answers.workbook import write_workbook
from reissue.core.errors import InputError
from reissue.survey import count_tables
from reissue.survey.verdicts import HOLDS, SurveyModel
from tests.reissue.answers.exports import build_mapping, csv_text
from tests.reissue.survey.three import CELLS, GROUPS, NAMES, QUESTIONS, Survey, survey_of

TABLE = pd.DataFrame(
    [(name, place, name, f"Your {name}", choice) for place, (name, (choice, _, _)) in enumerate(QUESTIONS.items())],
    columns=["id", "order", "group", "title", "choice"],
)
OPTIONS = pd.DataFrame(
    [(name, n, option, option.title()) for name, (_, _, own) in QUESTIONS.items() for n, option in enumerate(own)],
    columns=["question", "order", "option", "label"],
)
MAPPING = build_mapping(TABLE, OPTIONS)
FOUR = {"all": 4, "Students": 1, "Staff": 1, "Guests": 2}


def write(path: Path, rows: list[list[str]]) -> Path:
    path.write_text(csv_text([list(TABLE["title"]), *rows]), encoding="utf-8")
    return path


def read(path: Path) -> pd.DataFrame:
    return decode_answers(read_export(path), MAPPING, TABLE, OPTIONS, GROUPS)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_drawn_answers_satisfy_every_statement_and_are_read_back(tmp_path: Path, seed: int) -> None:
    drawn = survey_of(seed)
    survey = Survey(drawn.statements, {**FOUR, **drawn.printed})
    questionnaire = survey.questionnaire()
    assume(sum(n for name, n in survey.printed.items() if name != "all") == 4)
    assume(count_tables(questionnaire.build_system()))
    answers = draw_datasets(questionnaire, 2, seed).build_answers(1)
    people = answers.drop_duplicates("respondent")["group"]
    assert [(name, int((people == name).sum())) for name in NAMES] == [(name, survey.printed[name]) for name in NAMES]
    assert set(answers.loc[answers["question"] == "floor", "group"]) <= {"Guests"}
    cells = count_cells(questionnaire, answers)
    model = SurveyModel(questionnaire, answers=cells)
    for id_ in questionnaire.statements:
        assert model.judge([id_]).result == HOLDS, id_
    write_workbook(tmp_path / "a.xlsx", answers, MAPPING, alias="survey")
    # A file cannot express that no respondent chose any option.
    unanswered = {name: 0 for name in cells if name.startswith("bike")}
    assert unanswered | dict(count_cells(questionnaire, read(tmp_path / "a.xlsx"))) == cells


def test_every_table_is_drawn_as_often_as_any_other() -> None:
    survey = Survey([], {**FOUR, "Students": 0, "Staff": 1, "Guests": 3})
    datasets = draw_datasets(survey.questionnaire(), 3_000, 1)
    start = datasets.group.index("Guests")
    meals, stays, floors = (datasets.single[name][:, start:] for name in ("meal", "stay", "floor"))
    assert floors.min() >= 0
    # Each respondent is as likely to give an answer as any other.
    for own in (meals, stays):
        assert set(np.unique(own)) == {0, 1}
        assert np.ptp(own.mean(axis=0)) < 0.06
    tables = Counter(map(tuple, np.stack([(floors == 0).sum(axis=1), (stays == 0).sum(axis=1)], axis=1).tolist()))
    assert len(tables) == 16


ROWS = [
    ["Guest", "Warm", "Short", "Own", "Low"],
    ["Staff", "Cold", "", "", "High"],
    ["Guest", "Cold", "Long", "", "Low"],
    ["Student", "Warm", "Long", "Own", ""],
]


def test_a_file_of_three_groups_is_counted_by_group_and_jointly(tmp_path: Path) -> None:
    found = read(write(tmp_path / "a.csv", ROWS))
    assert list(found.drop_duplicates("respondent")["group"]) == ["Guests", "Staff", "Guests", "Students"]
    cells = count_cells(Survey([], FOUR).questionnaire(), found)
    sizes = {"role.student.all": 1, "role.staff.all": 1, "role.guest.all": 2}
    ones = [
        *("meal.warm.Students", "meal.cold.Staff", "meal.warm.Guests.low", "meal.cold.Guests.low"),
        *("stay.long.Students", "stay.short.Guests.low", "stay.long.Guests.low"),
        *("bike.own.Students", "bike.own.Guests.low"),
    ]
    expected = sizes | dict.fromkeys(ones, 1)
    assert {name: n for name, n in cells.items() if n} == expected, "staff were not asked for a floor"
    assert set(cells) == {".".join(filter(None, cell)) for cell in CELLS} | set(sizes)


def test_unknown_groups_are_refused(tmp_path: Path) -> None:
    unknown = r"'Guests' is not a label of question 'role' \(column A, row 2\), perhaps 'Guest'"
    with pytest.raises(InputError, match=unknown):
        read(write(tmp_path / "a.csv", [["Guests", *ROWS[0][1:]]]))
    with pytest.raises(InputError, match="the statements do not fix the number of respondents of 'Students'"):
        draw_datasets(Survey([], {"all": 4, "Guests": 2}).questionnaire(), 1, 1)
