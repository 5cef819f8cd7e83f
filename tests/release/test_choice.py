"""Planted leaks with known answers, and all of it against going through every table of answers."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iucresearch.release import choice
from iucresearch.release.attack import Known
from iucresearch.release.choice import Attacker
from iucresearch.survey import allowed_counts
from iucresearch.survey.informed import Informed
from iucresearch.survey.layers import TooLargeError
from iucresearch.survey.questions import cell
from iucresearch.survey.statements import Questionnaire, Reading
from tests.release.people import answers, chosen, fault, reasons, report, splits, told
from tests.survey.tiny import said

SAFE = {"topic": {"a": (10, 10), "b": (10, 5), "c": (0, 5)}}


def test_what_tells_of_no_small_group_is_released():
    released = chosen(report(), answers(SAFE))
    assert reasons(released) == {}
    rows = released.counts[released.counts["question"] == "topic"]
    assert list(rows.itertuples(index=False, name=None)) == [
        *(("topic", "a", "all", 20), ("topic", "b", "all", 15), ("topic", "c", "all", 5)),
        *(("topic", "a", "EU", 10), ("topic", "a", "LAC", 10), ("topic", "b", "EU", 10), ("topic", "b", "LAC", 5)),
        *(("topic", "c", "EU", 0), ("topic", "c", "LAC", 5)),
    ]


def test_direct_a_count_of_three_holds_its_question_back():
    released = chosen(report(), answers({"topic": {"a": (10, 10), "b": (10, 7), "c": (0, 3)}}))
    assert reasons(released) == {("topic", "all"): "small", ("topic", "sides"): "small"}
    assert set(released.counts["question"]) == {"respondents"}
    assert "fewer than 5 respondents" in released.held_back["why"].iloc[0]


def test_a_safe_whole_is_released_without_its_sides():
    released = chosen(report(), answers({"topic": {"a": (10, 10), "b": (7, 8), "c": (3, 2)}}))
    assert reasons(released) == {("topic", "sides"): "small"}
    assert set(released.counts["side"]) == {"all"}


def test_by_total_all_less_one_side_is_the_other():
    whole = ("topic", "a", "all", 23)
    one_side = ("topic", "a", "EU", 20)
    assert fault(report(), whole) == ""
    assert fault(report(), one_side) == ""
    assert fault(report(), whole, one_side) == "small"


def test_by_differencing_a_sum_less_one_of_its_answers():
    together, one = ("topic", "a;b", "all", 30), ("topic", "a", "all", 28)
    assert fault(report(), together) == ""
    assert fault(report(), one) == ""
    assert fault(report(), together, one) == "small"


def test_by_variant_the_side_that_one_shows_and_the_whole_of_another():
    whole = [("topic", option, "all", n) for option, n in (("a", 22), ("b", 18), ("c", 0))]
    variant = [("topic", option, "LAC", n) for option, n in (("a", 19), ("b", 1), ("c", 0))]
    assert fault(report(), *whole) == ""
    assert fault(report(), *whole, *variant) == "small"


def test_by_the_report_itself_with_what_is_released():
    said_of_two = report(said("either", "a;b", value=30))
    assert fault(report(), ("topic", "a", "all", 28)) == ""
    assert fault(said_of_two, ("topic", "a", "all", 28)) == "small", "30 less 28"


def test_what_the_report_prints_itself_is_no_leak():
    assert fault(report(said("few", "c", value=3)), ("topic", "c", "all", 3)) == ""
    assert fault(report(), ("topic", "c", "all", 3)) == "small"


def test_more_about_a_group_that_the_report_leaves_small_is_a_leak():
    open_ = report(said("most", "a;b", unit="percent", bound="more than", value=88))  # 36 to 40: c is at most 4
    assert fault(open_, ("topic", "c", "all", 4)) == "small"
    assert fault(open_, ("topic", "c", "all", 0)) == ""


def test_who_did_not_answer_so_is_a_group_too():
    assert fault(report(), ("tools", "x", "all", 38)) == "small"
    assert fault(report(), ("tools", "x", "all", 35)) == ""
    assert fault(report(), ("tools", "x", "EU", 18)) == "small"


def test_groups_by_country_are_looked_at():
    """If all but a few of a country's respondents are left, those few are told."""
    rows = [("country", "cl", "LAC", 10), ("country", "pe", "LAC", 10), ("names", "named", "LAC", 20)]
    assert fault(report(), *rows[:2]) == ""
    assert fault(report(), ("country", "cl", "LAC", 3)) == "small"
    assert fault(report(), *rows) == "", "everybody from either country named it"
    assert fault(report(), *rows[:2], ("names", "named", "LAC", 17)) == "small", "three did not"


