"""The ledger as notebooks list it, with the names of exhibits."""

from __future__ import annotations

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from reissue.exhibits.show import Shown
from reissue.ledger import present as ledger


def with_verdict(claims: pd.DataFrame, verdict: str) -> Shown:
    """Return the claims of one verdict as a table; each links to its row in the whole ledger."""
    return ledger.with_verdict(claims, verdict, _exhibit_names())


def whole_ledger(claims: pd.DataFrame) -> Shown:
    """Return all claims, one table per section, and write `claims.csv` where a build asks for files."""
    return ledger.whole_ledger(claims, _exhibit_names())


def _exhibit_names() -> dict[str, str]:
    return {item.id: item.name for item in EXHIBITS}
