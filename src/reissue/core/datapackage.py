"""Data Packages: the descriptor of a folder of tables, and the tables read by it.

`datapackage.json` is the dictionary (what a column means) and the schema (what it may hold);
reading, validation, checksums and documentation all stand on this one file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reissue.core.errors import InputError
from reissue.core.paths import display_path

if TYPE_CHECKING:
    import pandas as pd

Descriptor = dict[str, Any]

DESCRIPTOR = "datapackage.json"
RESTORE = "restore it from the repository"
#: A file of the folder or of one below it, whose name Make reads as a name: see the Makefile.
_PATH = re.compile(r"""(?!/)(?!(?:.*/)?\.\./)[^\s$;:#%=|\\&()*?\[\]~'"`]+""")
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}
#: What a spreadsheet would calculate: a sign that begins a formula, and then more than a number.
_FORMULA = re.compile(r"[=+@\t\r-].*[A-Za-z(|]", re.DOTALL)


def read_descriptor(folder: Path, remedy: str, name: str = DESCRIPTOR) -> Descriptor:
    """Return a descriptor of a folder of tables.

    Raises
    ------
    InputError
        If the file is missing, is not JSON or not a list of files in the folder; `remedy` says how to get it.
    """
    path = folder / name
    text = read_text(path, remedy)
    try:
        descriptor: Descriptor = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg}",
            where=f"{display_path(path)}, line {error.lineno}",
            remedy="mend it or restore it",
        ) from None
    _check_resources(descriptor, display_path(path))
    return descriptor


def descriptor_name(package: str = "") -> str:
    """Return the name of the file that describes the tables of a package: several packages may share a folder."""
    return f"datapackage-{package}.json" if package else DESCRIPTOR


def find_descriptors(folder: Path) -> list[Path]:
    """Return the files of a folder that describe tables, the first package's before the others'."""
    return [path for path in (folder / DESCRIPTOR, *sorted(folder.glob(descriptor_name("*")))) if path.is_file()]


def read_resources(folder: Path, remedy: str) -> list[Descriptor]:
    """Return the files that all descriptors of a folder list.

    Raises
    ------
    InputError
        As `read_descriptor` does, for any of them; or if there is none.
    """
    names = [path.name for path in find_descriptors(folder)] or [DESCRIPTOR]
    return [item for name in names for item in read_descriptor(folder, remedy, name)["resources"]]


def _check_resources(descriptor: object, where: str) -> None:
    found = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise InputError("there are no resources", where=where, expected="a list of files", remedy="restore it")
    for item in found:
        for name in ("name", "path"):
            if not isinstance(item.get(name), str):
                raise InputError(f"a resource has no {name}", where=where, expected="text", remedy="write it")
        check_path(item["path"], f"{where}, resource {item['name']!r}")


def check_path(path: str, where: str) -> None:
    """Check that a path leads to a file below the folder, by a name that Make reads as a name.

    Raises
    ------
    InputError
        If it does not.
    """
    if not _PATH.fullmatch(path):
        raise InputError(
            f"{path!r} is no path of a file",
            where=where,
            expected="letters, digits, dots and hyphens, below the folder",
            remedy="rename the file",
        )


def find_resource(descriptor: Descriptor, name: str, remedy: str = "") -> Descriptor:
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
    raise InputError(f"there is no table {name!r}", expected=f"one of {known}", remedy=remedy)


def list_tables(descriptor: Descriptor) -> list[Descriptor]:
    """Return the resources that are tables (CSV with a schema), in the descriptor's order."""
    return [r for r in descriptor["resources"] if r.get("schema")]


def read_text(path: Path, remedy: str) -> str:
    """Return a file's text; a byte-order mark is dropped.

    Raises
    ------
    InputError
        If the file is missing, empty or not UTF-8, or holds a null byte.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=display_path(path), remedy=remedy) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=display_path(path), remedy=remedy) from None
    if not content.strip():
        raise InputError("the file is empty", where=display_path(path), remedy=remedy)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"byte {content[error.start]:#04x} is not UTF-8",
            where=f"{display_path(path)}, row {line}",
            expected="UTF-8 text",
            remedy="save the file as CSV UTF-8",
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError(
            "a null byte is no text", where=f"{display_path(path)}, row {line}", remedy="save the file as UTF-8 text"
        )
    return text


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
        raise InputError(f"there is no column {min(missing)!r}", where=display_path(path), remedy=remedy)
    return [dict(row) for row in reader]


def find_formulas(folder: Path) -> list[str]:
    """Return the cells of a folder's tables that a spreadsheet would calculate: file, row and column of each.

    Raises
    ------
    InputError
        If a file is missing, empty or not UTF-8.
    """
    found = []
    for table in list_tables(read_descriptor(folder, RESTORE)):
        rows = csv.DictReader(io.StringIO(read_text(folder / table["path"], RESTORE), newline=""))
        found += [
            f"{table['path']}, row {number}, column {column}"
            for number, row in enumerate(rows, start=2)
            for column, cell in row.items()
            if isinstance(cell, str) and _FORMULA.match(cell)
        ]
    return found


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
            raise InputError(f"there is no column {name!r}", where=display_path(path), remedy=remedy)
        try:
            frame[name] = _typed(frame[name], field["type"])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"column {name!r} does not hold {field['type']}s: {error}", where=display_path(path), remedy=remedy
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


def to_csv(frame: pd.DataFrame) -> str:
    """Return a table as CSV text: comma, LF, header, no index, booleans in lower case."""
    booleans = frame.select_dtypes("bool").columns
    plain = frame.assign(**{name: frame[name].map({True: "true", False: "false"}) for name in booleans})
    return plain.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)


def hash_file(path: Path) -> str:
    """Return a file's SHA-256 as a Data Package writes it."""
    return digest(path.read_bytes())


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes as a Data Package writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def find_stale_checksums(folder: Path) -> list[str]:
    """Return the files whose content is not what the descriptor's SHA-256 says, in its order."""
    resources = read_descriptor(folder, RESTORE)["resources"]
    return [item["path"] for item in resources if item.get("hash") != hash_file(folder / item["path"])]


def build_dictionary(table: Descriptor) -> pd.DataFrame:
    """Return one row per column of a table: column, type, unit, allowed, meaning."""
    import pandas as pd

    rows = [
        {
            "column": field["name"],
            "type": field["type"],
            "unit": field.get("unit", ""),
            "allowed": describe_constraint(field),
            "meaning": field["description"],
        }
        for field in table["schema"]["fields"]
    ]
    return pd.DataFrame(rows)


def describe_constraint(field: Descriptor) -> str:
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
