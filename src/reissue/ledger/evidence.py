"""What messages and prose can be based on: judged statements, counts of the survey, exhibits."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reissue.ledger.discrepancies import SUBSTANCE

#: How strong the basis of a message is.
FIXED, OPEN, ONCE, WORD, TENSION = STRENGTHS = (
    *("fixed counts", "open counts", "stated once"),
    *("the report's word", "in tension"),
)
_NUMBER = re.compile(r"[0-9]+(-[0-9]+)*")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Evidence:
    """Judged statements and counts by id, the ids of exhibits, and the discrepancies between statements."""

    #: Rows with page, value, verdict.
    claims: Mapping[str, Row]
    #: Rows with least, most, n, by `question:options:side`, options joined by `+`; none where there is no survey.
    counts: Mapping[str, Row]
    exhibits: Collection[str]
    #: Rows with first, second, weight.
    discrepancies: tuple[Row, ...]
    #: Rated messages by id, with `strength`.
    messages: Mapping[str, Row]

    @classmethod
    def from_rows(cls, find: Callable[[str], Iterable[Row]]) -> Evidence:
        """Return the evidence in the processed tables claims, survey_counts, exhibits, discrepancies and messages.

        `find` returns the rows of a table by its name; none if the report has no such table.
        """
        counts: dict[str, Row] = {}
        for row in find("survey_counts"):
            # The literal reading comes first.
            counts.setdefault(f"{row['question']}:{str(row['options']).replace(';', '+')}:{row['side']}", row)
        claims, messages = ({str(row["id"]): row for row in find(name)} for name in ("claims", "messages"))
        exhibits = frozenset(str(row["id"]) for row in find("exhibits"))
        return cls(claims, counts, exhibits, tuple(find("discrepancies")), messages)

    def has(self, id_: str) -> bool:
        """Return whether there is a statement, count, exhibit or message with this id."""
        return any(id_ in known for known in (self.claims, self.counts, self.exhibits, self.messages))

    def is_number(self, id_: str) -> bool:
        """Return whether the id is that of a statement whose value is a number or a date."""
        return id_ in self.claims and bool(_NUMBER.fullmatch(str(self.claims[id_]["value"])))

    def find_verdict(self, ids: Collection[str], verdict: str) -> list[str]:
        """Return those of the statements that have a verdict."""
        return [id_ for id_ in ids if id_ in self.claims and self.claims[id_]["verdict"] == verdict]

    def find_open_counts(self, ids: Collection[str]) -> list[str]:
        """Return the range of each of the counts that is left open."""
        rows = [self.counts[id_] for id_ in ids if id_ in self.counts]
        return [f"{row['least']} to {row['most']} of {row['n']}" for row in rows if row["least"] != row["most"]]

    def find_opposite(self, id_: str) -> list[str]:
        """Return the statements at the other end of discrepancies of substance that a statement has."""
        found = find_tensions(id_, self.discrepancies)
        return [row["second"] if row["first"] == id_ else row["first"] for row in found]


def find_tensions(id_: str, discrepancies: Iterable[Row]) -> list[Row]:
    """Return the discrepancies of substance that have a statement at one end."""
    return [row for row in discrepancies if row["weight"] == SUBSTANCE and id_ in (row["first"], row["second"])]
