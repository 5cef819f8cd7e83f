"""Checks on the raw tables: first the file, then the schema, then what must add up.

The first fault found is raised as one line; nothing is repaired here.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.core import datapackage
from reissue.core.datapackage import RESTORE, Descriptor
from reissue.core.errors import InputError
from reissue.core.paths import shown
from reissue.core.unlisted import check_listed

#: Bounds that say themselves what they mean; any other is a word of the table of readings.
_PLAIN_BOUNDS = ("exactly", "more than", "all", "all except")
#: What a raw table is written in.
_COMMAS = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "skipInitialSpace": False}


def read_raw(folder: Path) -> dict[str, pd.DataFrame]:
    """Return every raw table, by name, once all of them are in order.

    Raises
    ------
    InputError
        For the first fault: a file missing, not listed, empty, not UTF-8 or not comma-separated; a column
        missing; a value of the wrong type or outside what its column allows; a duplicate key; a
        reference to nothing; sides that do not add up; a percentage above 100.
    """
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    listed = tabular_files(descriptor, folder)
    check_listed(folder)
    for table in listed:
        _check_header(folder / table["path"], table)
    _check_schema(folder, descriptor)
    tables = {t["name"]: datapackage.read_table(folder, t, RESTORE) for t in datapackage.tabular(descriptor)}
    _check_countries(tables, folder)
    _check_survey(tables, folder)
    return tables


def tabular_files(descriptor: Descriptor, folder: Path) -> list[Descriptor]:
    """Return the tables of a descriptor once every file that it names is there."""
    for item in descriptor["resources"]:
        if not (folder / item["path"]).is_file():
            raise InputError("there is no such file", where=shown(folder / item["path"]), remedy=RESTORE)
    return datapackage.tabular(descriptor)


def _check_header(path: Path, table: Descriptor) -> None:
    text = datapackage.read_text(path, RESTORE)
    header = next(csv.reader(io.StringIO(text)), [])
    wanted = [field["name"] for field in table["schema"]["fields"]]
    if header == wanted:
        return
    if len(header) == 1 and ";" in header[0]:
        raise InputError(
            "the columns are separated by semicolons",
            where=f"{shown(path)}, row 1",
            expected="commas",
            remedy="save it as comma-separated CSV",
        )
    missing = [name for name in wanted if name not in header]
    extra = [name for name in header if name not in wanted]
    if missing:
        what = f"column {missing[0]!r} is missing"
    elif extra:
        what = f"column {extra[0]!r} is not in the dictionary"
    else:
        what = "the columns are in another order, or one is there twice"
    raise InputError(what, where=f"{shown(path)}, row 1", expected=", ".join(wanted), remedy="put the header right")


def _check_schema(folder: Path, descriptor: Descriptor) -> None:
    # frictionless takes 0.3 s to import: only those who validate pay for it.
    import frictionless

    tables = datapackage.tabular(descriptor)
    for table in tables:
        # Our reader drops a byte-order mark and knows the checksum; frictionless gets the rest.
        table["encoding"] = "utf-8-sig"
        table.pop("hash", None)
        # Said, not guessed: it would be guessed from what is in the cells.
        table["dialect"] = {"csv": _COMMAS}
    package_ = frictionless.Package({"name": "raw", "resources": tables}, basepath=str(folder))
    for task in package_.validate().tasks:
        table = datapackage.resource(descriptor, task.name)
        for error in task.errors:
            raise _explained(folder / table["path"], table, error)


def _explained(path: Path, table: Descriptor, error: Any) -> InputError:
    """Turn a frictionless error into our one line."""
    row = getattr(error, "row_number", None)
    name = getattr(error, "field_name", None)
    where = shown(path) + (f", row {row}" if row else "") + (f", column {name}" if name else "")
    remedy = "correct the cell"
    if error.type in ("primary-key", "unique-error"):
        return InputError(f"the key is there twice ({error.note})", where=where, remedy="every key once")
    if error.type == "foreign-key":
        column, value = error.field_names[0], error.field_cells[0]
        target = f"{error.reference_name}.csv, column {error.reference_field_names[0]}"
        return InputError(
            f"{value!r} is unknown", where=f"{where}, column {column}", expected=f"a value of {target}", remedy=remedy
        )
    if error.type in ("extra-cell", "missing-cell"):
        what = "there is a cell too many" if error.type == "extra-cell" else "a cell is missing"
        return InputError(
            what, where=where, expected=f"{len(table['schema']['fields'])} cells", remedy="quote cells with commas"
        )
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    if name in fields and error.type in ("type-error", "constraint-error"):
        cell = getattr(error, "cell", "")
        return InputError(
            f"{cell!r} is not allowed" if cell and cell != "None" else "the cell is empty",
            where=where,
            expected=datapackage.allowed(fields[name]),
            remedy=remedy,
        )
    return InputError(f"{error.title}: {error.note}", where=where, remedy=remedy)


def _check_countries(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check that each partner's country lies on its side of the Atlantic."""
    side = dict(zip(tables["countries"]["country"], tables["countries"]["side"], strict=True))
    for column, wanted in (("lac_country", "LAC"), ("eu_country", "EU")):
        for row, country in enumerate(tables["pairings"][column], start=2):
            if side[country] != wanted:
                raise InputError(
                    f"{country!r} is a country of the other side",
                    where=f"{shown(folder / 'pairings.csv')}, row {row}, column {column}",
                    expected=f"a country whose side is {wanted} in countries.csv",
                    remedy="correct the cell",
                )


