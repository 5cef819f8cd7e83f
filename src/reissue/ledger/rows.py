"""The rows of the ledger as claims: ids are unique, and references between claims are complete and not circular."""

from __future__ import annotations

from dataclasses import dataclass, fields
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from reissue.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Claim:
    """One row of the ledger."""

    id: str
    section: str
    page: int
    printed: str
    value: str
    check: str
    table: str
    where: str
    measure: str
    relation: str
    of: str
    claims: tuple[str, ...]
    reason: str

    @property
    def place(self) -> tuple[str, int]:
        """Where the claim is printed: section and page."""
        return self.section, self.page

    @property
    def references(self) -> list[str]:
        """The ids of the claims that this one is compared with."""
        return [*self.claims, *filter(None, [self.of])]


def parse_claims(ledger: pd.DataFrame) -> dict[str, Claim]:
    """Return the claims by id, given one row per claim with the columns of `claims.csv`.

    Raises
    ------
    InputError
        If an id is repeated, a referenced claim does not exist, or references are circular.
    """
    claims: dict[str, Claim] = {}
    for row in ledger.astype("object").fillna("").to_dict("records"):
        cells: dict[str, Any] = {field.name: str(row[field.name]) for field in fields(Claim)}
        cells["page"], cells["claims"] = int(cells["page"]), tuple(filter(None, cells["claims"].split(";")))
        claim = Claim(**cells)
        if claim.id in claims:
            raise row_error(claim.id, "duplicate id", "a unique id")
        claims[claim.id] = claim
    for claim in claims.values():
        for other in claim.references:
            if other not in claims:
                raise row_error(claim.id, f"unknown claim {other!r}", "the id of a claim")
    try:
        TopologicalSorter({claim.id: claim.references for claim in claims.values()}).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise row_error(
            error.args[1][0], f"circular reference: {circle}", "agreement with earlier places only"
        ) from None
    return claims


def row_error(id_: str, what: str, expected: str = "") -> InputError:
    """Return the error for a row of the ledger."""
    return InputError(what, where=f"data/raw/claims.csv, claim {id_!r}", expected=expected, remedy="correct the row")
