"""The ledger's rows as claims, once each can be told apart and none leans on itself."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import pandas as pd

from reissue.core.errors import InputError


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


def parse_claims(ledger: pd.DataFrame) -> dict[str, Claim]:
    """Return the claims by id.

    Parameters
    ----------
    ledger
        One row per claim, columns of `claims.csv`.

    Raises
    ------
    InputError
        If an id is there twice, or a claim leans on one that is not there, or on itself in a circle.
    """
    claims: dict[str, Claim] = {}
    for row in ledger.astype("object").fillna("").to_dict("records"):
        claim = _claim({str(name): str(cell) for name, cell in row.items()})
        if claim.id in claims:
            raise refused(claim.id, "the id is there twice", "an id of its own")
        claims[claim.id] = claim
    for claim in claims.values():
        for other in _leans_on(claim):
            if other not in claims:
                raise refused(claim.id, f"there is no claim {other!r}", "the id of a claim")
    try:
        TopologicalSorter({claim.id: _leans_on(claim) for claim in claims.values()}).prepare()
    except CycleError as error:
        raise refused(
            claims[error.args[1][0]].id,
            "claims lean on one another in a circle: " + " -> ".join(error.args[1]),
            "agreement with an earlier place only",
        ) from None
    return claims


def _claim(row: dict[str, str]) -> Claim:
    return Claim(
        id=row["id"],
        section=row["section"],
        page=int(row["page"]),
        printed=row["printed"],
        value=row["value"],
        check=row["check"],
        table=row["table"],
        where=row["where"],
        measure=row["measure"],
        relation=row["relation"],
        of=row["of"],
        claims=tuple(filter(None, row["claims"].split(";"))),
        reason=row["reason"],
    )


def _leans_on(claim: Claim) -> list[str]:
    return [*claim.claims, *filter(None, [claim.of])]


def refused(id_: str, what: str, expected: str) -> InputError:
    """Return the error that says what is wrong with a row of the ledger."""
    return InputError(what, where=f"data/raw/claims.csv, claim {id_!r}", expected=expected, remedy="correct the row")
