"""The ledger as the reader sees it: counts, contradictions with both ends, every row with its evidence."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from iucresearch import paths
from iucresearch.claims.judge import CONTRADICTED, VERDICTS
from iucresearch.exhibits import EXHIBITS
from iucresearch.files import write_text
from iucresearch.package import csv_text
from iucresearch.show import Shown
from iucresearch.tabulation import rendered

_MEANINGS = {
    "contradicted": "Another place of the report, or its data, says otherwise",
    "undetermined": "The report leaves it open",
    "consistent": "Another place of the report, or its data, agrees",
    "unverifiable": "Nothing else in the report bears on it",
}


def verdict_counts(claims: pd.DataFrame) -> pd.DataFrame:
    """Return one row per verdict: verdict, statements, meaning."""
    counts = claims["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    meanings = [_MEANINGS[verdict] for verdict in VERDICTS]
    return pd.DataFrame({"verdict": list(VERDICTS), "statements": counts.to_list(), "meaning": meanings})


def with_verdict(claims: pd.DataFrame, verdict: str) -> Shown:
    """Return the claims of one verdict as a table; each links to its row in the whole ledger."""
    rows = claims[claims["verdict"] == verdict]
    what = "Both ends of every contradiction" if verdict == CONTRADICTED else f"Statements {verdict}"
    return _shown([_group(rows, what)], what, rows)


def whole_ledger(claims: pd.DataFrame) -> Shown:
    """Return all claims, one table per section, and write `claims.csv` where a build asks for files."""
    folder = paths.output_folder()
    if folder is not None:
        write_text(folder / "claims.csv", csv_text(claims))
    sections = claims["section"].str.partition(".")[0]
    groups = [
        _group(rows, f"Statements of {_heading(str(section))}", _heading(str(section)))
        for section, rows in claims.groupby(sections, sort=False)
    ]
    return _shown(groups, "The ledger", claims)


def _heading(section: str) -> str:
    return f"Section {section} of the report" if section[0].isdigit() else section


def _group(rows: pd.DataFrame, caption: str, heading: str = "") -> dict[str, Any]:
    records = rows.astype("object").fillna("").to_dict("records")
    name = "ledger-" + "-".join(heading.lower().split())
    return {"claims": records, "caption": caption, "heading": heading, "id": name}


def _shown(groups: list[dict[str, Any]], caption: str, rows: pd.DataFrame) -> Shown:
    html: Markup = rendered("claims.html", groups=groups, names={item.id: item.name for item in EXHIBITS})
    return Shown(str(html), f"{caption}\n\n{csv_text(rows[['id', 'verdict', 'evidence']])}", {})
