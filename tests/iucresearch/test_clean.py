"""Cleaning: names by listed corrections only, merges that lose nothing, years, whole counts."""

import pandas as pd
import pytest

from iucresearch import clean
from reissue.core.errors import InputError


def test_names_change_only_where_a_correction_says_so(raw, processed):
    listed = {(c.row, c.column): c.cleaned for c in raw["corrections"].itertuples()}
    for before, after in zip(raw["pairings"].itertuples(), processed["pairings"].itertuples(), strict=True):
        assert after.lac_region == listed.get((before.id, "lac_name"), before.lac_name)
        assert after.eu_region == listed.get((before.id, "eu_name"), before.eu_name)
        assert (after.lac_country, after.eu_country) == (before.lac_country, before.eu_country)
        assert (after.lac_kind, after.eu_kind) == (before.lac_kind, before.eu_kind)
    assert (raw["corrections"]["printed"] != raw["corrections"]["cleaned"]).all()
    before = {name: table.copy() for name, table in raw.items()}
    clean.clean(raw)
    assert all(raw[name].equals(table) for name, table in before.items())
    fixes = raw["corrections"].assign(printed="Nowhere")
    with pytest.raises(InputError, match=r"castilla-y-leon.*row P01, column eu_name"):
        clean.correct_names(raw["pairings"], fixes)


def test_slugs_are_ascii_unique_and_readable(processed):
    slugs = [*processed["pairings"]["slug"], *processed["countries"]["slug"]]
    assert len(set(slugs)) == 36
    assert all(slug.isascii() and slug == slug.lower() for slug in slugs)
    assert "minas-gerais-slaskie" in slugs
    assert "skane" in processed["pairings"].set_index("id").at["P13", "slug"]
    assert clean._slugs(["Skåne", "🜚", "Peru", "peru!"], ["P01", "P02", "a", "b"]) == ["skane", "p02", "a", "b"]


@pytest.mark.parametrize(("left", "right"), [("ba", "a"), ("a", "ba"), ("abb", "ab"), ("ab", "abb")])
def test_a_merge_loses_no_row_silently(left, right):
    first, second = pd.DataFrame({"key": list(left), "x": 1}), pd.DataFrame({"key": list(right), "y": 2})
    message = f"'b': {left.count('b')} in the first table, {right.count('b')} in the second"
    with pytest.raises(InputError, match=message):
        clean.merge_rows(first, second, on="key", where="two tables")


def test_a_merge_keeps_the_order_of_the_first():
    first, second = pd.DataFrame({"key": list("cab")}), pd.DataFrame({"key": list("abc"), "y": [1, 2, 3]})
    assert clean.merge_rows(first, second, on="key", where="x")["y"].tolist() == [3, 1, 2]


def test_years_of_pilots(raw, processed):
    pilots = processed["pilots"].set_index("id")
    assert pilots.loc["red", ["year_from", "year_to", "years"]].tolist() == [2011, 2013, "2011–2013"]
    assert pilots.loc["eu-mexico", ["year_from", "year_to", "years"]].tolist() == [2014, 2014, "2014"]
    with pytest.raises(InputError, match="'red' ends in 2001 before it begins in 2011"):
        clean.clean_pilots(raw["pilots"].assign(year_to=2001))


def test_statements_as_whole_counts_where_they_bound_one(processed):
    allowed = processed["survey"].set_index("id")["allowed"]
    assert (allowed["familiarity-very-or-broadly-lac"], allowed["support-vision-low"]) == ("15", "6;7")
    assert allowed[["exchange-workshops", "motivation-tick-1", "outcomes-swot", "strategy-has-countries"]].isna().all()
