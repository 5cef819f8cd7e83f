"""The tables for readers: counts with what fixes them, and what another interpretation would change."""

from dataclasses import replace

import pandas as pd
import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.survey import TooLargeError, feasible_values
from reissue.survey.counting import is_fixed
from reissue.survey.interpretation import Interpretation
from reissue.survey.results import (
    build_feasible_table,
    find_conflicts,
    label_count,
    list_counts,
    list_scenarios,
    tabulate_counts,
)
from tests.reissue.survey.tiny import build_tiny, state, word

KEY = ["question", "options", "side"]


@pytest.fixture(scope="module")
def survey(raw):
    return build_questionnaire(raw)


@pytest.fixture(scope="module")
def table(processed):
    """What `build_feasible_table` returns for the report."""
    return processed["survey_counts"]


@pytest.fixture(scope="module")
def changes(built):
    """What `build_sensitivity_table` returns for the report, as a build has saved it."""
    return pd.read_csv(built.root / "reports" / "survey" / "sensitivity.csv", dtype="str", keep_default_na=False)


def numbers(text):
    return [int(one) for one in text.split(";")]


def test_the_counts_of_a_question():
    survey = build_tiny(state("s", "a;b", value=6), word("named", "b;c"))
    counts = list_counts(survey, "topic")
    assert [(one.options, one.group) for one in counts] == [
        (options, side) for options in (("a", "b"), ("a",), ("b",), ("c",)) for side in ("all", "EU", "LAC")
    ]
    assert [label_count(survey, one) for one in counts[::3]] == ["Apples or pears", "Apples", "Pears", "Plums"]
    assert {one.group for one in list_counts(survey, "country")} == {"LAC"}, "only one side was asked"
    assert [one.name for one in list_counts(survey, "respondents")] == ["respondents.eu.all", "respondents.lac.all"]


def test_a_small_table_by_hand():
    """Latin America says b; of the seven of Europe five say a and none says b, so two say c."""
    survey = build_tiny(
        state("s", "a", value=5), state("t", "b", side="EU", value=0), state("u", "b", side="LAC", bound="all")
    )
    found = build_feasible_table(survey)
    rows = found[(found["question"] == "topic") & (found["reading"] == "literal") & (found["options"] == "c")]
    assert rows[["side", "n", "least", "most", "feasible", "tables", "fixed_by"]].values.tolist() == [
        ["all", 12, 2, 2, "2", "1", "eu;s;t;u"],
        ["EU", 7, 2, 2, "2", "1", "eu;s;t;u"],
        ["LAC", 5, 0, 0, "0", "1", "u"],
    ]


def test_a_count_is_based_on_numbers_rather_than_on_words():
    """Two say b: it follows from 8 and 10, and from 8 with "equally"."""
    survey = build_tiny(word("equally", "b;c"), state("s", "a", value=8), state("t", "a;b", value=10))
    found = build_feasible_table(survey)
    row = found[(found["options"] == "b") & (found["side"] == "all") & (found["reading"] == "literal")]
    assert row[["feasible", "fixed_by"]].values.tolist() == [["2", "s;t"]]


def test_a_table_is_refused_if_statements_conflict():
    with pytest.raises(ValueError, match="these statements cannot hold together: s; t"):
        build_feasible_table(build_tiny(state("s", "a", value=5), state("t", "a", value=6)))


