"""The ledger's parser on rows that nobody meant: a verdict or one line, never anything else."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reissue.core.errors import InputError
from reissue.ledger.judge import CHECKS, VERDICTS, judge
from reissue.ledger.relations import OPERATORS
from reissue.survey.verdicts import SurveyModel
from tests.conftest import TRIALS
from tests.corpus import TEXTS

ODD = st.one_of(st.text(max_size=12), st.sampled_from(sorted(TEXTS.values())))
NUMBERS = st.sampled_from(
    ["0", "-1", "32", "--5", "²", "٣", "9" * 5000, "1e5", "0000", "2019-13", "2019-02-30", "2019/"]
)
FIELDS = {
    "value": st.one_of(ODD, NUMBERS),
    "check": st.one_of(st.sampled_from(CHECKS), ODD),
    "table": st.one_of(st.sampled_from(["", "pairings", "swot", "survey", "values", "countries"]), ODD),
    "where": st.one_of(
        st.sampled_from(["", "=", "id=", "id=P01", "side=LAC", "id=P01;id=P02", ";;", "a=b=c", "question=topic"]), ODD
    ),
    "measure": st.one_of(st.sampled_from(["count", "sum page", "min id", "value id", "set id", "max", "list"]), ODD),
    "of": st.one_of(st.sampled_from(["", "first", "second", "none"]), ODD),
    "claims": st.one_of(st.sampled_from(["", "first", "second", "first;first", ";"]), ODD),
}


@pytest.fixture(scope="module")
def relations(raw: dict[str, pd.DataFrame]) -> list[str]:
    return [*OPERATORS, *raw["readings"]["word"]]


@settings(max_examples=250 * TRIALS)
@given(st.data())
def test_a_row_gets_a_verdict_or_a_line(
    raw: dict[str, pd.DataFrame],
    processed: dict[str, pd.DataFrame],
    survey_model: SurveyModel,
    relations: list[str],
    data: st.DataObject,
) -> None:
    plain = {
        "section": "3.1",
        "page": 17,
        "kind": "count",
        "statement": "s",
        "printed": "p",
        "exhibit": "",
        "reason": "r",
    }
    first = {**plain, "id": "first", **dict.fromkeys(FIELDS, ""), "relation": "", "check": "none", "value": "5"}
    first["value"] = data.draw(st.one_of(st.just("32"), NUMBERS))
    second = {**plain, "id": "second", **{name: data.draw(drawn, label=name) for name, drawn in FIELDS.items()}}
    second["relation"] = data.draw(st.one_of(st.sampled_from(["", *relations]), ODD), label="relation")
    ledger = pd.DataFrame([first, second])
    try:
        judged = judge(ledger, processed, raw["readings"], survey_model)
    except InputError as error:
        line = str(error)
    else:
        assert set(judged["verdict"]) <= set(VERDICTS)
        assert judged["id"].tolist() == ["first", "second"]
        return
    assert line.isprintable()
    assert "data/raw/claims.csv, claim " in line


#: Rows that once ended in another error than a line, or in none: what they hold beside the plain ones.
FAULTS = {
    "a digit of no number": {
        "check": "measure",
        "table": "pairings",
        "measure": "count",
        "relation": ">",
        "value": "²",
    },
    "two signs": {"check": "sum", "claims": "first", "relation": ">", "value": "--5"},
    "no month": {
        "check": "measure",
        "table": "pilots",
        "measure": "value span",
        "where": "id=red",
        "relation": "within",
        "value": "2019-13",
    },
    "no day": {"check": "agree", "claims": "first", "relation": "overlaps", "value": "2019-02-30"},
    "no year": {"check": "agree", "claims": "first", "relation": "within", "value": "0000"},
    "part of nothing": {"check": "agree", "claims": "second", "of": "nought", "relation": "most", "value": "3"},
    "share of very many": {"check": "share", "of": "many", "value": "5"},
    "rows that are not there": {"check": "none", "table": "pairings", "where": "id=P99"},
    "no form of a where": {"check": "none", "table": "pairings", "where": "id"},
    "a table that is not there": {"check": "open", "table": "nowhere"},
    "words of the survey alone": {"check": "agree", "claims": "first", "relation": "survey alone", "value": "3"},
}


@pytest.mark.parametrize("own", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_line(
    raw: dict[str, pd.DataFrame], processed: dict[str, pd.DataFrame], own: dict[str, str]
) -> None:
    plain = {"section": "3.1", "page": 17, "kind": "count", "statement": "s", "printed": "p", "exhibit": None}
    plain |= dict.fromkeys([*FIELDS, "relation", "reason"], "") | {"check": "none"}
    values = {"first": "2019", "second": "5", "nought": "0", "many": "9" * 12}
    rows = [{**plain, "id": name, "value": value} for name, value in values.items()]
    words = raw["readings"].copy()
    words.loc[words.index[0], ["word", "rule"]] = ["survey alone", "at_most"]
    with pytest.raises(InputError) as caught:
        judge(pd.DataFrame([*rows, {**plain, "id": "own", **own}]), processed, words)
    assert "data/raw/claims.csv, claim 'own'" in str(caught.value)
