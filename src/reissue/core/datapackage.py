"""Data Packages: the descriptor of a folder of tables, and the tables that it describes.

`datapackage.json` is the dictionary (what a column means) and the schema (what it may hold). Reading, validation,
checksums and documentation all use this one file.

Functions that read raise InputError if a file is missing, empty, not UTF-8 or not as its schema says, or if a name is
unknown. They take the remedy for it: what a user should do.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reissue.core.errors import InputError
from reissue.core.paths import display_path

if TYPE_CHECKING:
    import pandas as pd

Descriptor = dict[str, Any]

DESCRIPTOR = "datapackage.json"
RESTORE = "restore it from the repository"
#: A path of a file in the folder or below it that Make reads as one name.
_PATH = re.compile(r"""(?!/)(?!(?:.*/)?\.\./)[^\s$;:#%=|\\&()*?\[\]~'"`]+""")
_DTYPES = {"string": "str", "integer": "int64", "number": "float64", "boolean": "bool"}
#: A cell that a spreadsheet would calculate: a sign that begins a formula, then more than a number.
_FORMULA = re.compile(r"[=+@\t\r-].*[A-Za-z(|]", re.DOTALL)


def read_descriptor(folder: Path, remedy: str, name: str = DESCRIPTOR) -> Descriptor:
    """Return the descriptor of a folder of tables."""
    path = folder / name
    try:
        descriptor: Descriptor = json.loads(read_text(path, remedy))
    except json.JSONDecodeError as error:
        where = f"{display_path(path)}, line {error.lineno}"
        raise InputError(f"not JSON: {error.msg}", where=where, remedy="correct it or restore it") from None
    where = display_path(path)
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list) or not all(isinstance(item, dict) for item in resources):
        raise InputError("there are no resources", where=where, expected="a list of files", remedy="restore it")
    for item in resources:
        for key in ("name", "path"):
            if not isinstance(item.get(key), str):
                raise InputError(f"a resource has no {key}", where=where, expected="a text", remedy="add the property")
        check_path(item["path"], f"{where}, resource {item['name']!r}")
    return descriptor


def descriptor_name(package: str = "") -> str:
    """Return the file name of a package's descriptor: several packages may share a folder."""
    return f"datapackage-{package}.json" if package else DESCRIPTOR


def find_descriptors(folder: Path) -> list[Path]:
    """Return the descriptors in a folder, that of the unnamed package first."""
    return [path for path in (folder / DESCRIPTOR, *sorted(folder.glob(descriptor_name("*")))) if path.is_file()]


def read_resources(folder: Path, remedy: str) -> list[Descriptor]:
    """Return the files that all descriptors of a folder list."""
    names = [path.name for path in find_descriptors(folder)] or [DESCRIPTOR]
    return [item for name in names for item in read_descriptor(folder, remedy, name)["resources"]]


def check_path(path: str, where: str) -> None:
    """Raise InputError unless a path leads to a file below the folder and Make reads it as one name."""
    if not _PATH.fullmatch(path):
        raise InputError(
            f"invalid file path {path!r}",
            where=where,
            expected="letters, digits, dots and hyphens, below the folder",
            remedy="rename the file",
        )


def check_header(header: list[str], where: str) -> None:
    """Raise InputError if a CSV file is not comma-separated, or a column has no name of its own."""
    where = f"{where}, row 1"
    if len(header) == 1 and ";" in header[0]:
        what = "the columns are separated by semicolons"
        raise InputError(what, where=where, expected="commas", remedy="save it as comma-separated CSV")
    if "" in header or len(set(header)) < len(header):
        what = "a column has no name" if "" in header else "two columns have the same name"
        raise InputError(what, where=where, expected="a name for each column", remedy="correct the header")


def find_resource(descriptor: Descriptor, name: str, remedy: str = "") -> Descriptor:
    """Return the entry of one table in a descriptor."""
    resources = {item["name"]: item for item in descriptor["resources"]}
    if name not in resources:
        raise InputError(f"unknown table {name!r}", expected=f"one of {', '.join(sorted(resources))}", remedy=remedy)
    return dict(resources[name])


