import pandas as pd
import pytest

from iucresearch.briefs.subject import PAIRING, TABLES, find_subject, read_tables, slot_values, subjects
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.language import use_language
from reissue.exhibits.show import save_tables
from tests.iucresearch.briefs.programme import programme


def test_one_row_per_pairing_then_per_country_in_their_order(processed):
    found = subjects(processed)
    assert found.columns.tolist() == ["slug", "kind", "title", "order"]
    assert found["kind"].tolist() == ["pairing"] * 20 + ["country"] * 16
    assert found["order"].tolist() == list(range(1, 37))
    assert found["slug"].tolist() == [*processed["pairings"]["slug"], *processed["countries"]["slug"]]
    assert found["title"].iloc[[0, 20]].tolist() == ["Córdoba and Castilla y León", "Argentina"]
    turned = {name: processed[name].iloc[::-1] for name in ("pairings", "countries")}
    pd.testing.assert_frame_equal(subjects(turned), found)
    with use_language("es"):
        assert subjects(processed)["title"].iloc[[0, -2]].tolist() == ["Córdoba y Castilla y León", "Suecia"]


def test_a_pairing_has_its_row_both_territories_and_both_sides(processed):
    for row in processed["pairings"].to_dict("records"):
        found = find_subject(row["slug"], processed)
        assert found.kind == PAIRING
        assert found.pairings["id"].tolist() == [row["id"]]
        assert found.territories == (row["lac_region"], row["eu_region"])
        assert found.sides == ("LAC", "EU")
        assert (found.countries_of("LAC"), found.countries_of("EU")) == ((row["lac_country"],), (row["eu_country"],))
        assert len(found.others) == 19


def test_a_country_has_the_pairings_that_the_annex_gives_it(processed):
    pairings = processed["pairings"]
    for row in processed["countries"].to_dict("records"):
        found = find_subject(row["slug"], processed)
        side = row["side"]
        own = pairings[pairings[f"{side.lower()}_country"] == row["country"]]
        assert found.sides == (side,)
        assert found.pairings["id"].tolist() == own["id"].tolist()
        assert len(own) == row["regions"] == row["regions_printed"]
        assert found.territories == tuple(own[f"{side.lower()}_region"])
        assert {one: found.countries_of(one) for one in ("LAC", "EU")} == {"LAC": (), "EU": (), side: (row["country"],)}


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("cordoba", "cordoba-castilla-y-leon"), ("Perú", "peru"), ("", ""), ("../x", ""), ("{x}\n\x1b[31m", "")],
)
def test_an_unknown_name_is_one_line_with_the_nearest(processed, name, nearest):
    with pytest.raises(InputError, match="the slug of a pairing or a country") as caught:
        find_subject(name, processed)
    line = str(caught.value)
    assert line.startswith("there is no brief ")
    assert nearest in line
    assert line.isprintable()


def test_words_for_the_slots(find):
    pairing, country = slot_values(find("colima-extremadura")), slot_values(find("spain"))
    assert pairing == {
        "brief_title": "Colima and Extremadura",
        "brief_kind": "pairing",
        "brief_lead": "Colima, a region in Mexico, and Extremadura, a region in Spain, are number 17 of the"
        " 20 pairings (Annex, page 33).",
        "brief_names": "the pairing, one of its territories or one of their countries",
        "brief_sides": "Latin America and the European Union",
        "brief_pairings": "1",
    }
    lead = "Spain takes part in 6 of the 20 pairings, on the side of the European Union (section 2.2.3, page 15)."
    assert (country["brief_kind"], country["brief_pairings"], country["brief_lead"]) == ("country", "6", lead)
    assert set(country) == set(pairing)
    assert all(country.values())


def test_tables_are_read_from_the_build_that_the_process_reads(processed, tmp_path, monkeypatch):
    monkeypatch.delenv(paths.OUTPUT_VARIABLE, raising=False)
    monkeypatch.setenv(paths.PROCESSED_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match="make report"):
        subjects()
    made = programme(processed, 40)
    save_tables(made)
    assert set(read_tables()) == set(TABLES)
    pd.testing.assert_frame_equal(subjects(), subjects(made))
