"""The survey's counts as notebooks list them, with the titles of questions."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from iucresearch.questionnaire import GROUPS, build_questionnaire
from iucresearch.titles import count_names, question_titles
from reissue.exhibits.show import Shown
from reissue.survey import present as survey
from reissue.survey import small_cells


def fixed_counts(counts: pd.DataFrame, *, reading: str = "literal") -> Shown:
    """Return the counts that the report fixes, each with the statements that fix it; write all counts as a file."""
    return survey.list_fixed_counts(counts, count_names(counts), reading=reading)


def other_readings(raw: Mapping[str, pd.DataFrame], rounding: str = "up_or_down") -> Shown:
    """Return what would change if the report were read otherwise: totals here, all counts in a file."""
    return survey.list_changed_counts(build_questionnaire(raw), question_titles(raw["questions"]), rounding)


def small_groups(counts: pd.DataFrame, limit: int = small_cells.SMALL_CELL_LIMIT) -> pd.DataFrame:
    """Return one row per small cell that the counts reveal (see `reissue.survey.small_cells`)."""
    return small_cells.list_small_cells(counts, count_names(counts), limit, group_question=GROUPS.question)
