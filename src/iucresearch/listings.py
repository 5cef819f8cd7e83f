"""The survey's counts and the report's statements as notebooks list them, in this report's words.

Functions of the ledger import it themselves: a notebook that lists counts must not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from iucresearch.labels import count_names, question_titles
from iucresearch.questionnaire import GROUPS, build_questionnaire
from reissue.exhibits.show import Shown
from reissue.survey import present as survey
from reissue.survey.small_cells import list_small_cells


def list_fixed_counts(counts: pd.DataFrame, *, reading: str = "literal") -> Shown:
    """Return the counts that the report fixes, each with the statements that fix it; write all counts as a file."""
    return survey.list_fixed_counts(counts, count_names(counts), reading=reading)


def list_changed_counts(raw: Mapping[str, pd.DataFrame], rounding: str = "up_or_down") -> Shown:
    """Return what changes under other interpretations of the report: totals here, all counts in a file."""
    return survey.list_changed_counts(build_questionnaire(raw), question_titles(raw["questions"]), rounding)


def list_small_groups(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per small cell that the counts reveal (see `reissue.survey.small_cells`)."""
    return list_small_cells(counts, count_names(counts), group_question=GROUPS.question)


def list_claims(claims: pd.DataFrame, verdict: str) -> Shown:
    """Return the claims of one verdict as a table; each links to its row in the whole ledger."""
    from reissue.ledger import present

    return present.with_verdict(claims, verdict, _exhibit_names())


def list_all_claims(claims: pd.DataFrame) -> Shown:
    """Return all claims, one table per section, and write `claims.csv` where a build asks for files."""
    from reissue.ledger import present

    return present.whole_ledger(claims, _exhibit_names())


def _exhibit_names() -> dict[str, str]:
    return {item.id: item.name for item in EXHIBITS}
