"""The ledger on the page: counts of verdicts, contradictions with both ends, every claim with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from reissue.core import paths
from reissue.core.datapackage import to_csv
from reissue.core.files import write_text
from reissue.core.language import N_, _, ngettext
from reissue.core.tables import load
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown
from reissue.ledger.findings import VERDICTS
from reissue.ledger.measures import Table

#: A claim on more rows than this links to their table.
_MAX_ROWS_LISTED = 6

_MEANINGS = {
    N_("contradicted"): N_("Another place of the report, or its data, says otherwise"),
    N_("undetermined"): N_("The rest of the report leaves it open"),
    N_("consistent"): N_("Another place of the report, or its data, agrees"),
    N_("matched"): N_("A reader found the same in other words at another place"),
    N_("stated-once"): N_("Nothing else in the report bears on it"),
}
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
    return _render([_build_group(rows, caption)], caption, rows, names)


def whole_ledger(claims: pd.DataFrame, names: Mapping[str, str]) -> Shown:
    """Return all claims, one table per section; in a build, also write `claims.csv`.

    `names` has the name of each exhibit by its id.
    """
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "claims.csv", to_csv(claims))
    sections = claims["section"].str.partition(".")[0]
    groups = [_build_section(str(section), rows) for section, rows in claims.groupby(sections, sort=False)]
    return _render(groups, _("The ledger"), claims, names)


def _build_section(section: str, rows: pd.DataFrame) -> dict[str, Any]:
    if section[0].isdigit():
        heading = _("Section {number} of the report").format(number=section)
        caption = _("Statements of Section {number} of the report").format(number=section)
    else:
        heading = _(section)
        caption = _("Statements of {heading}").format(heading=heading)
    return _build_group(rows, caption, heading, section)


def _build_group(rows: pd.DataFrame, caption: str, heading: str = "", section: str = "") -> dict[str, Any]:
    tables = {name: Table(name, load(name)) for name in rows["table"].dropna().unique()}
    records: list[dict[str, Any]] = rows.astype("object").fillna("").to_dict("records")  # type: ignore[assignment]
    for record in records:
        record["rows"] = _link_rows(record["table"], record["where"], tables)
    # Addresses are the same in every language.
    place = f"section {section} of the report" if section[:1].isdigit() else section
    name = "ledger-" + "-".join(place.lower().split())
    return {"claims": records, "caption": caption, "heading": heading, "id": name}


def _link_rows(name: str, where: str, tables: Mapping[str, Table]) -> list[tuple[str, str]]:
    """Return the addresses and words of links to a claim's rows or, if there are many, to their table."""
    if not name:
        return []
    table = tables[name]
    ids = [table.columns["id"][row] for row in table.rows(where)] if "id" in table.columns else []
    if name == "exhibits":
        return [(id_, id_) for id_ in ids[:_MAX_ROWS_LISTED]]
    if not ids:
        return [(f"data-{name}", name)]
    if len(ids) > _MAX_ROWS_LISTED:
        words = ngettext("{number} row of {table}", "{number} rows of {table}", len(ids))
        return [(f"rows-{name}", words.format(number=len(ids), table=name))]
    return [(f"row-{name}-{id_}", f"{name} {id_}") for id_ in ids]


def _render(groups: list[dict[str, Any]], caption: str, rows: pd.DataFrame, names: Mapping[str, str]) -> Shown:
    html: Markup = render_template("claims.html", groups=groups, names=names)
    return Shown(str(html), f"{caption}\n\n{to_csv(rows[['id', 'verdict', 'evidence']])}", {})
