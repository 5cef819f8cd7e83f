"""The ledger on the page: counts of verdicts, contradictions with both ends, every claim with its evidence."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.files import write_text
from reissue.core.language import N_, _, ngettext
from reissue.core.tables import load
from reissue.exhibits.filters import build_filters, list_classes
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown
from reissue.ledger.findings import VERDICTS
from reissue.ledger.measures import Table

#: What may be the id of another statement in evidence.
_IN_PARENTHESES = re.compile(r"(?<=\()[\w-]+(?=\))")
#: A claim on more rows than this links to their table.
_MAX_ROWS_LISTED = 6

_MEANINGS = {
    N_("contradicted"): N_("Another place of the report, or its data, says otherwise"),
    N_("undetermined"): N_("The rest of the report leaves it open"),
    N_("consistent"): N_("Another place of the report, or its data, agrees"),
    N_("matched"): N_("A reader found the same in other words at another place"),
    N_("stated-once"): N_("Nothing else in the report bears on it"),
}
#: Kinds of statements.
_KINDS = (
    *(N_("comparison"), N_("count"), N_("cross-reference"), N_("date"), N_("enumeration"), N_("figure")),
    *(N_("membership"), N_("ordering"), N_("percent"), N_("table")),
)
#: As badges show it.
_BADGES = (N_("stated once"),)
_CAPTIONS = {
    "contradicted": N_("Both ends of every contradiction"),
    "undetermined": N_("Statements undetermined"),
    "consistent": N_("Statements consistent"),
    "matched": N_("Statements matched"),
    "stated-once": N_("Statements stated once"),
}


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return one row per verdict: verdict, number of statements, meaning."""
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    meanings = [_(_MEANINGS[verdict]) for verdict in VERDICTS]
    return pd.DataFrame({"verdict": list(VERDICTS), "statements": counts.to_list(), "meaning": meanings})


def with_verdict(claims: pd.DataFrame, verdict: str, names: Mapping[str, str]) -> Shown:
    """Return the claims of one verdict as a table; each links to its row in the whole ledger.

    `names` has the name of each exhibit by its id.
    """
    rows = claims[claims["verdict"] == verdict]
    caption = _(_CAPTIONS[verdict])
    return _render("claims.html", rows, caption, names=names, claims=_describe_claims(rows, names, {*claims["id"]}))


def whole_ledger(claims: pd.DataFrame, names: Mapping[str, str]) -> Shown:
    """Return all claims in one table, with lists that choose rows; in a build, also write `claims.csv`.

    `names` has the name of each exhibit by its id, in the order of the report.
    """
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "claims.csv", to_csv(claims))
    chosen = {
        _("Verdict"): claims["verdict"],
        _("Kind"): claims["kind"],
        _("Exhibit"): claims["exhibit"].fillna(""),
        _("Section"): claims["section"],
    }
    words = [
        {verdict: _(verdict.replace("-", " ")) for verdict in VERDICTS},
        {kind: _(kind) for kind in sorted(claims["kind"].unique())},
        dict(names),
        {section: _(section) for section in claims["section"].unique()},
    ]
    filters = build_filters(chosen, dict(zip(chosen, words, strict=True)))
    described = _describe_claims(claims, names, {*claims["id"]})
    for claim, values in zip(described, zip(*chosen.values(), strict=True), strict=True):
        claim["filters"] = list_classes(filters, values)
    groups = [
        {"claims": list(rows), "heading": _name_section(section), "id": _section_id(section)}
        for section, rows in groupby(described, lambda claim: claim["section"].partition(".")[0])
    ]
    return _render("ledger.html", claims, _("The ledger"), names=names, filters=filters, groups=groups)


def _name_section(section: str) -> str:
    return _("Section {number} of the report").format(number=section) if section[0].isdigit() else _(section)


def _section_id(section: str) -> str:
    # Addresses are the same in every language.
    place = f"section {section} of the report" if section[0].isdigit() else section
    return "ledger-" + "-".join(place.lower().split())


def _describe_claims(claims: pd.DataFrame, names: Mapping[str, str], ids: Container[str]) -> list[dict[str, Any]]:
    """Return one dictionary per claim: its columns, and `rows`, the links to the rows that it is bound to.

    `ids` are those of all claims, to which the evidence links.
    """
    tables = {name: Table(name, load(name)) for name in claims["table"].dropna().unique()}
    records: list[dict[str, Any]] = claims.astype("object").fillna("").to_dict("records")  # type: ignore[assignment]
    return [
        record
        | {
            "rows": _link_rows(record["table"], record["where"], tables, names),
            "evidence": _link_statements(record["evidence"], ids),
        }
        for record in records
    ]


def _link_statements(evidence: str, ids: Container[str]) -> Markup:
    """Return evidence in which the ids of statements are links to them."""

    def link(found: re.Match[str]) -> str:
        words = _("statement")
        return Markup('<a href="#claim-{}">{}</a>').format(found[0], words) if found[0] in ids else found[0]

    return Markup(_IN_PARENTHESES.sub(link, str(escape(evidence))))


def _link_rows(name: str, where: str, tables: Mapping[str, Table], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the addresses and words of links to a claim's rows or, if there are many, to their table."""
    if not name:
        return []
    table, title = tables[name], _(load(name).attrs.get("title", name))
    rows = {table.columns["id"][row]: row + 1 for row in table.rows(where)} if "id" in table.columns else {}
    if name == "exhibits":
        return [(id_, names[id_]) for id_ in [*rows][:_MAX_ROWS_LISTED]]
    if not rows:
        return [(f"data-{name}", title)]
    if len(rows) > _MAX_ROWS_LISTED:
        words = ngettext("{number} row of {table}", "{number} rows of {table}", len(rows))
        return [(f"rows-{name}", words.format(number=len(rows), table=title))]
    words = _("{table}, row {number}")
    return [(f"row-{name}-{id_}", words.format(table=title, number=number)) for id_, number in rows.items()]


def _render(template: str, rows: pd.DataFrame, caption: str, **values: Any) -> Shown:
    html = render_template(template, caption=caption, **values)
    return Shown(str(html), f"{caption}\n\n{to_csv(rows[['id', 'verdict', 'evidence']])}", {})
