"""Verdicts: each claim compared with data or with other claims, its evidence, and what true answers change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from reissue.ledger.discrepancies import weigh_findings
from reissue.ledger.findings import (
    CONSISTENT,
    CONTRADICTED,
    MATCH,
    MATCHED,
    STATED_ONCE,
    UNDETERMINED,
    Finding,
    Result,
    mark_other_ends,
)
from reissue.ledger.measures import LedgerError, Measurement, Table, Value
from reissue.ledger.relations import QuantifierRule, format_value, is_satisfied, parse_rules, to_number
from reissue.ledger.rows import Claim, parse_claims, row_error
from reissue.survey import verdicts
from reissue.survey.verdicts import SurveyModel

SINGLE_SOURCE = "single source"
_SURVEY_VERDICTS = {verdicts.HOLDS: CONSISTENT, verdicts.FAILS: CONTRADICTED, verdicts.OPEN: UNDETERMINED}


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

    def find_same_measure(self, claim: Claim) -> list[Claim]:
        """Return the other claims that state the same measure of the same rows."""
        return [other for other in self._measured[_get_measure(claim)] if other is not claim]

    def find_survey_claims(self, ids: tuple[str, ...]) -> list[Claim]:
        """Return the claims that judge one of some statements about the survey."""
        table = self.find_table("survey")
        wanted = {row for row, id_ in enumerate(table.columns["id"]) if id_ in ids}
        return [one for one in self.claims.values() if one.check == "survey" and wanted & {*table.rows(one.where)}]

    @cached_property
    def _measured(self) -> Mapping[tuple[str, str, str], list[Claim]]:
        found = defaultdict(list)
        for claim in self.claims.values():
            if claim.measure:
                found[_get_measure(claim)].append(claim)
        return found


def judge(
    ledger: pd.DataFrame, tables: Mapping[str, pd.DataFrame], words: pd.DataFrame, model: SurveyModel | None = None
) -> pd.DataFrame:
    """Return the ledger, one row per claim, with four more columns: verdict, reading, evidence, weight.

    A contradicted claim has a weight; its evidence begins with the sentence of `discrepancies` that explains it.

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
        meaning = context.rules[claim.relation].meaning if claim.relation in context.rules else ""
        findings[claim.id] = Finding(claim, result, meaning)
    mark_other_ends(findings)
    if "discrepancies" in tables:
        weigh_findings(findings.values(), tables["discrepancies"])
    found = findings.values()
    return ledger.assign(
        verdict=[one.verdict for one in found],
        reading=pd.Series([one.reading or None for one in found], index=ledger.index, dtype="str"),
        evidence=[one.evidence for one in found],
        weight=pd.Series([one.weight or None for one in found], index=ledger.index, dtype="str"),
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
    is_counted = own["evidence"].str.contains(verdicts.COUNTED, regex=False) & (own["after"] != CONTRADICTED)
    is_effect = is_counted | (own["before"] != own["after"])
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
    return Result(STATED_ONCE, claim.reason or SINGLE_SOURCE)


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
    verdict = _SURVEY_VERDICTS[found.result]
    if verdict == UNDETERMINED and claim.value.isdigit():
        # The report prints the number: that nothing else confirms it is no doubt.
        verdict = STATED_ONCE
    others = context.find_survey_claims(found.against)
    return Result(verdict, found.evidence, (), _list_ids(others))


def _check_measure(claim: Claim, context: Context) -> Result:
    """Compare a claim with a measure over a table, and with the claims that state the same measure."""
    found = context.find_table(claim.table).measure(claim.where, claim.measure)
    evidence = f"{found.words}{_list_places(found)} is {format_value(found.value)}"
    same = context.find_same_measure(claim)
    if not context.agrees(claim, found.value):
        return Result(CONTRADICTED, evidence, (), _list_ids(other for other in same if other.value != claim.value))
    agreeing = [other for other in same if other.place != claim.place and context.agrees(other, found.value)]
    if found.places == {claim.place}:
        return Result(STATED_ONCE, f"{SINGLE_SOURCE}: {evidence}, transcribed from the same place", _list_ids(agreeing))
    return Result(MATCHED if claim.check == MATCH else CONSISTENT, evidence, _list_ids(agreeing))


def _check_agreement(claim: Claim, context: Context) -> Result:
    """Compare a claim with other claims one by one."""
    if not claim.claims:
        raise LedgerError("check `agree` names no claim to agree with")
    agreeing = tuple(id_ for id_ in claim.claims if context.agrees(claim, context.claims[id_].value))
    against = tuple(id_ for id_ in claim.claims if id_ not in agreeing)
    agreed = MATCHED if claim.check == MATCH else CONSISTENT
    return Result(CONTRADICTED if against else agreed, "", agreeing, against)


def _check_match(claim: Claim, context: Context) -> Result:
    """Compare what a reader judged to mean the same in other words: with other claims, or with a table."""
    return (_check_agreement if claim.claims else _check_measure)(claim, context)


def _check_sum(claim: Claim, context: Context) -> Result:
    """Compare a claim with the sum of other claims."""
    if not claim.claims:
        raise LedgerError("check `sum` names no claims to add up")
    terms = [to_number(context.claims[id_].value) for id_ in claim.claims]
    evidence = f"{' + '.join(map(str, terms))} = {sum(terms)}"
    if context.agrees(claim, sum(terms)):
        return Result(CONSISTENT, evidence, claim.claims)
    return Result(CONTRADICTED, evidence, (), claim.claims)


#: How each value of the column `check` is judged.
CHECKS: dict[str, Callable[[Claim, Context], Result]] = {
    "measure": _check_measure,
    "agree": _check_agreement,
    MATCH: _check_match,
    "sum": _check_sum,
    "survey": _check_survey,
    "open": _check_open,
    "none": _check_nothing,
}


def _list_ids(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(claim.id for claim in claims)


def _get_measure(claim: Claim) -> tuple[str, str, str]:
    return claim.table, claim.where, claim.measure


def _list_places(found: Measurement) -> str:
    places = [f"{section}, page {page}" for section, page in sorted(found.places)]
    return f" ({'; '.join(places[:3])}{' ...' if len(places) > 3 else ''})" if places else ""
