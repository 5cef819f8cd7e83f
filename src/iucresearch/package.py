"""Data Packages: the descriptor of a folder of tables, and the tables read by it.

`datapackage.json` is the dictionary (what a column means) and the schema (what it may hold);
reading, validation, checksums and documentation all stand on this one file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iucresearch.errors import InputError
from iucresearch.paths import shown

if TYPE_CHECKING:
    import pandas as pd

Descriptor = dict[str, Any]

DESCRIPTOR = "datapackage.json"
RESTORE = "restore it from the repository"
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}


def read_descriptor(folder: Path, remedy: str) -> Descriptor:
    """Return the descriptor of a folder of tables.

    Raises
    ------
    InputError
        If the file is missing or is not JSON; `remedy` says how to get it.
    """
    path = folder / DESCRIPTOR
    text = read_text(path, remedy)
    try:
        descriptor: Descriptor = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg}",
            where=f"{shown(path)}, line {error.lineno}",
            remedy="mend it or restore it",
        ) from None
    return descriptor


def resource(descriptor: Descriptor, name: str) -> Descriptor:
    """Return one table's part of the descriptor.

    Raises
    ------
    InputError
        If there is no table of that name.
    """
    for candidate in descriptor["resources"]:
        if candidate["name"] == name:
            return dict(candidate)
    known = ", ".join(sorted(r["name"] for r in descriptor["resources"]))
    raise InputError(f"there is no table {name!r}", expected=f"one of {known}")


def tabular(descriptor: Descriptor) -> list[Descriptor]:
    """Return the resources that are tables (CSV with a schema), in the descriptor's order."""
    return [r for r in descriptor["resources"] if r.get("schema")]


def read_text(path: Path, remedy: str) -> str:
    """Return a file's text; a byte-order mark is dropped.

    Raises
    ------
    InputError
        If the file is missing, empty or not UTF-8.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=shown(path), remedy=remedy) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=shown(path), remedy=remedy) from None
    if not content.strip():
        raise InputError("the file is empty", where=shown(path), remedy=remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"byte {content[error.start]:#04x} is not UTF-8",
            where=f"{shown(path)}, row {line}",
            expected="UTF-8 text",
            remedy="save the file as CSV UTF-8",
        ) from None


def read_rows(folder: Path, table: Descriptor, remedy: str) -> list[dict[str, str]]:
    """Return one table as text, a dictionary per row: for those who need no more than a few words of it.

    Raises
    ------
    InputError
        If the file is missing, empty or not UTF-8, or a column of its schema is not there.
    """
    path = folder / table["path"]
    reader = csv.DictReader(io.StringIO(read_text(path, remedy), newline=""))
    missing = {field["name"] for field in table["schema"]["fields"]}.difference(reader.fieldnames or ())
    if missing:
        raise InputError(f"there is no column {min(missing)!r}", where=shown(path), remedy=remedy)
    return [dict(row) for row in reader]


def read_table(folder: Path, table: Descriptor, remedy: str) -> pd.DataFrame:
    """Return one table with the types of its schema; one row per row of the file.

    Only an empty cell is missing: `NA` or `null` would be a value.

    Raises
    ------
    InputError
        If the file is missing, empty, not UTF-8, or holds a cell that is not of its column's type.
    """
    # It takes a third of a second to import: the runner does without.
    import pandas as pd

    path = folder / table["path"]
    text = read_text(path, remedy)
    frame = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, na_values=[""])
    for field in table["schema"]["fields"]:
        name = field["name"]
        if name not in frame:
            raise InputError(f"there is no column {name!r}", where=shown(path), remedy=remedy)
        try:
            frame[name] = _typed(frame[name], field["type"])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"column {name!r} does not hold {field['type']}s: {error}", where=shown(path), remedy=remedy
            ) from None
    frame.attrs["title"] = table.get("title", "")
    return frame


def _typed(column: pd.Series[Any], kind: str) -> pd.Series[Any]:
    if kind == "string":
        return column  # as it was read
    if kind == "boolean":
        known = column.map({"true": True, "false": False})
        if known.isna().any():
            raise ValueError("expected true or false")
        return known.astype("bool")
    if kind == "integer" and column.isna().any():
        return column.astype("Int64")
    return column.astype(_DTYPES[kind])  # type: ignore[call-overload]


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: comma, LF, header, no index, booleans in lower case."""
    booleans = frame.select_dtypes("bool").columns
    plain = frame.assign(**{name: frame[name].map({True: "true", False: "false"}) for name in booleans})
    return plain.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def checksum(path: Path) -> str:
    """Return a file's SHA-256 as a Data Package writes it."""
    return digest(path.read_bytes())


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as a Data Package writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def stale_checksums(folder: Path) -> list[str]:
    """Return the files whose content is not what the descriptor's SHA-256 says, in its order."""
    resources = read_descriptor(folder, RESTORE)["resources"]
    return [item["path"] for item in resources if item.get("hash") != checksum(folder / item["path"])]


def dictionary(table: Descriptor) -> pd.DataFrame:
    """Return one row per column of a table: column, type, unit, allowed, meaning."""
    import pandas as pd

    rows = [
        {
            "column": field["name"],
            "type": field["type"],
            "unit": field.get("unit", ""),
            "allowed": allowed(field),
            "meaning": field["description"],
        }
        for field in table["schema"]["fields"]
    ]
    return pd.DataFrame(rows)


def allowed(field: Descriptor) -> str:
    """Say in words what a column may hold."""
    rules = field.get("constraints", {})
    if "enum" in rules:
        return "one of " + ", ".join(str(value) for value in rules["enum"])
    if "minimum" in rules and "maximum" in rules:
        return f"{field['type']} from {rules['minimum']} to {rules['maximum']}"
    if "minimum" in rules:
        return f"{field['type']} of at least {rules['minimum']}"
    if "pattern" in rules:
        return f"text of the form {rules['pattern']}"
    return {"integer": "a whole number", "number": "a number", "boolean": "true or false"}.get(field["type"], "text")
