"""Verdicts: each claim against data or other claims, with the evidence in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from reissue.core.errors import InputError
from reissue.ledger.measures import LedgerError, Measured, Table, Value, index_tables
from reissue.ledger.relations import OPERATORS, QuantifierRule, format_value, is_satisfied, number, parse_readings
from reissue.ledger.rows import Claim, parse_claims, refused
from reissue.survey import verdicts
from reissue.survey.rounding import allowed_counts
from reissue.survey.verdicts import SurveyModel

CONSISTENT, CONTRADICTED, UNDETERMINED, UNVERIFIABLE = "consistent", "contradicted", "undetermined", "unverifiable"
VERDICTS = (CONTRADICTED, UNDETERMINED, CONSISTENT, UNVERIFIABLE)
CHECKS = ("measure", "agree", "sum", "share", "survey", "open", "none")
SINGLE_SOURCE = "single source"
_RESULTS = {verdicts.HOLDS: CONSISTENT, verdicts.FAILS: CONTRADICTED, verdicts.OPEN: UNDETERMINED}
#: So many people, at most, does a percentage tell of: every count of them is tried.
_MOST = 100_000


@dataclass
class ClaimFinding:
    """A verdict, the reading of a soft word that it used, and the evidence."""

    verdict: str
    reading: str = ""
    evidence: list[str] = field(default_factory=list)

    def add(self, verdict: str, evidence: str) -> None:
        """Take in one more result: a contradiction outweighs, and keeps only what contradicts as evidence."""
        if verdict == CONTRADICTED and self.verdict != CONTRADICTED:
            self.verdict, self.evidence = verdict, []
        if verdict == self.verdict:
            self.evidence.append(evidence)


def judge(
    ledger: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    words: pd.DataFrame,
    model: SurveyModel | None = None,
) -> pd.DataFrame:
    """Return the ledger with a verdict, reading and evidence per claim.

    Parameters
    ----------
    ledger
        One row per claim, columns of `claims.csv`.
    tables
        The processed tables that claims may measure.
    words
        The table of readings: one row per soft word.
    model
        The statements about the survey; needed where claims have the check `survey`.

    Returns
    -------
    DataFrame
        One row per claim: the ledger's columns, verdict, reading, evidence.

    Raises
    ------
    InputError
        For the first claim that cannot be judged as written: it names a table, column, claim that is
        not there, its `where` matches nothing, a value is no number where one is needed, an id is there
        twice, or claims lean on one another in a circle.
    """
    claims = parse_claims(ledger)
    _check_exhibits(ledger, tables)
    evaluator = _Evaluator(claims, index_tables(tables), parse_readings(words), model)
    for claim in claims.values():
        try:
            evaluator.evaluate(claim)
        except LedgerError as error:
            raise InputError(
                str(error), where=f"data/raw/claims.csv, claim {claim.id!r}", remedy="correct the row"
            ) from None
    findings = [evaluator.findings[id_] for id_ in claims]
    return ledger.assign(
        verdict=[finding.verdict for finding in findings],
        reading=pd.Series([finding.reading or None for finding in findings], index=ledger.index, dtype="str"),
        evidence=["; ".join(finding.evidence) for finding in findings],
    )


def _check_exhibits(ledger: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> None:
    if "exhibits" in tables:
        named = ledger[ledger["exhibit"].notna()]
        unknown = named[~named["exhibit"].isin(tables["exhibits"]["id"])]
        for id_, exhibit in zip(unknown["id"], unknown["exhibit"], strict=True):
            raise refused(str(id_), f"there is no exhibit {exhibit!r}", "the id of an exhibit")


class _Evaluator:
    """All claims with the tables and readings that they are judged by; findings as they come."""

    def __init__(
        self,
        claims: dict[str, Claim],
        tables: dict[str, Table],
        known: dict[str, QuantifierRule],
        model: SurveyModel | None,
    ) -> None:
        self.claims, self.tables, self.known, self.model = claims, tables, known, model
        self._survey: dict[str, verdicts.SurveyFinding] = {}
        self.findings: dict[str, ClaimFinding] = {}

    def evaluate(self, claim: Claim) -> None:
        """Find a verdict; where other claims contradict this one, mark those too."""
        evaluation = getattr(self, f"_evaluate_{claim.check}", None)
        if claim.check not in CHECKS or evaluation is None:
            raise LedgerError(f"check {claim.check!r} is unknown: expected {', '.join(CHECKS)}")
        if claim.table:
            # Also where it is not measured: the page leads to these rows.
            self._table(claim.table).rows(claim.where)
        verdict, evidence, ends = evaluation(claim)
        reading = self.known[claim.relation].meaning if claim.relation in self.known else ""
        self._settle(claim.id, verdict, evidence, reading)
        for other in ends if verdict == CONTRADICTED else []:
            here = self.claims[other]
            self._settle(other, verdict, f"{_said(here)} here, {_said(claim)} in {_place(claim)}", "")

    def _settle(self, id_: str, verdict: str, evidence: str, reading: str) -> None:
        finding = self.findings.setdefault(id_, ClaimFinding(verdict))
        finding.reading = finding.reading or reading
        finding.add(verdict, evidence)

    def _evaluate_none(self, claim: Claim) -> tuple[str, str, list[str]]:
        return UNVERIFIABLE, claim.reason or SINGLE_SOURCE, []

    def _evaluate_open(self, claim: Claim) -> tuple[str, str, list[str]]:
        if not claim.reason:
            raise LedgerError("check `open` needs a reason: what the report leaves out")
        return UNDETERMINED, claim.reason, []

    def _evaluate_survey(self, claim: Claim) -> tuple[str, str, list[str]]:
        """Hold a statement about the answers against all others; many claims may ask the same."""
        if self.model is None or "survey" not in self.tables:
            raise LedgerError("check `survey` needs the table of statements about the survey")
        if claim.where not in self._survey:
            table = self.tables["survey"]
            rows = table.rows(claim.where)
            self._fits(claim, [table.columns["value"][row] for row in rows if table.columns["unit"][row] != "rank"])
            self._survey[claim.where] = self.model.judge([table.columns["id"][row] for row in rows])
        found = self._survey[claim.where]
        return _RESULTS[found.result], found.evidence, []

    def _fits(self, claim: Claim, values: list[str]) -> None:
        """Check that a claim has the number of the statements that it is judged by."""
        other = next((value for value in values if value and claim.value.isdigit() and value != claim.value), None)
        if other is not None:
            raise LedgerError(f"its value is {claim.value}, that of the statements in survey.csv {other}")

    def _evaluate_measure(self, claim: Claim) -> tuple[str, str, list[str]]:
        found = self._measured(claim, claim.table, claim.measure)
        agrees = is_satisfied(_value(claim), claim.relation or "=", found.value, self.known, self._whole(claim))
        says = f"{found.words}{_places(found)} is {format_value(found.value)}"
        if not agrees:
            return CONTRADICTED, f"{_said(claim)} here; {says}", []
        if found.places == {(claim.section, claim.page)}:
            return UNVERIFIABLE, f"{SINGLE_SOURCE}: {says}, transcribed from the same place", []
        return CONSISTENT, says, []

    def _evaluate_agree(self, claim: Claim) -> tuple[str, str, list[str]]:
        if not claim.claims:
            raise LedgerError("check `agree` names no claim to agree with")
        others = [self.claims[id_] for id_ in claim.claims]
        failing = [
            other
            for other in others
            if not is_satisfied(_value(claim), claim.relation or "=", _value(other), self.known, self._whole(claim))
        ]
        if failing:
            said = ", ".join(f"{_said(other)} in {_place(other)}" for other in failing)
            return CONTRADICTED, f"{_said(claim)} here, {said}", [other.id for other in failing]
        return CONSISTENT, "as in " + ", ".join(_place(other) for other in others), []

    def _evaluate_sum(self, claim: Claim) -> tuple[str, str, list[str]]:
        if not claim.claims:
            raise LedgerError("check `sum` names no claims to add up")
        terms = [number(self.claims[id_].value) for id_ in claim.claims]
        total = sum(terms)
        sums = f"{' + '.join(map(str, terms))} = {total}"
        if is_satisfied(_value(claim), claim.relation or "=", total, self.known, self._whole(claim)):
            return CONSISTENT, sums, []
        return CONTRADICTED, f"{_said(claim)} here, but {sums}", list(claim.claims)

    def _evaluate_share(self, claim: Claim) -> tuple[str, str, list[str]]:
        whole = self._whole(claim)
        if whole is None or whole > _MOST:
            raise LedgerError(f"check `share` needs the claim of its denominator in `of`, at most {_MOST}")
        printed = f"{'more than ' if claim.relation in ('over', 'more than', '>') else ''}{claim.value}%"
        try:
            counts = allowed_counts(printed, whole)
        except ValueError as error:
            raise LedgerError(str(error)) from None
        allowed = ", ".join(map(str, counts)) or "no count"
        says = f"{printed} of {whole} is {allowed}"
        if not claim.claims:
            if not counts:
                return CONTRADICTED, says, [claim.of]
            return UNVERIFIABLE, f"{SINGLE_SOURCE}: {says}", []
        total = sum(number(self.claims[id_].value) for id_ in claim.claims)
        if total in counts:
            return CONSISTENT, f"{says}; {total} are counted", []
        return CONTRADICTED, f"{says}; {total} are counted", list(claim.claims)

    def _measured(self, claim: Claim, table: str, measure: str) -> Measured:
        return self._table(table).measured(claim.where, measure)

    def _table(self, name: str) -> Table:
        if name not in self.tables:
            raise LedgerError(f"there is no table {name!r}: expected one of {', '.join(sorted(self.tables))}")
        return self.tables[name]

    def _whole(self, claim: Claim) -> int | None:
        return number(self.claims[claim.of].value) if claim.of else None


def _value(claim: Claim) -> Value:
    return claim.value


def _said(claim: Claim) -> str:
    """Quote what a claim says, with its soft word."""
    soft = claim.relation if claim.relation not in ("", *OPERATORS) and claim.relation != claim.value else ""
    return f"“{soft} {claim.value}”".replace("“ ", "“").replace(";", ", ")


def _place(claim: Claim) -> str:
    section = f"section {claim.section}" if claim.section[0].isdigit() else claim.section
    return f"{section}, page {claim.page} ({claim.id})"


def _places(found: Measured) -> str:
    if not found.places:
        return ""
    listed = sorted(found.places)
    return (
        " ("
        + "; ".join(f"{section}, page {page}" for section, page in listed[:3])
        + (" ..." if len(listed) > 3 else "")
        + ")"
    )
