"""The evidence that prose declares: what stops a build, and what does not."""

import pytest

from reissue.core.errors import InputError
from reissue.ledger.evidence import Evidence
from reissue.ledger.prose import check_prose, list_typed_numbers
from tests.reissue.ledger.test_messages import TABLES

CLAIMS = [
    *TABLES["claims"],
    {"id": "contradicted", "page": 9, "value": "1", "verdict": "contradicted"},
    {"id": "undetermined", "page": 9, "value": "many", "verdict": "undetermined"},
]
MESSAGES = [
    {"id": "m-sure", "strength": "fixed counts"},
    {"id": "m-open", "strength": "open counts: 1 to 2 of 32"},
    {"id": "m-tension", "strength": "in tension: agreed"},
]
ROWS = {**TABLES, "claims": CLAIMS, "messages": MESSAGES}
EVIDENCE = Evidence.from_rows(lambda name: ROWS.get(name, []))


def check(text, certainty=None, *ids):
    declared = {} if certainty is None else {"rests_on": list(ids), "certainty": certainty}
    check_prose(text, declared, EVIDENCE, "notebooks/a.ipynb, cell b")


@pytest.mark.parametrize(
    ("certainty", "ids"),
    [
        ("certain", ["word", "agreed", "figure-1", "q:a+b:all", "m-sure"]),
        ("open", ["undetermined", "q:a:all", "m-open", "m-tension"]),
        ("edition", []),
    ],
)
def test_declared_evidence_is_accepted(certainty, ids):
    check("## A heading\n\nRegions hope for {n} things.", certainty, *ids)
    check("## Only a heading with {n} slots")


@pytest.mark.parametrize(
    ("text", "certainty", "ids", "what"),
    [
        ("Regions hope.", None, [], "A cell of prose declares no evidence"),
        ("Regions hope.", "certain", [], "A cell of prose declares no evidence"),
        ("Regions hope.", "probable", ["word"], "A cell of prose declares no evidence"),
        ("Regions hope.", "certain", ["wrod"], "The prose is based on unknown 'wrod'"),
        ("Regions hope.", "open", ["word", "word"], "The prose names 'word' twice"),
        ("Regions hope.", "open", ["contradicted"], "The prose is based on the contradicted 'contradicted'"),
        ("Regions hope.", "certain", ["undetermined"], "The prose is certain, but 'undetermined' is undetermined"),
        ("Regions hope.", "certain", ["q:a:all"], "The prose is certain, but a count is open: 1 to 2 of 32"),
        ("Regions hope.", "certain", ["m-open"], "The prose is certain, but message 'm-open' is not: open counts"),
        ("Regions hope.", "certain", ["m-tension"], "The prose is certain, but message 'm-tension' is not: in tension"),
        ("20 regions hope.", "certain", ["word"], "The number '2' is typed"),
        ("Twenty regions hope.", "edition", [], "The number 'Twenty' is typed"),
    ],
)
def test_prose_without_fitting_evidence_is_one_line(text, certainty, ids, what):
    with pytest.raises(InputError) as caught:
        check(text, certainty, *ids)
    line = str(caught.value)
    assert line.lower().startswith(f"notebooks/a.ipynb, cell b: {what}".lower())
    assert line.isprintable()


def test_numbers_in_prose_are_found():
    text = "Twenty pairings, 20 and {pairings}, the first, half, ½. One who is not alone, tenfold, twosome, whatever"
    assert list_typed_numbers(text) == ["Twenty", "first", "half", "2", "0", "½"]
