"""Forty people of two sides, what is said of them, and what they answered: small enough to reckon by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pandas as pd

from iucresearch.release.choice import Attacker, choose
from iucresearch.release.counts import COUNTS, Released
from iucresearch.survey.informed import Informed
from iucresearch.survey.questions import SIDES, cell
from iucresearch.survey.statements import Questionnaire
from tests.survey.tiny import tiny

TITLES = {name: name for name in ("respondents", "topic", "plan", "tools", "names", "country")}


def sizes(eu: int, lac: int) -> list[dict[str, object]]:
    return [
        {"id": "all", "question": "respondents", "value": eu + lac},
        {"id": "eu", "question": "respondents", "value": eu, "side": "EU"},
        {"id": "lac", "question": "respondents", "value": lac, "side": "LAC"},
    ]


def report(*statements: dict[str, object], eu: int = 20, lac: int = 20) -> Questionnaire:
    return tiny(*statements, sizes=sizes(eu, lac))


def answers(given: Mapping[str, Mapping[str, tuple[int, int]]], eu: int = 20, lac: int = 20) -> dict[str, int]:
    """Return true counts by cell: of some questions, how many gave each answer in the EU and in Latin America."""
    found = {cell("respondents", "eu", "all"): eu, cell("respondents", "lac", "all"): lac}
    for question, options in given.items():
        for option, counts in options.items():
            found |= {cell(question, option, side): n for side, n in zip(SIDES, counts, strict=True)}
    return found


def told(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Return a table of counts that are told: question, options, side, count."""
    return pd.DataFrame(rows, columns=list(COUNTS))


def fault(survey: Questionnaire, *rows: tuple[str, str, str, int], smallest: int = 5) -> str:
    """Return why counts must not be told together."""
    known = [("respondents", side.lower(), "all", _size(survey, side)) for side in SIDES]
    return Attacker(survey, smallest=smallest).fault(Informed(survey, told(*known, *rows)), [row[0] for row in rows])


def chosen(survey: Questionnaire, cells: Mapping[str, int], smallest: int = 5) -> Released:
    return choose(Attacker(survey, smallest=smallest), cells, TITLES, synthetic=False)


def reasons(released: Released) -> dict[tuple[str, str], str]:
    """Return why each unit is held back that is asked about."""
    held = released.held_back
    rows = zip(held["question"], held["level"], held["reason"], strict=True)
    return {(question, level): reason for question, level, reason in rows if reason != "not asked"}


def splits(number: int, parts: int) -> list[tuple[int, ...]]:
    """Return every way to split a number of people over some answers."""
    return [one for one in product(range(number + 1), repeat=parts) if sum(one) == number]


def _size(survey: Questionnaire, side: str) -> int:
    return next(int(row["value"]) for row in survey.statements.values() if row["side"] == side)
