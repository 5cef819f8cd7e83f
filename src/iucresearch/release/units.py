"""What is released or held back as a whole: the counts of one question, of all respondents or by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from iucresearch.release.counts import COUNTS
from iucresearch.survey.questions import ALL, RESPONDENTS, SIDES
from iucresearch.survey.results import Count, counts
from iucresearch.survey.statements import Questionnaire

BY_SIDE = "sides"


@dataclass(frozen=True)
class Unit:
    """A question on one level: what an exhibit shows of it.

    Attributes
    ----------
    question
        The question.
    level
        `all`: its counts of all respondents; `sides`: those of both sides.
    """

    question: str
    level: str


def units(survey: Questionnaire) -> list[Unit]:
    """Return all units in the order in which they are decided on: numbers of respondents, all respondents, by side."""
    questions = sorted(survey.choice, key=lambda question: question != RESPONDENTS)
    listed = [Unit(question, level) for level in (ALL, BY_SIDE) for question in questions]
    return [unit for unit in listed if counts_of(survey, unit)]


def counts_of(survey: Questionnaire, unit: Unit) -> list[Count]:
    """Return the counts of a unit: its answers, one by one and added up as the report does."""
    return [one for one in counts(survey, unit.question) if (one.side == ALL) == (unit.level == ALL)]


def true_counts(survey: Questionnaire, unit: Unit, cells: Mapping[str, int]) -> pd.DataFrame | None:
    """Return one row per count of a unit: question, options, side, count; None where the answers do not have it.

    Parameters
    ----------
    survey
        The questions.
    unit
        Which counts.
    cells
        True counts by cell, as `iucresearch.intake.counts.cell_counts` returns them.
    """
    rows = []
    for one in counts_of(survey, unit):
        if not all(part in cells for part, _ in one.form):
            return None
        value = sum(factor * cells[part] for part, factor in one.form)
        rows.append((one.question, ";".join(one.options), one.side, value))
    return pd.DataFrame(rows, columns=list(COUNTS))


def everybody_answered(survey: Questionnaire, question: str, cells: Mapping[str, int]) -> bool:
    """Whether each respondent who was asked gave one answer; of several answers, some may have been given or none."""
    if survey.choice[question] != "single" or question == RESPONDENTS:
        return True
    for side in SIDES:
        form = survey.form(question, survey.options[question], side)
        if survey.asked(question, side) and sum(cells[part] for part in form) != sum(
            cells[part] for part in survey.size(side)
        ):
            return False
    return True
