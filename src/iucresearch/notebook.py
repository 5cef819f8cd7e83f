"""What a notebook imports: reading tables, showing exhibits and plain tables."""

from __future__ import annotations

import pandas as pd

from iucresearch.data import boundaries, describe, load, load_raw, tables
from iucresearch.show import Shown, save_tables, show
from iucresearch.tabulation import data_table

__all__ = ["Shown", "boundaries", "describe", "listing", "load", "load_raw", "save_tables", "show", "tables"]


def listing(data: pd.DataFrame, caption: str) -> Shown:
    """Return a plain table with a caption: for what is not an exhibit of the report."""
    return Shown(str(data_table(data, caption)), f"{caption}\n\n{data.to_csv(index=False)}", {})
