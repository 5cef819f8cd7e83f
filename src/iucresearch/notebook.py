"""What a notebook imports: reading tables, showing exhibits and plain tables."""

from __future__ import annotations

import pandas as pd

from reissue.core.tables import boundaries, describe, dictionary, load, load_raw, tables
from reissue.answers.counts import load_answers
from reissue.core.language import _
from reissue.core.datapackage import csv_text
from reissue.exhibits.show import Shown, save_tables, show
from iucresearch.tabulation import data_table

__all__ = [
    "Shown",
    "boundaries",
    "describe",
    "dictionary",
    "listing",
    "load",
    "load_answers",
    "load_raw",
    "save_tables",
    "show",
    "tables",
]


def listing(data: pd.DataFrame, caption: str, *, anchor: str = "", english: bool = False) -> Shown:
    """Return a plain table with a caption: for what is not an exhibit of the report.

    With an `anchor`, links can land on a row: on `ANCHOR-` and the text of its first cell. The cells of a table that
    is `english` are the same in every language.
    """
    html = data_table(data, _(caption), anchor=anchor, english=english)
    return Shown(str(html), f"{_(caption)}\n\n{csv_text(data)}", {})
