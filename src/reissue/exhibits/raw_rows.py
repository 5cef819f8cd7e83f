"""The raw tables as a page shows them, row by row."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from reissue.core.datapackage import to_csv
from reissue.core.language import _, current_language
from reissue.core.vocabulary import ENGLISH
from reissue.exhibits.html_table import data_table
from reissue.exhibits.rendering import render_template
from reissue.exhibits.show import Shown

#: Tables that chapters list as a whole.
_LISTED = ("claims", "discrepancies", "messages")


def raw_rows(raw: Mapping[str, pd.DataFrame]) -> Shown:
    """Return every raw table that has a key; the links of statements lead to its rows."""
    keyed = {name: table for name, table in sorted(raw.items()) if "id" in table and name not in _LISTED}
    titles = {name: table.attrs.get("title") or name for name, table in keyed.items()}
    tables = [
        {"name": name, "title": titles[name], "rows": len(table), "html": _list_rows(name, table, titles[name])}
        for name, table in keyed.items()
    ]
    counts = pd.DataFrame([(t["name"], t["rows"]) for t in tables], columns=["table", "rows"])
    return Shown(str(render_template("rows.html", tables=tables)), f"{_('The raw rows')}\n\n{to_csv(counts)}", {})


def _list_rows(name: str, table: pd.DataFrame, title: str) -> Markup:
    filled = table.drop(columns=[column for column in table if table[column].isna().all()])
    # The titles of raw tables are English.
    title = f"{name}: {title}" if current_language() == ENGLISH else name
    return data_table(filled, _("{table}, row by row").format(table=title), anchor=f"row-{name}", english=True)
