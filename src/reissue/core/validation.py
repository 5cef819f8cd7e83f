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

#: What a raw table is written in.
_COMMAS = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n", "skipInitialSpace": False}


Check = Callable[[dict[str, pd.DataFrame], Path], None]


def no_check(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Check nothing besides the schema."""


def read_raw(folder: Path, check: Check = no_check) -> dict[str, pd.DataFrame]:
    """Return every raw table, by name, once all of them are in order.

    Parameters
    ----------
    folder
        The raw files.
    check
        Checks what the report implies, given the tables and their folder.

    Raises
    ------
    InputError
        For the first fault: a file missing, not listed, empty, not UTF-8 or not comma-separated; a column
        missing; a value of the wrong type or outside what its column allows; a duplicate key; a
        reference to nothing; or what `check` finds.
    """
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    listed = tabular_files(descriptor, folder)
    check_listed(folder)
    for table in listed:
        _check_header(folder / table["path"], table)
    _check_schema(folder, descriptor)
    tables = {t["name"]: datapackage.read_table(folder, t, RESTORE) for t in datapackage.list_tables(descriptor)}
    check(tables, folder)
    return tables


def tabular_files(descriptor: Descriptor, folder: Path) -> list[Descriptor]:
    """Return the tables of a descriptor once every file that it names is there."""
    for item in descriptor["resources"]:
        if not (folder / item["path"]).is_file():
            raise InputError("there is no such file", where=display_path(folder / item["path"]), remedy=RESTORE)
    return datapackage.list_tables(descriptor)


def _check_header(path: Path, table: Descriptor) -> None:
    text = datapackage.read_text(path, RESTORE)
    header = next(csv.reader(io.StringIO(text)), [])
    wanted = [field["name"] for field in table["schema"]["fields"]]
    if header == wanted:
        return
    if len(header) == 1 and ";" in header[0]:
        raise InputError(
            "the columns are separated by semicolons",
            where=f"{display_path(path)}, row 1",
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
    raise InputError(
        what, where=f"{display_path(path)}, row 1", expected=", ".join(wanted), remedy="put the header right"
    )


def _check_schema(folder: Path, descriptor: Descriptor) -> None:
    # frictionless takes 0.3 s to import: only those who validate pay for it.
    import frictionless

    tables = datapackage.list_tables(descriptor)
    for table in tables:
        # Our reader drops a byte-order mark and knows the checksum; frictionless gets the rest.
        table["encoding"] = "utf-8-sig"
        table.pop("hash", None)
        # Said, not guessed: it would be guessed from what is in the cells.
        table["dialect"] = {"csv": _COMMAS}
    package_ = frictionless.Package({"name": "raw", "resources": tables}, basepath=str(folder))
    for task in package_.validate().tasks:
        table = datapackage.find_resource(descriptor, task.name)
        for error in task.errors:
            raise _explained(folder / table["path"], table, error)


def _explained(path: Path, table: Descriptor, error: Any) -> InputError:
    """Turn a frictionless error into our one line."""
    row = getattr(error, "row_number", None)
    name = getattr(error, "field_name", None)
    where = display_path(path) + (f", row {row}" if row else "") + (f", column {name}" if name else "")
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
            expected=datapackage.describe_constraint(fields[name]),
            remedy=remedy,
        )
    return InputError(f"{error.title}: {error.note}", where=where, remedy=remedy)
