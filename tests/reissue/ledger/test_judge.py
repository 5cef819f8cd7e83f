"""Verdicts on ledgers small enough to know the answer, and on rows with arbitrary content."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reissue.core.errors import InputError
from reissue.ledger.findings import VERDICTS
from reissue.ledger.judge import CHECKS, judge
from reissue.ledger.relations import OPERATORS
from reissue.survey.verdicts import SurveyModel
from tests.conftest import TRIALS
from tests.corpus import TEXTS

COLUMNS = ["id", "section", "page", "kind", "statement", "printed", "value", "check"]
COLUMNS += ["table", "where", "measure", "relation", "of", "claims", "exhibit", "reason"]
READINGS = pd.DataFrame(
    [
        ("over", "above", 0, "strictly more"),
        ("several", "at_least", 2, "two or more"),
        ("around", "near", "0.1", "within a tenth"),
        ("equally", "apart", 1, "by one at most"),
        ("most", "part", "0.5", "more than half"),
        ("all praise", "at_most", 0, "for the survey"),
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


def measured(value, measure, where="", relation="", **rest):
    return claim("a", value, "measure", table="fruit", measure=measure, where=where, relation=relation, **rest)


def agreeing(value, other, relation, **rest):
    return [claim("b", other), claim("a", value, "agree", claims="b", relation=relation, **rest)]


def verdicts(*claims, discrepancies=None):
    ledger = pd.DataFrame(claims).reindex(columns=COLUMNS)
    tables = {"fruit": FRUIT, "exhibits": pd.DataFrame({"id": ["table-1"]})}
    if discrepancies is not None:
        columns = ["id", "kind", "first", "second", "weight", "why"]
        tables["discrepancies"] = pd.DataFrame(discrepancies, columns=columns)
    return judge(ledger, tables, READINGS).set_index("id")


@pytest.mark.parametrize(
    ("value", "measure", "where", "relation", "is_consistent"),
    [
        (3, "count", "", "", True),
        (4, "count", "", "", False),
        (2, "count", "colour=green", "", True),
        (1, "count", "colour=green;name=pear", "", True),
        (2, "distinct colour", "", "", True),
        (5, "value number", "name=plum", "", True),
        ("blue", "value colour", "name=plum", "", True),
        ("pear;apple", "set name", "colour=green", "", True),
        ("pear;apple", "list name", "colour=green", "", False),
        ("apple;pear", "list name", "colour=green", "", True),
        ("apple", "set name", "", "subset", True),
        ("apple;kiwi", "set name", "", "subset", False),
        ("apple;pear;plum;kiwi", "set name", "", "superset", True),
        (2, "min number", "", "", True),
        (5, "max number", "", "", True),
        (10, "sum number", "", "", True),
        (4, "max number", "", "<", True),
        (5, "max number", "", "<", False),
        (2, "count", "", "over", True),
        (3, "count", "", "over", False),
        (11, "sum number", "", "around", True),
        (12, "sum number", "", "around", False),
        (0, "count", "", "several", True),
        (0, "count", "name=plum", "several", False),
        (4, "count", "", "equally", True),
        (5, "count", "", "equally", False),
    ],
)
def test_measures_and_relations(value, measure, where, relation, is_consistent):
    found = verdicts(measured(value, measure, where, relation))
    assert found.at["a", "verdict"] == ("consistent" if is_consistent else "contradicted")
    readings = dict(zip(READINGS["word"], READINGS["meaning"], strict=True))
    assert found["reading"].fillna("")["a"] == readings.get(relation, "")


@pytest.mark.parametrize(
    ("value", "other", "relation", "is_consistent"),
    [
        ("2019-10-08", "2019", "within", True),
        ("2019-05/2019-06", "2019", "within", True),
        ("2018-12/2019-01", "2019", "within", False),
        ("2011/2013", "2011/2013", "within", True),
        ("2018/2019", "2019-05", "overlaps", True),
        ("2018", "2019-05", "overlaps", False),
        ("", 17, "most", True),
        ("", 16, "most", False),
    ],
)
def test_dates_and_shares(value, other, relation, is_consistent):
    of = {"of": "n"} if relation == "most" else {}
    found = verdicts(claim("n", 32), *agreeing(value, other, relation, **of))
    assert found.at["a", "verdict"] == ("consistent" if is_consistent else "contradicted")


def test_rows_of_the_same_printed_place_are_a_single_source():
    found = verdicts(measured(2, "count", "colour=green", section="1", page=3))
    assert found.at["a", "verdict"] == "stated-once"
    assert "single source" in found.at["a", "evidence"]
    assert verdicts(measured(3, "count", "", section="1", page=3)).at["a", "verdict"] == "consistent"
    assert verdicts(measured(7, "count", "colour=green", section="1", page=3)).at["a", "verdict"] == "contradicted"


def test_claims_that_state_the_same_measure_mark_one_another():
    same = {"table": "fruit", "measure": "count", "where": "colour=green"}
    own = claim("own", 2, "measure", **same) | {"section": "1", "page": 3}
    found = verdicts(own, claim("elsewhere", 2, "measure", **same))
    assert found["verdict"].to_dict() == {"own": "consistent", "elsewhere": "consistent"}
    assert "as in section 9, page 9 (elsewhere)" in found.at["own", "evidence"]
    assert "as in section 1, page 3 (own)" in found.at["elsewhere", "evidence"]
    found = verdicts(own, claim("elsewhere", 2, "measure", **same), claim("slip", 4, "measure", **same))
    assert set(found["verdict"]) == {"contradicted"}, "there is no majority vote"
    others = "“2” in section 1, page 3 (own), “2” in section 9, page 9 (elsewhere)"
    assert f"“4” here, {others}" in found.at["slip", "evidence"]


def test_what_a_reader_judged_to_mean_the_same_is_matched_on_both_claims():
    found = verdicts(claim("a", "plum"), claim("b", "plum", "match", claims="a"))
    assert found["verdict"].to_dict() == {"a": "matched", "b": "matched"}
    assert verdicts(claim("a", "plum"), claim("b", "kiwi", "match", claims="a")).at["a", "verdict"] == "contradicted"
    row = claim("a", "blue", "match", table="fruit", measure="value colour", where="name=plum")
    assert verdicts(row).at["a", "verdict"] == "matched"
    also = claim("c", "plum", "agree", claims="a")
    found = verdicts(claim("a", "plum"), claim("b", "plum", "match", claims="a"), also)
    assert found["verdict"].to_dict() == {"a": "consistent", "b": "matched", "c": "consistent"}


def test_a_contradiction_has_the_weight_and_the_explanation_of_its_discrepancy():
    pair = [claim("a", 20), claim("b", 40, "agree", claims="a")]
    assert verdicts(*pair)["weight"].isna().all()
    rows = [("d", "contradiction", "a", "b", "spelling", "Why it differs.")]
    rows.append(("t", "circular", "a", "b", "substance", "No."))
    found = verdicts(*pair, claim("c", 1), discrepancies=rows)
    assert found["weight"].fillna("").to_dict() == {"a": "spelling", "b": "spelling", "c": ""}
    assert found.at["a", "evidence"] == "Why it differs; “20” here, “40” in section 9, page 9 (b)"
    assert verdicts(*pair, discrepancies=rows[1:])["weight"].to_dict() == {"a": "substance", "b": "substance"}


def test_a_failed_agreement_or_sum_marks_all_ends_in_any_order():
    found = verdicts(claim("a", 20), claim("b", 40, "agree", claims="a"), claim("c", 20, "agree", claims="a"))
    assert found["verdict"].to_dict() == {"a": "contradicted", "b": "contradicted", "c": "consistent"}
    assert found.at["b", "evidence"] == "“40” here, “20” in section 9, page 9 (a)"
    assert found.at["a", "evidence"] == "“20” here, “40” in section 9, page 9 (b); as in section 9, page 9 (c)"
    found = verdicts(claim("b", 40, "agree", claims="a"), claim("a", 3, "measure", table="fruit", measure="count"))
    assert set(found["verdict"]) == {"contradicted"}
    parts = [claim("x", 17), claim("y", 15)]
    assert verdicts(*parts, claim("n", 32, "sum", claims="x;y")).at["n", "verdict"] == "consistent"
    wrong = verdicts(*parts, claim("n", 33, "sum", claims="x;y"))
    assert set(wrong["verdict"]) == {"contradicted"}
    assert "17 + 15 = 32" in wrong.at["n", "evidence"]


@given(st.lists(st.integers(0, 5), min_size=2, max_size=12))
@settings(max_examples=30)
def test_agreement_is_consistent_exactly_if_values_are_equal(values):
    claims = [claim(f"c{k}", value, "agree", claims="c0") for k, value in enumerate(values)]
    claims[0] = claim("c0", values[0])
    found = verdicts(*claims)["verdict"]
    for k, value in enumerate(values[1:], start=1):
        assert (found[f"c{k}"] == "consistent") == (value == values[0])
    assert (found["c0"] == "contradicted") == (len(set(values)) > 1)


FAULTS = {
    "duplicate id": [claim("a", 1), claim("a", 2)],
    "unknown claim 'z'": [claim("a", 1, "agree", claims="z")],
    "unknown exhibit 'figure-9'": [claim("a", 1, exhibit="figure-9")],
    "unknown table 'meat'": [claim("a", 1, "open", table="meat", reason="r")],
    "has no column 'taste'": [measured(1, "distinct taste")],
    "matches no row": [claim("a", 1, table="fruit", where="name=kiwi")],
    "not of the form column=value": [claim("a", 1, table="fruit", where="kiwi")],
    "unknown measure 'median number'": [measured(1, "median number")],
    "unknown measure 'count name'": [measured(1, "count name")],
    "needs one value, 3 are there": [measured(1, "value name")],
    "unknown check 'guess'": [claim("a", 1, "guess")],
    "unknown relation 'nearly'": [measured(1, "count", "", "nearly")],
    "relation 'all praise' is only for statements about the survey": [measured(1, "count", "", "all praise")],
    "'many' is not a whole number": [measured("many", "count", "", "<")],
    "'²' is not a whole number": [measured("²", "count", "", ">")],
    "'--5' is not a whole number": [claim("b", 2), claim("a", "--5", "sum", claims="b", relation=">")],
    "'May' is not a date": agreeing("May", "2019", "within"),
    "there is no day '2019-13'": agreeing("2019-13", "2019", "within"),
    "there is no day '2019-02-30'": agreeing("2019-02-30", "2019", "overlaps"),
    "there is no day '0000'": agreeing("0000", "2019", "within"),
    "relation 'most' needs a whole": agreeing(3, 2, "most"),
    "relation 'most' needs a whole: name": [claim("n", 0), *agreeing(3, 2, "most", of="n")],
    "names no claim to agree with": [claim("a", 1, "agree")],
    "names no claims to add up": [claim("a", 1, "sum")],
    "check `open` needs a reason": [claim("a", 1, "open")],
    "check `survey` needs the table": [claim("a", 1, "survey")],
    "circular reference": [claim(one, 1, "agree", claims=other) for one, other in ("ab", "bc", "ca")],
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_faulty_row_is_one_line_that_names_it(words):
    with pytest.raises(InputError) as caught:
        verdicts(*FAULTS[words])
    line = str(caught.value)
    assert line.startswith("data/raw/claims.csv, claim '")
    assert words in line
    assert line.isprintable()


ODD = st.one_of(st.text(max_size=12), st.sampled_from(sorted(TEXTS.values())))
NUMBERS = ["0", "-1", "32", "--5", "²", "٣", "9" * 5000, "1e5", "0000", "2019-13", "2019-02-30", "2019/"]
WHERE = ["", "=", "id=", "id=P01", "side=LAC", "id=P01;id=P02", ";;", "a=b=c", "question=topic"]
RELATIONS = ["", *OPERATORS, *READINGS["word"]]
FIELDS = {
    "value": st.sampled_from(NUMBERS),
    "check": st.sampled_from([*CHECKS]),
    "table": st.sampled_from(["", "pairings", "swot", "survey", "values", "countries"]),
    "where": st.sampled_from(WHERE),
    "measure": st.sampled_from(["count", "sum page", "min id", "value id", "set id", "max", "list"]),
    "of": st.sampled_from(["", "first", "second", "none"]),
    "claims": st.sampled_from(["", "first", "second", "first;first", ";"]),
    "relation": st.sampled_from(RELATIONS),
}


@settings(max_examples=150 * TRIALS)
@given(st.sampled_from(NUMBERS), st.fixed_dictionaries({name: st.one_of(drawn, ODD) for name, drawn in FIELDS.items()}))
def test_any_row_gets_a_verdict_or_one_line(processed, survey_model: SurveyModel, first, second):
    ledger = pd.DataFrame([claim("first", first), claim("second", "") | second]).reindex(columns=COLUMNS)
    try:
        judged = judge(ledger, processed, READINGS, survey_model)
    except InputError as error:
        line = str(error)
    else:
        assert set(judged["verdict"]) <= set(VERDICTS)
        assert judged["id"].tolist() == ["first", "second"]
        return
    assert line.isprintable()
    assert line.startswith("data/raw/claims.csv, claim ")
