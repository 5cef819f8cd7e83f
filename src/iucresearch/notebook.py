"""What a notebook imports: reading tables, showing exhibits and plain tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from reissue.core.datapackage import to_csv
from reissue.core.language import _
from reissue.core.tables import boundaries, dictionary, load, load_package, tables
from reissue.exhibits.html_table import data_table
from reissue.exhibits.registry import find_exhibit
from reissue.exhibits.show import Shown, save_tables, show_exhibit

__all__ = [
    "boundaries",
    "data_table",
    "dictionary",
    "listing",
    "load",
    "load_package",
    "load_raw",
    "save_tables",
    "show",
    "tables",
]


def load_raw() -> dict[str, pd.DataFrame]:
    """Return every raw table by name, validated and checked, and the report's references.

    The statements about the survey include the values that somebody entered from the drawings.

    Raises
    ------
    InputError
        For the first fault in the raw files.
    """
    # Only the notebooks that read raw tables depend on what checks them.
    from iucresearch.checks import check_tables
    from iucresearch.drawings import collect_statements
    from reissue.core.raw import load_raw as load_checked

    raw = load_checked(check_tables)
    return raw | {"survey": collect_statements(raw)}


def show(name: str, make: Callable[..., Any], data: pd.DataFrame, **context: Any) -> Shown:
    """Draw or tabulate an exhibit, named by its id such as `figure-6` (see `reissue.exhibits.show.show_exhibit`)."""
    return show_exhibit(find_exhibit(EXHIBITS, name), make, data, **context)


def listing(data: pd.DataFrame, caption: str, *, anchor: str = "", english: bool = False) -> Shown:
    """Return a plain table with a caption, which is not an exhibit of the report.

    With an `anchor`, a link can lead to a row: to `ANCHOR-` and the text of its first cell. The cells of an `english`
    table are the same in every language.
    """
    html = data_table(data, _(caption), anchor=anchor, english=english)
    return Shown(str(html), f"{_(caption)}\n\n{to_csv(data)}", {})
