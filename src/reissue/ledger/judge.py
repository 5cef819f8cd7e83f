"""Verdicts: each claim compared with data or with other claims, its evidence, and what true answers change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from reissue.ledger.measures import LedgerError, Measurement, Table, Value
from reissue.ledger.relations import OPERATORS, QuantifierRule, format_value, is_satisfied, parse_rules, to_number
from reissue.ledger.rows import Claim, parse_claims, row_error
from reissue.survey import verdicts
from reissue.survey.verdicts import SurveyModel

CONSISTENT, CONTRADICTED, UNDETERMINED, UNVERIFIABLE = "consistent", "contradicted", "undetermined", "unverifiable"
VERDICTS = (CONTRADICTED, UNDETERMINED, CONSISTENT, UNVERIFIABLE)
SINGLE_SOURCE = "single source"
_SURVEY_VERDICTS = {verdicts.HOLDS: CONSISTENT, verdicts.FAILS: CONTRADICTED, verdicts.OPEN: UNDETERMINED}


class Result(NamedTuple):
    """The result of one check: verdict, evidence, and the ids of the claims that contradict this one."""

    verdict: str
    evidence: str
    others: tuple[str, ...] = ()


@dataclass
class Finding:
    """The verdict on a claim, with the meaning of the vague quantifier that it depends on, and its evidence."""

    verdict: str
    reading: str = ""
    evidence: list[str] = field(default_factory=list)

    def add(self, verdict: str, evidence: str) -> None:
        """Add a result. A contradiction replaces any other verdict and its evidence."""
        if verdict == CONTRADICTED and self.verdict != CONTRADICTED:
            self.verdict, self.evidence = verdict, []
        if verdict == self.verdict:
            self.evidence.append(evidence)


@dataclass
class Context:
    """What claims are judged with: other claims, tables, rules of vague quantifiers, the statements on the survey."""

    claims: Mapping[str, Claim]
    tables: Mapping[str, Table]
    rules: Mapping[str, QuantifierRule]
    model: SurveyModel | None

    def find_table(self, name: str) -> Table:
        """Return a table by name."""
        if name not in self.tables:
            raise LedgerError(f"unknown table {name!r}: expected one of {', '.join(sorted(self.tables))}")
        return self.tables[name]

    def agrees(self, claim: Claim, other: Value) -> bool:
        """Return whether a claim agrees with a value."""
        whole = to_number(self.claims[claim.of].value) if claim.of else None
        return is_satisfied(claim.value, claim.relation or "=", other, self.rules, whole)


def judge(
    ledger: pd.DataFrame, tables: Mapping[str, pd.DataFrame], words: pd.DataFrame, model: SurveyModel | None = None
) -> pd.DataFrame:
    """Return the ledger, one row per claim, with three more columns: verdict, reading, evidence.

    `tables` are the processed tables that claims may measure, `words` the rules of vague quantifiers, and `model` the
    statements about the survey, which claims with the check `survey` need.

    Raises
    ------
    InputError
        For the first claim that cannot be judged as written.
    """
    claims = parse_claims(ledger)
    _check_exhibits(ledger, tables)
    context = Context(claims, {name: Table(name, frame) for name, frame in tables.items()}, parse_rules(words), model)
    findings: dict[str, Finding] = {}
    for claim in claims.values():
        try:
            result = check_claim(claim, context)
        except LedgerError as error:
            raise row_error(claim.id, str(error)) from None
        finding = findings.setdefault(claim.id, Finding(result.verdict))
        finding.add(result.verdict, result.evidence)
        if claim.relation in context.rules:
            finding.reading = context.rules[claim.relation].meaning
        if result.verdict == CONTRADICTED:
            for id_ in result.others:
                evidence = f"{_quote(claims[id_])} here, {_quote(claim)} in {_cite(claim)}"
                findings.setdefault(id_, Finding(CONTRADICTED)).add(CONTRADICTED, evidence)
    found = [findings[id_] for id_ in claims]
    return ledger.assign(
        verdict=[finding.verdict for finding in found],
        reading=pd.Series([finding.reading or None for finding in found], index=ledger.index, dtype="str"),
        evidence=["; ".join(finding.evidence) for finding in found],
    )


def _check_exhibits(ledger: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> None:
    if "exhibits" in tables:
        named = ledger[ledger["exhibit"].notna()]
        for row in named[~named["exhibit"].isin(tables["exhibits"]["id"])].to_dict("records"):
            raise row_error(str(row["id"]), f"unknown exhibit {row['exhibit']!r}", "the id of an exhibit")


def find_changes(published: pd.DataFrame, answered: pd.DataFrame) -> pd.DataFrame:
    """Return one row per claim whose verdict the answers change or confirm, contradictions first.

    The columns are id, section, page, statement, before, after, effect (contradicted, settled, confirmed), evidence.
    `published` is the ledger as judged by the report alone, `answered` the ledger as judged with the answers.
    """
    own = answered[answered["check"] == "survey"].merge(
        published[["id", "verdict"]].rename(columns={"verdict": "before"}), on="id", validate="one_to_one"
    )
    own = own.rename(columns={"verdict": "after"})
    effects = {"contradicted": "contradicted", "consistent": "confirmed"}
    own["effect"] = own["after"].map(effects)
    own.loc[(own["after"] == "consistent") & (own["before"] == "undetermined"), "effect"] = "settled"
    # If the report contradicts itself, that is no effect of the answers.
    is_effect = own["evidence"].str.startswith(verdicts.COUNTED) | (own["before"] != own["after"])
    own = own[own["effect"].notna() & is_effect]
    own["place"] = own["effect"].map({"contradicted": 0, "settled": 1, "confirmed": 2})
    columns = ["id", "section", "page", "statement", "before", "after", "effect", "evidence"]
    return own.sort_values("place", kind="stable")[columns].reset_index(drop=True)


def check_claim(claim: Claim, context: Context) -> Result:
    """Check one claim by itself; raise `LedgerError` if it cannot be checked as written."""
    if claim.check not in CHECKS:
        raise LedgerError(f"unknown check {claim.check!r}: expected {', '.join(CHECKS)}")
    if claim.table:
        # The page links to these rows, even if the check does not measure them.
        context.find_table(claim.table).rows(claim.where)
    return CHECKS[claim.check](claim, context)


def _check_nothing(claim: Claim, _context: Context) -> Result:
    return Result(UNVERIFIABLE, claim.reason or SINGLE_SOURCE)


def _check_open(claim: Claim, _context: Context) -> Result:
    if not claim.reason:
        raise LedgerError("check `open` needs a reason: what the report leaves out")
    return Result(UNDETERMINED, claim.reason)


def _check_survey(claim: Claim, context: Context) -> Result:
    """Judge a statement about the survey's answers by all other such statements."""
    if context.model is None or "survey" not in context.tables:
        raise LedgerError("check `survey` needs the table of statements about the survey")
    columns, rows = context.tables["survey"].columns, context.tables["survey"].rows(claim.where)
    values = [columns["value"][row] for row in rows if columns["unit"][row] != "rank"]
    other = next((value for value in values if value and claim.value.isdigit() and value != claim.value), None)
    if other is not None:
        raise LedgerError(f"its value is {claim.value}, that of the statements in survey.csv {other}")
    found = context.model.judge([columns["id"][row] for row in rows])
    return Result(_SURVEY_VERDICTS[found.result], found.evidence)


