"""The real ledger: its form, and that no verdict is deaf to the data it rests on."""

from collections.abc import Iterator

import pandas as pd
import pytest

from iucresearch.questionnaire import build_questionnaire
from reissue.ledger import judge
from reissue.ledger.measures import Table
from reissue.survey.verdicts import OPEN, SurveyModel

FLIPPED = {
    "consistent": {"contradicted"},
    "unverifiable": {"contradicted"},
    "contradicted": {"consistent", "unverifiable"},
}


def test_statements_are_short_and_in_their_columns(raw):
    claims = raw["claims"]
    assert claims["statement"].str.split().str.len().max() <= 25
    assert claims["printed"].str.split().str.len().max() <= 6
    assert not claims.duplicated(["page", "printed", "value", "statement"]).any()
    pages = claims["id"].str.extract(r"^p(\d\d)-")[0].astype(int)
    assert (pages == claims["page"]).all(), "an id begins with its page"


def test_every_part_of_the_report_has_claims(raw):
    pages = set(raw["claims"]["page"])
    assert pages >= set(range(5, 34)) - {31}
    kinds = {"count", "percent", "date", "enumeration", "membership", "ordering", "cross-reference", "comparison"}
    assert set(raw["claims"]["kind"]) == kinds | {"figure", "table"}


def test_every_exhibit_of_the_report_is_touched(raw, processed):
    exhibits = processed["exhibits"]
    printed = exhibits[exhibits["kind"] != "Result"]["id"]
    assert set(printed) <= set(raw["claims"]["exhibit"].dropna())


def test_both_ends_of_a_contradiction_are_marked_and_name_each_other(processed):
    claims = processed["claims"].set_index("id")
    contradicted = claims[claims["verdict"] == "contradicted"]
    assert len(contradicted) > 10
    named = contradicted["evidence"].str.extractall(r"page \d+ \((p\d\d-[a-z0-9-]+)\)")[0]
    assert len(named) > 5
    for (id_, _), other in named.items():
        assert claims.at[other, "verdict"] == "contradicted", (id_, other)
        assert id_ in claims.at[other, "evidence"], (id_, other)


def changes(frame: pd.DataFrame, where: str, measure: str, value: str) -> Iterator[pd.DataFrame]:
    """Changes of the measured table: a cell changed by one, or set to what is said; a row less, a row more."""
    picked = pd.Series(True, index=frame.index)
    for condition in filter(None, where.split(";")):
        column, _, wanted = condition.partition("=")
        picked &= frame[column].map(lambda cell: "" if pd.isna(cell) else str(cell)) == wanted
    rows = frame.index[picked]
    column = measure.partition(" ")[2]
    if column:
        plain = frame.astype({column: "object"})
        for row in rows[:3]:
            changed = plain.copy()
            cell = changed.at[row, column]
            changed.at[row, column] = cell + 1 if isinstance(cell, int) else f"{cell} and more"
            yield changed
        for everywhere in (value, 0, 1000, "something else"):
            changed = plain.copy()
            changed.loc[rows, column] = everywhere
            yield changed
    more = frame.loc[rows].copy()
    yield pd.concat([frame, more.assign(**{column: "one more"}) if column else more], ignore_index=True)
    yield pd.concat([frame, *[more] * 40], ignore_index=True)
    for k in range(1, len(rows)):
        yield frame.drop(rows[-k:])


def test_every_data_bound_verdict_flips_with_its_data(raw, processed, survey_model):
    claims, words = raw["claims"], raw["readings"]
    verdicts = processed["claims"].set_index("id")["verdict"]
    own = judge(claims, processed, words, survey_model).set_index("id")
    deaf = []
    for row in claims[claims["check"] == "measure"].itertuples():
        alone = claims[claims["id"].isin({row.id, row.of})].copy()
        alone.loc[alone["id"] != row.id, ["check", "claims", "of"]] = ["none", None, None]
        before = judge(alone, processed, words).set_index("id").at[row.id, "verdict"]
        where, measure, value = (text if isinstance(text, str) else "" for text in (row.where, row.measure, row.value))
        for changed in changes(processed[row.table], where, measure, value):
            try:
                after = judge(alone, {row.table: changed}, words).set_index("id").at[row.id, "verdict"]
            except ValueError:
                continue
            except Exception as error:
                if type(error).__name__ != "InputError":
                    raise
                continue
            if after in FLIPPED[before]:
                break
        else:
            deaf.append(row.id)
    assert deaf == []
    assert (own["verdict"] == verdicts).all()


def said_otherwise(survey: pd.DataFrame, ids: list[str]) -> Iterator[pd.DataFrame]:
    """Change what else is said: beside the numbers of respondents, one count of the answers that it is about."""
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


def test_every_verdict_about_the_answers_flips_with_another_statement(raw, processed, survey_model):
    claims, survey = raw["claims"], raw["survey"]
    table = Table("survey", processed["survey"])
    deaf = []
    for row in claims[claims["check"] == "survey"].itertuples():
        ids = [table.columns["id"][place] for place in table.rows(row.where)]
        before = survey_model.judge(ids).result
        for changed in said_otherwise(survey, ids):
            others = build_questionnaire({**raw, "survey": changed})
            if SurveyModel(others).judge(ids).result not in (before, OPEN):
                break
        else:
            deaf.append(row.id)
    # No count follows from "all but those who joined more recently": nothing can be held against it.
    assert deaf == ["p17-face-to-face-mentions"]


def test_every_verdict_between_claims_flips_with_the_other_claim(raw, processed):
    claims, words = raw["claims"], raw["readings"]
    deaf = []
    for row in claims[claims["check"].isin(["agree", "sum", "share"]) & claims["claims"].notna()].itertuples():
        others = set(row.claims.split(";")) | {row.of}
        alone = claims[claims["id"].isin({row.id, *others})].copy()
        free = alone["id"] != row.id
        alone.loc[free, ["check", "table", "where", "measure", "relation", "of", "claims"]] = ["none", *[None] * 6]
        before = judge(alone, processed, words).set_index("id").at[row.id, "verdict"]
        named = alone["id"].isin(row.claims.split(";"))
        said = row.value if isinstance(row.value, str) else ""
        for value in ("0", "1", "99", "1990", "2030-01-01", "1900/2100", "something else", said):
            changed = alone.copy()
            changed.loc[named, "value"] = value
            try:
                after = judge(changed, processed, words).set_index("id").at[row.id, "verdict"]
            except Exception as error:
                if type(error).__name__ != "InputError":
                    raise
                continue
            if after in FLIPPED[before]:
                break
        else:
            deaf.append(row.id)
    assert deaf == []


@pytest.mark.parametrize("column", ["table", "where", "measure"])
def test_a_fault_in_the_ledger_stops_the_build_with_one_line(raw, processed, column):
    from reissue.core.errors import InputError

    claims = raw["claims"].copy()
    row = claims.index[(claims["check"] == "measure") & claims["where"].notna()][0]
    claims.at[row, column] = "nothing=like this"
    with pytest.raises(InputError, match=claims.at[row, "id"]):
        judge(claims, processed, raw["readings"])
