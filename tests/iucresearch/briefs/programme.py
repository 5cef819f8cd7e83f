"""Another programme: pairings, countries and names that the report never had, and no statements about them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

#: What is markup, code or a formula elsewhere is a name here.
ODD = (
    "<script>alert(1)</script>",
    'O\'Brien & "Sons"',
    "$\\frac{1}{2}$ Alto",
    "{brief_kind} {x} {0}",
    "_under_ *star* `code`",
    "=cmd|' /C calc'!A0",
    "Ñandú 中文 🜚 ́",
    "a|b # c",
    "- dash",
    "]]> --> </table>",
)


def programme(
    tables: Mapping[str, pd.DataFrame], pairings: int, names: Sequence[str] = ODD, *, countries: int = 7, seed: int = 0
) -> dict[str, pd.DataFrame]:
    """Return processed tables of a made-up programme, in the columns of the real ones.

    Its countries are `countries` on each side, its seats are anywhere in Latin America and Europe. There are no pilots,
    boxes or claims; the survey is the real one.
    """
    chance = np.random.default_rng(seed)
    named = [f"{names[n % len(names)]} {n}" if n >= len(names) else names[n] for n in range(2 * pairings)]
    homes = {"LAC": [f"{name} land" for name in _many(names, countries)], "EU": _many(names, countries, "EU ")}
    number = np.arange(1, pairings + 1)
    frame = pd.DataFrame({"id": [f"P{n:05}" for n in number], "section": "Annex", "page": 33, "order": number})
    frame["slug"] = [f"pairing-{n}" for n in number]
    for side, (south, north, west, east) in (("lac", (-54, 31, -110, -36)), ("eu", (36, 65, -9, 27))):
        own = homes[side.upper()]
        first = pairings if side == "eu" else 0
        frame[f"{side}_region"] = named[first : first + pairings]
        frame[f"{side}_kind"] = "region"
        frame[f"{side}_country"] = [own[n % len(own)] for n in range(pairings)]
        frame[f"{side}_code"] = [f"X-{n}" for n in number]
        frame[f"{side}_relation"] = "is"
        frame[f"{side}_seat"] = [f"Seat {n}" for n in number]
        frame[f"{side}_latitude"] = chance.uniform(south, north, pairings)
        frame[f"{side}_longitude"] = chance.uniform(west, east, pairings)
    frame["eu_level"] = "2"
    rows = [(country, side) for side, own in homes.items() for country in own]
    land = pd.DataFrame(rows, columns=["country", "side"])
    land.insert(0, "id", [f"c{n}" for n in range(len(land))])
    land = land.assign(section="2.2.3", page=15, order=range(1, len(land) + 1), alpha2="XX", alpha3="XXX")
    land["numeric"] = [f"{n:03}" for n in range(len(land))]
    counts = pd.concat([frame["lac_country"], frame["eu_country"]]).value_counts()
    land["regions"] = land["country"].map(counts).fillna(0).astype("int64")
    land = land.assign(regions_printed=land["regions"], slug=[f"country-{n}" for n in range(len(land))])
    empty = {name: table if name.startswith("survey") else table.iloc[:0] for name, table in tables.items()}
    made = {"pairings": frame, "countries": land}
    return {**empty, **{name: table.astype(tables[name].dtypes)[list(tables[name])] for name, table in made.items()}}


def _many(names: Sequence[str], count: int, before: str = "") -> list[str]:
    return [f"{before}{names[n % len(names)]}" + (f" {n}" if n >= len(names) else "") for n in range(count)]
