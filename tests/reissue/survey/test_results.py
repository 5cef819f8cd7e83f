"""The tables for readers: counts with what fixes them, and what another reading of the report would change."""

import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import TooLargeError, feasible, feasible_values, results
from reissue.survey.counting import is_fixed
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import (
    build_feasible_table,
    build_sensitivity_table,
    find_conflicts,
    label_count,
    list_counts,
    list_scenarios,
    tabulate_counts,
)
from tests.reissue.survey.tiny import said, tiny, word


@pytest.fixture(scope="module")
def survey(raw):
    return build_questionnaire(raw)


@pytest.fixture(scope="module")
def table(survey):
    return build_feasible_table(survey)


@pytest.fixture(scope="module")
def changes(survey):
    return build_sensitivity_table(survey)


def numbers(text):
    return [int(one) for one in text.split(";")] if text else []


def system_of(survey, question, reading):
    return survey.build_system(next(one for one in survey.clusters if question in one), reading)


# Counts.


def test_groups_that_statements_add_up_are_counts_too_by_side():
    survey = tiny(said("s", "a;b", value=6), word("named", "b;c"))
    assert [(one.options, one.group) for one in list_counts(survey, "topic")] == [
        (options, side) for options in (("a", "b"), ("a",), ("b",), ("c",)) for side in ("all", "EU", "LAC")
    ]


def test_a_question_of_one_side_has_counts_of_that_side():
    assert {one.group for one in list_counts(tiny(), "country")} == {"LAC"}
    assert [one.name for one in list_counts(tiny(), "respondents")] == ["respondents.eu.all", "respondents.lac.all"]


def test_a_group_in_words():
    survey = tiny(said("s", "a;b", value=6))
    assert [label_count(survey, one) for one in list_counts(survey, "topic")[::3]] == [
        "Apples or pears",
        "Apples",
        "Pears",
        "Plums",
    ]


def test_a_small_table_by_hand():
    """Latin America says b; of the seven of Europe five say a and nobody says b, so two say c."""
    survey = tiny(said("s", "a", value=5), said("t", "b", side="EU", value=0), said("u", "b", side="LAC", bound="all"))
    found = build_feasible_table(survey)
    rows = found[(found["question"] == "topic") & (found["reading"] == "literal") & (found["options"] == "c")]
    assert rows[["side", "n", "least", "most", "feasible", "tables", "fixed_by"]].values.tolist() == [
        ["all", 12, 2, 2, "2", "1", "eu;s;t;u"],
        ["EU", 7, 2, 2, "2", "1", "eu;s;t;u"],
        ["LAC", 5, 0, 0, "0", "1", "u"],
    ]


def test_a_table_is_refused_where_statements_conflict():
    with pytest.raises(ValueError, match="these statements cannot hold together: s, t"):
        build_feasible_table(tiny(said("s", "a", value=5), said("t", "a", value=6)))