def _check_measure(claim: Claim, context: Context) -> Result:
    """Compare a claim with a measure over a table."""
    found = context.find_table(claim.table).measure(claim.where, claim.measure)
    evidence = f"{found.words}{_list_places(found)} is {format_value(found.value)}"
    if not context.agrees(claim, found.value):
        return Result(CONTRADICTED, f"{_quote(claim)} here; {evidence}")
    if found.places == {(claim.section, claim.page)}:
        return Result(UNVERIFIABLE, f"{SINGLE_SOURCE}: {evidence}, transcribed from the same place")
    return Result(CONSISTENT, evidence)


def _check_agreement(claim: Claim, context: Context) -> Result:
    """Compare a claim with other claims one by one."""
    if not claim.claims:
        raise LedgerError("check `agree` names no claim to agree with")
    others = [context.claims[id_] for id_ in claim.claims]
    against = [other for other in others if not context.agrees(claim, other.value)]
    if against:
        quotes = ", ".join(f"{_quote(other)} in {_cite(other)}" for other in against)
        return Result(CONTRADICTED, f"{_quote(claim)} here, {quotes}", tuple(other.id for other in against))
    return Result(CONSISTENT, "as in " + ", ".join(_cite(other) for other in others))


def _check_sum(claim: Claim, context: Context) -> Result:
    """Compare a claim with the sum of other claims."""
    if not claim.claims:
        raise LedgerError("check `sum` names no claims to add up")
    terms = [to_number(context.claims[id_].value) for id_ in claim.claims]
    evidence = f"{' + '.join(map(str, terms))} = {sum(terms)}"
    if context.agrees(claim, sum(terms)):
        return Result(CONSISTENT, evidence)
    return Result(CONTRADICTED, f"{_quote(claim)} here, but {evidence}", claim.claims)


#: How each value of the column `check` is judged.
CHECKS: dict[str, Callable[[Claim, Context], Result]] = {
    "measure": _check_measure,
    "agree": _check_agreement,
    "sum": _check_sum,
    "survey": _check_survey,
    "open": _check_open,
    "none": _check_nothing,
}


def _quote(claim: Claim) -> str:
    """Quote the value of a claim with its vague quantifier."""
    is_vague = claim.relation not in ("", claim.value, *OPERATORS)
    return f"“{f'{claim.relation} ' if is_vague else ''}{claim.value}”".replace("“ ", "“").replace(";", ", ")


def _cite(claim: Claim) -> str:
    section = f"section {claim.section}" if claim.section[0].isdigit() else claim.section
    return f"{section}, page {claim.page} ({claim.id})"


def _list_places(found: Measurement) -> str:
    places = [f"{section}, page {page}" for section, page in sorted(found.places)]
    return f" ({'; '.join(places[:3])}{' ...' if len(places) > 3 else ''})" if places else ""
