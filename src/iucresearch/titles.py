"""What questions and counts of the survey are called on a page."""

from __future__ import annotations

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from reissue.core.language import _

#: Groups of questions whose exhibit has a row per question: the answers, joined by `;`, that it counts.
BY_QUESTION = {"phases": "4;5", "support-steps": "some;structured"}
_EXHIBITS = {item.about: item for item in EXHIBITS if not item.is_added}


def question_title(group: str, title: str) -> str:
    """Return what a question is called in the language of the build.

    Questions that are rows of one exhibit have short titles, which rows of another can have, too: theirs begin with the
    exhibit's.
    """
    return f"{_(_EXHIBITS[group].title)}, {_(title)}" if group in BY_QUESTION else _(title)


def question_titles(questions: pd.DataFrame) -> dict[str, str]:
    """Return what each question is called, by its id.

    Parameters
    ----------
    questions
        One row per question: id, group, title.
    """
    return {row["id"]: question_title(row["group"], row["title"]) for row in questions.to_dict("records")}


def count_names(counts: pd.DataFrame) -> list[str]:
    """Return what each count is called: its question and answer, in the language of the build.

    Parameters
    ----------
    counts
        One row per count: group, title, label.
    """
    return [f"{question_title(row['group'], row['title'])}: {_(row['label'])}" for row in counts.to_dict("records")]
