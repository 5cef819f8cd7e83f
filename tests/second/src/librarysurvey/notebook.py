"""What a notebook imports: reading tables, showing exhibits and plain tables."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from librarysurvey.exhibits import EXHIBITS
from reissue.core.datapackage import to_csv
from reissue.core.language import _
from reissue.core.raw import load_raw
from reissue.core.tables import load, tables
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import find_exhibit
from reissue.exhibits.show import Shown, save_tables, show_exhibit

__all__ = ["data_table", "listing", "load", "load_raw", "save_tables", "show", "tables"]


def show(name: str, make: Callable[..., Any], data: pd.DataFrame) -> Shown:
    """Draw or tabulate the exhibit of an id, such as `figure-1`."""
    return show_exhibit(find_exhibit(EXHIBITS, name), make, data)


def listing(data: pd.DataFrame, caption: str, *, anchor: str = "", english: bool = False) -> Shown:
    """Return a plain table with a caption, for what is not an exhibit; links lead to `ANCHOR-` and its first cells."""
    html = data_table(data, _(caption), anchor=anchor, english=english)
    return Shown(str(html), f"{_(caption)}\n\n{to_csv(data)}", {})
