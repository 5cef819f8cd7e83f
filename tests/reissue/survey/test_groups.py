"""Three groups of respondents: counting, bounds, statements and verdicts, compared with going through every table."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reissue.survey import conflicts, count_tables, feasible
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.counting import outer_bounds
from reissue.survey.groups import Groups
from reissue.survey.interpretation import PUBLISHED
from reissue.survey.results import build_feasible_table, list_counts, tabulate_counts
from reissue.survey.verdicts import FAILS, HOLDS, OPEN, SurveyModel
from tests.reissue.survey.three import (
    ASKED,
    CELLS,
    GROUPS,
    NAMES,
    TOTAL,
    Survey,
    all_sizes,
    count,
    is_true,
    survey_of,
    tables_of,
)

SURVEYS = st.integers(0, 2**64 - 1).map(survey_of)
few = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
FOUR = {"all": 4, "Students": 1, "Staff": 1, "Guests": 2}


def name(cell):
    """The name of a cell, as the package documents it."""
    return ".".join(part for part in cell if part)


def said(bound, options="", question="meal", side="all", **more):
    return {"id": bound, "question": question, "side": side, "options": options, "bound": bound, **more}


# Counting, bounds and statements.


@few
@given(survey=SURVEYS)
def test_cells_and_tables_are_those_of_going_through_every_table(survey):
    system = survey.questionnaire().build_system()
    tables, sizes = survey.tables()
    whole = np.concatenate([tables, sizes], axis=1)
    assert count_tables(system) == len(np.unique(whole, axis=0))
    found, bounds = feasible(system), outer_bounds(system)
    for place, cell in enumerate(CELLS):
        assert found[name(cell)] == sorted(set(tables[:, place].tolist())), cell
        assert set(found[name(cell)]) <= set(bounds[name(cell)]), cell
    for place, (option, _) in enumerate(GROUPS.by_option.items()):
        assert found[f"role.{option}.all"] == sorted(set(sizes[:, place].tolist()))


@few
@given(survey=SURVEYS)
def test_every_count_has_the_values_that_its_questions_leave_it(survey):
    questionnaire = survey.questionnaire()
    found = tabulate_counts(questionnaire, PUBLISHED)
    for cluster in questionnaire.clusters:
        ids = about(questionnaire, cluster)
        tables, sizes = survey.tables(ids)
        for one in (one for question in cluster for one in list_counts(questionnaire, question)):
            values = {int(n) for size in all_sizes() for n in of_size(tables, sizes, size, one)}
            assert sorted(found[one]) == sorted(values), one


def about(questionnaire, questions):
    """The statements about some questions, and those about the groups."""
    return [id_ for id_ in questionnaire.statements if {*questionnaire.find_questions(id_)} <= {*questions, "role"}]


def of_size(tables, sizes, size, one):
    rows = tables[(sizes == np.array(size)).all(axis=1)]
    return count(rows, size, one.question, one.options, one.group) if len(rows) else []


def test_a_question_that_some_groups_were_asked_has_no_count_of_all():
    questionnaire = Survey([], FOUR).questionnaire()
    assert {one.group for one in list_counts(questionnaire, "floor")} == {"Guests"}
    assert {one.group for one in list_counts(questionnaire, "meal")} == {"all", *NAMES}
    assert {one.options for one in list_counts(questionnaire, "role")} == {("student",), ("staff",), ("guest",)}


def test_the_table_of_counts_has_the_size_of_each_group_the_largest_where_it_is_open():
    table = build_feasible_table(Survey([], {"all": 4, "Guests": 2}).questionnaire())
    assert table.groupby("side")["n"].unique().map(list).to_dict() == {
        "Guests": [2], "Staff": [2], "Students": [2], "all": [4]
    }  # fmt: skip


def test_what_two_questions_are_counted_jointly_with_is_the_same():
    """All guests have warm meals on the low floor, so that none stays long on the high one."""
    survey = Survey(
        [
            {"id": "all", "question": "floor", "side": "Guests", "options": "low", "unit": "count", "value": 2},
            {"id": "long", "question": "stay", "side": "Guests", "options": "long", "unit": "count", "value": 1},
        ],
        FOUR,
    )
    found = feasible(survey.questionnaire().build_system())
    assert found["stay.long.Guests.low"] == [1]
    assert found["stay.short.Guests.high"] == found["bike.own.Guests.high"] == [0]


def test_answers_of_one_group_are_compared_with_those_of_another():
    more = said("highest", "warm", side="Staff", against="meal:warm:Students|meal:warm:Guests")
    system = Survey([more, said("two", "warm", side="Guests")], FOUR).questionnaire().build_system()
    assert conflicts(system) == [["n-all", "n-Students", "highest", "two"]]
    assert feasible(system.without("two"))["meal.warm.Guests.low"] == [0, 1]


def test_the_total_is_what_the_groups_add_up_to_where_it_is_not_printed():
    system = Survey([], {"Students": 1, "Staff": 1, "Guests": 2}).questionnaire().build_system()
    assert feasible(system)["meal.warm.Staff"] == [0, 1]
    assert system.cells["meal.warm.Staff"] == TOTAL
    with pytest.raises(ValueError, match="the number of all respondents is unknown: expected a count of 'role'"):
        Survey([], {"Students": 1, "Staff": 1}).questionnaire()


def test_a_group_without_a_printed_number_has_no_percentages():
    survey = Survey([{**said("exactly", "warm", side="Staff"), "unit": "percent", "value": 50}], {"all": 4})
    with pytest.raises(ValueError, match="no statement prints the number of respondents of 'Staff'"):
        survey.questionnaire().build_system()


@pytest.mark.parametrize(
    ("by_option", "asked", "message"),
    [
        ({}, {}, "expected different names"),
        ({"a": "A", "b": "A"}, {}, "the groups are A, A: expected different names"),
        ({"a": "all"}, {}, "none of them 'all'"),
        ({"a": "A"}, {"floor": ("B",)}, "unknown group 'B': expected one of all, A"),
    ],
)
def test_groups_that_cannot_be(by_option, asked, message):
    with pytest.raises(ValueError, match=message):
        Groups("role", by_option, asked)


# Verdicts.


@few
@given(survey=SURVEYS)
@example(survey=Survey([said("highest", "guest", "role", against="role:staff|role:student")], {"all": 4, "Staff": 1}))
def test_verdicts_are_those_of_going_through_every_table(survey):
    questionnaire = survey.questionnaire()
    model = SurveyModel(questionnaire)
    for one in [*survey.numbers(), *survey.statements]:
        reached = set(questionnaire.find_questions(one["id"]))
        if reached != {"role"}:
            reached = {q for cluster in questionnaire.clusters if reached & {*cluster} for q in cluster}
            ids = about(questionnaire, reached)
        else:
            ids = list(questionnaire.statements)
        tables, sizes = survey.tables([id_ for id_ in ids if id_ != one["id"]])
        true = sum(
            int(is_true(one, rows, size).sum())
            for size in all_sizes()
            if len(rows := tables[(sizes == np.array(size)).all(axis=1)])
        )
        expected = OPEN if not len(tables) or 0 < true < len(tables) else HOLDS if true else FAILS
        if one["id"] == "n-all":
            # Without it, nothing bounds what is gone through here.
            continue
        assert model.judge([one["id"]]).result == expected, (one, true, len(tables))


@few
@given(survey=SURVEYS, seed=st.integers(0, 2**32))
def test_verdicts_by_the_answers_are_those_of_their_table(survey, seed):
    sizes = all_sizes()[seed % len(all_sizes())]
    tables = tables_of(sizes)
    table = tables[[seed % len(tables)]]
    cells = {name(cell): int(n) for cell, n in zip(CELLS, table[0], strict=True)}
    cells |= {f"role.{option}.all": n for option, n in zip(GROUPS.by_option, sizes, strict=True)}
    questionnaire = survey.questionnaire()
    cells |= {sum_: sum(cells[part] for part in form) for sum_, form in questionnaire.sums.items()}
    model = SurveyModel(questionnaire, answers=cells)
    for one in [*survey.numbers(), *survey.statements]:
        expected = HOLDS if is_true(one, table, sizes)[0] else FAILS
        assert model.judge([one["id"]]).result == expected, one
    counts = build_answer_table(questionnaire, cells)
    assert (counts["least"] == counts["most"]).all()
    for row in counts[counts["question"].isin([*ASKED, "floor"])].to_dict("records"):
        own = count(table, sizes, row["question"], row["options"].split(";"), row["side"])
        assert row["least"] == own[0], row


def test_the_numbers_of_three_groups_bound_each_other_through_every_question():
    """Four in all; two students have warm meals, and two of the staff bikes: there is no guest."""
    survey = Survey(
        [
            {"id": "warm", "question": "meal", "side": "Students", "options": "warm", "unit": "count", "value": 2},
            {"id": "bike", "question": "bike", "side": "Staff", "options": "own", "unit": "count", "value": 2},
            said("highest", "student;staff", "role", against="role:guest"),
        ],
        {"all": 4, "Guests": 0},
    )
    model = SurveyModel(survey.questionnaire())
    assert model.judge(["n-Guests"]).evidence == "it follows from the other statements: 0 is possible"
    assert model.judge(["highest"]).result == HOLDS


def test_the_numbers_of_respondents_hold_nothing_together_that_conflicts():
    survey = Survey(
        [{"id": "five", "question": "meal", "side": "all", "options": "warm", "unit": "count", "value": 5}],
        {"all": 4, "Guests": 2},
    )
    found = SurveyModel(survey.questionnaire()).judge(["n-Guests"])
    assert (found.result, found.evidence) == (OPEN, "the other statements cannot hold together")


def test_most_statements_of_the_seeds_bear_on_the_tables():
    """The surveys above are worth trying: their statements often decide something, and seldom conflict."""
    surveys = [survey_of(seed) for seed in range(60)]
    left = Counter("none" if not len(one.tables()[0]) else "some" for one in surveys)
    assert left["some"] > 35
    bounds = Counter(row.get("bound", row.get("unit")) for one in surveys for row in one.statements)
    assert {"highest", "most", "named", "equally", "two", "few", "all"} <= set(bounds)
    assert pd.Series([row["side"] for one in surveys for row in one.statements]).nunique() == 4
