"""What a report says in two ways, as a table and on the page."""

import pandas as pd

from reissue.ledger.discrepancies import list_tensions
from reissue.ledger.present_discrepancies import list_contradictions

ROWS = pd.DataFrame(
    [
        ("c", "contradiction", "a", "b", "spelling", "A letter <differs>."),
        ("e", "extraction", "a", "b", "editorial", "The extraction may have doubled a digit."),
        ("slip", "circular", "a", "b", "editorial", "A slip."),
        ("deep", "all-but", "a", "b", "substance", "It matters."),
    ],
    columns=["id", "kind", "first", "second", "weight", "why"],
)
CLAIMS = pd.DataFrame({"id": ["a", "b"], "section": ["3.1", "Annex"], "page": [17, 33], "printed": ["forty", "“20”"]})


def test_tensions_are_those_that_are_no_contradictions_the_weighty_first():
    found = list_tensions(ROWS)
    assert found["id"].tolist() == ["deep", "slip"]
    assert found.columns.tolist() == ["id", "kind", "first", "second", "weight", "why"]


def test_a_contradiction_has_its_weight_its_explanation_and_both_places():
    html = list_contradictions(ROWS, CLAIMS).html
    assert "A letter &lt;differs&gt;." in html
    assert '<a href="#claim-a">Section 3.1, page 17</a>' in html
    assert '<a href="#claim-b">Annex, page 33</a>' in html
    assert html.index("Contradictions") < html.index("the extraction of the text may have made")
    assert "It matters" not in html


def test_tensions_of_the_report_are_of_every_kind(processed):
    found = list_tensions(processed["discrepancies"])
    assert len(found) > 60
    kinds = "superlative-twice cross-reference different-members cause-or-trend circular all-but new-and-old"
    assert set(found["kind"]) == set(kinds.split())
    known = {("p20-see-box-2", "p20-box-2-caption"), ("p23-funding-greatest", "p23-vision-greatest")}
    known |= {("p19-six-steps", "p19-exception"), ("p16-lac-6", "p18-strategy-percent")}
    assert known <= set(found[["first", "second"]].itertuples(index=False, name=None))
