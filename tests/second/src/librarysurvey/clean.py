"""From facts as printed to tidy tables. Nothing is counted or judged here."""

from collections.abc import Mapping

import pandas as pd


def clean(raw: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the cleaned tables by name; shelves without the space around their names."""
    tables = {name: raw[name].copy() for name in ("questions", "options", "readings")}
    return {**tables, "shelves": raw["shelves"].assign(shelf=raw["shelves"]["shelf"].str.strip())}
