"""Which statements of the report touch a pairing or country, and how they were judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from iucresearch.briefs.shown import sentence, table, together
from iucresearch.briefs.subject import COUNTRY, PAIRING, SIDES, Subject, Tables
from reissue.core.language import _, join_words, ngettext
from reissue.exhibits.show import Shown
from reissue.ledger.judge import VERDICTS
from reissue.ledger.measures import Table

_SHOWN = ["id", "section", "page", "printed", "verdict", "evidence"]
#: Where a claim's words stand: what it says, the string as printed, the judged value.
_WORDS = ["statement", "printed", "value"]
#: The tables whose rows are of one pairing or country, and the columns that say of which.
_NAMING = {
    "pairings": ("id", "lac_region", "eu_region", "lac_country", "eu_country"),
    "boxes": ("pairing",),
    "countries": ("country",),
    "pilots": ("country",),
    "uptake": ("country",),
}
#: Longer tables are folded away.
_OPEN = 12


def naming(found: Subject, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that names the subject, in the order of the ledger.

    Parameters
    ----------
    found
        A pairing or country.
    tables
        The processed tables; read are `claims`, `corrections` and those that `claims` is bound to. Not changed.

    Returns
    -------
    DataFrame
        The columns of `claims`, and `by`: `pairing` where the pairing or one of its territories is named, `country`
        where a country alone is. A country's own territories count as `country`.

    Notes
    -----
    A claim names something in one of two ways, and nothing is guessed:

    - by its words: `statement`, `printed` or `value` has the name, letter by letter and as whole words. Names are
      those of the territories, cleaned and, where `corrections` changed them, as the Annex prints them, and those of
      the countries. Adjectives are no names: "Brazilian" does not name Brazil.
    - by its binding: `table` and `where` pick rows of `pairings`, `countries`, `pilots`, `uptake` or `boxes`, and
      every row that they pick is of the pairing, a territory or a country of the subject. A claim about all rows of
      a table names none of them.
    """
    claims = tables["claims"]
    own, wider = _names(found, tables["corrections"])
    keys = set(found.pairings["id"])
    by = []
    for text, picked in zip(_texts(claims), _bound(claims, tables), strict=True):
        if _has(text, own) or _are(picked, own | keys):
            by.append(PAIRING if found.kind == PAIRING else COUNTRY)
        elif _has(text, wider) or _are(picked, own | keys | wider):
            by.append(COUNTRY)
        else:
            by.append("")
    return claims.assign(by=by)[[bool(kind) for kind in by]].reset_index(drop=True)


def statements(found: Subject, claims: pd.DataFrame) -> Shown:
    """Return the claims that name the subject, with links to the ledger; long tables are folded away.

    Parameters
    ----------
    claims
        One row per claim, from `naming`.
    """
    if claims.empty:
        return sentence(_("No statement of the report names {name}.").format(name=found.name))
    parts = []
    for kind in (PAIRING, COUNTRY):
        rows = claims[claims["by"] == kind]
        if len(rows):
            told = _told(found, kind, rows)
            links = [f"#claim-{id_}" for id_ in rows["id"]]
            summary = "" if len(rows) <= _OPEN and kind == found.kind else told
            parts.append(table(rows[_SHOWN], told, links=links, summary=summary))
    return together(*parts)


def _told(found: Subject, kind: str, rows: pd.DataFrame) -> str:
    """Say how many claims there are, what they name, and how they were judged."""
    number = len(rows)
    if found.kind == COUNTRY:
        words = ngettext(
            "{number} statement on {countries} or its territories: {verdicts}",
            "{number} statements on {countries} or its territories: {verdicts}",
            number,
        )
    elif kind == PAIRING:
        words = ngettext(
            "{number} statement on the pairing or its territories: {verdicts}",
            "{number} statements on the pairing or its territories: {verdicts}",
            number,
        )
    else:
        words = ngettext(
            "{number} statement on {countries}, but not the pairing: {verdicts}",
            "{number} statements on {countries}, but not the pairing: {verdicts}",
            number,
        )
    countries = join_words([_(name) for side in SIDES for name in found.countries_of(side)], last="or")
    return words.format(number=number, countries=countries, verdicts=_verdicts(rows))


def _verdicts(rows: pd.DataFrame) -> str:
    counts = rows["verdict"].value_counts()
    return ", ".join(_counted(verdict, int(counts[verdict])) for verdict in VERDICTS if verdict in counts)


def _counted(verdict: str, number: int) -> str:
    words = {
        "contradicted": ngettext("{number} contradicted", "{number} contradicted", number),
        "undetermined": ngettext("{number} undetermined", "{number} undetermined", number),
        "consistent": ngettext("{number} consistent", "{number} consistent", number),
        "unverifiable": ngettext("{number} unverifiable", "{number} unverifiable", number),
    }
    return words[verdict].format(number=number)


def _names(found: Subject, corrections: pd.DataFrame) -> tuple[set[str], set[str]]:
    """Return the names of the territories, cleaned and as printed, and those of the countries."""
    fixes = corrections[(corrections["table"] == "pairings") & corrections["row"].isin(found.pairings["id"])]
    printed = fixes[fixes["column"].isin([f"{side.lower()}_name" for side in found.sides])]["printed"]
    countries = {name for side in found.sides for name in found.countries_of(side)}
    return {*found.territories, *printed}, countries


def _texts(claims: pd.DataFrame) -> list[str]:
    """Return the words of each claim."""
    return ["\n".join(words) for words in zip(*(claims[name].fillna("").tolist() for name in _WORDS), strict=True)]


def _has(text: str, names: Iterable[str]) -> bool:
    """Whether a text has one of the names, as whole words."""
    return any(
        name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None for name in names if name
    )


def _are(picked: list[set[str]], names: set[str]) -> bool:
    """Whether rows were picked and every one is of something with one of the names."""
    return bool(picked) and all(row & names for row in picked)


def _bound(claims: pd.DataFrame, tables: Tables) -> list[list[set[str]]]:
    """Return of each claim the rows that it is bound to, a row being the names that say what it is of."""
    asked: dict[str, Table] = {}
    found: list[list[set[str]]] = []
    for name, where in zip(*(claims[column].fillna("").tolist() for column in ("table", "where")), strict=True):
        if name not in _NAMING or not where:
            found.append([])
            continue
        if name not in asked:
            asked[name] = Table(name, tables[name])
        found.append(_picked(asked[name], where))
    return found


def _picked(of: Table, where: str) -> list[set[str]]:
    columns: Mapping[str, list[str]] = of.columns
    return [{columns[column][row] for column in _NAMING[of.name]} for row in of.rows(where)]
