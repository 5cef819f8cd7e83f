"""What a report says in two ways: the weight of each contradiction, and tensions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reissue.ledger.findings import CONTRADICTED, Finding

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of discrepancies that are contradictions; all others are tensions.
CONTRADICTIONS = ("contradiction", "extraction")
#: How much a contradiction or tension matters.
SUBSTANCE, EDITORIAL, SPELLING = WEIGHTS = ("substance", "editorial", "spelling")


def weigh_findings(findings: Iterable[Finding], discrepancies: pd.DataFrame) -> None:
    """Give each contradicted claim the weight of its contradiction, and the sentence that explains it.

    `discrepancies` has one row per pair of statements: id, kind, first, second, weight, why. A contradiction without a
    row has not been weighed: it has the first weight, and only the evidence explains it.
    """
    rows = discrepancies[discrepancies["kind"].isin(CONTRADICTIONS)].to_dict("records")
    for finding in findings:
        if finding.verdict == CONTRADICTED:
            for ids in ({finding.claim.id}, {other.id for other in finding.contradicting}):
                named = [row for row in rows if ids & {row["first"], row["second"]}]
                if named:
                    finding.weight, finding.why = named[0]["weight"], named[0]["why"]
                    break
            else:
                finding.weight = SUBSTANCE


def list_tensions(discrepancies: pd.DataFrame) -> pd.DataFrame:
    """Return one row per tension: id, kind, first, second, weight, why; those of substance first."""
    tensions = discrepancies[~discrepancies["kind"].isin(CONTRADICTIONS)]
    places = tensions["weight"].map({weight: place for place, weight in enumerate(WEIGHTS)})
    columns = ["id", "kind", "first", "second", "weight", "why"]
    return tensions.loc[places.sort_values(kind="stable").index, columns].reset_index(drop=True)
