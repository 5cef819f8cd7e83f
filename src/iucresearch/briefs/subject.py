"""What a brief is about: a pairing or a country, found by its slug in the processed tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import pandas as pd

from reissue.core.errors import InputError
from reissue.core.language import N_, _, join_words
from reissue.core.tables import load

Tables = Mapping[str, pd.DataFrame]

PAIRING, COUNTRY = N_("pairing"), N_("country")
INDEX_TITLE = N_("Briefs: one page for every pairing and country")
INDEX_INTRODUCTION = N_("What the report and its data say of each, on one page to hand on.")
#: The parts of the index, by the kind of their briefs.
KINDS = {PAIRING: N_("Pairings"), COUNTRY: N_("Countries")}
#: The sides, each by its name; their columns in `pairings` begin with the small letters.
SIDES = {"LAC": N_("Latin America"), "EU": N_("European Union")}
_IN_PROSE = {"LAC": N_("Latin America"), "EU": N_("the European Union")}
#: The tables that briefs read.
TABLES = (
    *("pairings", "countries", "corrections", "pilots", "uptake", "boxes", "exhibits"),
    *("claims", "survey", "survey_counts"),
)
_LISTED = ("pairings", "countries")


@dataclass(frozen=True)
class Subject:
    """A pairing or a country, with its rows.

    Attributes
    ----------
    kind, title
        As in `subjects`.
    pairings
        One row per pairing that it is, or takes part in.
    others
        All other pairings.
    countries
        One row per country that it is, or that its territories are in.
    sides
        `LAC`, `EU` or both.
    """

    kind: str
    title: str
    pairings: pd.DataFrame
    others: pd.DataFrame
    countries: pd.DataFrame
    sides: tuple[str, ...]

    @property
    def territories(self) -> tuple[str, ...]:
        """The territories of both partners, or of the country, each once."""
        names = pd.concat([self.pairings[f"{side.lower()}_region"] for side in self.sides])
        return tuple(names.unique())

    @property
    def side_names(self) -> str:
        """The sides as a sentence names them."""
        return join_words([in_prose(side) for side in self.sides])

    def countries_of(self, side: str) -> tuple[str, ...]:
        """Return its countries of one side."""
        return tuple(self.countries.loc[self.countries["side"] == side, "country"])


def read_tables() -> dict[str, pd.DataFrame]:
    """Return the processed tables that briefs read, by name."""
    return {name: load(name) for name in TABLES}


def subjects(tables: Tables | None = None) -> pd.DataFrame:
    """Return one row per brief: slug, kind, title, order; pairings in the Annex's order, then countries.

    Parameters
    ----------
    tables
        The processed tables `pairings` and `countries`; read where they are not given.

    Returns
    -------
    DataFrame
        `slug` (the name of the brief's page), `kind` (pairing or country), `title` (both territories, or the country;
        in the build's language), `order` (from 1).

    References
    ----------
    Annex, page 33; section 2.2.3, page 15.
    """
    pairings, countries = (tables[name] if tables else load(name) for name in _LISTED)
    titles = [join_words(pair) for pair in zip(pairings["lac_region"], pairings["eu_region"], strict=True)]
    parts = [
        pairings[["slug", "order"]].assign(kind=PAIRING, title=titles).sort_values("order"),
        countries[["slug", "order"]].assign(kind=COUNTRY, title=countries["country"].map(_)).sort_values("order"),
    ]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(order=range(1, len(frame) + 1))[["slug", "kind", "title", "order"]]


def find_subject(slug: str, tables: Tables) -> Subject:
    """Return the pairing or country with this slug.

    Parameters
    ----------
    slug
        Its slug in `subjects`.
    tables
        The processed tables `pairings` and `countries`.

    Raises
    ------
    InputError
        If no brief has that slug; the message names the most similar slug.
    """
    briefs = subjects(tables).set_index("slug")
    if slug not in briefs.index:
        nearest = get_close_matches(slug.lower(), list(briefs.index), n=3, cutoff=0.0)
        raise InputError(
            f"there is no brief {slug!r}",
            expected="the slug of a pairing or a country",
            remedy=f"take one of the nearest: {', '.join(nearest)}",
        )
    kind, title = (str(briefs.at[slug, column]) for column in ("kind", "title"))
    pairings, countries = tables["pairings"].sort_values("order"), tables["countries"]
    if kind == PAIRING:
        sides, own = tuple(SIDES), pairings["slug"] == slug
        places = countries[countries["country"].isin(pairings.loc[own, ["lac_country", "eu_country"]].iloc[0])]
    else:
        places = countries[countries["slug"] == slug]
        sides = (str(places["side"].iloc[0]),)
        own = pairings[f"{sides[0].lower()}_country"].isin(places["country"])
    return Subject(kind, title, pairings[own], pairings[~own], places, sides)


def slot_values(found: Subject) -> dict[str, str]:
    """Return the words for the slots of a brief's prose, beyond the table of named values.

    `brief_title`, `brief_kind` (pairing or country), `brief_lead` (a sentence: what it is, and where the report says
    so), `brief_names` (what a statement must name to be listed), `brief_sides`, `brief_pairings` (their number).
    """
    return {
        "brief_title": found.title,
        "brief_kind": _(found.kind),
        "brief_lead": _describe_pairing(found) if found.kind == PAIRING else _describe_country(found),
        "brief_names": _("the pairing, one of its territories or one of their countries")
        if found.kind == PAIRING
        else _("the country, one of its territories or one of their pairings"),
        "brief_sides": found.side_names,
        "brief_pairings": str(len(found.pairings)),
    }


def check_slug(slug: str) -> None:
    """Check that a brief has this slug.

    Raises
    ------
    InputError
        If no brief has that slug; the message names the most similar slug.
    """
    find_subject(slug, {name: load(name) for name in _LISTED})


def in_prose(side: str) -> str:
    """Return a side's name as a sentence has it."""
    return _(_IN_PROSE[side])


def _place(row: pd.Series[Any]) -> str:
    """Return where the report has a row: `section 2.2.3, page 15`, `Annex, page 33`."""
    if row["section"][:1].isdigit():
        return _("section {number}, page {page}").format(number=row["section"], page=row["page"])
    return _("{heading}, page {page}").format(heading=_(row["section"]), page=row["page"])


def _describe_pairing(found: Subject) -> str:
    row = found.pairings.iloc[0]
    words = _(
        "{lac_region}, a {lac_kind} in {lac_country}, and {eu_region}, a {eu_kind} in {eu_country}, are number"
        " {number} of the {whole} pairings ({place})."
    )
    regions = {name: row[name] for name in ("lac_region", "eu_region")}
    kinds = {name: _(row[name]) for name in ("lac_kind", "lac_country", "eu_kind", "eu_country")}
    return words.format(**regions, **kinds, number=row["order"], whole=1 + len(found.others), place=_place(row))


def _describe_country(found: Subject) -> str:
    number = len(found.pairings)
    words = _("{country} takes part in {number} of the {whole} pairings, on the side of {side} ({place}).")
    whole, place = number + len(found.others), _place(found.countries.iloc[0])
    return words.format(country=found.title, number=number, whole=whole, side=found.side_names, place=place)
