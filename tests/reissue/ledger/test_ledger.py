"""The ledger of the report: its form, and that every verdict depends on what the claim is compared with."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

import pandas as pd
import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.ledger.discrepancies import CONTRADICTIONS
from reissue.ledger.judge import Context, check_claim
from reissue.ledger.measures import Table
from reissue.ledger.relations import parse_rules
from reissue.ledger.rows import Claim, parse_claims
from reissue.survey.verdicts import OPEN, SurveyModel

FLIPPED = {
    "consistent": {"contradicted"},
    "matched": {"contradicted"},
    "stated-once": {"contradicted"},
    "contradicted": {"consistent", "matched", "stated-once"},
}


def test_statements_are_short_and_every_part_of_the_report_has_some(raw, processed):
    claims = raw["claims"]
    assert claims["statement"].str.split().str.len().max() <= 25
    assert claims["printed"].str.split().str.len().max() <= 6
    assert not claims.duplicated(["page", "printed", "value", "statement"]).any()
    pages = claims["id"].str.extract(r"^p(\d\d)-")[0].astype(int)
    assert (pages == claims["page"]).all(), "an id begins with its page"
    assert set(pages) >= set(range(5, 34)) - {31}
    kinds = "count percent date enumeration membership ordering cross-reference comparison figure table"
    assert set(claims["kind"]) == set(kinds.split())
    exhibits = processed["exhibits"]
    assert set(exhibits[exhibits["kind"] != "Result"]["id"]) <= set(claims["exhibit"].dropna())


def test_both_ends_of_an_agreement_or_contradiction_are_marked_and_name_each_other(processed):
    claims = processed["claims"].set_index("id")
    named = claims["evidence"].str.extractall(r"page \d+ \((p\d\d-[a-z0-9-]+)\)")[0]
    assert len(named) > 500
    for (id_, _), other in named.items():
        assert f"({id_})" in claims.at[other, "evidence"], (id_, other)
        assert claims.at[other, "verdict"] != "stated-once", (id_, other)
    contradicted = claims[claims["verdict"] == "contradicted"]
    assert set(contradicted.index) <= set(named.index.get_level_values("id")), "one without another end"


def test_every_contradiction_is_weighed_and_explained(processed):
    claims, pairs = processed["claims"], processed["discrepancies"]
    weighed = claims[claims["weight"].notna()]
    assert set(weighed["id"]) == set(claims.loc[claims["verdict"] == "contradicted", "id"])
    explained = pairs[pairs["kind"].isin(CONTRADICTIONS)]
    assert all(any(why.rstrip(".") in evidence for why in explained["why"]) for evidence in weighed["evidence"])
    verdicts = claims.set_index("id")["verdict"]
    assert {verdicts[id_] for id_ in [*explained["first"], *explained["second"]]} == {"contradicted"}
    assert not pairs.duplicated(["first", "second"]).any()
    assert (pairs["first"] != pairs["second"]).all()


@pytest.fixture(scope="module")
def context(raw, processed) -> Context:
    tables = {name: Table(name, frame) for name, frame in processed.items()}
    return Context(parse_claims(raw["claims"]), tables, parse_rules(raw["readings"]), None)


def is_flipped(claim: Claim, context: Context, others: Iterable[Context]) -> bool:
    """Return whether the claim gets the opposite verdict in one of some other contexts."""
    opposite = FLIPPED[check_claim(claim, context).verdict]
    for other in others:
        with suppress(ValueError):
            if check_claim(claim, other).verdict in opposite:
                return True
    return False


def change_table(frame: pd.DataFrame, claim: Claim) -> Iterator[pd.DataFrame]:
    """Yield copies of the table that a claim measures: with changed cells, with fewer rows, with more rows."""
    rows = Table("", frame).rows(claim.where)
    column = claim.measure.partition(" ")[2]
    if column:
        plain = frame.astype({column: "object"})
        for row in rows[:3]:
            changed = plain.copy()
            cell = changed.at[row, column]
            changed.at[row, column] = cell + 1 if isinstance(cell, int) else f"{cell} and more"
            yield changed
        for everywhere in (claim.value, 0, 1000, "something else"):
            changed = plain.copy()
            changed.loc[rows, column] = everywhere
            yield changed
    more = frame.loc[rows].copy()
    yield pd.concat([frame, more.assign(**{column: "one more"}) if column else more], ignore_index=True)
    yield pd.concat([frame, *[more] * 40], ignore_index=True)
    for k in range(1, len(rows)):
        yield frame.drop(rows[-k:])


def test_every_verdict_on_data_flips_with_the_data(processed, context):
    claims = [claim for claim in context.claims.values() if claim.check in ("measure", "match") and claim.measure]
    assert len(claims) > 200
    deaf = []
    for claim in claims:
        frames = change_table(processed[claim.table], claim)
        others = (replace(context, tables={claim.table: Table(claim.table, frame)}) for frame in frames)
        if not is_flipped(claim, context, others):
            deaf.append(claim.id)
    assert deaf == []


def test_every_verdict_between_claims_flips_with_the_other_claims(context):
    claims = [claim for claim in context.claims.values() if claim.claims and claim.check != "none"]
    assert len(claims) > 100
    values = ("0", "1", "99", "1990", "2030-01-01", "1900/2100", "something else")
    deaf = []
    for claim in claims:
        changed = [
            {id_: replace(context.claims[id_], value=value) for id_ in claim.claims} for value in (*values, claim.value)
        ]
        others = (replace(context, claims={**context.claims, **others}) for others in changed)
        if not is_flipped(claim, context, others):
            deaf.append(claim.id)
    assert deaf == []


def change_survey(survey: pd.DataFrame, ids: list[str]) -> Iterator[pd.DataFrame]:
    """Yield the statements and the numbers of respondents with one other statement about the same answers."""
    alone = survey[survey["id"].isin(ids) | (survey["question"] == "respondents")]
    for id_ in ids:
        row = survey[survey["id"] == id_].iloc[0]
        options = [] if pd.isna(row["options"]) else row["options"].split(";")
        groups = [";".join(options), *options] if len(options) > 1 else options or [None]
        if row["unit"] == "label":
            groups = ["main", "important", "marginal"]
        for group in groups:
            for value in (0, 30, 32, 7, 16, 25, 3, 12, 2, 28):
                other = row.to_dict() | {"id": "other", "sentence": "99-other", "options": group, "unit": "count"}
                other |= {"bound": "exactly", "value": value, "against": None, "members": None}
                yield pd.concat([alone, pd.DataFrame([other])], ignore_index=True)
                if not pd.isna(row["against"]) and row["unit"] == "rank":
                    after = other | {"id": "after", "options": row["against"].partition(":")[2], "value": value + 1}
                    yield pd.concat([alone, pd.DataFrame([other, after])], ignore_index=True)


def test_every_verdict_about_the_answers_flips_with_another_statement(raw, context, survey_model):
    table = context.tables["survey"]
    deaf = []
    for claim in (claim for claim in context.claims.values() if claim.check == "survey"):
        ids = [table.columns["id"][row] for row in table.rows(claim.where)]
        unchanged = (survey_model.judge(ids).result, OPEN)
        models = (
            SurveyModel(build_questionnaire({**raw, "survey": survey})) for survey in change_survey(raw["survey"], ids)
        )
        if all(model.judge(ids).result in unchanged for model in models):
            deaf.append(claim.id)
    # No count follows from "all but those who joined more recently": nothing can contradict it.
    assert deaf == ["p17-face-to-face-mentions"]
