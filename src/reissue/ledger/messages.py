"""The messages of a report: what each is based on, and how strong that basis is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import pandas as pd

from reissue.core.errors import InputError
from reissue.exhibits.slots import list_slots
from reissue.ledger.evidence import FIXED, ONCE, OPEN, TENSION, WORD, Evidence
from reissue.ledger.findings import STATED_ONCE

_DIGIT = re.compile(r"[0-9]")


def rate_messages(messages: pd.DataFrame, evidence: Evidence, values: Collection[str]) -> pd.DataFrame:
    """Return the messages, one row each, with the column `strength`: one of `STRENGTHS`, and details after a colon.

    `messages` has the columns id, message, section, page, rests_on; `values` the names of the named values. The first
    of `rests_on` is the statement that the message renders.

    Raises
    ------
    InputError
        For the first message without evidence, with unknown or repeated evidence, with a number that is typed, or with
        a slot that has no value.
    """
    rows: list[dict[str, Any]] = messages.to_dict("records")  # type: ignore[assignment]
    for place, row in enumerate(rows, start=2):
        _check_evidence(row, place, evidence)
        _check_numbers(row, place, values)
    return messages.assign(strength=[rate_message(row, evidence) for row in rows])


def rate_message(row: dict[str, Any], evidence: Evidence) -> str:
    """Return the strength of one message.

    A message is in tension if the statement that it renders is contradicted, or is one end of a tension, of substance.
    Otherwise, counts of the survey decide if it names any; else the statements of its own page, if it gives a number.
    """
    ids = split_ids(row["rests_on"])
    against = evidence.find_opposite(ids[0])
    if against:
        return f"{TENSION}: {', '.join(against)}"
    if any(id_ in evidence.counts for id_ in ids):
        ranges = evidence.find_open_counts(ids)
        return f"{OPEN}: {'; '.join(ranges)}" if ranges else FIXED
    if not list_slots(row["message"]):
        return WORD
    own = [id_ for id_ in ids if evidence.is_number(id_) and evidence.claims[id_]["page"] == row["page"]]
    return ONCE if evidence.find_verdict(own, STATED_ONCE) else FIXED


def split_ids(rests_on: str) -> list[str]:
    """Return the ids of a cell; none if it is empty."""
    return [] if pd.isna(rests_on) else [id_.strip() for id_ in str(rests_on).split(";") if id_.strip()]


def _check_evidence(row: dict[str, Any], place: int, evidence: Evidence) -> None:
    ids = split_ids(row["rests_on"])
    expected = "the ids of statements, exhibits or counts, joined by a semicolon"
    if not ids:
        raise _fault(place, "rests_on", f"message {row['id']!r} has no evidence", expected)
    for number, id_ in enumerate(ids):
        if id_ in ids[:number]:
            raise _fault(place, "rests_on", f"message {row['id']!r} names {id_!r} twice", "each id once")
        if not evidence.has(id_):
            raise _fault(place, "rests_on", f"message {row['id']!r} is based on unknown {id_!r}", expected)


def _check_numbers(row: dict[str, Any], place: int, values: Collection[str]) -> None:
    expected = "a {name} from the named values for each number"
    try:
        unknown = [name for name in list_slots(row["message"]) if name not in values]
    except ValueError as error:
        raise _fault(place, "message", f"message {row['id']!r}: {error}", expected) from None
    if unknown:
        raise _fault(place, "message", f"message {row['id']!r} has the unknown slot {{{unknown[0]}}}", expected)
    if _DIGIT.search(row["message"]):
        raise _fault(place, "message", f"message {row['id']!r} has a typed number", expected)


def _fault(place: int, column: str, what: str, expected: str) -> InputError:
    where = f"data/raw/messages.csv, row {place}, column {column}"
    return InputError(what, where=where, expected=expected, remedy="correct the cell")
