"""Files of `data/raw` that its descriptor does not list: each is an error, with the entry that would list it."""

from __future__ import annotations

import csv
import io
import json
import re
from itertools import count, islice
from pathlib import Path, PurePosixPath
from textwrap import indent

from reissue.core import datapackage
from reissue.core.datapackage import DESCRIPTOR, RESTORE, Descriptor
from reissue.core.errors import InputError
from reissue.core.paths import display_path

#: What texts of a proposed entry begin with that only a person can write.
PLACEHOLDER = "WRITE: "
#: The formats of raw data: the descriptor lists every such file.
_TYPES = {".csv": "text/csv", ".json": "application/json"}
#: Formats of tables that are not kept in the folder.
_OTHER_FORMATS = (".tsv", ".xls", ".xlsx", ".ods")
_KEY = "id"
#: A leading zero makes a code; more digits than these may not fit into 64 bits.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


def check_listed(folder: Path) -> None:
    """Check that the descriptor of a folder of raw files lists every data file in it and below it.

    Where a listed file is missing, nothing is checked: who reads the folder reports that first, because a file that
    was renamed is missing and unlisted.

    Raises
    ------
    InputError
        If a file is not listed; the error's detail has the entries to paste into the descriptor.
    """
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    listed = {PurePosixPath(item["path"]).as_posix() for item in descriptor["resources"]}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_data(path, folder)}
    unlisted = sorted(found - listed, key=lambda name: (name.count("/"), name))
    if not unlisted or not all((folder / name).is_file() for name in listed):
        return
    for name in unlisted:
        descriptor["resources"].append(_build_entry(folder, name, descriptor))
    raise InputError(
        "the descriptor does not list this file",
        where=display_path(folder / unlisted[0]) + (f" (and {len(unlisted) - 1} more)" if len(unlisted) > 1 else ""),
        expected="one entry for each data file",
        remedy=f'paste what is printed below after the line "resources": [ of {display_path(folder / DESCRIPTOR)}, '
        f"replace what begins with {PLACEHOLDER.strip()} and run make checksums; or move the file to another folder",
        detail="\n".join(_format_entry(entry) for entry in descriptor["resources"][-len(unlisted) :]),
    )


def _is_data(path: Path, folder: Path) -> bool:
    """Return whether a path is a file of data: not its description, and not what another program left there."""
    inside = path.relative_to(folder)
    if inside.as_posix() == DESCRIPTOR or any(part.startswith((".", "~")) for part in inside.parts):
        return False
    return path.suffix.lower() in (*_TYPES, *_OTHER_FORMATS) and path.is_file()


def _build_entry(folder: Path, name: str, descriptor: Descriptor) -> Descriptor:
    """Return the entry of one file, its keys in the order that all entries have.

    Raises
    ------
    InputError
        If no entry could describe the file as it is.
    """
    path = folder / name
    suffix = path.suffix.lower()
    if suffix in _OTHER_FORMATS:
        raise InputError(
            f"raw data are not kept as {suffix}",
            where=display_path(path),
            expected="tables as comma-separated CSV",
            remedy="save it as comma-separated CSV, or move it to another folder",
        )
    datapackage.check_path(name, display_path(path))
    schema = _infer_schema(path, descriptor) if suffix == ".csv" else None
    columns = {field["name"] for field in schema["fields"]} if schema else set()
    sources: list[Descriptor] = [{"title": f"{PLACEHOLDER}where it comes from"}]
    licences: list[Descriptor] = [{"name": f"{PLACEHOLDER}its licence, such as CC-BY-4.0"}]
    if {"section", "page"} <= columns:
        sources, licences = descriptor["sources"], descriptor["licenses"]
    return {
        "name": _choose_name(name, descriptor),
        "path": name,
        "title": f"{PLACEHOLDER}what the page calls it",
        "description": f"{PLACEHOLDER}what one row is",
        "format": suffix[1:],
        "mediatype": _TYPES[suffix],
        "encoding": "utf-8",
        "sources": sources,
        "licenses": licences,
        **({"schema": schema} if schema else {}),
        "hash": datapackage.hash_file(path),
    }


