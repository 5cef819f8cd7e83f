"""The verdict on a claim: what its check finds, and the other claims that agree with it or contradict it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reissue.ledger.relations import OPERATORS
from reissue.ledger.rows import Claim

CONTRADICTED, UNDETERMINED, CONSISTENT = "contradicted", "undetermined", "consistent"
MATCHED, STATED_ONCE = "matched", "stated-once"
#: The check of a claim that a reader judged to mean the same as another in other words.
MATCH = "match"
#: The first verdict that any comparison gives a claim is its verdict.
VERDICTS = (CONTRADICTED, UNDETERMINED, CONSISTENT, MATCHED, STATED_ONCE)


class Result(NamedTuple):
    """The result of one check: verdict, evidence, and the ids of the claims that agree and that contradict."""

    verdict: str
    evidence: str
    agreeing: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()


@dataclass
class Finding:
    """The verdict on a claim: what its check found, and the claims that agree with it, match it and contradict it."""

    claim: Claim
    result: Result
    reading: str
    agreeing: list[Claim] = field(default_factory=list)
    matching: list[Claim] = field(default_factory=list)
    contradicting: list[Claim] = field(default_factory=list)
    weight: str = ""
    why: str = ""

    @property
    def verdict(self) -> str:
        """The first verdict, in the order of `VERDICTS`, that the check or another claim gives."""
        others = {CONTRADICTED: self.contradicting, CONSISTENT: self.agreeing, MATCHED: self.matching}
        return next(one for one in VERDICTS if others.get(one) or one == self.result.verdict)

    @property
    def evidence(self) -> str:
        """The evidence, contradictions first."""
        parts = []
        if self.verdict == CONTRADICTED:
            others = [f", {quote(other)} in {cite(other)}" for other in self.contradicting]
            parts += [self.why.rstrip("."), f"{quote(self.claim)} here{''.join(others)}"]
        # That nothing else bears on a claim is only true if nothing does.
        if self.result.verdict != STATED_ONCE or self.verdict == STATED_ONCE:
            parts.append(self.result.evidence)
        if agreeing := [cite(other) for other in (*self.agreeing, *self.matching)]:
            parts.append(f"as in {', '.join(agreeing)}")
        return "; ".join(filter(None, parts))


def mark_other_ends(findings: Mapping[str, Finding]) -> None:
    """Mark each agreement and each contradiction on both claims."""
    for finding in findings.values():
        for id_ in finding.result.contradicting:
            _mark(finding, findings[id_], "contradicting")
        for id_ in finding.result.agreeing:
            is_match = MATCH in (finding.claim.check, findings[id_].claim.check)
            _mark(finding, findings[id_], "matching" if is_match else "agreeing")


def _mark(first: Finding, second: Finding, how: str) -> None:
    for finding, other in ((first, second.claim), (second, first.claim)):
        if other not in getattr(finding, how):
            getattr(finding, how).append(other)


def quote(claim: Claim) -> str:
    """Quote the value of a claim with its vague quantifier."""
    is_vague = claim.relation not in ("", claim.value, *OPERATORS)
    return f"“{f'{claim.relation} ' if is_vague else ''}{claim.value}”".replace("“ ", "“").replace(";", ", ")


def cite(claim: Claim) -> str:
    """Return the place of a claim, with its id."""
    section = f"section {claim.section}" if claim.section[0].isdigit() else claim.section
    return f"{section}, page {claim.page} ({claim.id})"
