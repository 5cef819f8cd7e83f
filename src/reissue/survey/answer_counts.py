"""The counts of true answers: the number of respondents by cell, and the table of every count that figures show."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from reissue.core import paths
from reissue.core.errors import InputError
from reissue.survey.questionnaire import Questionnaire
from reissue.survey.results import build_count_row, list_counts

#: The value of the columns `reading` and `fixed_by` for counts of true answers.
ANSWERS = "answers"


@dataclass(frozen=True)
class AnswerCounts:
    """The counts of a file of true answers: the number of respondents by cell."""

    counts: Mapping[str, int]
    #: The name of the file.
    file: str
    #: Whether the file states that its answers are drawn, not given.
    synthetic: bool

    def csv(self) -> str:
        """Return the counts as CSV: one row per cell, with columns cell and count."""
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows([("cell", "count"), *self.counts.items()])
        return buffer.getvalue()


def load_counts(answers: str) -> Mapping[str, int] | None:
    """Return the counts of the true answers by cell, or None if a build has no file of answers.

    Raises
    ------
    InputError
        If the parameter `answers` of the build names a file, and no build has counted it.
    """
    if not answers:
        return None
    place = os.environ.get(paths.COUNTS_VARIABLE)
    if not place:
        raise InputError(
            f"no build has counted the answers in {answers!r}",
            where="parameter answers",
            expected="an empty text, or a build",
            remedy="run make report SURVEY=file",
        )
    with Path(place).open(encoding="utf-8", newline="") as file:
        return {row["cell"]: int(row["count"]) for row in csv.DictReader(file)}


def build_answer_table(questionnaire: Questionnaire, cells: Mapping[str, int]) -> pd.DataFrame:
    """Return one row per count, with the columns of `build_feasible_table`.

    `cells` has the number of respondents by cell, including all cells of the groups. A count has one value if the
    answers have it; otherwise every value is open. `reading` is `answers`; so is `fixed_by`, which is missing where the
    count is open.
    """
    rows = []
    for question in questionnaire.choice:
        for count in list_counts(questionnaire, question):
            n = sum(cells[name] for name in questionnaire.sum_respondents(count.group))
            is_known = all(part in cells for part, _ in count.form)
            values = [sum(cells[part] for part, _ in count.form)] if is_known else range(n + 1)
            fixed_by = ANSWERS if is_known else None
            rows.append(build_count_row(questionnaire, count, ANSWERS, n, dict.fromkeys(values, 1), fixed_by))
    return pd.DataFrame(rows).astype({"fixed_by": "str"})
