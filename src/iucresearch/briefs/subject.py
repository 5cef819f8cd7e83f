"""What a brief is about: a pairing or a country, found by its slug in the processed tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

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
_LIST = ("pairings", "countries")


@dataclass(frozen=True)
class Subject:
    """A pairing or a country, with its rows.

    Attributes
    ----------
    slug, kind, title
        As in `subjects`.
    pairings
        One row per pairing that it is, or takes part in: columns of the processed table, `slug` that of its brief.
    others
        All other pairings.
    countries
        One row per country that it is, or that its territories lie in.
    sides
        `LAC`, `EU` or both.
    """

    slug: str
    kind: str
    title: str
    pairings: pd.DataFrame
    others: pd.DataFrame
    countries: pd.DataFrame
    sides: tuple[str, ...]

    @property
    def territories(self) -> tuple[str, ...]:
        """Its own territories, each once: those of both partners, or of the country."""
        return _each_once(name for side in self.sides for name in self.pairings[f"{side.lower()}_region"])

    @property
    def name(self) -> str:
        """Its title in the build's language."""
        return heading(self.kind, self.title)

    @property
    def sides_told(self) -> str:
        """Its sides in a sentence."""
        return join_words([in_prose(side) for side in self.sides])

    def countries_of(self, side: str) -> tuple[str, ...]:
        """Return its countries of one side."""
        if self.kind == COUNTRY:
            return (self.title,) if side in self.sides else ()
        return _each_once(self.pairings[f"{side.lower()}_country"])


def read_tables() -> dict[str, pd.DataFrame]:
    """Return the processed tables that briefs read, by name.

    Raises
    ------
    InputError
        If the data have not been made yet.
    """
    return {name: load(name) for name in TABLES}


def subjects(tables: Tables | None = None) -> pd.DataFrame:
    """Return one row per brief: slug, kind, title, order; pairings in the Annex's order, then countries.

    Parameters
    ----------
    tables
        The processed tables `pairings` and `countries`; read where they are not given. Not changed.

    Returns
    -------
    DataFrame
        `slug` (of small letters, digits and hyphens; no two briefs have the same), `kind` (pairing or country),
        `title` (both territories, or the country), `order` (from 1).

    Notes
    -----
    The slug is that of the pairing or country; where an earlier brief has it, or it is empty or `index`, a number
    follows: it is the name of the brief's page.

    References
    ----------
    Annex, page 33; section 2.2.3, page 15.
    """
    return _listed(tables or {name: load(name) for name in _LIST}).drop(columns="key")


def subject(name: str, tables: Tables) -> Subject:
    """Return the pairing or country of a slug.

    Parameters
    ----------
    name
        Its slug in `subjects`.
    tables
        The processed tables `pairings` and `countries`. Not changed.

    Raises
    ------
    InputError
        If no brief has that slug; it names the nearest.
    """
    briefs = _listed(tables)
    found = briefs[briefs["slug"] == name]
    if found.empty:
        raise _unknown(name, list(briefs["slug"]))
    kind, title, key = found[["kind", "title", "key"]].iloc[0]
    pairings, countries = tables["pairings"].sort_values("order"), tables["countries"]
    slugs = briefs[briefs["kind"] == PAIRING].set_index("key")["slug"]
    pairings = pairings.assign(slug=pairings["id"].map(slugs))
    if kind == PAIRING:
        sides = tuple(SIDES)
        own = pairings["id"] == key
        names = pairings.loc[own, [f"{side.lower()}_country" for side in sides]].iloc[0]
        places = countries[countries["country"].isin(names)]
    else:
        places = countries[countries["id"] == key]
        sides = (str(places["side"].iloc[0]),)
        own = pairings[f"{sides[0].lower()}_country"] == title
    return Subject(name, kind, title, pairings[own], pairings[~own], places, sides)


def named_values(name: str, tables: Tables | None = None) -> dict[str, str]:
    """Return the words that the slots of one brief's prose are filled with, beyond the table of named values.

    Parameters
    ----------
    name
        The slug of a brief.
    tables
        The processed tables `pairings` and `countries`; read where they are not given. Not changed.

    Returns
    -------
    dict
        `brief_title`, `brief_kind` (pairing or country), `brief_lead` (a sentence: what it is, and where the report
        says so), `brief_names` (what a statement names to be listed), `brief_sides`, `brief_pairings` (how many).

    Raises
    ------
    InputError
        If no brief has that slug; it names the nearest.
    """
    return values_of(subject(name, tables or {table: load(table) for table in _LIST}))