@pytest.mark.parametrize(("smallest", "reason"), [(5, ""), (6, ""), (7, "small")])
def test_the_limit_decides(smallest: int, reason: str):
    assert fault(report(), ("topic", "c", "all", 6), smallest=smallest) == reason


def test_a_tight_reading_is_enough_to_tell():
    """`More than 87%` read tightly is 35 of 40: who says that 32 gave one answer says that 3 gave the other."""
    survey = report(said("most", "a;b", unit="percent", bound="more than", value=87))
    assert fault(survey, ("topic", "a", "all", 32)) == "small"
    loose = report(said("most", "a;b", unit="percent", bound="more than", value=52))
    assert fault(loose, ("topic", "a", "all", 32)) == "", "read tightly, 21 are fewer than 32: then nobody reads it so"


def test_statements_that_fail_together_are_told_by_nobody():
    """Either may be false: a reader may believe the one or the other."""
    survey = report(said("one", "a", side="EU", value=10), said("other", "a", side="LAC", value=10))
    assert fault(survey, ("topic", "a", "all", 20)) == ""
    assert fault(survey, ("topic", "a", "all", 25)) == "unclear"


def test_counts_that_cannot_be_true_together_are_not_told():
    assert fault(report(), ("topic", "a", "all", 30), ("topic", "b", "all", 20)) == "unclear"
    assert fault(report(), ("topic", "a", "all", 41)) == "unclear"


def test_numbers_of_respondents_that_are_told_count_for_every_question():
    attacker, sizes = Attacker(report()), told(("respondents", "eu", "all", 25), ("respondents", "lac", "all", 20))
    known = [attacker.published("topic", Reading()), attacker.known(Informed(report(), sizes), "topic", Reading())]
    most = [
        max(left) for of in known for group, left in of.items() if group.name == f"{cell('topic', 'c', 'all')} gave"
    ]
    assert most == [40, 45]


def test_what_is_too_large_to_be_worked_out_is_held_back(monkeypatch: pytest.MonkeyPatch):
    work_out = choice.known

    def too_large(survey: Questionnaire, question: str, reading: Reading) -> Known:
        if isinstance(survey, Informed) and question == "topic":
            raise TooLargeError
        return work_out(survey, question, reading)

    monkeypatch.setattr(choice, "known", too_large)
    assert fault(report(), ("topic", "a", "all", 20)) == "unclear"
    assert reasons(chosen(report(), answers(SAFE)))["topic", "all"] == "unclear"
    monkeypatch.setattr(Attacker, "fault", lambda *_: "")
    assert reasons(chosen(report(), answers(SAFE)))["topic", "all"] == "unclear", "nor what its absence tells"


def test_a_question_that_not_everybody_answered_is_held_back():
    released = chosen(report(), answers({"topic": {"a": (10, 10), "b": (9, 10), "c": (0, 0)}}))
    assert set(reasons(released).values()) == {"partly answered"}


def test_without_the_numbers_of_respondents_nothing_is_released():
    """The report says twenty of each side; that there are three of one is a small group of its own."""
    cells = answers({"topic": {"a": (20, 3), "b": (17, 0), "c": (0, 0)}}, eu=37, lac=3)
    released = chosen(report(), cells)
    assert released.counts.empty
    assert reasons(released)["respondents", "all"] == "small"


def test_the_numbers_of_respondents_may_tell_of_a_group_of_any_question():
    """The report says that twenty of the EU gave one of two answers: of 23, three gave the third."""
    survey = report(said("both", "a;b", side="EU", value=20))
    cells = answers({"topic": {"a": (10, 10), "b": (10, 10), "c": (3, 0)}}, eu=23)
    assert reasons(chosen(survey, cells))["respondents", "all"] == "small"


@pytest.mark.parametrize("c", [0, 1, 2])
def test_what_is_held_back_does_not_tell_which_group_is_small(c: int):
    """Twenty gave one answer, more than 93% one of two: only the third can be small, and its absence would say so."""
    survey = report(said("a", "a", value=20), said("most", "a;b", unit="percent", bound="more than", value=93))
    released = chosen(survey, answers({"topic": {"a": (10, 10), "b": (10 - c, 10), "c": (c, 0)}}))
    assert reasons(released)["topic", "all"] == "always", "whatever the answers are"


