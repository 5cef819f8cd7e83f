"""Verdicts on ledgers small enough to know the answer."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reissue.core.errors import InputError
from reissue.ledger import judge

COLUMNS = [
    "id",
    "section",
    "page",
    "kind",
    "statement",
    "printed",
    "value",
    "check",
    "table",
    "where",
    "measure",
    "relation",
    "of",
    "claims",
    "exhibit",
    "reason",
]
READINGS = pd.DataFrame(
    [
        ("over", "above", 0, "strictly more"),
        ("several", "at_least", 2, "two or more"),
        ("around", "near", "0.1", "within a tenth"),
        ("equally", "apart", 1, "by one at most"),
        ("most", "part", "0.5", "more than half"),
    ],
    columns=["word", "rule", "amount", "meaning"],
)
FRUIT = pd.DataFrame(
    {
        "section": ["1", "1", "2"],
        "page": [3, 3, 4],
        "name": ["apple", "pear", "plum"],
        "colour": ["green", "green", "blue"],
        "number": [2, 3, 5],
    }
)


def claim(id_, value, check="none", **rest):
    return {"id": id_, "section": "9", "page": 9, "printed": id_, "value": str(value), "check": check, **rest}


def verdicts(*claims, tables=None):
    ledger = pd.DataFrame(claims).reindex(columns=COLUMNS)
    return judge(ledger, tables or {"fruit": FRUIT}, READINGS).set_index("id")


def measured(value, measure, where="", relation="", **rest):
    return claim("a", value, "measure", table="fruit", measure=measure, where=where, relation=relation, **rest)


@pytest.mark.parametrize(
    ("value", "measure", "where", "relation", "verdict"),
    [
        (3, "count", "", "", "consistent"),
        (4, "count", "", "", "contradicted"),
        (2, "count", "colour=green", "", "consistent"),
        (1, "count", "colour=green;name=pear", "", "consistent"),
        (2, "distinct colour", "", "", "consistent"),
        (5, "value number", "name=plum", "", "consistent"),
        ("blue", "value colour", "name=plum", "", "consistent"),
        ("pear;apple", "set name", "colour=green", "", "consistent"),
        ("pear;apple", "list name", "colour=green", "", "contradicted"),
        ("apple;pear", "list name", "colour=green", "", "consistent"),
        ("apple", "set name", "", "subset", "consistent"),
        ("apple;kiwi", "set name", "", "subset", "contradicted"),
        ("apple;pear;plum;kiwi", "set name", "", "superset", "consistent"),
        (2, "min number", "", "", "consistent"),
        (5, "max number", "", "", "consistent"),
        (10, "sum number", "", "", "consistent"),
        (4, "max number", "", "<", "consistent"),
        (5, "max number", "", "<", "contradicted"),
        (2, "count", "", "over", "consistent"),
        (3, "count", "", "over", "contradicted"),
        ("several", "count", "colour=green", "several", "undefined"),
        (11, "sum number", "", "around", "consistent"),
        (12, "sum number", "", "around", "contradicted"),
    ],
)
def test_measures_and_relations(value, measure, where, relation, verdict):
    if verdict == "undefined":
        with pytest.raises(InputError, match="not a whole number"):
            verdicts(measured(value, measure, where, relation))
        return
    assert verdicts(measured(value, measure, where, relation)).at["a", "verdict"] == verdict


def test_rows_of_the_same_printed_place_are_a_single_source():
    found = verdicts(measured(2, "count", "colour=green", section="1", page=3))
    assert found.at["a", "verdict"] == "unverifiable"
    assert "single source" in found.at["a", "evidence"]
    assert verdicts(measured(3, "count", "", section="1", page=3)).at["a", "verdict"] == "consistent"


def test_a_wrong_single_source_is_still_contradicted():
    assert verdicts(measured(7, "count", "colour=green", section="1", page=3)).at["a", "verdict"] == "contradicted"


def test_a_failed_agreement_marks_both_ends():
    found = verdicts(claim("a", 20), claim("b", 40, "agree", claims="a"), claim("c", 20, "agree", claims="a"))
    assert found["verdict"].to_dict() == {"a": "contradicted", "b": "contradicted", "c": "consistent"}
    assert found.at["b", "evidence"] == "“40” here, “20” in section 9, page 9 (a)"
    assert found.at["a", "evidence"] == "“20” here, “40” in section 9, page 9 (b)"


def test_a_contradiction_stays_whatever_is_heard_later():
    """The end that is marked may be heard after the one that marks it."""
    first = verdicts(claim("b", 40, "agree", claims="a"), claim("a", 3, "measure", table="fruit", measure="count"))
    assert set(first["verdict"]) == {"contradicted"}


def test_sums_and_their_terms():
    parts = [claim("x", 17), claim("y", 15)]
    assert verdicts(*parts, claim("n", 32, "sum", claims="x;y")).at["n", "verdict"] == "consistent"
    wrong = verdicts(*parts, claim("n", 33, "sum", claims="x;y"))
    assert set(wrong["verdict"]) == {"contradicted"}
    assert "17 + 15 = 32" in wrong.at["n", "evidence"]


@pytest.mark.parametrize(
    ("percent", "relation", "counts", "verdict"),
    [
        (22, "", [7], "consistent"),
        (22, "", [8], "contradicted"),
        (22, "", [4, 3], "consistent"),
        (20, "", [], "contradicted"),
        (6, "", [], "unverifiable"),
        (93, "over", [30], "consistent"),
        (93, "over", [29], "contradicted"),
    ],
)
def test_percentages_are_counts_of_their_whole(percent, relation, counts, verdict):
    terms = [claim(f"t{k}", count) for k, count in enumerate(counts)]
    names = ";".join(term["id"] for term in terms)
    found = verdicts(claim("n", 32), *terms, claim("p", percent, "share", of="n", claims=names, relation=relation))
    assert found.at["p", "verdict"] == verdict


def test_a_part_of_a_whole_needs_its_whole():
    most = claim("m", "", "agree", claims="k", of="n", relation="most")
    assert verdicts(claim("n", 32), claim("k", 17), most).at["m", "verdict"] == "consistent"
    assert verdicts(claim("n", 32), claim("k", 16), most).at["m", "verdict"] == "contradicted"
    with pytest.raises(InputError, match="needs a whole"):
        verdicts(claim("k", 16), {**most, "of": ""})


def test_the_reading_of_a_soft_word_is_named():
    assert verdicts(measured(2, "count", "", "over")).at["a", "reading"] == "strictly more"
    assert pd.isna(verdicts(measured(3, "count")).at["a", "reading"])


@pytest.mark.parametrize(
    ("inner", "outer", "verdict"),
    [
        ("2019-10-08", "2019", "consistent"),
        ("2019-05/2019-06", "2019", "consistent"),
        ("2018-12/2019-01", "2019", "contradicted"),
        ("2011/2013", "2011/2013", "consistent"),
    ],
)
def test_dates_within_spans(inner, outer, verdict):
    assert (
        verdicts(claim("s", outer), claim("d", inner, "agree", claims="s", relation="within")).at["d", "verdict"]
        == verdict
    )


FAULTS = {
    "an id twice": ([claim("a", 1), claim("a", 2)], "claim 'a': the id is there twice"),
    "a claim that is not there": ([claim("a", 1, "agree", claims="z")], "there is no claim 'z'"),
    "a table that is not there": (
        [claim("a", 1, "measure", table="meat", measure="count")],
        "there is no table 'meat'",
    ),
    "a column that is not there": ([measured(1, "distinct taste")], "no column 'taste'"),
    "a where that matches nothing": ([measured(1, "count", "name=kiwi")], "matches no row"),
    "a where that is no condition": ([measured(1, "count", "kiwi")], "not of the form column=value"),
    "a measure that is unknown": ([measured(1, "median number")], "measure 'median number' is unknown"),
    "a count of a column": ([measured(1, "count name")], "measure 'count name' is unknown"),
    "several values where one is needed": ([measured(1, "value name")], "needs one value, 3 are there"),
    "a check that is unknown": ([claim("a", 1, "guess")], "check 'guess' is unknown"),
    "a relation that is unknown": ([measured(1, "count", "", "nearly")], "relation 'nearly' is unknown"),
    "no number where one is needed": ([measured("many", "count", "", "<")], "'many' is not a whole number"),
    "no date where one is needed": (
        [claim("s", "2019"), claim("a", "May", "agree", claims="s", relation="within")],
        "'May' is not a date",
    ),
    "a share without a whole": ([claim("a", 22, "share")], "denominator"),
    "an agreement with nobody": ([claim("a", 1, "agree")], "names no claim"),
    "a circle": (
        [claim("a", 1, "agree", claims="b"), claim("b", 1, "agree", claims="c"), claim("c", 1, "agree", claims="a")],
        "in a circle",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_row_is_one_line_that_names_it(fault):
    claims, words = FAULTS[fault]
    with pytest.raises(InputError) as caught:
        verdicts(*claims)
    line = str(caught.value)
    assert "data/raw/claims.csv, claim '" in line
    assert words in line
    assert line.isprintable()


@given(st.lists(st.integers(0, 5), min_size=2, max_size=12))
def test_agreement_is_consistent_exactly_where_values_are_equal(values):
    claims = [claim("c0", values[0])]
    claims += [claim(f"c{k}", value, "agree", claims="c0") for k, value in enumerate(values[1:], start=1)]
    found = verdicts(*claims)["verdict"]
    for k, value in enumerate(values[1:], start=1):
        assert (found[f"c{k}"] == "consistent") == (value == values[0])
    assert (found["c0"] == "contradicted") == (len(set(values)) > 1)