def values_of(found: Subject) -> dict[str, str]:
    """Return the words for the slots of a subject's prose, as `named_values` does."""
    whole = len(found.pairings) + len(found.others)
    return {
        "brief_title": found.name,
        "brief_kind": _(found.kind),
        "brief_lead": _pairing_told(found, whole) if found.kind == PAIRING else _country_told(found, whole),
        "brief_names": _("the pairing, one of its territories or one of their countries")
        if found.kind == PAIRING
        else _("the country, one of its territories or one of their pairings"),
        "brief_sides": found.sides_told,
        "brief_pairings": str(len(found.pairings)),
    }


def check_slug(name: str) -> None:
    """Check that a brief has this slug.

    Raises
    ------
    InputError
        If none has; it names the nearest.
    """
    subject(name, {table: load(table) for table in _LIST})


def heading(kind: str, title: str) -> str:
    """Return the title of a brief in the build's language: both territories of a pairing, or the country."""
    if kind == COUNTRY:
        return _(title)
    names = title.split(" and ")
    # More of them, and one is part of a name.
    return join_words(names) if len(names) == 2 else title


def in_prose(side: str) -> str:
    """Return a side's name as a sentence has it."""
    return _(_IN_PROSE[side])


def place(section: str, page: int) -> str:
    """Say where in the report something stands: `section 2.2.3, page 15`, `Annex, page 33`."""
    if section[:1].isdigit():
        return _("section {number}, page {page}").format(number=section, page=page)
    return _("{heading}, page {page}").format(heading=_(section), page=page)


def _pairing_told(found: Subject, whole: int) -> str:
    row = found.pairings.iloc[0]
    told = _(
        "{lac_region}, a {lac_kind} in {lac_country}, and {eu_region}, a {eu_kind} in {eu_country}, are number"
        " {number} of the {whole} pairings ({place})."
    )
    names = {f"{side}_region": row[f"{side}_region"] for side in ("lac", "eu")}
    kinds = {f"{side}_{what}": _(row[f"{side}_{what}"]) for side in ("lac", "eu") for what in ("kind", "country")}
    where = place(row["section"], row["page"])
    return told.format(**names, **kinds, number=row["order"], whole=whole, place=where)


def _country_told(found: Subject, whole: int) -> str:
    row = found.countries.iloc[0]
    told = (
        _("{country} takes part in {number} of the {whole} pairings, on the side of {side} ({place}).")
        if len(found.pairings)
        else _("{country} takes part in none of the pairings, on the side of {side} ({place}).")
    )
    where, number = place(row["section"], row["page"]), len(found.pairings)
    return told.format(country=found.name, number=number, whole=whole, side=found.sides_told, place=where)


def _listed(tables: Tables) -> pd.DataFrame:
    """Return one row per brief, as `subjects` does, with the key of its row."""
    pairings, countries = (tables[name].sort_values("order") for name in _LIST)
    titles = [join_words(pair) for pair in zip(pairings["lac_region"], pairings["eu_region"], strict=True)]
    frame = pd.DataFrame(
        {
            "slug": _unique([*pairings["slug"].fillna(""), *countries["slug"].fillna("")]),
            "kind": [PAIRING] * len(pairings) + [COUNTRY] * len(countries),
            "title": [*titles, *countries["country"]],
            "key": [*pairings["id"], *countries["id"]],
        }
    )
    frame.insert(3, "order", range(1, len(frame) + 1))
    return frame


def _unique(wanted: list[str]) -> list[str]:
    """Return the slugs, a number added to each that an earlier row has, or that is no name of a page."""
    taken = set(wanted)
    given = {"", "index"}
    latest: dict[str, int] = {}
    result = []
    for slug in wanted:
        base, found = slug or "brief", slug
        while found in given or (found != slug and found in taken):
            latest[base] = latest.get(base, 1) + 1
            found = f"{base}-{latest[base]}"
        given.add(found)
        result.append(found)
    return result


def _unknown(name: str, slugs: list[str]) -> InputError:
    nearest = get_close_matches(name.lower(), slugs, n=3, cutoff=0.0)
    return InputError(
        f"there is no brief {name!r}",
        expected="the slug of a pairing or a country",
        remedy=f"take one of the nearest: {', '.join(nearest)}" if nearest else "run make report: there is none yet",
    )


def _each_once(names: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(name) for name in names))
