"""From facts as printed to tidy tables: names, codes, coordinates and years; nothing is counted or judged here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import pandas as pd
from slugify import slugify

from iucresearch.exhibits import EXHIBITS
from reissue.core.errors import InputError
from reissue.exhibits.registry import exhibit_table

Tables = dict[str, pd.DataFrame]

_SIDE_COLUMNS = {"LAC": "lac", "EU": "eu"}
_UNCHANGED = (
    *("sections", "themes", "uptake", "swot", "actions", "components", "criteria", "key_figures", "boxes"),
    *("questions", "options", "abbreviations", "corrections", "references", "readings", "discrepancies"),
    "drawings",
)


def clean(raw: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tidy tables that need no analysis, by name, from validated raw tables.

    Raises
    ------
    InputError
        If two tables that belong together do not fit row by row.
    """
    tables: Tables = {name: raw[name].copy() for name in _UNCHANGED}
    tables["pairings"] = clean_pairings(raw["pairings"], raw["corrections"], raw["places"])
    tables["countries"] = clean_countries(raw["countries"], raw["iso_countries"], tables["pairings"])
    tables["pilots"] = clean_pilots(raw["pilots"])
    tables["exhibits"] = exhibit_table(EXHIBITS)
    return tables


def correct_names(table: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every correction applied where it says, and only there.

    Raises
    ------
    InputError
        If a correction does not find the text that it corrects.
    """
    result = table.copy()
    for fix in corrections.to_dict("records"):
        place = (result["id"] == fix["row"]) & (result[fix["column"]] == fix["printed"])
        if place.sum() != 1:
            found = result.loc[result["id"] == fix["row"], fix["column"]].tolist()
            raise InputError(
                f"{found} is there, not {fix['printed']!r}",
                where=f"correction {fix['id']!r} of {fix['table']}.csv, row {fix['row']}, column {fix['column']}",
                expected="the name as printed",
                remedy="correct data/raw/corrections.csv or the table",
            )
        result.loc[place, fix["column"]] = fix["cleaned"]
    return result


def merge_rows(left: pd.DataFrame, right: pd.DataFrame, *, on: str, where: str) -> pd.DataFrame:
    """Return each left row with its right row, in the order of the left rows.

    Raises
    ------
    InputError
        If a row has no partner in the other table, or more than one.
    """
    first, second = Counter(left[on]), Counter(right[on])
    for key in {**first, **second}:
        if (first[key], second[key]) != (1, 1):
            raise InputError(
                f"rows with {on} {key!r}: {first[key]} in the first table, {second[key]} in the second",
                where=where,
                expected="one in each",
                remedy="add, correct or remove the row",
            )
    return left.merge(right, on=on)


def clean_pairings(pairings: pd.DataFrame, corrections: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pairing: cleaned names, kinds, codes, seats and coordinates of both partners.

    References
    ----------
    Annex, page 33; codes and seats from `data/raw/geography`.
    """
    table = correct_names(pairings, corrections).rename(columns={"id": "pairing"})
    columns = ["code", "level", "relation", "seat", "latitude", "longitude"]
    for side, prefix in _SIDE_COLUMNS.items():
        partner = places.loc[places["side"] == side, ["pairing", "name", *columns]]
        partner = partner.rename(columns={name: f"{prefix}_{name}" for name in columns})
        table = merge_rows(table, partner, on="pairing", where=f"pairings.csv and geography/places.csv, side {side}")
        for row in table[table["name"] != table[f"{prefix}_name"]].to_dict("records"):
            raise InputError(
                f"pairing {row['pairing']}: {row[f'{prefix}_name']!r} is {row['name']!r} in geography/places.csv",
                where=f"data/raw/pairings.csv, column {prefix}_name",
                expected="the same name in both files, after the corrections",
                remedy="correct the name, or add a row to data/raw/corrections.csv",
            )
        table = table.drop(columns="name")
    table = table.rename(columns={"pairing": "id"})
    table["slug"] = _slugs(table["lac_name"] + " " + table["eu_name"], table["id"])
    table = table.drop(columns="lac_level").rename(columns={"lac_name": "lac_region", "eu_name": "eu_region"})
    first = ["id", "section", "page", "order", "slug"]
    return table[[*first, *[c for c in table.columns if c not in first]]]


def clean_countries(countries: pd.DataFrame, iso: pd.DataFrame, pairings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per country: codes, slug, regions as printed (2.2.3) and as the Annex counts them."""
    codes = iso.rename(columns={"id": "alpha2", "name": "country"}).drop(columns=["source", "side"])
    table = merge_rows(countries, codes, on="country", where="countries.csv and geography/iso_countries.csv")
    partners = pd.concat([pairings["lac_country"], pairings["eu_country"]])
    table = table.rename(columns={"regions": "regions_printed"})
    table["regions"] = table["country"].map(partners.value_counts()).fillna(0).astype("int64")
    table["slug"] = _slugs(table["country"], table["id"])
    return table


def clean_pilots(pilots: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pilot; a single year is a span that ends where it begins."""
    table = pilots.copy()
    table["year_to"] = table["year_to"].fillna(table["year_from"]).astype("int64")
    table["years"] = [
        str(first) if first == last else f"{first}–{last}"
        for first, last in zip(table["year_from"], table["year_to"], strict=True)
    ]
    table["span"] = table["year_from"].astype("str") + "/" + table["year_to"].astype("str")
    for row in table[table["year_to"] < table["year_from"]].to_dict("records"):
        raise InputError(
            f"pilot {row['id']!r} ends in {row['year_to']} before it begins in {row['year_from']}",
            where="data/raw/pilots.csv, column year_to",
            expected="a year not before year_from",
            remedy="correct the cell",
        )
    return table


def _slugs(names: Iterable[str], ids: Iterable[str]) -> list[str]:
    """Return the slug of each row's name; the id where another row has the same slug, or the name has no letters."""
    slugs = [slugify(name) for name in names]
    unique = {slug for slug, number in Counter(slugs).items() if slug and number == 1}
    return [slug if slug in unique else id_.lower() for slug, id_ in zip(slugs, ids, strict=True)]
