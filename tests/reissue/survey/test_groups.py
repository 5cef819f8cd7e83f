"""Three groups of respondents: counting, bounds, statements and verdicts, compared with going through every table."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reissue.survey import count_tables, feasible
from reissue.survey.answer_counts import build_answer_table
from reissue.survey.counting import outer_bounds
from reissue.survey.groups import Groups
from reissue.survey.interpretation import PUBLISHED
from reissue.survey.results import build_feasible_table, list_counts, tabulate_counts
from reissue.survey.verdicts import FAILS, HOLDS, OPEN, SurveyModel
from tests.reissue.survey.three import ASKED, CELLS, GROUPS, Survey, all_sizes, count, is_true, survey_of, tables_of

SURVEYS = st.integers(0, 2**64 - 1).map(survey_of)
few = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
FOUR = {"all": 4, "Students": 1, "Staff": 1, "Guests": 2}


def name_cell(cell):
    """The name of a cell, as the package documents it."""
    return ".".join(part for part in cell if part)


def state(bound, options="", question="meal", side="all", **more):
    return {"id": bound, "question": question, "side": side, "options": options, "bound": bound, **more}


def by_size(tables, sizes):
    """Yield each size of the groups with its tables."""
    for size in all_sizes():
        rows = tables[(sizes == np.array(size)).all(axis=1)]
        if len(rows):
            yield size, rows


def find_statements(questionnaire, questions):
    """The statements about some questions, and those about the groups."""
    return [id_ for id_ in questionnaire.statements if {*questionnaire.find_questions(id_)} <= {*questions, "role"}]


@few
@given(survey=SURVEYS)
def test_cells_and_counts_are_those_of_going_through_every_table(survey):
    questionnaire = survey.questionnaire()
    system = questionnaire.build_system()
    tables, sizes = survey.tables()
    assert count_tables(system) == len(np.unique(np.concatenate([tables, sizes], axis=1), axis=0))
    found, bounds = feasible(system), outer_bounds(system)
    for place, cell in enumerate(CELLS):
        assert found[name_cell(cell)] == sorted(set(tables[:, place].tolist())), cell
        assert set(found[name_cell(cell)]) <= set(bounds[name_cell(cell)]), cell
    for place, option in enumerate(GROUPS.by_option):
        assert found[f"role.{option}.all"] == sorted(set(sizes[:, place].tolist()))
    counts = tabulate_counts(questionnaire, PUBLISHED)
    for cluster in questionnaire.clusters:
        tables, sizes = survey.tables(find_statements(questionnaire, cluster))
        for one in (one for question in cluster for one in list_counts(questionnaire, question)):
            values = [count(rows, size, one.question, one.options, one.group) for size, rows in by_size(tables, sizes)]
            assert sorted(counts[one]) == sorted({int(value) for own in values for value in own}), one


def test_the_table_of_counts_has_the_largest_possible_size_of_each_group():
    table = build_feasible_table(Survey([], {"all": 4, "Guests": 2}).questionnaire())
    assert table.groupby("side")["n"].unique().map(list).to_dict() == {
        "Guests": [2], "Staff": [2], "Students": [2], "all": [4]
    }  # fmt: skip


def test_numbers_of_respondents_that_are_not_printed():
    system = Survey([], {"Students": 1, "Staff": 1, "Guests": 2}).questionnaire().build_system()
    assert feasible(system)["meal.warm.Staff"] == [0, 1]
    assert system.cells["meal.warm.Staff"] == 4, "the groups add up to it"
    with pytest.raises(ValueError, match="the number of all respondents is unknown: expected a count of 'role'"):
        Survey([], {"Students": 1, "Staff": 1}).questionnaire()
    survey = Survey([{**state("exactly", "warm", side="Staff"), "unit": "percent", "value": 50}], {"all": 4})
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
def test_invalid_groups_are_refused(by_option, asked, message):
    with pytest.raises(ValueError, match=message):
        Groups("role", by_option, asked)


@few
@given(survey=SURVEYS)
@example(survey=Survey([state("highest", "guest", "role", against="role:staff|role:student")], {"all": 4, "Staff": 1}))
def test_verdicts_are_those_of_going_through_every_table(survey):
    questionnaire = survey.questionnaire()
    model = SurveyModel(questionnaire)
    # Without n-all, the enumeration has no end.
    for one in [*survey.numbers()[1:], *survey.statements]:
        questions, ids = {*questionnaire.find_questions(one["id"])}, list(questionnaire.statements)
        if questions != {"role"}:
            reached = {q for cluster in questionnaire.clusters if questions & {*cluster} for q in cluster}
            ids = find_statements(questionnaire, reached)
        tables, sizes = survey.tables([id_ for id_ in ids if id_ != one["id"]])
        true = sum(int(is_true(one, rows, size).sum()) for size, rows in by_size(tables, sizes))
        expected = OPEN if not len(tables) or 0 < true < len(tables) else HOLDS if true else FAILS
        assert model.judge([one["id"]]).result == expected, (one, true, len(tables))


@few
@given(survey=SURVEYS, seed=st.integers(0, 2**32))
def test_verdicts_by_the_answers_are_those_of_their_table(survey, seed):
    sizes = all_sizes()[seed % len(all_sizes())]
    table = tables_of(sizes)[[seed % len(tables_of(sizes))]]
    cells = {name_cell(cell): int(n) for cell, n in zip(CELLS, table[0], strict=True)}
    cells |= {f"role.{option}.all": n for option, n in zip(GROUPS.by_option, sizes, strict=True)}
    questionnaire = survey.questionnaire()
    cells |= {total: sum(cells[part] for part in form) for total, form in questionnaire.sums.items()}
    model = SurveyModel(questionnaire, answers=cells)
    for one in [*survey.numbers(), *survey.statements]:
        expected = HOLDS if is_true(one, table, sizes)[0] else FAILS
        assert model.judge([one["id"]]).result == expected, one
    counts = build_answer_table(questionnaire, cells)
    assert (counts["least"] == counts["most"]).all()
    assert set(counts["fixed_by"]) == {"answers"}
    for row in counts[counts["question"].isin([*ASKED, "floor"])].to_dict("records"):
        assert row["least"] == count(table, sizes, row["question"], row["options"].split(";"), row["side"])[0], row


def test_the_surveys_of_the_seeds_are_varied():
    """Their statements often decide something, and seldom conflict."""
    surveys = [survey_of(seed) for seed in range(60)]
    assert sum(len(one.tables()[0]) > 0 for one in surveys) > 35
    rows = [row for one in surveys for row in one.statements]
    assert {"highest", "most", "named", "equally", "two", "few", "all"} <= {row.get("bound") for row in rows}
    assert "countries" in {row.get("unit") for row in rows}
    assert len(Counter(row["side"] for row in rows)) == 4
