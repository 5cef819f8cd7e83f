from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iucresearch.briefs import named_values, subjects
from iucresearch.briefs.subject import PAIRING, TABLES, Subject, _unique, place, read_tables, subject
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.exhibits.show import save_tables
from tests.iucresearch.briefs.programme import programme

Tables = dict[str, pd.DataFrame]


class TestSubjects:
    def test_one_row_per_pairing_then_per_country_in_their_order(self, processed: Tables) -> None:
        found = subjects(processed)
        assert found.columns.tolist() == ["slug", "kind", "title", "order"]
        assert found["kind"].tolist() == ["pairing"] * 20 + ["country"] * 16
        assert found["order"].tolist() == list(range(1, 37))
        assert found["slug"].tolist() == [*processed["pairings"]["slug"], *processed["countries"]["slug"]]
        assert found["slug"].is_unique
        assert found["title"].iloc[[0, 20]].tolist() == ["Córdoba and Castilla y León", "Argentina"]

    def test_the_order_of_the_rows_does_not_matter(self, processed: Tables) -> None:
        turned = {name: processed[name].iloc[::-1] for name in ("pairings", "countries")}
        pd.testing.assert_frame_equal(subjects(turned), subjects(processed))

    def test_slugs_are_unique_whatever_they_were(self, processed: Tables) -> None:
        found = subjects(programme(processed, 300))
        assert len(found) == 314
        assert found["slug"].is_unique
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in found["slug"])

    @given(st.lists(st.sampled_from(["", "a", "a-2", "a-3", "b", "brief-2", "index"])))
    def test_a_slug_that_nobody_else_has_stays(self, wanted: list[str]) -> None:
        given_ = _unique(wanted)
        assert len(set(given_)) == len(given_) == len(wanted)
        assert not {"", "index"} & set(given_)
        for slug in set(wanted) - {"", "index"}:
            assert given_[wanted.index(slug)] == slug, "the earliest keeps it"


class TestSubject:
    def test_a_pairing_has_its_row_both_territories_and_both_sides(self, processed: Tables) -> None:
        for row in processed["pairings"].to_dict("records"):
            found = subject(row["slug"], processed)
            assert found.pairings["id"].tolist() == [row["id"]]
            assert found.territories == (row["lac_region"], row["eu_region"])
            assert found.sides == ("LAC", "EU")
            assert set(found.countries["country"]) == {row["lac_country"], row["eu_country"]}
            assert len(found.others) == 19

    def test_a_country_has_the_pairings_that_the_annex_gives_it(self, processed: Tables) -> None:
        pairings = processed["pairings"]
        drawn = {"LAC": 0, "EU": 0}
        for row in processed["countries"].to_dict("records"):
            found = subject(row["slug"], processed)
            side = row["side"]
            own = pairings[pairings[f"{side.lower()}_country"] == row["country"]]
            assert found.sides == (side,)
            assert found.pairings["id"].tolist() == own["id"].tolist()
            assert len(own) == row["regions"] == row["regions_printed"]
            assert found.territories == tuple(own[f"{side.lower()}_region"])
            drawn[side] += len(found.pairings)
        assert drawn == {"LAC": 20, "EU": 20}

    def test_tables_are_not_changed(self, processed: Tables) -> None:
        before = {name: processed[name].copy() for name in ("pairings", "countries")}
        subject("mexico", processed)
        for name, table in before.items():
            pd.testing.assert_frame_equal(processed[name], table)

    @pytest.mark.parametrize(
        ("name", "nearest"),
        [("cordoba", "cordoba-castilla-y-leon"), ("Perú", "peru"), ("colima-extremadur", "colima-extremadura")],
    )
    def test_an_unknown_name_is_one_line_with_the_nearest(self, processed: Tables, name: str, nearest: str) -> None:
        for call in (lambda: subject(name, processed), lambda: named_values(name, processed)):
            with pytest.raises(InputError) as caught:
                call()
            line = str(caught.value)
            assert line.startswith(f"there is no brief {name!r}. expected the slug of a pairing or a country. ")
            assert nearest in line
            assert "\n" not in line

    @pytest.mark.parametrize("name", ["", "../x", "a\nb", "{x}", "\x1b[31m"])
    def test_any_text_can_be_an_unknown_name(self, processed: Tables, name: str) -> None:
        with pytest.raises(InputError, match="there is no brief") as caught:
            subject(name, processed)
        assert str(caught.value).isprintable()

    def test_without_any_pairing_it_says_so(self, processed: Tables) -> None:
        with pytest.raises(InputError, match="there is none yet"):
            subject("peru", programme(processed, 0, countries=0))


class TestNamedValues:
    def test_of_a_pairing(self, processed: Tables) -> None:
        assert named_values("colima-extremadura", processed) == {
            "brief_title": "Colima and Extremadura",
            "brief_kind": "pairing",
            "brief_lead": "Colima, a region in Mexico, and Extremadura, a region in Spain, are number 17 of the"
            " 20 pairings (Annex, page 33).",
            "brief_names": "the pairing, one of its territories or one of their countries",
            "brief_sides": "Latin America and the European Union",
            "brief_pairings": "1",
        }

    def test_of_a_country(self, processed: Tables) -> None:
        values = named_values("spain", processed)
        assert values["brief_lead"] == (
            "Spain takes part in 6 of the 20 pairings, on the side of the European Union (section 2.2.3, page 15)."
        )
        assert (values["brief_kind"], values["brief_pairings"]) == ("country", "6")

    def test_every_brief_has_the_same_slots_all_text(self, processed: Tables) -> None:
        slots = set(named_values("peru", processed))
        assert all(slot.startswith("brief_") for slot in slots)
        for tables in (processed, programme(processed, 12)):
            for slug in subjects(tables)["slug"]:
                values = named_values(slug, tables)
                assert set(values) == slots
                assert all(isinstance(value, str) and value for value in values.values())

    def test_a_country_without_pairings_is_told_so(self, processed: Tables) -> None:
        tables = programme(processed, 2, countries=3)
        idle = [slug for slug in subjects(tables)["slug"] if named_values(slug, tables)["brief_pairings"] == "0"]
        assert len(idle) == 2
        assert "takes part in none of the pairings, on the side of" in named_values(idle[0], tables)["brief_lead"]


def test_tables_are_read_from_the_build_that_the_process_reads(
    processed: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(paths.OUTPUT_VARIABLE, raising=False)
    monkeypatch.setenv(paths.PROCESSED_VARIABLE, str(tmp_path))
    with pytest.raises(InputError, match="make report"):
        subjects()
    made = programme(processed, 40)
    save_tables(made)
    assert set(read_tables()) == set(TABLES)
    pd.testing.assert_frame_equal(subjects(), subjects(made))
    name = subjects()["slug"].iloc[3]
    assert named_values(name) == named_values(name, made)


@pytest.mark.parametrize(
    ("section", "told"), [("2.2.3", "section 2.2.3, page 7"), ("Annex", "Annex, page 7"), ("", ", page 7")]
)
def test_places_are_told_as_prose_has_them(section: str, told: str) -> None:
    assert place(section, 7) == told


def test_kinds(find: Callable[[str], Subject]) -> None:
    assert find("salta-alentejo").kind == PAIRING
    assert find("salta-alentejo").countries_of("LAC") == ("Argentina",)
    assert find("italy").countries_of("LAC") == ()
