"""Files of `data/raw` that its descriptor does not list: each is an error, with the entry that would list it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path, PurePosixPath
from textwrap import indent

from reissue.core import datapackage
from reissue.core.datapackage import DESCRIPTOR, RESTORE, Descriptor
from reissue.core.errors import InputError
from reissue.core.paths import display_path

#: The first word of texts in a proposed entry that only a person can write.
PLACEHOLDER = "WRITE: "
#: The formats of raw data: the descriptor lists every such file.
_TYPES = {".csv": "text/csv", ".json": "application/json"}
#: Formats of tables that the folder may not have.
_OTHER_FORMATS = (".tsv", ".xls", ".xlsx", ".ods")
#: A leading zero makes a code; more digits than these may not fit into 64 bits.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")


def check_listed(folder: Path) -> None:
    """Raise InputError, with the entries to paste, unless a descriptor lists every data file in and below its folder.

    If a listed file is missing, nothing is checked: a renamed file is both missing and unlisted, and the reader of
    the folder reports the missing one.
    """
    descriptor = datapackage.read_descriptor(folder, RESTORE)
    listed = {PurePosixPath(item["path"]).as_posix() for item in descriptor["resources"]}
    data_files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_data(path, folder)}
    unlisted = sorted(data_files - listed, key=lambda name: (name.count("/"), name))
    if not unlisted or not all((folder / name).is_file() for name in listed):
        return
    for name in unlisted:
        descriptor["resources"].append(_build_entry(folder, name, descriptor))
    entries = [json.dumps(one, ensure_ascii=False, indent=2) for one in descriptor["resources"][-len(unlisted) :]]
    raise InputError(
        "the descriptor does not list this file",
        where=display_path(folder / unlisted[0]) + (f" (and {len(unlisted) - 1} more)" if len(unlisted) > 1 else ""),
        expected="one entry for each data file",
        remedy=f'paste what is printed below after the line "resources": [ of {display_path(folder / DESCRIPTOR)}, '
        f"replace what begins with {PLACEHOLDER.strip()} and run make checksums; or move the file to another folder",
        detail="\n".join(indent(entry, "    ") + "," for entry in entries),
    )


def _is_data(path: Path, folder: Path) -> bool:
    """Return whether a path is a file of data, not the descriptor or a temporary file of another program."""
    inside = path.relative_to(folder)
    if inside.as_posix() == DESCRIPTOR or any(part.startswith((".", "~")) for part in inside.parts):
        return False
    return path.suffix.lower() in (*_TYPES, *_OTHER_FORMATS) and path.is_file()


def _build_entry(folder: Path, name: str, descriptor: Descriptor) -> Descriptor:
    """Return the entry of one file, its keys in the order that all entries have."""
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
    fields = _infer_fields(path, descriptor) if suffix == ".csv" else []
    columns = {field["name"] for field in fields}
    if {"section", "page"} <= columns:
        sources, licences = descriptor["sources"], descriptor["licenses"]
    else:
        sources = [{"title": f"{PLACEHOLDER}where it comes from"}]
        licences = [{"name": f"{PLACEHOLDER}its licence, such as CC-BY-4.0"}]
    key = {"primaryKey": ["id"]} if "id" in columns else {}
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
        **({"schema": {"fields": fields, **key, "missingValues": [""]}} if fields else {}),
        "hash": datapackage.hash_file(path),
    }


def _choose_name(name: str, descriptor: Descriptor) -> str:
    """Return a name for the table of a file: its path without the ending, or with it if another table has that name."""
    # It takes 0.1 s to import, and most builds do not need it.
    from slugify import slugify

    short = slugify(str(PurePosixPath(name).with_suffix("")), separator="_")
    return short if all(item["name"] != short for item in descriptor["resources"]) else slugify(name, separator="_")


def _infer_fields(path: Path, descriptor: Descriptor) -> list[Descriptor]:
    """Return a field for each column of a table; validation reports rows of another length."""
    header, *rows = csv.reader(io.StringIO(datapackage.read_text(path, "delete it or fill it"), newline=""))
    datapackage.check_header(header, display_path(path))
    known = [field for table in datapackage.list_tables(descriptor) for field in table["schema"]["fields"]]
    return [
        _build_field(
            name, [row[place] for row in rows if len(row) > place], [field for field in known if field["name"] == name]
        )
        for place, name in enumerate(header)
    ]


def _build_field(name: str, cells: list[str], known: list[Descriptor]) -> Descriptor:
    """Return the field of a column; if several tables describe a column of this name alike, such as `page`, theirs."""
    if name == "id":
        required = {"required": True, "unique": True}
        return {"name": name, "type": "string", "description": "Key of the row", "constraints": required}
    if len(known) > 1 and all(field == known[0] for field in known):
        return known[0]
    kind = _infer_type(cells)
    unit = {"unit": f"{PLACEHOLDER}its unit, 1 for a plain number"} if kind in ("integer", "number") else {}
    return {"name": name, "type": kind, "description": f"{PLACEHOLDER}what it says", **unit}


def _infer_type(cells: list[str]) -> str:
    """Return a type that all cells have."""
    # `frictionless.describe` would read 3.10 as a number, lose the zeros of 032, and name types that we do not read.
    filled = [cell for cell in cells if cell]
    for kind, pattern in (("integer", _INTEGER), ("number", _NUMBER)):
        if filled and all(map(pattern.fullmatch, filled)):
            return kind
    return "boolean" if cells and set(cells) <= {"true", "false"} else "string"
