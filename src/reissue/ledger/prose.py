"""The prose of notebooks: each cell declares its evidence, and whether this makes it certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reissue.core.errors import InputError
from reissue.ledger.evidence import OPEN, TENSION, Evidence
from reissue.ledger.findings import CONTRADICTED, UNDETERMINED

#: What a cell is: certain, or leaving something open, by the report; or about this edition and not about the report.
CERTAIN, LEAVES_OPEN, EDITION = CERTAINTIES = ("certain", "open", "edition")
_SLOT = re.compile(r"\{[^{}]*\}")
_HEADING = re.compile(r"^#.*$", re.MULTILINE)
#: Words for numbers. Not `one` and `once`, which English also uses as pronoun and conjunction.
_NUMBER_WORDS = re.compile(
    r"""\b(?: zero | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve
    | (?:thir|four|fif|six|seven|eigh|nine)teen | (?:twen|thir|for|fif|six|seven|eigh|nine)ty
    | (?:hundred|thousand|million|dozen|third|quarter|fifth)s? | hal(?:f|ves) | twice | thrice | double | triple
    | first | second | (?:four|six|seven|eigh|nin|ten|eleven|twelf|twentie)th | (?:two|three|four)fold )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def check_prose(source: str, declared: Mapping[str, Any], evidence: Evidence, where: str) -> None:
    """Check one cell of prose, given its source with slots and what it declares in its metadata.

    Raises
    ------
    InputError
        If the cell has text but declares no evidence, names evidence that is unknown, repeated or contradicted, is
        called certain although its evidence leaves something open, or has a number that is typed.
    """
    typed = list_typed_numbers(source)
    if typed:
        raise InputError(
            f"the number {typed[0]!r} is typed",
            where=where,
            expected="a {name} from the named values",
            remedy="write the {name}",
        )
    if not _HEADING.sub("", source).strip():
        return
    ids, certainty = declared.get("rests_on", []), declared.get("certainty")
    if certainty not in CERTAINTIES or (not ids and certainty != EDITION):
        raise InputError(
            "a cell of prose declares no evidence",
            where=where,
            expected=f'"evidence": {{"rests_on": [ids], "certainty": {", ".join(CERTAINTIES)}}} in its metadata',
            remedy="add it",
        )
    for fault in _list_faults(ids, certainty, evidence):
        raise InputError(fault, where=where, expected="evidence that bears the text", remedy="correct text or metadata")


def list_typed_numbers(source: str) -> list[str]:
    """Return the digits and number words of a text outside of its `{slots}`."""
    text = _SLOT.sub("{}", source)
    return _NUMBER_WORDS.findall(text) + [sign for sign in text if sign.isnumeric()]


def _list_faults(ids: list[str], certainty: str, evidence: Evidence) -> list[str]:
    found = [f"the prose is based on unknown {id_!r}" for id_ in ids if not evidence.has(id_)]
    found += [f"the prose names {id_!r} twice" for place, id_ in enumerate(ids) if id_ in ids[:place]]
    found += [f"the prose is based on the contradicted {id_!r}" for id_ in evidence.find_verdict(ids, CONTRADICTED)]
    if certainty == CERTAIN:
        found += [
            f"the prose is certain, but {id_!r} is undetermined" for id_ in evidence.find_verdict(ids, UNDETERMINED)
        ]
        found += [f"the prose is certain, but a count is open: {one}" for one in evidence.find_open_counts(ids)]
        for id_ in ids:
            strength = str(evidence.messages.get(id_, {}).get("strength", ""))
            if strength.startswith((OPEN, TENSION)):
                found.append(f"the prose is certain, but message {id_!r} is not: {strength}")
    return found
