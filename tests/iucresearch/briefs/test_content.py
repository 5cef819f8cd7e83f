import pytest
from bs4 import BeautifulSoup

from iucresearch.briefs import content, ledger
from iucresearch.briefs.subject import find_subject, slot_values, subjects
from tests.iucresearch.briefs.programme import programme
from tests.pages import table_cells


class TestEntry:
    def test_a_pairing_names_both_territories_with_code_and_seat(self, processed, find):
        for row in processed["pairings"].to_dict("records"):
            head, *rows = table_cells(content.describe_subject(find(row["slug"])).html)
            assert head == ["Side", "Territory", "Kind", "Country", "Code", "Seat"]
            assert [(r[1], r[3], r[5]) for r in rows] == [
                (row["lac_region"], row["lac_country"], row["lac_seat"]),
                (row["eu_region"], row["eu_country"], row["eu_seat"]),
            ]
            assert rows[0][4].endswith(row["lac_code"])
            assert rows[1][4].endswith(row["eu_code"])

    def test_a_territory_that_is_no_unit_of_its_own_says_how_it_relates(self, find):
        names = ("cioeste-bielsko-biala", "bogota-cundinamarca-lazio", "piura-emilia-romagna")
        codes = [content.partner_table(find(name))["code"].iloc[0] for name in names]
        assert codes == ["part of BR-SP", "spans CO-DC CO-CUN", "PE-PIU"]

    def test_a_country_lists_its_pairings_with_links_to_their_briefs(self, processed, find):
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
            assert content.describe_subject(found).about == {"values": slot_values(found)}


def test_pilots_are_those_of_table_1(processed, find):
    _, *rows = table_cells(content.list_pilots(find("minas-gerais-slaskie"), processed).html)
    brazil = processed["pilots"][processed["pilots"]["country"] == "Brazil"]
    (uptake,) = processed["uptake"].loc[processed["uptake"]["country"] == "Brazil", "uptake"]
    assert rows == [["Brazil", *own, uptake] for own in zip(brazil["pilot"], brazil["years"], strict=True)]
    assert content.list_pilots(find("spain"), processed).text == "Spain was not among the pilots of Table 1."


class TestBoxes:
    def test_the_facts_are_those_of_the_pairing_and_no_other(self, processed, find):
        facts_by_pairing = processed["boxes"].groupby("pairing")["fact"].apply(list).to_dict()
        for row in processed["pairings"].to_dict("records"):
            shown = content.list_boxes(find(row["slug"]), processed)
            tables = BeautifulSoup(shown.html, "html.parser").find_all("table")
            facts = [cells[1] for table in tables for cells in table_cells(str(table))[1:]]
            assert facts == facts_by_pairing.get(row["id"], [])
            if not facts:
                assert shown.text == f"No box tells of {row['lac_region']} and {row['eu_region']}."

    def test_a_country_says_which_pairing_a_fact_is_of(self, processed, find):
        page = BeautifulSoup(content.list_boxes(find("mexico"), processed).html, "html.parser")
        assert [a["href"] for a in page.find_all("a")] == ["#box-1", "#box-2", "#box-4"]
        assert page.find_all("table")[1].caption.get_text() == "Facts of Box 2 on Puebla and Styria"
        head, *rows = table_cells(content.list_boxes(find("argentina"), processed).html)
        assert head[0] == "Pairing"
        assert {row[0] for row in rows} == {"Salta and Alentejo", "Tierra del Fuego and Ostrobothnia"}


def test_every_part_that_a_brief_shows_has_section_and_pages(processed, find):
    def sources(name):
        claims = ledger.find_claims(find(name), processed)
        return {row[0]: row[1:] for row in table_cells(content.list_sources(find(name), processed, claims).html)}

    found = sources("colima-extremadura")
    sections = set(ledger.find_claims(find("colima-extremadura"), processed)["section"])
    assert set(found.pop("Statements")[0].split(", ")) == sections
    assert found.pop("Codes, seats and coordinates")[0].startswith("not the report's")
    parts = {"The pairings": ["Annex", "33"], "The countries": ["2.2.3", "15"], "Pilots and uptake": ["2.1.2", "11"]}
    assert found.items() >= {**parts, "Boxes": ["3.4", "20"], "The survey": ["3.1, 3.2, 3.3", "17 to 19"]}.items()
    assert not {"Boxes", "Pilots and uptake"} & sources("sweden").keys()


@pytest.mark.parametrize("name", ["pairing-1", "country-0"])
def test_a_programme_about_which_the_report_says_nothing(processed, name):
    tables = programme(processed, 10)
    found = find_subject(name, tables)
    assert "not among the pilots" in content.list_pilots(found, tables).text
    assert content.list_boxes(found, tables).text == f"No box tells of {found.title}."
    entry = BeautifulSoup(content.describe_subject(found).html, "html.parser").get_text(" ")
    assert all(" ".join(place.split()) in " ".join(entry.split()) for place in found.territories)
    content.list_sources(found, tables, ledger.find_claims(found, tables))
