"""The statements of the report that name a pairing or country, and their verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from iucresearch.briefs.shown import join_parts, sentence, table
from iucresearch.briefs.subject import COUNTRY, PAIRING, SIDES, Subject, Tables
from reissue.core.language import _, join_words, ngettext
from reissue.exhibits.show import Shown
from reissue.ledger.findings import VERDICTS
from reissue.ledger.measures import Table

_COLUMNS = ["id", "section", "page", "printed", "verdict", "evidence"]
#: The columns of a claim's words: what it says, the string as printed, the judged value.
_WORDS = ["statement", "printed", "value"]
#: The tables whose rows are about one pairing or country, and the columns that name it.
_NAME_COLUMNS = {
    "pairings": ("id", "lac_region", "eu_region", "lac_country", "eu_country"),
    "boxes": ("pairing",),
    "countries": ("country",),
    "pilots": ("country",),
    "uptake": ("country",),
}
#: A longer table opens only when the reader asks.
_OPEN = 12


def find_claims(found: Subject, tables: Tables) -> pd.DataFrame:
    """Return one row per claim that names the subject, in the order of the ledger.

    Parameters
    ----------
    tables
        The processed tables `claims`, `corrections` and those that `claims` is bound to.

    Returns
    -------
    DataFrame
        The columns of `claims`, and `by`: `pairing` if the claim names the pairing or one of its territories, `country`
        if it names a country alone. A country's own territories count as `country`.

    Notes
    -----
    A claim names something in one of two ways:

    - by its words: `statement`, `printed` or `value` contains the name, letter by letter and as whole words. Names are
      those of the territories, cleaned and as the Annex prints them, and those of the countries. Adjectives do not
      count: "Brazilian" does not name Brazil.
    - by its binding: `table` and `where` pick rows of `pairings`, `countries`, `pilots`, `uptake` or `boxes`, and each
      of these rows is about the pairing, a territory or a country of the subject. A claim about all rows of a table
      names none of them.
    """
    claims = tables["claims"]
    own, countries = _names(found, tables["corrections"])
    keys = own | set(found.pairings["id"])
    by = []
    for text, picked in zip(_texts(claims), _bound_rows(claims, tables), strict=True):
        if _contains(text, own) or _are_about(picked, keys):
            by.append(found.kind)
        elif _contains(text, countries) or _are_about(picked, keys | countries):
            by.append(COUNTRY)
        else:
            by.append("")
    return claims.assign(by=by)[[bool(kind) for kind in by]].reset_index(drop=True)


def list_claims(found: Subject, claims: pd.DataFrame) -> Shown:
    """Return the claims from `find_claims` with links to the ledger; a long table opens when the reader asks."""
    if claims.empty:
        return sentence(_("No statement of the report names {name}.").format(name=found.title))
    parts = []
    for kind in (PAIRING, COUNTRY):
        rows = claims[claims["by"] == kind]
        if len(rows):
            caption = _caption(found, kind, rows)
            links = [f"#claim-{id_}" for id_ in rows["id"]]
            summary = "" if len(rows) <= _OPEN and kind == found.kind else caption
            parts.append(table(rows[_COLUMNS], caption, links=links, summary=summary))
    return join_parts(*parts)


def _caption(found: Subject, kind: str, rows: pd.DataFrame) -> str:
    """Return the number of claims, what they name, and how they were judged."""
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
        "matched": ngettext("{number} matched", "{number} matched", number),
        "stated-once": ngettext("{number} stated once", "{number} stated once", number),
    }
    return words[verdict].format(number=number)


def _names(found: Subject, corrections: pd.DataFrame) -> tuple[set[str], set[str]]:
    """Return the names of the territories, cleaned and as printed, and those of the countries."""
    fixes = corrections[(corrections["table"] == "pairings") & corrections["row"].isin(found.pairings["id"])]
    printed = fixes[fixes["column"].isin([f"{side.lower()}_name" for side in found.sides])]["printed"]
    countries = {name for side in found.sides for name in found.countries_of(side)}
    return {*found.territories, *printed}, countries


def _texts(claims: pd.DataFrame) -> list[str]:
    return ["\n".join(words) for words in claims[_WORDS].fillna("").itertuples(index=False)]


def _contains(text: str, names: Iterable[str]) -> bool:
    """Return whether a text contains one of the names as whole words."""
    return any(
        name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None for name in names if name
    )


def _are_about(picked: list[set[str]], names: set[str]) -> bool:
    """Return whether there are rows, and each contains one of the names."""
    return bool(picked) and all(row & names for row in picked)


def _bound_rows(claims: pd.DataFrame, tables: Tables) -> list[list[set[str]]]:
    """Return the rows that each claim is bound to, each as the set of names in it."""
    bound = {name: Table(name, tables[name]) for name in _NAME_COLUMNS}
    found: list[list[set[str]]] = []
    for name, where in claims[["table", "where"]].fillna("").itertuples(index=False):
        rows = bound[name].rows(where) if name in bound and where else []
        found.append([{bound[name].columns[column][row] for column in _NAME_COLUMNS[name]} for row in rows])
    return found
