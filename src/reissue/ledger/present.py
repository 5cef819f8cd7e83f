"""The ledger as the reader sees it: counts, contradictions with both ends, every row with its evidence."""

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
from reissue.ledger.judge import VERDICTS
from reissue.ledger.measures import Table

#: A claim that picks more rows than this links to their table.
_FEW = 6

_MEANINGS = {
    N_("contradicted"): N_("Another place of the report, or its data, says otherwise"),
    N_("undetermined"): N_("The report leaves it open"),
    N_("consistent"): N_("Another place of the report, or its data, agrees"),
    N_("unverifiable"): N_("Nothing else in the report bears on it"),
}
_CAPTIONS = {
    "contradicted": N_("Both ends of every contradiction"),
    "undetermined": N_("Statements undetermined"),
    "consistent": N_("Statements consistent"),
    "unverifiable": N_("Statements unverifiable"),
}


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return one row per verdict: verdict, statements, meaning."""
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    meanings = [_(_MEANINGS[verdict]) for verdict in VERDICTS]
    return pd.DataFrame({"verdict": list(VERDICTS), "statements": counts.to_list(), "meaning": meanings})


def with_verdict(claims: pd.DataFrame, verdict: str, names: Mapping[str, str]) -> Shown:
    """Return the claims of one verdict as a table; each links to its row in the whole ledger.

    `names` has what each exhibit is called, by its id.
    """
    rows = claims[claims["verdict"] == verdict]
    what = _(_CAPTIONS[verdict])
    return _shown([_group(rows, what)], what, rows, names)


def whole_ledger(claims: pd.DataFrame, names: Mapping[str, str]) -> Shown:
    """Return all claims, one table per section, and write `claims.csv` where a build asks for files.

    `names` has what each exhibit is called, by its id.
    """
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "claims.csv", to_csv(claims))
    sections = claims["section"].str.partition(".")[0]
    groups = [
        _group(rows, _of(str(section)), _heading(str(section)), str(section))
        for section, rows in claims.groupby(sections, sort=False)
    ]
    return _shown(groups, _("The ledger"), claims, names)


def _heading(section: str) -> str:
    return _("Section {number} of the report").format(number=section) if section[0].isdigit() else _(section)


def _of(section: str) -> str:
    if section[0].isdigit():
        return _("Statements of Section {number} of the report").format(number=section)
    return _("Statements of {heading}").format(heading=_(section))


def _group(rows: pd.DataFrame, caption: str, heading: str = "", section: str = "") -> dict[str, Any]:
    tables = {name: Table(name, load(name)) for name in rows["table"].dropna().unique()}
    records: list[dict[str, Any]] = rows.astype("object").fillna("").to_dict("records")  # type: ignore[assignment]
    for record in records:
        record["rows"] = _links(record["table"], record["where"], tables)
    # The same in every language: an address outlives the page's words.
    place = f"section {section} of the report" if section[:1].isdigit() else section
    name = "ledger-" + "-".join(place.lower().split())
    return {"claims": records, "caption": caption, "heading": heading, "id": name}


def _links(table: str, where: str, tables: Mapping[str, Table]) -> list[tuple[str, str]]:
    """Return where a claim's rows are shown, with the words of each link: the rows if few, else their table."""
    if not table:
        return []
    picked = tables[table]
    ids = [picked.columns["id"][row] for row in picked.rows(where)] if "id" in picked.columns else []
    if table == "exhibits":
        return [(id_, id_) for id_ in ids[:_FEW]]
    if not ids:
        return [(f"data-{table}", table)]
    if len(ids) > _FEW:
        return [(f"rows-{table}", _rows_of(len(ids), table))]
    return [(f"row-{table}-{id_}", f"{table} {id_}") for id_ in ids]


def _rows_of(number: int, table: str) -> str:
    return ngettext("{number} row of {table}", "{number} rows of {table}", number).format(number=number, table=table)


def _shown(groups: list[dict[str, Any]], caption: str, rows: pd.DataFrame, names: Mapping[str, str]) -> Shown:
    html: Markup = render_template("claims.html", groups=groups, names=names)
    return Shown(str(html), f"{caption}\n\n{to_csv(rows[['id', 'verdict', 'evidence']])}", {})
