from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from iucresearch.briefs import content, ledger
from iucresearch.briefs.subject import Subject, find_subject, slot_values, subjects
from tests.iucresearch.briefs.programme import programme
from tests.pages import table_cells

Tables = dict[str, pd.DataFrame]
Find = Callable[[str], Subject]


def text(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


class TestEntry:
    def test_a_pairing_names_both_territories_with_code_and_seat(self, processed: Tables, find: Find) -> None:
        for row in processed["pairings"].to_dict("records"):
            head, *rows = table_cells(content.describe_subject(find(row["slug"])).html)
            assert head == ["Side", "Territory", "Kind", "Country", "Code", "Seat"]
            assert [(r[1], r[3], r[5]) for r in rows] == [
                (row["lac_region"], row["lac_country"], row["lac_seat"]),
                (row["eu_region"], row["eu_country"], row["eu_seat"]),
            ]
            assert rows[0][4].endswith(row["lac_code"])
            assert rows[1][4].endswith(row["eu_code"])

    def test_a_territory_that_is_no_unit_of_its_own_says_how_it_relates(self, find: Find) -> None:
        codes = {name: content.partner_table(find(name))["code"].iloc[0] for name in
                 ("cioeste-bielsko-biala", "bogota-cundinamarca-lazio", "piura-emilia-romagna")}  # fmt: skip
        assert list(codes.values()) == ["part of BR-SP", "spans CO-DC CO-CUN", "PE-PIU"]

    def test_a_country_lists_its_pairings_with_links_to_their_briefs(self, processed: Tables, find: Find) -> None:
        pairings = processed["pairings"]
        for row in processed["countries"].to_dict("records"):
            found = find(row["slug"])
            page = BeautifulSoup(content.describe_subject(found).html, "html.parser")
            about, listed = page.find_all("table")
            assert [c.get_text() for c in about.find_all(["th", "td"])][5:8] == [
                row["country"],
                {"LAC": "Latin America", "EU": "European Union"}[row["side"]],
                f"{row['alpha2']}, {row['alpha3']}, {row['numeric']}",
            ]
            own = pairings[pairings[f"{row['side'].lower()}_country"] == row["country"]]
            links = {a["href"]: a.get_text() for a in listed.find_all("a")}
            assert links == {
                f"{pair['slug']}.html": f"{pair['lac_region']} and {pair['eu_region']}"
                for pair in own.to_dict("records")
            }
            assert set(links) <= {f"{slug}.html" for slug in subjects(processed)["slug"]}

    def test_the_words_of_the_slots_go_with_it(self, processed: Tables, find: Find) -> None:
        assert content.describe_subject(find("spain")).about == {"values": slot_values(find("spain"))}


class TestPilots:
    def test_rows_are_those_of_table_1(self, processed: Tables, find: Find) -> None:
        shown = content.list_pilots(find("minas-gerais-slaskie"), processed)
        _, *rows = table_cells(shown.html)
        brazil = processed["pilots"][processed["pilots"]["country"] == "Brazil"]
        (uptake,) = processed["uptake"].loc[processed["uptake"]["country"] == "Brazil", "uptake"]
        expected = zip(brazil["pilot"], brazil["years"], strict=True)
        assert rows == [["Brazil", pilot, years, uptake] for pilot, years in expected]

    def test_a_country_that_was_not_among_the_pilots(self, processed: Tables, find: Find) -> None:
        assert content.list_pilots(find("spain"), processed).text == "Spain was not among the pilots of Table 1."


class TestBoxes:
    def test_the_facts_are_those_of_the_pairing_and_no_other(self, processed: Tables, find: Find) -> None:
        facts_by_pairing = processed["boxes"].groupby("pairing")["fact"].apply(list).to_dict()
        for row in processed["pairings"].to_dict("records"):
            shown = content.list_boxes(find(row["slug"]), processed)
            tables = BeautifulSoup(shown.html, "html.parser").find_all("table")
            facts = [cells[1] for table in tables for cells in table_cells(str(table))[1:]]
            assert facts == facts_by_pairing.get(row["id"], [])
            if not facts:
                assert shown.text == f"No box tells of {row['lac_region']} and {row['eu_region']}."

    def test_a_country_says_which_pairing_a_fact_is_of(self, processed: Tables, find: Find) -> None:
        page = BeautifulSoup(content.list_boxes(find("mexico"), processed).html, "html.parser")
        assert [a["href"] for a in page.find_all("a")] == ["#box-1", "#box-2", "#box-4"]
        second = page.find_all("table")[1]
        assert second.caption.get_text() == "Facts of Box 2 on Puebla and Styria"
        assert table_cells(str(second))[1:] == [
            ["shared issue", "Lack of skilled workers in both regions", "3.4", "20"]
        ]
        argentina = BeautifulSoup(content.list_boxes(find("argentina"), processed).html, "html.parser")
        head, *rows = table_cells(str(argentina.table))
        assert head[0] == "Pairing"
        assert {row[0] for row in rows} == {"Salta and Alentejo", "Tierra del Fuego and Ostrobothnia"}


class TestSources:
    def test_every_part_has_section_and_pages(self, processed: Tables, find: Find) -> None:
        found = find("colima-extremadura")
        claims = ledger.find_claims(found, processed)
        _, *rows = table_cells(content.list_sources(found, processed, claims).html)
        sources = {row[0]: row[1:] for row in rows}
        assert sources["The pairings"] == ["Annex", "33"]
        assert sources["The countries"] == ["2.2.3", "15"]
        assert sources["Pilots and uptake"] == ["2.1.2", "11"]
        assert sources["Boxes"] == ["3.4", "20"]
        assert sources["The survey"] == ["3.1, 3.2, 3.3", "17 to 19"]
        assert set(sources["Statements"][0].split(", ")) == set(claims["section"])
        assert sources["Codes, seats and coordinates"][0].startswith("not the report's")

    def test_what_a_brief_does_not_show_is_left_out(self, processed: Tables, find: Find) -> None:
        found = find("sweden")
        rows = table_cells(content.list_sources(found, processed, ledger.find_claims(found, processed)).html)
        assert not {"Boxes", "Pilots and uptake"} & {row[0] for row in rows}


@pytest.mark.parametrize("name", ["pairing-1", "country-0"])
def test_a_programme_about_which_the_report_says_nothing(processed: Tables, name: str) -> None:
    tables = programme(processed, 10)
    found = find_subject(name, tables)
    assert "not among the pilots" in content.list_pilots(found, tables).text
    assert content.list_boxes(found, tables).text == f"No box tells of {found.title}."
    entry = text(content.describe_subject(found).html)
    assert all(" ".join(place.split()) in " ".join(entry.split()) for place in found.territories)
    content.list_sources(found, tables, ledger.find_claims(found, tables))
