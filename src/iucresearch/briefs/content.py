"""What the report says about a pairing or country: partners, pilots and boxes, with sections and pages."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from iucresearch.briefs.answers import main_counts
from iucresearch.briefs.shown import join_parts, link, sentence, table
from iucresearch.briefs.subject import PAIRING, SIDES, Subject, Tables, slot_values
from iucresearch.tabulation import table_01, table_01_data
from reissue.core.language import N_, _, format_counts, join_words, ngettext, translate_words
from reissue.exhibits.show import Shown

_CODES = N_("ISO 3166-2 in Latin America, NUTS 2021 in the European Union")
#: How a territory relates to the unit that has the code, where it is not the same.
_RELATIONS = {"part of": N_("part of {code}"), "spans": N_("spans {code}")}


def describe_subject(found: Subject) -> Shown:
    """Return both partners of a pairing, or a country and its pairings with a link to the brief of each.

    The words for the slots of the notebook's prose go with it. Codes and seats are not the report's; the rest is in the
    Annex, page 33, and section 2.2.3, page 15.
    """
    return replace(_describe(found), about={"values": slot_values(found)})


def _describe(found: Subject) -> Shown:
    if found.kind == PAIRING:
        return table(partner_table(found), _("The partners; codes: {codes}").format(codes=_(_CODES)))
    about = found.countries[["country", "side", "regions_printed", "regions"]].copy()
    about.insert(2, "code", found.countries[["alpha2", "alpha3", "numeric"]].fillna("").agg(", ".join, axis=1))
    about.columns = pd.Index(["country", "side", "ISO code", "regions printed", "regions in pairings"])
    about["side"] = [SIDES[side] for side in about["side"]]
    links = [f"{slug}.html" for slug in found.pairings["slug"]]
    caption = _("Its pairings; codes: {codes}").format(codes=_(_CODES))
    return join_parts(
        table(about, _("The country; codes: ISO 3166-1")), table(pairing_table(found), caption, links=links)
    )


def partner_table(found: Subject) -> pd.DataFrame:
    """Return one row per territory: side, territory, kind, country, code, seat (Annex, page 33)."""
    parts = []
    for side in found.sides:
        own = side.lower()
        part = found.pairings[[f"{own}_region", f"{own}_kind", f"{own}_country", f"{own}_seat"]]
        part = part.set_axis(["territory", "kind", "country", "seat"], axis=1)
        part.insert(0, "side", SIDES[side])
        part.insert(4, "code", _codes(found.pairings, own))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def pairing_table(found: Subject) -> pd.DataFrame:
    """Return one row per pairing of a country: pairing, number, territory, code, seat, partner's country (page 33)."""
    rows = found.pairings
    own, other = ("lac", "eu") if found.sides[0] == "LAC" else ("eu", "lac")
    return pd.DataFrame(
        {
            "pairing": [join_words(pair) for pair in zip(rows["lac_region"], rows["eu_region"], strict=True)],
            "number": rows["order"],
            "territory": rows[f"{own}_region"],
            "code": _codes(rows, own),
            "seat": rows[f"{own}_seat"],
            "partner in": rows[f"{other}_country"],
        }
    ).reset_index(drop=True)


def list_pilots(found: Subject, tables: Tables) -> Shown:
    """Return the rows of Table 1 about the subject's countries: pilots and national uptake (2.1.2, pages 11 and 12)."""
    rows = pilot_rows(found, tables)
    if rows.empty:
        names = [_(country) for side in found.sides for country in found.countries_of(side)]
        words = ngettext(
            "{countries} was not among the pilots of Table 1.",
            "{countries} were not among the pilots of Table 1.",
            len(names),
        )
        return sentence(words.format(countries=join_words(names)))
    names = [_(country) for country in rows["country"].unique()]
    caption = _("Rows of {countries} in Table 1").format(countries=join_words(names))
    plain = table(rows, caption)
    return Shown(str(table_01(translate_words(rows), caption)), plain.text, {})


def list_boxes(found: Subject, tables: Tables) -> Shown:
    """Return the facts of the boxes about the subject's pairings, with a link to each box (3.4, pages 20 and 21)."""
    rows = box_rows(found, tables)
    if rows.empty:
        return sentence(_("No box tells of {name}.").format(name=found.title))
    titles = dict(zip(tables["exhibits"]["id"], tables["exhibits"]["title"], strict=True))
    pairs = dict(zip(found.pairings["id"], pairing_table(found)["pairing"], strict=True))
    parts = []
    for number, facts in rows.groupby("box"):
        name, title = f"{_('Box')} {number}", _(titles[f"box-{number}"])
        parts.append(link(f"{name}. {title}", f"#box-{number}"))
        columns = ["aspect", "fact", "section", "page"]
        names = facts["pairing"].map(pairs)
        if names.nunique() > 1:
            facts, columns = facts.assign(pairing=names), ["pairing", *columns]
        about = join_words(list(names.unique()))
        parts.append(table(facts[columns], _("Facts of {box} on {names}").format(box=name, names=about)))
    return join_parts(*parts)


def list_sources(found: Subject, tables: Tables, claims: pd.DataFrame) -> Shown:
    """Return the sources of a brief with claims from `find_claims`: one row per part, with sections and pages."""
    asked = main_counts(found, tables["survey_counts"])["question"]
    parts = {
        _("The pairings"): found.pairings,
        _("The countries"): found.countries,
        _("Pilots and uptake"): pd.concat([part[["section", "page"]] for part in _table_1(found, tables).values()]),
        _("Boxes"): box_rows(found, tables),
        _("Statements"): claims,
        _("The survey"): tables["survey"][tables["survey"]["question"].isin(asked)],
    }
    rows = []
    for name, part in parts.items():
        if len(part):
            sections = part.sort_values("page", kind="stable")["section"].unique()
            pages = format_counts(sorted({int(page) for page in part["page"]}), last="and")
            rows.append((name, ", ".join(_(str(section)) for section in sections), pages))
    rows.append((_("Codes, seats and coordinates"), _("not the report's: ISO 3166, NUTS 2021, GeoNames"), ""))
    frame = pd.DataFrame(rows, columns=["part", "sections", "pages"])
    return table(frame, _("Sections and pages of the report, part by part"))


def _codes(rows: pd.DataFrame, side: str) -> list[str]:
    """Return the statistical code of each territory, with the territory's relation to that unit if it differs."""
    return [
        "" if pd.isna(code) else _(_RELATIONS.get(relation, "{code}")).format(code=code)
        for code, relation in zip(rows[f"{side}_code"], rows[f"{side}_relation"], strict=True)
    ]


def _table_1(found: Subject, tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the rows of pilots and of uptake about the subject's countries."""
    names = [country for side in found.sides for country in found.countries_of(side)]
    return {name: tables[name][tables[name]["country"].isin(names)] for name in ("pilots", "uptake")}


def pilot_rows(found: Subject, tables: Tables) -> pd.DataFrame:
    """Return one row per pilot, as `table_01_data` does."""
    own = _table_1(found, tables)
    return table_01_data(own["pilots"].sort_values("order"), own["uptake"])


def box_rows(found: Subject, tables: Tables) -> pd.DataFrame:
    """Return one row per fact of a box about the subject's pairings."""
    rows = tables["boxes"]
    return rows[rows["pairing"].isin(found.pairings["id"])].sort_values(["box", "order"], ignore_index=True)
