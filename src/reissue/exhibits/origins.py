"""Where an exhibit comes from: the function that makes it, the tables it reads, the raw rows behind it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reissue.core import report
from reissue.core.errors import InputError
from reissue.core.tables import load
from reissue.exhibits.registry import Exhibit

#: More rows than this are told by their table.
_FEW = 24


@dataclass(frozen=True)
class Origin:
    """Rows of one raw table, of one place of the report.

    Attributes
    ----------
    table
        Name of the raw table.
    rows
        Ids of its rows; none where the table is told as a whole.
    number
        How many rows there are.
    section, page
        Where the report prints them.
    """

    table: str
    rows: tuple[str, ...]
    number: int
    section: str
    page: int


def origins(item: Exhibit) -> list[Origin]:
    """Return the raw rows behind an exhibit, by table and place of the report, in the order of the tables.

    Raises
    ------
    InputError
        If there are none: an exhibit that comes from nowhere is not shown.
    """
    found = []
    for name in item.tables:
        table = _picked(load(name), item) if name != "survey_counts" else pd.DataFrame()
        if {"id", "section", "page"} <= set(table):
            few = len(table) <= _FEW
            for _, rows in table.groupby(["section", "page"], sort=False):
                section, page = rows["section"].iloc[0], int(rows["page"].iloc[0])
                found.append(Origin(name, tuple(rows["id"]) if few else (), len(rows), section, page))
    if not found:
        raise InputError(
            f"{item.heading} has no raw rows behind it",
            where=f"src/{report.package}/exhibits.py",
            expected="tables whose rows have section and page",
            remedy="name them in the registry",
        )
    return found


def _picked(table: pd.DataFrame, item: Exhibit) -> pd.DataFrame:
    """Return the rows that the exhibit is about."""
    if item.about and "question" in table:
        questions = load("questions")
        return table[table["question"].isin(questions.loc[questions["group"] == item.about, "id"])]
    if item.about and "group" in table:
        return table[table["group"] == item.about]
    if item.about and "box" in table:
        table = table[table["box"] == int(item.about)]
    return table