def _choose_name(name: str, descriptor: Descriptor) -> str:
    """Return a name for the table of a file that no other table has: the file's own, else with its folder's."""
    # It takes 0.1 s to import: a build without such a file does without.
    from slugify import slugify

    taken = {item["name"] for item in descriptor["resources"]}
    path = PurePosixPath(name)
    own = [slugify(text, separator="_") for text in (path.stem, str(path.with_suffix("")), name)]
    numbered = (f"{own[-1] or 'table'}_{number}" for number in count(2))
    return next(text for text in (*own, *islice(numbered, len(taken) + 1)) if text and text not in taken)


def _infer_schema(path: Path, descriptor: Descriptor) -> Descriptor:
    """Return the schema of a table: a field for each column, its type one that all cells have.

    Raises
    ------
    InputError
        If the file is not a table of comma-separated columns with a name each.
    """
    rows = list(csv.reader(io.StringIO(datapackage.read_text(path, "delete it or fill it"), newline="")))
    header = rows[0]
    _check_rows(rows, display_path(path))
    described = [field for table in datapackage.list_tables(descriptor) for field in table["schema"]["fields"]]
    fields = [
        _build_field(name, [row[place] for row in rows[1:]], [one for one in described if one["name"] == name])
        for place, name in enumerate(header)
    ]
    key = {"primaryKey": [_KEY]} if _KEY in header else {}
    return {"fields": fields, **key, "missingValues": [""]}


def _check_rows(rows: list[list[str]], where: str) -> None:
    header = rows[0]
    twice = [name for name in header if header.count(name) > 1]
    uneven = next((number for number, row in enumerate(rows, start=1) if len(row) != len(header)), None)
    what, place = "", "row 1"
    if len(header) == 1 and ";" in header[0]:
        what = "the columns are separated by semicolons"
    elif "" in header:
        what = "a column has no name"
    elif twice:
        what = f"column {twice[0]!r} is there twice"
    elif uneven:
        what, place = f"there are {len(rows[uneven - 1])} cells in a table of {len(header)} columns", f"row {uneven}"
    if what:
        raise InputError(
            what,
            where=f"{where}, {place}",
            expected="comma-separated columns, each with a name of its own and a cell in each row",
            remedy="correct the file",
        )


def _build_field(name: str, cells: list[str], described: list[Descriptor]) -> Descriptor:
    """Return the field of one column; of one that all tables describe alike, such as `page`, it is theirs."""
    if name == _KEY:
        kind, own = "string", {"description": "Key of the row", "constraints": {"required": True, "unique": True}}
    elif len(described) > 1 and all(field == described[0] for field in described):
        return described[0]
    else:
        kind, own = (
            _infer_type([cell for cell in cells if cell], len(cells)),
            {"description": f"{PLACEHOLDER}what it says"},
        )
        if kind in ("integer", "number"):
            own["unit"] = f"{PLACEHOLDER}its unit, 1 for a plain number"
    return {"name": name, "type": kind, **own}


def _infer_type(cells: list[str], rows: int) -> str:
    """Return the type of the cells that are not empty, of a column with so many rows.

    `frictionless.describe` would read 3.10 as a number, lose the zeros of the code 032, and name types that
    `datapackage.read_table` does not have.
    """
    if cells and all(_INTEGER.fullmatch(cell) for cell in cells):
        return "integer"
    if cells and all(_NUMBER.fullmatch(cell) for cell in cells):
        return "number"
    return "boolean" if len(cells) == rows and {*cells} in ({"true"}, {"false"}, {"true", "false"}) else "string"


def _format_entry(entry: Descriptor) -> str:
    """Return an entry as the first of the descriptor's list has it, with the comma before the next."""
    return indent(json.dumps(entry, ensure_ascii=False, indent=2), "    ") + ","
