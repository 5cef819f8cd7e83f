"""Counts that true answers give: the table of counts, and what it makes of every count that figures show."""

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
from reissue.survey.questions import ALL, SIDES
from reissue.survey.results import counts, label
from reissue.survey.statements import Questionnaire

#: The reading of counts that come from answers; in `fixed_by`, what fixes them.
ANSWERS = "answers"


@dataclass(frozen=True)
class Answers:
    """What a build from true answers knows of them.

    Attributes
    ----------
    counts
        The number of respondents by cell of the survey's system.
    file
        The name of the file that they were counted in.
    synthetic
        Whether the file says of itself that nobody gave these answers.
    """

    counts: Mapping[str, int]
    file: str
    synthetic: bool

    def csv(self) -> str:
        """Return the counts as CSV: one row per cell, with columns cell and count."""
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\n").writerows([("cell", "count"), *self.counts.items()])
        return buffer.getvalue()


def load_counts(answers: str) -> Mapping[str, int] | None:
    """Return the table of counts that this build is made from, by cell; None where it is made from the report alone.

    Parameters
    ----------
    answers
        The name of the file of answers, as the build's parameter has it; empty where there is none.

    Raises
    ------
    InputError
        If a file is named, and no build has counted it.
    """
    if not answers:
        return None
    place = os.environ.get(paths.COUNTS_VARIABLE)
    if not place:
        raise InputError(
            f"nothing has counted the answers in {answers!r}",
            where="parameter answers",
            expected="an empty text, or a build",
            remedy="run make report SURVEY=file",
        )
    with Path(place).open(encoding="utf-8", newline="") as file:
        return {row["cell"]: int(row["count"]) for row in csv.DictReader(file)}


def counted_answers(survey: Questionnaire, cells: Mapping[str, int]) -> pd.DataFrame:
    """Return one row per count, as `feasible_table` does: one value where the answers tell it, else all are open.

    Columns question, options, label, side, reading (answers), n, least, most, feasible, tables, fixed_by.
    """
    size = {side: sum(cells[name] for name in survey.size(side)) for side in (ALL, *SIDES)}
    rows = []
    for question in survey.choice:
        for count in counts(survey, question):
            told = all(part in cells for part, _ in count.form)
            n = size[count.side]
            value = sum(cells[part] for part, _ in count.form) if told else None
            values = [value] if value is not None else list(range(n + 1))
            texts = ";".join(map(str, values)), ";".join("1" for _ in values)
            place = (question, ";".join(count.options), label(survey, count), count.side, ANSWERS)
            rows.append((*place, n, values[0], values[-1], *texts, ANSWERS if told else None))
    columns = ["question", "options", "label", "side", "reading", "n", "least", "most", "feasible", "tables"]
    found = pd.DataFrame(rows, columns=[*columns, "fixed_by"])
    return found.assign(fixed_by=found["fixed_by"].astype("str"))
