"""The strength of messages, on evidence small enough to know the answer; faulty rows; the messages of the report."""

import pandas as pd
import pytest

from reissue.core.errors import InputError
from reissue.exhibits.slots import fill_text
from reissue.ledger.evidence import STRENGTHS, Evidence
from reissue.ledger.messages import rate_messages, split_ids

TABLES = {
    "claims": [
        {"id": "word", "page": 9, "value": "hope", "verdict": "stated-once"},
        {"id": "once", "page": 9, "value": "12", "verdict": "stated-once"},
        {"id": "agreed", "page": 9, "value": "20", "verdict": "consistent"},
        {"id": "elsewhere", "page": 3, "value": "30", "verdict": "stated-once"},
    ],
    "survey_counts": [
        {"question": "q", "options": "a;b", "side": "all", "reading": "literal", "least": 3, "most": 3, "n": 32},
        {"question": "q", "options": "a", "side": "all", "reading": "literal", "least": 1, "most": 2, "n": 32},
        {"question": "q", "options": "a", "side": "all", "reading": "tight", "least": 2, "most": 2, "n": 32},
    ],
    "exhibits": [{"id": "figure-1"}],
    "discrepancies": [
        {"first": "word", "second": "elsewhere", "weight": "editorial"},
        {"first": "elsewhere", "second": "agreed", "weight": "substance"},
    ],
}
EVIDENCE = Evidence.from_rows(lambda name: TABLES.get(name, []))


def rate(message, rests_on, page=9):
    row = {"id": "m", "section": "4", "page": page, "message": message, "rests_on": rests_on}
    return rate_messages(pd.DataFrame([row]), EVIDENCE, {"n"})["strength"].item()


@pytest.mark.parametrize(
    ("message", "rests_on", "strength"),
    [
        ("Regions hope.", "word", "the report's word"),
        ("Regions hope.", "word;figure-1", "the report's word"),
        ("{n} regions hope.", "word;once", "stated once"),
        ("{n} regions hope.", "word;elsewhere", "fixed counts"),
        ("{n} regions hope.", "word;agreed", "fixed counts"),
        ("Regions hope.", "word;q:a+b:all", "fixed counts"),
        ("Regions hope.", "word;q:a+b:all;q:a:all", "open counts: 1 to 2 of 32"),
        ("Regions hope.", "elsewhere;q:a:all", "in tension: agreed"),
    ],
)
def test_strength(message, rests_on, strength):
    assert rate(message, rests_on) == strength


@pytest.mark.parametrize(
    ("message", "rests_on", "column", "what"),
    [
        ("A", "", "rests_on", "message 'm' has no evidence"),
        ("A", " ; ", "rests_on", "message 'm' has no evidence"),
        ("A", None, "rests_on", "message 'm' has no evidence"),
        ("A", "word;wrod", "rests_on", "message 'm' is based on unknown 'wrod'"),
        ("A", "word;q:b:all", "rests_on", "message 'm' is based on unknown 'q:b:all'"),
        ("A", "word;once;word", "rests_on", "message 'm' names 'word' twice"),
        ("A {m}", "word", "message", "message 'm' has the unknown slot {m}"),
        ("A {n", "word", "message", "message 'm': expected '}' before end of string"),
        ("A 5", "word", "message", "message 'm' has a typed number"),
    ],
)
def test_a_faulty_row_is_one_line_with_row_and_column(message, rests_on, column, what):
    with pytest.raises(InputError) as caught:
        rate(message, rests_on)
    line = str(caught.value)
    assert line.startswith(f"data/raw/messages.csv, row 2, column {column}: {what}. Expected ")
    assert line.endswith("Correct the cell.")
    assert line.isprintable()


def test_messages_of_the_report_cover_it_and_are_short(processed):
    messages, values = processed["messages"], dict(processed["values"][["name", "value"]].itertuples(index=False))
    assert {"Executive summary", "1", "2.2.1", "3.4", "4.1", "4.2", "5"} <= set(messages["section"])
    assert set(messages["kind"]) == {"finding", "challenge", "opportunity", "recommendation", "next-step"}
    assert sorted(messages["main"].dropna()) == [1, 2, 3, 4, 5, 6]
    assert set(messages["strength"].str.partition(": ")[0]) == set(STRENGTHS)
    assert max(len(fill_text(text, values)) for text in messages["message"]) <= 260
    first = processed["claims"].set_index("id")["page"]
    for row in messages.itertuples():
        named = split_ids(row.rests_on)[0]
        assert named not in first or first[named] == row.page, f"{row.id} renders a statement of its own page"