@pytest.mark.parametrize("reading", ["literal", "tight"])
def test_each_row_has_what_its_system_allows(survey, table, reading):
    own = {(row.question, row.options, row.side): row for row in table[table["reading"] == reading].itertuples()}
    for cluster in survey.clusters:
        system = survey.build_system(cluster, Interpretation(tight=reading == "tight"))
        counts = [one for question in cluster for one in list_counts(survey, question)]
        for one in counts[:: 1 + len(counts) // 12]:
            row = own[one.question, ";".join(one.options), one.group]
            found = numbers(row.feasible)
            assert found == feasible_values(system, dict(one.form))
            assert (row.least, row.most) == (found[0], found[-1])
            assert len(numbers(row.tables)) == len(found)
            assert row.n == {"all": 32, "EU": 17, "LAC": 15}[one.group]
    assert len(own) == len([1 for question in survey.choice for _ in list_counts(survey, question)])


def is_certainly_fixed(system, form):
    try:
        return is_fixed(system, form, limit=300_000)
    except TooLargeError:
        # The statements are so few that the values cannot be counted.
        return False


def test_the_statements_named_fix_a_count_and_all_are_necessary(survey, table):
    assert ((table["least"] == table["most"]) == table["fixed_by"].notna()).all()
    fixed = table[table["fixed_by"].notna()].drop_duplicates([*KEY, "fixed_by"])
    assert len(fixed) > 30
    assert set(fixed["reading"]) == {"literal", "tight"}
    for row in fixed.itertuples():
        names = row.fixed_by.split(";")
        # Questions without any of these statements share only the number of people.
        asked = {row.question, *(question for one in names for question in survey.find_questions(one))}
        if row.question in {*survey.joint, *survey.joint.values()}:
            asked = next(one for one in survey.clusters if row.question in one)
        interpretation = Interpretation(tight=row.reading == "tight")
        system = survey.build_system([one for one in survey.choice if one in asked], interpretation)
        form = survey.sum_answers(row.question, row.options.split(";"), row.side)
        if row.question == "respondents":
            form = {f"respondents.{row.options}.all": 1}
        assert is_certainly_fixed(system.only(names), form), row
        for one in names:
            assert not is_certainly_fixed(system.only([other for other in names if other != one]), form), (row, one)


def test_known_reasons(table):
    own = table[table["reading"] == "literal"].set_index(KEY)["fixed_by"]
    assert own["motivation", "sharing;partners", "all"] == "respondents;motivation-business"
    assert own["familiarity", "very;broadly", "EU"] == "familiarity-very-or-broadly;familiarity-very-or-broadly-lac"
    assert own["relevance-monitoring", "4;5", "all"] == "respondents;relevance-monitoring-low"


def test_every_scenario_is_one_step_from_the_published_interpretation(survey):
    found = dict(list_scenarios(survey, Interpretation()))
    assert {name for name in found if name.startswith("percentages")} == {
        f"percentages rounded by {rule}" for rule in ("half_up", "half_down", "half_even", "trunc")
    }
    assert found["bounds read tightly"] == Interpretation(tight=True)
    assert found["respondents skipped questions"] == Interpretation(skipped=True)
    assert found["“relevance-edp” and “relevance-analysis” are one question"] == Interpretation(
        same=frozenset({("relevance-edp", "relevance-analysis")})
    )
    assert found["“equally” strictly"] == Interpretation(strict=frozenset({"equally"}))
    assert found["without “named”"] == Interpretation(without=frozenset({"named"}))
    assert found["with “all praise”"] == Interpretation(used=frozenset({"all praise"}))
    assert "without “all praise”" not in found
    assert "“named” strictly" not in found
    assert not any("“balanced”" in name for name in found), "no statement uses it"


def test_conflicts_of_scenarios(changes):
    is_conflict = changes["conflict"] != ""
    places = changes[[*KEY, "label", "published", "changed"]]
    assert (places[is_conflict] == "").all(axis=None)
    assert (places[~is_conflict] != "").all(axis=None)
    assert not set(changes[is_conflict]["scenario"]) & set(changes[~is_conflict]["scenario"])
    found = changes[is_conflict].groupby("scenario")["conflict"].agg(list).to_dict()
    # 32 less 3 is 29, which is not an even number.
    (strict,) = found["“equally” strictly"]
    assert set(strict.split(";")) == {"respondents", "motivation-business", "motivation-equally"}
    # 7 of 32 are 21.875%, which is truncated to 21.
    assert found["percentages rounded by trunc"] == ["salience-label-1"]
    assert all(name in found for name in ("“around” strictly", "with “all praise”"))


def test_a_conflict_can_end_if_respondents_skipped_questions(changes):
    assert {name for name in changes["scenario"] if ", if " in name} == {
        "“equally” strictly, if respondents skipped questions"
    }
    rows = changes[changes["side"] == "all"].set_index(["scenario", "question", "options"])["changed"]
    skips = rows["respondents skipped questions"]
    assert skips["motivation", "sharing"] == ";".join(map(str, range(8, 16)))
    assert skips["relevance-monitoring", "4;5"] == ";".join(map(str, range(17, 25)))
    assert rows["“equally” strictly, if respondents skipped questions"]["motivation", "sharing"] == "9;10;11;12;13;14"


def test_exactly_the_counts_that_change_are_listed(survey, table, changes):
    literal = table[table["reading"] == "literal"].set_index(KEY)["feasible"]
    rows = changes[changes["conflict"] == ""].set_index(["scenario", *KEY])
    assert not rows.index.duplicated().any()
    expected, possible = {}, {}
    for name, interpretation in list_scenarios(survey, Interpretation()):
        skipped = replace(interpretation, skipped=True)
        if not find_conflicts(survey, interpretation):
            possible[name] = interpretation
        elif not find_conflicts(survey, skipped):
            possible[f"{name}, if respondents skipped questions"] = skipped
    skips = tabulate_counts(survey, Interpretation(skipped=True))
    for name, interpretation in possible.items():
        for one, values in tabulate_counts(survey, interpretation).items():
            key = one.question, ";".join(one.options), one.group
            after = ";".join(map(str, sorted(values)))
            known = ";".join(map(str, sorted(skips[one]))) if ", if " in name else literal[key]
            if after != known:
                expected[name, *key] = literal[key], after
    assert {
        key: (row.published, row.changed) for key, row in zip(rows.index, rows.itertuples(), strict=True)
    } == expected


def test_leaving_a_quantifier_out_adds_values_and_taking_it_strictly_removes_some(changes):
    for row in changes[changes["conflict"] == ""].itertuples():
        before, after = set(numbers(row.published)), set(numbers(row.changed))
        if row.scenario.startswith(("without", "respondents skipped")):
            assert before < after, row
        elif row.scenario.endswith(("strictly", "one question")) or row.scenario == "bounds read tightly":
            assert after < before, row