def _check_survey(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check that the sides of the survey add up and that percentages are percentages."""
    survey, place = tables["survey"], shown(folder / "survey.csv")
    for row, (unit, value) in enumerate(zip(survey["unit"], survey["value"], strict=True), start=2):
        if unit in ("percent", "label") and (pd.isna(value) or value > 100):
            raise InputError(
                f"{value} is not a percentage",
                where=f"{place}, row {row}, column value",
                expected="0 to 100",
                remedy="correct the cell",
            )
    sizes = survey[(survey["question"] == "respondents") & (survey["unit"] == "count")]
    totals = {side: set(group["value"]) for side, group in sizes.groupby("side")}
    for side in ("all", "EU", "LAC"):
        if len(totals.get(side, set())) != 1:
            raise InputError(
                f"the number of respondents of side {side} is there {len(totals.get(side, set()))} times differently",
                where=f"{place}, question respondents",
                expected="one number a side",
                remedy="correct the value",
            )
    whole, eu, lac = (totals[side].copy().pop() for side in ("all", "EU", "LAC"))
    if whole != eu + lac:
        raise InputError(
            f"the sides do not add up: {eu} + {lac} is {eu + lac}, not {whole}",
            where=f"{place}, question respondents, column value",
            expected="EU and LAC to add up to all",
            remedy="correct the value",
        )
    known = set(zip(tables["options"]["question"], tables["options"]["option"], strict=True))
    for row, (question, options) in enumerate(zip(survey["question"], survey["options"], strict=True), start=2):
        for option in [] if pd.isna(options) else options.split(";"):
            if (question, option) not in known:
                raise InputError(
                    f"{option!r} is no option of question {question!r}",
                    where=f"{place}, row {row}, column options",
                    expected="options that options.csv lists",
                    remedy="correct the cell",
                )
    _check_comparisons(tables, place, known)


def _check_comparisons(tables: dict[str, pd.DataFrame], place: str, known: set[tuple[str, str]]) -> None:
    """Check that what statements are read by, compared with and counted jointly with is there."""
    survey, words = tables["survey"], set(tables["readings"]["word"])
    joint = dict(zip(tables["questions"]["id"], tables["questions"]["joint"], strict=True))
    labels = tables["options"].groupby("question")["label"].agg(set)

    def refused(row: int, column: str, what: str, expected: str) -> InputError:
        return InputError(what, where=f"{place}, row {row}, column {column}", expected=expected, remedy="mend the cell")

    for row, statement in enumerate(survey.to_dict("records"), start=2):
        bound, against, members = statement["bound"], statement["against"], statement["members"]
        if bound not in (*_PLAIN_BOUNDS, *words):
            raise refused(row, "bound", f"{bound!r} has no reading", "a word of readings.csv")
        for pair in [] if pd.isna(against) else against.split("|"):
            question, _, options = pair.partition(":")
            for option in options.split(";"):
                if (question, option) not in known:
                    raise refused(row, "against", f"{question}:{option} is no answer", "answers that options.csv lists")
        if statement["unit"] == "countries":
            other = joint[statement["question"]]
            if pd.isna(other):
                raise refused(row, "question", "it is counted jointly with no question", "one with a joint question")
            for member in [] if pd.isna(members) else members.split(";"):
                if member not in labels[other]:
                    raise refused(row, "members", f"{member!r} is no answer to {other}", ", ".join(labels[other]))
