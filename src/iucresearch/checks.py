"""Identities of this report that its raw tables must satisfy, beyond their schema."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from reissue.core.errors import InputError
from reissue.core.paths import display_path

#: Bounds that say themselves what they mean; any other is a word of the table of readings.
_PLAIN_BOUNDS = ("exactly", "more than", "all", "all except")


def check_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check that countries lie on their side, that the sides of the survey add up, and what its statements refer to.

    Raises
    ------
    InputError
        For the first fault.
    """
    _check_countries(tables, folder)
    _check_survey(tables, folder)


def _check_countries(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check that each partner's country lies on its side of the Atlantic."""
    side = dict(zip(tables["countries"]["country"], tables["countries"]["side"], strict=True))
    for column, wanted in (("lac_country", "LAC"), ("eu_country", "EU")):
        for row, country in enumerate(tables["pairings"][column], start=2):
            if side[country] != wanted:
                raise InputError(
                    f"{country!r} is a country of the other side",
                    where=f"{display_path(folder / 'pairings.csv')}, row {row}, column {column}",
                    expected=f"a country whose side is {wanted} in countries.csv",
                    remedy="correct the cell",
                )


def _check_survey(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check that the sides of the survey add up and that percentages are percentages."""
    survey, place = tables["survey"], display_path(folder / "survey.csv")
    for row, (unit, value) in enumerate(zip(survey["unit"], survey["value"], strict=True), start=2):
        if unit in ("percent", "label") and (pd.isna(value) or value > 100):
            raise InputError(
                f"{value} is not a percentage",
                where=f"{place}, row {row}, column value",
                expected="0 to 100",
                remedy="correct the cell",
            )
    sizes = survey[(survey["question"] == "respondents") & (survey["unit"] == "count")]
    totals = {side: set(group["value"]) for side, group in sizes.groupby("side")}
    for side in ("all", "EU", "LAC"):
        if len(totals.get(side, set())) != 1:
            raise InputError(
                f"the number of respondents of side {side} is there {len(totals.get(side, set()))} times differently",
                where=f"{place}, question respondents",
                expected="one number a side",
                remedy="correct the value",
            )
    whole, eu, lac = (totals[side].copy().pop() for side in ("all", "EU", "LAC"))
    if whole != eu + lac:
        raise InputError(
            f"the sides do not add up: {eu} + {lac} is {eu + lac}, not {whole}",
            where=f"{place}, question respondents, column value",
            expected="EU and LAC to add up to all",
            remedy="correct the value",
        )
    known = set(zip(tables["options"]["question"], tables["options"]["option"], strict=True))
    for row, (question, options) in enumerate(zip(survey["question"], survey["options"], strict=True), start=2):
        for option in [] if pd.isna(options) else options.split(";"):
            if (question, option) not in known:
                raise InputError(
                    f"{option!r} is no option of question {question!r}",
                    where=f"{place}, row {row}, column options",
                    expected="options that options.csv lists",
                    remedy="correct the cell",
                )
    _check_comparisons(tables, place, known)


def _check_comparisons(tables: dict[str, pd.DataFrame], place: str, known: set[tuple[str, str]]) -> None:
    """Check that what statements are read by, compared with and counted jointly with is there."""
    survey, words = tables["survey"], set(tables["readings"]["word"])
    joint = dict(zip(tables["questions"]["id"], tables["questions"]["joint"], strict=True))
    labels = tables["options"].groupby("question")["label"].agg(set)

    def refused(row: int, column: str, what: str, expected: str) -> InputError:
        return InputError(what, where=f"{place}, row {row}, column {column}", expected=expected, remedy="mend the cell")

    for row, statement in enumerate(survey.to_dict("records"), start=2):
        bound, against, members = statement["bound"], statement["against"], statement["members"]
        if bound not in (*_PLAIN_BOUNDS, *words):
            raise refused(row, "bound", f"{bound!r} has no reading", "a word of readings.csv")
        for pair in [] if pd.isna(against) else against.split("|"):
            question, _, options = pair.partition(":")
            for option in options.split(";"):
                if (question, option) not in known:
                    raise refused(row, "against", f"{question}:{option} is no answer", "answers that options.csv lists")
        if statement["unit"] == "countries":
            other = joint[statement["question"]]
            if pd.isna(other):
                raise refused(row, "question", "it is counted jointly with no question", "one with a joint question")
            for member in [] if pd.isna(members) else members.split(";"):
                if member not in labels[other]:
                    raise refused(row, "members", f"{member!r} is no answer to {other}", ", ".join(labels[other]))
