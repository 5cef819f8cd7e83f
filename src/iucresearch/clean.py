"""From facts as printed to tidy tables: names, codes, coordinates and years; nothing is counted or judged here.

Every function takes frames and returns new ones; nothing here touches the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd
from slugify import slugify

from iucresearch.exhibits import EXHIBITS
from reissue.core.errors import InputError
from reissue.exhibits.registry import exhibit_table

Tables = dict[str, pd.DataFrame]

_SIDE_COLUMNS = {"LAC": "lac", "EU": "eu"}
_UNCHANGED = (
    "sections",
    "themes",
    "uptake",
    "swot",
    "actions",
    "components",
    "criteria",
    "key_figures",
    "boxes",
    "questions",
    "options",
    "abbreviations",
    "corrections",
    "references",
    "readings",
)


def clean(raw: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the tidy tables that need no analysis, by name.

    Parameters
    ----------
    raw
        The raw tables, already validated.

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


def corrected(table: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
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


def merged(
    left: pd.DataFrame,
    right: pd.DataFrame,
    *,
    on: str,
    validate: Literal["one_to_one", "many_to_one"],
    what: str,
) -> pd.DataFrame:
    """Return the left rows, each with its right row; no row is lost or doubled.

    Raises
    ------
    InputError
        If a row of either side has no partner, or more than `validate` allows.
    """
    try:
        result = left.merge(right, on=on, how="outer", validate=validate, indicator=True, sort=False)
    except pd.errors.MergeError as error:
        raise InputError(str(error), where=what, remedy="every key once") from None
    alone = result[result["_merge"] != "both"]
    if len(alone):
        missing = "second" if alone["_merge"].iloc[0] == "left_only" else "first"
        raise InputError(
            f"{on} {alone[on].iloc[0]!r} is missing in the {missing} table",
            where=what,
            expected="every row to have a partner",
            remedy="add or correct the row",
        )
    order = {key: place for place, key in enumerate(left[on])}
    return result.drop(columns="_merge").sort_values(on, key=lambda s: s.map(order), ignore_index=True)


def clean_pairings(pairings: pd.DataFrame, corrections: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pairing: cleaned names, kinds, codes, seats and coordinates of both partners.

    References
    ----------
    Annex, page 33; codes and seats from `data/raw/geography`.
    """
    table = corrected(pairings, corrections)
    for side, prefix in _SIDE_COLUMNS.items():
        partner = places[places["side"] == side].rename(
            columns={
                name: f"{prefix}_{name}" for name in ("code", "level", "relation", "seat", "latitude", "longitude")
            }
        )
        columns = [f"{prefix}_{n}" for n in ("code", "level", "relation", "seat", "latitude", "longitude")]
        table = merged(
            table.rename(columns={"id": "pairing"}),
            partner[["pairing", "name", *columns]],
            on="pairing",
            validate="one_to_one",
            what=f"pairings.csv and geography/places.csv, side {side}",
        ).rename(columns={"pairing": "id"})
        unlike = table[table["name"] != table[f"{prefix}_name"]]
        if len(unlike):
            row = unlike.iloc[0]
            raise InputError(
                f"pairing {row['id']}: {row[f'{prefix}_name']!r} is {row['name']!r} in geography/places.csv",
                where=f"data/raw/pairings.csv, column {prefix}_name",
                expected="the same name once corrected",
                remedy="correct the name, or add a row to data/raw/corrections.csv",
            )
        table = table.drop(columns="name")
    table["slug"] = [slugify(f"{lac} {eu}") for lac, eu in zip(table["lac_name"], table["eu_name"], strict=True)]
    table = table.drop(columns="lac_level").rename(columns={"lac_name": "lac_region", "eu_name": "eu_region"})
    first = ["id", "section", "page", "order", "slug"]
    return table[[*first, *[c for c in table.columns if c not in first]]]


def clean_countries(countries: pd.DataFrame, iso: pd.DataFrame, pairings: pd.DataFrame) -> pd.DataFrame:
    """Return one row per country: codes, slug, regions as printed (2.2.3) and as the Annex counts them."""
    table = merged(
        countries,
        iso.rename(columns={"id": "alpha2", "name": "country", "side": "iso_side"}).drop(columns="source"),
        on="country",
        validate="one_to_one",
        what="countries.csv and geography/iso_countries.csv",
    )
    partners = pd.concat([pairings["lac_country"], pairings["eu_country"]])
    table = table.drop(columns="iso_side").rename(columns={"regions": "regions_printed"})
    table["regions"] = table["country"].map(partners.value_counts()).fillna(0).astype("int64")
    table["slug"] = [slugify(country) for country in table["country"]]
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
    if (table["year_to"] < table["year_from"]).any():
        row = table[table["year_to"] < table["year_from"]].iloc[0]
        raise InputError(
            f"pilot {row['id']!r} ends in {row['year_to']} before it begins in {row['year_from']}",
            where="data/raw/pilots.csv, column year_to",
            expected="a year not before year_from",
            remedy="correct the cell",
        )
    return table
