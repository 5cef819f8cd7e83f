import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from iucresearch.briefs.ledger import find_claims, list_claims
from iucresearch.briefs.subject import find_subject, subjects
from tests.iucresearch.briefs.programme import programme
from tests.pages import table_cells

#: The claims on Paraná and Valencia, picked by hand from the ledger.
PARANA = {"p11-innov-al", "p11-parana-name", "p33-parana", "p33-brazil-order"}
#: Bound to one row of Chile without naming it, and the row is Chile's: its pilot's year.
CHILE_BOUND = "p10-red-2011"


def words(text):
    """Return a text's words with one space around each."""
    return " ".join(["", *re.findall(r"\w+", text), ""])


class Words:
    """Whether a claim's words have a name, found in another way than the code finds it: word by word."""

    def __init__(self, claims):
        texts = {
            row["id"]: [str(row[column]) for column in ("statement", "printed", "value")]
            for row in claims.to_dict("records")
        }
        self.texts = {id_: [(text, words(text)) for text in own] for id_, own in texts.items()}

    def name(self, id_, name):
        return any(name in text and words(name) in cut for text, cut in self.texts[id_])


@pytest.fixture(scope="module")
def claimed(processed):
    return Words(processed["claims"])


def test_every_listed_claim_names_the_subject_and_none_is_left_out(processed, claimed):
    fixes = processed["corrections"]
    bound_tables = ("pairings", "countries", "pilots", "uptake", "boxes")
    everybody = {"p02-pairings", "p07-several-countries", "p06-several-countries", "p12-survey-sides"}
    assert everybody <= set(processed["claims"]["id"])
    for name in subjects(processed)["slug"]:
        found = find_subject(name, processed)
        printed = fixes.loc[fixes["row"].isin(found.pairings["id"]), "printed"]
        names = [*found.territories, *(c for side in found.sides for c in found.countries_of(side))]
        rows = find_claims(found, processed)
        assert len(rows), name
        assert not everybody & set(rows["id"]), "a claim about all rows of a table names none of them"
        for row in rows.to_dict("records"):
            if not any(claimed.name(row["id"], one) for one in (*names, *printed)):
                assert row["table"] in bound_tables, f"{name}: {row['id']}"
                assert not pd.isna(row["where"])
        for place in names:
            assert {id_ for id_ in claimed.texts if claimed.name(id_, place)} <= set(rows["id"]), f"{name}: {place}"


def test_claims_are_those_picked_by_hand(processed, find, claimed):
    rows = find_claims(find("parana-valencia"), processed)
    assert set(rows.loc[rows["by"] == "pairing", "id"]) == PARANA
    assert find_claims(find("chile"), processed).set_index("id").at[CHILE_BOUND, "by"] == "country"
    assert not claimed.name(CHILE_BOUND, "Chile")
    assert CHILE_BOUND not in set(find_claims(find("peru"), processed)["id"])


def bound(tables, table, where):
    """Return the tables with one claim alone, which is bound to data and names nothing in its words."""
    one = tables["claims"].iloc[:1].assign(statement="x", printed="y", value="z", table=table, where=where)
    return {**tables, "claims": one}


@pytest.mark.parametrize(
    ("table", "where", "by"),
    [
        ("pairings", "eu_region=Extremadura", ["pairing"]),
        ("boxes", "box=1", ["pairing"]),
        ("pairings", "lac_country=Mexico", ["country"]),
        ("pilots", "id=eu-mexico", ["country"]),
        ("uptake", "id=mexico", ["country"]),
        ("countries", "country=Spain", ["country"]),
        ("countries", "side=EU", []),
        ("boxes", "box=2", []),
        ("pairings", None, []),
        ("sections", "id=annex", []),
    ],
)
def test_bound_rows_decide(processed, find, table, where, by):
    assert find_claims(find("colima-extremadura"), bound(processed, table, where))["by"].tolist() == by


def test_a_claim_about_all_rows_names_none_even_if_all_are_of_one_pairing(processed):
    one = {**processed, "pairings": processed["pairings"].iloc[:1]}
    found = find_subject(subjects(one)["slug"].iloc[0], one)
    assert find_claims(found, bound(one, "pairings", None)).empty
    assert len(find_claims(found, bound(one, "pairings", "id=P01"))) == 1


def test_adjectives_and_parts_of_words_are_no_names(processed, find):
    claims = processed["claims"].iloc[:3].assign(
        id=["p01-a", "p01-b", "p01-c"],
        statement=["A Chilean plan", "Chiles grow", "Chile's plan"],
        printed="x", value="y", table=None, where=None,
    )  # fmt: skip
    tables = {**processed, "claims": claims}
    assert find_claims(find("chile"), tables)["id"].tolist() == ["p01-c"]


def test_names_as_the_annex_prints_them_count(processed, find):
    claims = processed["claims"]
    only = claims[claims["id"] == "p33-piura"].assign(statement="Of Emilia Romagna", printed="x", value="y")
    tables = {**processed, "claims": only}
    assert find_claims(find("piura-emilia-romagna"), tables)["by"].tolist() == ["pairing"]
    bare = {**tables, "corrections": processed["corrections"].iloc[:0]}
    assert find_claims(find("piura-emilia-romagna"), bare).empty


def test_claims_are_shown_with_key_place_words_verdict_and_evidence(processed, find):
    found = find("colima-extremadura")
    rows = find_claims(found, processed)
    page = BeautifulSoup(list_claims(found, rows).html, "html.parser")
    near, far = page.find_all("table")
    head, *cells = table_cells(str(near))
    assert head == ["Key", "Section", "Page", "Printed", "Verdict", "Evidence"]
    columns = ["id", "section", "page", "printed", "verdict", "evidence"]
    assert cells == rows.loc[rows["by"] == "pairing", columns].astype("str").to_numpy().tolist()
    assert [a["href"] for a in near.find_all("a")] == [f"#claim-{row[0]}" for row in cells]
    assert far.find_parent("details"), "what names a country alone is folded away"
    assert near.find_parent("details") is None


def test_a_sentence_counts_claims_by_verdict(processed, find):
    rows = find_claims(find("mexico"), processed)
    summary = BeautifulSoup(list_claims(find("mexico"), rows).html, "html.parser").summary.get_text()
    assert summary.startswith(f"{len(rows)} statements on Mexico or its territories: ")
    counts = rows["verdict"].str.replace("-", " ").value_counts()
    assert all(f"{count} {verdict}" in summary for verdict, count in counts.items())
    one = list_claims(find("tarapaca-asturias"), find_claims(find("tarapaca-asturias"), processed))
    assert one.text.startswith("1 statement on the pairing or its territories: 1 consistent")
    none = programme(processed, 5)
    found = find_subject("country-0", none)
    assert list_claims(found, find_claims(found, none)).text == f"No statement of the report names {found.title}."