def test_each_row_says_what_its_system_allows(survey, table):
    for reading in (Interpretation(), Interpretation(tight=True)):
        name = "tight" if reading.tight else "literal"
        own = {(row.question, row.options, row.side): row for row in table[table["reading"] == name].itertuples()}
        for cluster in survey.clusters:
            system = survey.build_system(cluster, reading)
            asked = [one for question in cluster for one in list_counts(survey, question)]
            for one in asked[:: 1 + len(asked) // 12]:
                row = own[one.question, ";".join(one.options), one.group]
                found = numbers(row.feasible)
                assert found == feasible_values(system, dict(one.form))
                assert (row.least, row.most) == (found[0], found[-1])
                assert len(numbers(row.tables)) == len(found)
                assert row.n == {"all": 32, "EU": 17, "LAC": 15}[one.group]
        assert len(own) == len([1 for question in survey.choice for _ in list_counts(survey, question)])


def test_tight_sets_are_within_literal_ones(table):
    sets = {
        reading: {(r.question, r.options, r.side): set(numbers(r.feasible)) for r in rows.itertuples()}
        for reading, rows in table.groupby("reading")
    }
    assert sets["tight"].keys() == sets["literal"].keys()
    assert all(sets["tight"][one] <= sets["literal"][one] for one in sets["tight"])
    assert sets["tight"] != sets["literal"]


# What fixes a count.


def fixed(system, form):
    try:
        return is_fixed(system, form)
    except TooLargeError:
        # So little is said that the values cannot be gone through: bounds of one value would have told.
        return False


def test_a_count_has_statements_that_fix_it_where_one_value_is_left_and_only_there(table):
    assert ((table["least"] == table["most"]) == table["fixed_by"].notna()).all()


@pytest.mark.parametrize("tight", [False, True])
def test_the_statements_named_fix_a_count_and_none_can_be_spared(survey, table, tight):
    rows = table[table["fixed_by"].notna() & (table["reading"] == ("tight" if tight else "literal"))]
    assert len(rows) > 30
    for row in rows.itertuples():
        names = row.fixed_by.split(";")
        # Questions that none of these speak of say nothing of the count: they only share the number of people.
        spoken = {row.question, *(question for one in names for question in survey.find_questions(one))}
        joint = {row.question} & {*survey.joint, *survey.joint.values()}
        asked = next(one for one in survey.clusters if row.question in one) if joint else spoken
        system = survey.build_system([one for one in survey.choice if one in asked], Interpretation(tight=tight))
        form = survey.sum_answers(row.question, row.options.split(";"), row.side)
        if row.question == "respondents":
            form = {f"respondents.{row.options}.all": 1}
        # What all statements allow, fewer allow too: where one value is left, it is the one of the row.
        assert fixed(system.only(names), form), row
        for one in names:
            assert not fixed(system.only([other for other in names if other != one]), form), (row, one)


def test_known_reasons(table):
    own = table[table["reading"] == "literal"].set_index(["question", "options", "side"])["fixed_by"]
    assert own["motivation", "sharing;partners", "all"] == "respondents;motivation-business"
    assert own["familiarity", "very;broadly", "EU"] == "familiarity-very-or-broadly;familiarity-very-or-broadly-lac"
    assert own["relevance-monitoring", "4;5", "all"] == "respondents;relevance-monitoring-low"


def test_a_count_rests_on_numbers_rather_than_on_words_where_it_can():
    """Two say b: it follows from 8 and 10, and from 8 with "equally"."""
    survey = tiny(word("equally", "b;c"), said("s", "a", value=8), said("t", "a;b", value=10))
    found = build_feasible_table(survey)
    row = found[(found["options"] == "b") & (found["side"] == "all") & (found["reading"] == "literal")]
    assert row[["feasible", "fixed_by"]].values.tolist() == [["2", "s;t"]]


# Other readings.


def test_every_other_reading_is_one_step_from_the_published_one(survey):
    found = dict(list_scenarios(survey, Interpretation()))
    assert {name for name in found if name.startswith("percentages")} == {
        f"percentages rounded by {rule}" for rule in ("half_up", "half_down", "half_even", "trunc")
    }
    assert found["bounds read tightly"] == Interpretation(tight=True)
    assert found["“equally” strictly"] == Interpretation(strict=frozenset({"equally"}))
    assert found["without “named”"] == Interpretation(without=frozenset({"named"}))
    assert found["with “all praise”"] == Interpretation(used=frozenset({"all praise"}))
    assert "without “all praise”" not in found
    assert "“named” strictly" not in found
    assert not any("“balanced”" in name for name in found), "no statement says it"


def test_words_that_are_too_strict_conflict(changes):
    told = changes[changes["conflict"] != ""].groupby("scenario")["conflict"].agg(list).to_dict()
    # 32 less 3 is 29, which is no even number.
    (strict,) = told["“equally” strictly"]
    assert set(strict.split(";")) == {"respondents", "motivation-business", "motivation-equally"}
    # 7 of 32 are 21.875%, cut off 21.
    assert told["percentages rounded by trunc"] == ["salience-label-1"]
    assert all(name in told for name in ("“around” strictly", "with “all praise”"))


def test_a_conflict_names_no_count(changes):
    conflicting = changes["conflict"] != ""
    places = changes[["question", "options", "label", "side", "published", "changed"]]
    assert (places[conflicting] == "").all(axis=None)
    assert (places[~conflicting] != "").all(axis=None)
    assert not set(changes[conflicting]["scenario"]) & set(changes[~conflicting]["scenario"])


def test_each_row_really_differs(survey, table, changes):
    readings = dict(list_scenarios(survey, Interpretation()))
    literal = table[table["reading"] == "literal"].set_index(["question", "options", "side"])["feasible"]
    rows = changes[changes["conflict"] == ""]
    assert not rows.duplicated(["scenario", "question", "options", "side"]).any()
    assert (rows["published"] != rows["changed"]).all()
    for row in rows.itertuples():
        assert row.published == literal[row.question, row.options, row.side]
    for row in rows[::7].itertuples():
        system = system_of(survey, row.question, readings[row.scenario])
        form = survey.sum_answers(row.question, row.options.split(";"), row.side)
        assert numbers(row.changed) == feasible_values(system, form)


def test_what_is_not_listed_does_not_change(survey, changes):
    listed = {(r.scenario, r.question, r.options, r.side) for r in changes.itertuples()}
    base = tabulate_counts(survey, Interpretation())
    for name, reading in list_scenarios(survey, Interpretation()):
        if find_conflicts(survey, reading):
            continue
        for one, values in tabulate_counts(survey, reading).items():
            changed = sorted(values) != sorted(base[one])
            assert ((name, one.question, ";".join(one.options), one.group) in listed) == changed


def test_leaving_a_word_out_frees_and_taking_it_strictly_binds(changes):
    for row in changes[changes["conflict"] == ""].itertuples():
        before, after = set(numbers(row.published)), set(numbers(row.changed))
        if row.scenario.startswith("without"):
            assert before < after, row
        elif row.scenario.endswith("strictly") or row.scenario == "bounds read tightly":
            assert after < before, row


def test_a_system_without_totals_gives_the_same(survey):
    """Counts are totals of their system; asked one by one they are the same."""
    found = tabulate_counts(survey, Interpretation())
    salience = {one.name: sorted(values) for one, values in found.items() if one.question == "salience"}
    cells = feasible(survey.build_system(["salience"], Interpretation()))
    assert {name: values for name, values in salience.items() if name in cells} == {
        name: cells[name] for name in salience if name in cells
    }
    assert set(results.BOUNDS) == {"literal", "tight"}