def list_tables(descriptor: Descriptor) -> list[Descriptor]:
    """Return the resources that are tables (CSV with a schema), in the descriptor's order."""
    return [item for item in descriptor["resources"] if item.get("schema")]


def read_text(path: Path, remedy: str) -> str:
    """Return a file's text without a byte-order mark."""
    where = display_path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", where=where, remedy=remedy) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where, remedy=remedy) from None
    if not content.strip():
        raise InputError("the file is empty", where=where, remedy=remedy)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"byte {content[error.start]:#04x} is not UTF-8",
            where=f"{where}, row {row}",
            expected="UTF-8 text",
            remedy="save the file as CSV UTF-8",
        ) from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise InputError(
            "null bytes are not allowed", where=f"{where}, row {row}", remedy="save the file as UTF-8 text"
        )
    return text


def read_rows(folder: Path, table: Descriptor, remedy: str) -> list[dict[str, str]]:
    """Return one table as text without importing pandas: one dictionary per row."""
    reader = csv.DictReader(io.StringIO(read_text(folder / table["path"], remedy), newline=""))
    _require_columns(reader.fieldnames or (), folder, table, remedy)
    return [dict(row) for row in reader]


def find_formulas(folder: Path) -> list[str]:
    """Return the cells of a folder's tables that a spreadsheet would calculate: file, row and column of each."""
    return [
        f"{table['path']}, row {number}, column {column}"
        for table in list_tables(read_descriptor(folder, RESTORE))
        for number, row in enumerate(read_rows(folder, table, RESTORE), start=2)
        for column, cell in row.items()
        if isinstance(cell, str) and _FORMULA.match(cell)
    ]


def read_table(folder: Path, table: Descriptor, remedy: str) -> pd.DataFrame:
    """Return one table with the types of its schema; one row per row of the file.

    Only an empty cell is missing: `NA` and `null` are values.
    """
    # The runner never reads a table, and pandas takes a third of a second to import.
    import pandas as pd

    path = folder / table["path"]
    frame = pd.read_csv(io.StringIO(read_text(path, remedy)), dtype="str", keep_default_na=False, na_values=[""])
    _require_columns(frame.columns, folder, table, remedy)
    for field in table["schema"]["fields"]:
        name = field["name"]
        try:
            frame[name] = _convert_column(frame[name], field["type"])
        except (TypeError, ValueError) as error:
            raise InputError(
                f"column {name!r} does not hold {field['type']}s: {error}", where=display_path(path), remedy=remedy
            ) from None
    frame.attrs["title"] = table.get("title", "")
    return frame


def _require_columns(header: Iterable[str], folder: Path, table: Descriptor, remedy: str) -> None:
    missing = {field["name"] for field in table["schema"]["fields"]}.difference(header)
    if missing:
        where = display_path(folder / table["path"])
        raise InputError(f"there is no column {min(missing)!r}", where=where, remedy=remedy)


def _convert_column(column: pd.Series[Any], kind: str) -> pd.Series[Any]:
    if kind == "string":
        return column
    if kind == "boolean":
        column = column.map({"true": True, "false": False})
        if column.isna().any():
            raise ValueError("expected true or false")
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
    """Return the files whose SHA-256 in the descriptor is not that of their content, in its order."""
    resources = read_descriptor(folder, RESTORE)["resources"]
    return [item["path"] for item in resources if item.get("hash") != hash_file(folder / item["path"])]


def build_dictionary(table: Descriptor) -> pd.DataFrame:
    """Return one row per column of a table: column, type, unit, allowed, meaning."""
    import pandas as pd

    rows = [
        (field["name"], field["type"], field.get("unit", ""), describe_constraint(field), field["description"])
        for field in table["schema"]["fields"]
    ]
    return pd.DataFrame(rows, columns=["column", "type", "unit", "allowed", "meaning"])


def describe_constraint(field: Descriptor) -> str:
    """Describe in words what a column may hold."""
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
