"""What this report implies of its raw tables, beyond their schema."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from iucresearch.drawings import SURVEY_UNITS
from reissue.core.errors import InputError
from reissue.core.paths import display_path

#: Bounds that mean what they say; any other is a word of the table of readings.
_PLAIN_BOUNDS = ("exactly", "more than", "all", "all except")
#: The question whose answer is the respondent's side.
_SIDE_QUESTION = "respondents"


def check_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check the sides of countries, the numbers of respondents, and the answers that statements name.

    Raises
    ------
    InputError
        For the first fault.
    """
    _check_countries(tables, display_path(folder / "pairings.csv"))
    place = display_path(folder / "survey.csv")
    _check_sizes(tables["survey"], place)
    _check_statements(tables, place)
    _check_drawings(tables, display_path(folder / "drawings.csv"))


def _check_countries(tables: dict[str, pd.DataFrame], place: str) -> None:
    side = dict(zip(tables["countries"]["country"], tables["countries"]["side"], strict=True))
    for column, wanted in (("lac_country", "LAC"), ("eu_country", "EU")):
        for row, country in enumerate(tables["pairings"][column], start=2):
            if side[country] != wanted:
                expected = f"a country whose side is {wanted} in countries.csv"
                raise _fault(place, row, column, f"{country!r} is a country of the other side", expected)


def _check_sizes(survey: pd.DataFrame, place: str) -> None:
    """Check that each side has the same number of respondents everywhere, and that the sides add up to the total."""
    sizes = survey[(survey["question"] == _SIDE_QUESTION) & (survey["unit"] == "count")]
    numbers = {side: sorted(set(sizes.loc[sizes["side"] == side, "value"])) for side in ("all", "EU", "LAC")}
    where = f"{place}, question {_SIDE_QUESTION}, column value"
    for side, found in numbers.items():
        if len(found) != 1:
            raise InputError(
                f"side {side} has {len(found)} different numbers of respondents",
                where=where,
                expected="one number per side",
                remedy="correct the values",
            )
    (whole,), (eu,), (lac,) = numbers.values()
    if whole != eu + lac:
        raise InputError(
            f"the sides do not add up: {eu} + {lac} is {eu + lac}, not {whole}",
            where=where,
            expected="EU and LAC to add up to all",
            remedy="correct the value",
        )


def _check_statements(tables: dict[str, pd.DataFrame], place: str) -> None:
    """Check percentages, bounds, and that the answers that statements name exist."""
    words = set(tables["readings"]["word"])
    joint = dict(zip(tables["questions"]["id"], tables["questions"]["joint"], strict=True))
    labels = tables["options"].groupby("question")["label"].agg(set)
    known = set(zip(tables["options"]["question"], tables["options"]["option"], strict=True))
    statements = tables["survey"].astype(object).where(tables["survey"].notna(), None).to_dict("records")
    for row, statement in enumerate(statements, start=2):
        question, unit, value, bound = (statement[name] for name in ("question", "unit", "value", "bound"))
        if unit in ("percent", "label") and (value is None or value > 100):
            raise _fault(place, row, "value", f"{value} is not a percentage", "0 to 100")
        if bound not in (*_PLAIN_BOUNDS, *words):
            raise _fault(place, row, "bound", f"{bound!r} has no reading", "a word of readings.csv")
        named = {"options": [(question, statement["options"])] if statement["options"] else []}
        named["against"] = [tuple(pair.split(":")) for pair in (statement["against"] or "").split("|") if pair]
        for column, answers in named.items():
            for asked, options in answers:
                for option in options.split(";"):
                    if (asked, option) not in known:
                        what = f"{option!r} is not an option of question {asked!r}"
                        raise _fault(place, row, column, what, "options that options.csv lists")
        if unit == "countries":
            other = joint[question]
            if pd.isna(other):
                what = f"question {question!r} is not counted jointly with another"
                raise _fault(place, row, "question", what, "a question with a joint question in questions.csv")
            for member in filter(None, (statement["members"] or "").split(";")):
                if member not in labels[other]:
                    what = f"{member!r} is not an answer to question {other!r}"
                    raise _fault(place, row, "members", what, ", ".join(sorted(labels[other])))


def _check_drawings(tables: dict[str, pd.DataFrame], place: str) -> None:
    """Check that each row is about answers that exist or about a claim, and that percentages are none above 100."""
    known = set(zip(tables["options"]["question"], tables["options"]["option"], strict=True))
    drawings = tables["drawings"].astype(object).where(tables["drawings"].notna(), None).to_dict("records")
    for row, drawing in enumerate(drawings, start=2):
        question, unit, value = drawing["question"], drawing["unit"], drawing["value"]
        if unit not in SURVEY_UNITS:
            if not drawing["claim"]:
                raise _fault(place, row, "claim", "the page is of no statement", "the id of a row of claims.csv")
            continue
        for option in (drawing["options"] or "").split(";"):
            if (question, option) not in known:
                what = f"{option!r} is not an option of question {question!r}"
                raise _fault(place, row, "options", what, "options that options.csv lists")
        if unit == "percent" and value is not None and value > 100:
            raise _fault(place, row, "value", f"{value} is not a percentage", "0 to 100")


def _fault(place: str, row: int, column: str, what: str, expected: str) -> InputError:
    where = f"{place}, row {row}, column {column}"
    return InputError(what, where=where, expected=expected, remedy="correct the cell")