def test_where_others_may_be_small_too_the_answers_decide():
    survey = report(said("most", "a;b", unit="percent", bound="more than", value=93))
    safe = chosen(survey, answers({"topic": {"a": (10, 10), "b": (10, 10), "c": (0, 0)}}))
    assert ("topic", "all") not in reasons(safe)
    small = chosen(survey, answers({"topic": {"a": (10, 10), "b": (9, 10), "c": (1, 0)}}))
    assert reasons(small)["topic", "all"] == "small"


# Against every table.

OPTIONS = ("a", "b", "c")
EU, LAC = 4, 3
GROUPS = [(options, side) for options in ("a", "b", "c") for side in ("all", "EU", "LAC")]
Table = dict[str, tuple[int, ...]]
TABLES: list[Table] = [{"EU": eu, "LAC": lac} for eu, lac in product(splits(EU, 3), splits(LAC, 3))]


def number(table: Table, options: str, side: str) -> int:
    sides = ("EU", "LAC") if side == "all" else (side,)
    return sum(table[one][OPTIONS.index(option)] for option in options.split(";") for one in sides)


def size(side: str) -> int:
    return {"EU": EU, "LAC": LAC, "all": EU + LAC}[side]


def allowed(statement: dict, tight: bool) -> set[int]:
    if statement["unit"] == "count":
        return {statement["value"]}
    return set(allowed_counts(f"more than {statement['value']}%", size(statement["side"]), tight=tight))


def holding(tables: list[Table], statement: dict, tight: bool) -> list[Table]:
    return [one for one in tables if number(one, statement["options"], statement["side"]) in allowed(statement, tight)]


def left(statements: list[dict], released: list[Table], tight: bool) -> list[Table]:
    """Return the tables that a reader believes in: a statement that no released table bears out is left out."""
    tables = released
    for one in statements:
        ways = [tight, False] if tight else [False]
        way = next((way for way in ways if holding(released, one, way)), None)
        tables = tables if way is None else holding(tables, one, way)
    return tables


@st.composite
def statements(draw: st.DrawFn) -> list[dict]:
    """What a report says: counts and bounds, which its own answers bear out; the answers may be others."""
    published = draw(st.sampled_from(TABLES))
    found = []
    for place in range(draw(st.integers(0, 3))):
        options, side = draw(st.sampled_from(["a", "b", "a;b"])), draw(st.sampled_from(["all", "EU", "LAC"]))
        count = number(published, options, side)
        if draw(st.booleans()) or not count:
            found.append(said(f"s{place}", options, side=side, unit="count", value=count))
        else:
            below = [p for p in range(101) if count in allowed_counts(f"more than {p}%", size(side), tight=True)]
            if below:
                percent = draw(st.sampled_from(below))
                bound = {"side": side, "unit": "percent", "bound": "more than", "value": percent}
                found.append(said(f"s{place}", options, **bound))
    return found


@settings(max_examples=60)
@given(statements(), st.sampled_from(TABLES), st.sampled_from([2, 3]), st.booleans())
def test_no_table_of_answers_tells_of_a_small_group(said_: list[dict], true: Table, smallest: int, as_told: bool):
    """Going through all tables of answers finds no group to be small that the report does not leave just so."""
    if as_told and left(said_, TABLES, tight=True):
        true = left(said_, TABLES, tight=True)[0]
    survey = report(*said_, eu=EU, lac=LAC)
    given_ = {option: (true["EU"][place], true["LAC"][place]) for place, option in enumerate(OPTIONS)}
    released = chosen(survey, answers({"topic": given_}, eu=EU, lac=LAC), smallest).counts
    rows = released[released["question"] == "topic"].to_dict("records")
    for row in rows:
        assert number(true, row["options"], row["side"]) == row["count"]
    fits = [one for one in TABLES if all(number(one, row["options"], row["side"]) == row["count"] for row in rows)]
    for tight in (False, True):
        before, after = left(said_, TABLES, tight), left(said_, fits, tight)
        assert after, "somebody believes in it"
        for (options, side), gave in product([*GROUPS, ("a;b", "all")], (True, False)):
            counted = [
                {number(one, options, side) if gave else size(side) - number(one, options, side) for one in tables}
                for tables in (before, after)
            ]
            if counted[0] != counted[1]:
                assert not all(0 < n < smallest for n in counted[1]), (options, side, gave, counted)
