"""The raw rows that an exhibit is based on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reissue.core import report
from reissue.core.errors import InputError
from reissue.exhibits.registry import Exhibit

#: Rows of processed tables as text, by the name of the table.
Tables = Mapping[str, Sequence[Mapping[str, str]]]

#: Of more rows than this, pages name only the table.
MAX_ROWS_LISTED = 24


@dataclass(frozen=True)
class Origin:
    """Rows of one raw table that one place in the report prints."""

    table: str
    #: The number in the table of each row, by its id; none if there are many.
    rows: Mapping[str, int]
    #: The number of rows.
    number: int
    section: str
    page: int


def find_origins(item: Exhibit, tables: Tables) -> list[Origin]:
    """Return the raw rows that an exhibit is based on, by table and place in the report; raise InputError for none."""
    origins = []
    for name in item.tables:
        rows = [row for row in _pick_rows(name, item, tables) if {"id", "section", "page"} <= row.keys()]
        numbers = {row.get("id", ""): number for number, row in enumerate(tables[name], start=1)}
        places: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            places.setdefault((row["section"], row["page"]), []).append(row["id"])
        for (section, page), ids in places.items():
            listed = {id_: numbers[id_] for id_ in ids} if len(rows) <= MAX_ROWS_LISTED else {}
            origins.append(Origin(name, listed, len(ids), section, int(page)))
    if not origins:
        raise InputError(
            f"{item.heading} is based on no raw rows",
            where=f"src/{report.package}/exhibits.py",
            expected="tables whose rows have section and page",
            remedy="name them in the registry",
        )
    return origins


def _pick_rows(name: str, item: Exhibit, tables: Tables) -> Sequence[Mapping[str, str]]:
    """Return the rows of a table that the exhibit is about."""
    rows = tables[name]
    columns = rows[0].keys() if rows and item.about else ()
    if "question" in columns:
        questions = {row["id"] for row in tables["questions"] if row["group"] == item.about}
        return [row for row in rows if row["question"] in questions]
    column = next((column for column in ("group", "box") if column in columns), "")
    return [row for row in rows if row[column] == item.about] if column else rows
