"""Checks on the raw tables: first the file, then the schema, then what the report implies.

The first fault found is raised as one line; nothing is repaired here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.core import datapackage
from reissue.core.datapackage import RESTORE, Descriptor
from reissue.core.errors import InputError
from reissue.core.paths import display_path
from reissue.core.unlisted import check_listed

#: The format of a raw table. frictionless would otherwise guess it from the cells.
_COMMAS = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "skipInitialSpace": False}

Check = Callable[[dict[str, pd.DataFrame], Path], None]


def read_raw(folder: Path, check: Check | None = None) -> dict[str, pd.DataFrame]:
    """Return every raw table by name, once all of them are valid; raise InputError for the first fault.

    `check` checks what the report implies, given the tables and their folder.
    """
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    for item in descriptor["resources"]:
        if not (folder / item["path"]).is_file():
            raise InputError("there is no such file", where=display_path(folder / item["path"]), remedy=RESTORE)
    check_listed(folder)
    for table in datapackage.list_tables(descriptor):
        _check_header(folder / table["path"], table)
    _check_schema(folder, descriptor)
    tables = {t["name"]: datapackage.read_table(folder, t, RESTORE) for t in datapackage.list_tables(descriptor)}
    if check:
        check(tables, folder)
    return tables


def _check_header(path: Path, table: Descriptor) -> None:
    header = next(csv.reader(io.StringIO(datapackage.read_text(path, RESTORE))), [])
    wanted = [field["name"] for field in table["schema"]["fields"]]
    if header == wanted:
        return
    datapackage.check_header(header, display_path(path))
    missing = [name for name in wanted if name not in header]
    extra = [name for name in header if name not in wanted]
    if missing:
        what = f"column {missing[0]!r} is missing"
    elif extra:
        what = f"column {extra[0]!r} is not in the dictionary"
    else:
        what = "the columns are in another order"
    raise InputError(
        what, where=f"{display_path(path)}, row 1", expected=", ".join(wanted), remedy="correct the header"
    )


def _check_schema(folder: Path, descriptor: Descriptor) -> None:
    # frictionless takes 0.3 s to import.
    import frictionless

    tables = datapackage.list_tables(descriptor)
    for table in tables:
        # frictionless must accept a byte-order mark and leave the checksum alone, as our reader does.
        table["encoding"] = "utf-8-sig"
        table.pop("hash", None)
        table["dialect"] = {"csv": _COMMAS}
    package = frictionless.Package({"name": "raw", "resources": tables}, basepath=str(folder))
    for task in package.validate().tasks:
        table = datapackage.find_resource(descriptor, task.name)
        for error in task.errors:
            raise _to_input_error(folder / table["path"], table, error)


def _to_input_error(path: Path, table: Descriptor, error: Any) -> InputError:
    """Turn a frictionless error into our one line."""
    row = getattr(error, "row_number", None)
    name = getattr(error, "field_name", None)
    where = display_path(path) + (f", row {row}" if row else "") + (f", column {name}" if name else "")
    fields = {field["name"]: field for field in table["schema"]["fields"]}
    expected, remedy = "", "correct the cell"
    if error.type in ("primary-key", "unique-error"):
        what, remedy = f"duplicate key ({error.note})", "give each row its own key"
    elif error.type == "foreign-key":
        where += f", column {error.field_names[0]}"
        what = f"{error.field_cells[0]!r} is unknown"
        expected = f"a value of {error.reference_name}.csv, column {error.reference_field_names[0]}"
    elif error.type in ("extra-cell", "missing-cell"):
        what = "there is a cell too many" if error.type == "extra-cell" else "a cell is missing"
        expected, remedy = f"{len(fields)} cells", "quote cells with commas"
    elif name in fields and error.type in ("type-error", "constraint-error"):
        cell = getattr(error, "cell", "")
        what = f"{cell!r} is not allowed" if cell and cell != "None" else "the cell is empty"
        expected = datapackage.describe_constraint(fields[name])
    else:
        what = f"{error.title}: {error.note}"
    return InputError(what, where=where, expected=expected, remedy=remedy)
