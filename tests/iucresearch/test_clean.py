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
    assert all(
        before != after
        for before, after in zip(raw["corrections"]["printed"], raw["corrections"]["cleaned"], strict=True)
    )


def test_raw_tables_are_left_alone(raw):
    before = {name: table.copy() for name, table in raw.items()}
    clean.clean(raw)
    assert all(raw[name].equals(table) for name, table in before.items())


def test_a_correction_that_finds_nothing_is_an_error(raw):
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


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        (["a", "b"], ["a"], "'b': 1 in the first table, 0 in the second"),
        (["a"], ["a", "c"], "'c': 0 in the first table, 1 in the second"),
        (["a", "a"], ["a"], "'a': 2 in the first table, 1 in the second"),
        (["a"], ["a", "a"], "'a': 1 in the first table, 2 in the second"),
    ],
)
def test_a_merge_loses_no_row_silently(left, right, message):
    first, second = pd.DataFrame({"key": left, "x": 1}), pd.DataFrame({"key": right, "y": 2})
    with pytest.raises(InputError, match=message):
        clean.merge_rows(first, second, on="key", where="two tables")


def test_a_merge_keeps_the_order_of_the_first():
    first, second = pd.DataFrame({"key": list("cab")}), pd.DataFrame({"key": list("abc"), "y": [1, 2, 3]})
    assert clean.merge_rows(first, second, on="key", where="x")["y"].tolist() == [3, 1, 2]


def test_a_single_year_is_a_span_of_one(processed):
    pilots = processed["pilots"].set_index("id")
    assert pilots.loc["red", ["year_from", "year_to", "years"]].tolist() == [2011, 2013, "2011–2013"]
    assert pilots.loc["eu-mexico", ["year_from", "year_to", "years"]].tolist() == [2014, 2014, "2014"]


def test_a_pilot_that_ends_before_it_begins(raw):
    with pytest.raises(InputError, match="'red' ends in 2001 before it begins in 2011"):
        clean.clean_pilots(raw["pilots"].assign(year_to=2001))


@pytest.mark.parametrize(
    ("row", "allowed"),
    [
        ("motivation-business", "3"),
        ("satisfaction-high", "32"),
        ("familiarity-very-or-broadly-lac", "15"),
        ("salience-marginal", "2"),
        ("salience-label-1", "7"),
        ("strategy-has-or-aims", "30;31;32"),
        ("support-vision-low", "6;7"),
        ("salience-main-or-important", "28;29;30;31;32"),
    ],
)
def test_statements_as_whole_counts(processed, row, allowed):
    assert processed["survey"].set_index("id").at[row, "allowed"] == allowed


@pytest.mark.parametrize("row", ["exchange-workshops", "motivation-tick-1", "outcomes-swot", "strategy-has-countries"])
def test_what_bounds_no_count_is_left_open(processed, row):
    assert pd.isna(processed["survey"].set_index("id").at[row, "allowed"])
