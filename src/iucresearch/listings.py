"""The survey's counts and the report's statements as notebooks list them, in this report's words.

Functions of the ledger import it themselves: a notebook that lists counts must not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from iucresearch.exhibits import EXHIBITS
from iucresearch.labels import CHOICES, THEMES, count_names, question_titles
from iucresearch.questionnaire import GROUPS, build_questionnaire
from reissue.core.language import _, format_counts
from reissue.exhibits.show import Shown
from reissue.survey import present as survey
from reissue.survey.small_cells import list_small_cells

if TYPE_CHECKING:
    from reissue.ledger.present_messages import MessageList


def list_fixed_counts(counts: pd.DataFrame, statements: pd.DataFrame, *, reading: str = "literal") -> Shown:
    """Return the counts that the report fixes, each with the statements that fix it; write all counts as a file."""
    return survey.list_fixed_counts(counts, count_names(counts), _statement_names(statements), reading=reading)


def list_changed_counts(raw: Mapping[str, pd.DataFrame], rounding: str = "up_or_down") -> Shown:
    """Return what changes under other interpretations of the report: totals here, all counts in a file."""
    rules = {f"percentages rounded by {rule}": _(meaning) for rule, meaning in CHOICES["rounding"].items()}
    titles = question_titles(raw["questions"]) | rules
    return survey.list_changed_counts(build_questionnaire(raw), titles, _statement_names(raw["survey"]), rounding)


def _statement_names(statements: pd.DataFrame) -> dict[str, str]:
    """Return what each statement about the survey is about, or what the report prints, by its id."""
    return dict(zip(statements["id"], statements["about"].fillna(statements["printed"]), strict=True))


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


def list_contradictions(discrepancies: pd.DataFrame, claims: pd.DataFrame) -> Shown:
    """Return the contradictions of the report, each with its weight, an explanation and both places."""
    from reissue.ledger import present_discrepancies

    return present_discrepancies.list_contradictions(discrepancies, claims)


def list_tensions(discrepancies: pd.DataFrame, claims: pd.DataFrame) -> Shown:
    """Return the tensions of the report by kind, and write `tensions.csv` where a build asks for files."""
    from reissue.ledger import present_discrepancies

    return present_discrepancies.list_all_tensions(discrepancies, claims)


def list_main_points(tables: Mapping[str, pd.DataFrame]) -> Shown:
    """Return the main points of the report, given the processed tables by name."""
    return _message_list(tables).list_main_points()


def list_messages(tables: Mapping[str, pd.DataFrame]) -> Shown:
    """Return all messages of the report by theme, and write `messages.csv` where a build asks for files."""
    return _message_list(tables).list_by_theme(THEMES)


def _message_list(tables: Mapping[str, pd.DataFrame]) -> MessageList:
    from reissue.ledger.present_messages import MessageList

    counts = tables["survey_counts"].drop_duplicates(["question", "options", "side"])
    keys = counts["question"] + ":" + counts["options"].str.replace(";", "+") + ":" + counts["side"]
    possible = [format_counts([*map(int, str(cell).split(";"))]) for cell in counts["feasible"]]
    names = [
        f"{name}, {_(side)}: {found}"
        for name, side, found in zip(count_names(counts), counts["side"], possible, strict=True)
    ]
    return MessageList(tables, {**_exhibit_names(), **dict(zip(keys, names, strict=True))})


def _exhibit_names() -> dict[str, str]:
    return {item.id: item.name for item in EXHIBITS}
