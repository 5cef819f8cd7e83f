"""Read the processed tables, and write their dictionary.

Functions that read raise InputError if a table is unknown or has not been made yet.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from reissue.core import datapackage, dependencies, paths, report
from reissue.core.datapackage import RESTORE, Descriptor
from reissue.core.errors import InputError

MAKE_DATA = "run `make report` first, or the notebooks that save tables, in their order"


def load(name: str) -> pd.DataFrame:
    """Return a processed table by name, each column of its documented type.

    Its title is in `.attrs["title"]`; `describe(name)` explains its columns.

    Examples
    --------
    >>> load("shelves")["books"].sum()  # doctest: +SKIP
    """
    dependencies.tables.add(name)
    with dependencies.pause():
        folder, table = _find_table(name)
        return datapackage.read_table(folder, table, MAKE_DATA)


def load_package(package: str = "") -> dict[str, pd.DataFrame]:
    """Return by name every processed table that `save_tables` wrote as one package."""
    name = datapackage.descriptor_name(package)
    path = next((path for path in _find_descriptors() if path.name == name), paths.processed_folder() / name)
    # What is recorded is the descriptor, which has the checksums of the tables.
    items = datapackage.read_descriptor(path.parent, MAKE_DATA, name)["resources"]
    with dependencies.pause():
        return {item["name"]: datapackage.read_table(path.parent, item, MAKE_DATA) for item in items}


def tables() -> pd.DataFrame:
    """Return one row per processed table: name, rows, title, what one row is."""
    entries = _list_tables()
    with dependencies.pause():
        rows = [
            (item["name"], len(datapackage.read_table(folder, item, MAKE_DATA)), item["title"], item["description"])
            for folder, item in entries
        ]
    return pd.DataFrame(rows, columns=["name", "rows", "title", "one row"])


def describe(name: str) -> pd.DataFrame:
    """Return a processed table's dictionary, one row per column: column, type, unit, allowed, meaning."""
    dependencies.tables.add(name)
    with dependencies.pause():
        return datapackage.build_dictionary(_find_table(name)[1])


def dictionary() -> pd.DataFrame:
    """Return one row per column of every processed table: table, column, type, unit, allowed, meaning."""
    parts = [datapackage.build_dictionary(item).assign(table=item["name"]) for _folder, item in _list_tables()]
    return pd.concat(parts, ignore_index=True)[["table", "column", "type", "unit", "allowed", "meaning"]]


def _find_table(name: str) -> tuple[Path, Descriptor]:
    """Return the folder and the entry of a processed table."""
    known = {item["name"]: (folder, item) for folder, item in _list_tables()}
    if name not in known:
        raise InputError(f"unknown table {name!r}", expected=f"one of {', '.join(known)}", remedy=MAKE_DATA)
    return known[name]


def _list_tables() -> list[tuple[Path, Descriptor]]:
    """Return the folder and the entry of every processed table, in the order of names."""
    descriptors = _find_descriptors() or [paths.processed_folder() / datapackage.DESCRIPTOR]
    entries = [
        (path.parent, item)
        for path in descriptors
        for item in datapackage.read_descriptor(path.parent, MAKE_DATA, path.name)["resources"]
    ]
    return sorted(entries, key=lambda entry: entry[1]["name"])


def _find_descriptors() -> list[Path]:
    """Return the descriptors of processed tables; one that this notebook has saved replaces the build's."""
    output = paths.output_folder()
    folders = [paths.processed_folder(), *([output / "processed"] if output else [])]
    return list({path.name: path for folder in folders for path in datapackage.find_descriptors(folder)}.values())


def boundaries() -> Path:
    """Return the file of country boundaries (TopoJSON, Natural Earth)."""
    dependencies.tables.add("raw/boundaries")
    with dependencies.pause():
        descriptor = datapackage.read_descriptor(paths.raw_folder(), RESTORE)
    return paths.raw_folder() / datapackage.find_resource(descriptor, "boundaries")["path"]


def build_descriptor(tables_: dict[str, pd.DataFrame], contents: dict[str, str], package: str = "") -> str:
    """Return the data package descriptor of processed tables, as JSON text.

    `contents` are their CSV texts by file name, for the checksums; `package` is the name of the package, if any.
    """
    raw = datapackage.read_descriptor(paths.raw_folder(), RESTORE)
    own = json.loads(report.resource("schemas", "processed.json").read_text(encoding="utf-8"))
    resources = [
        _build_entry(name, frame, contents[f"{name}.csv"], raw, own.get(name, {}))
        for name, frame in sorted(tables_.items())
    ]
    descriptor = {
        "profile": "data-package",
        "name": f"{report.package}-{package or 'processed'}",
        "title": f"Facts of the report{f': {package}' if package else ', cleaned'}",
        "licenses": raw["licenses"],
        "resources": resources,
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def _build_entry(name: str, frame: pd.DataFrame, text: str, raw: Descriptor, own: Descriptor) -> Descriptor:
    """Return the descriptor's entry of a table: a column without an entry of its own is that of the raw table."""
    inherited: Descriptor = next((item for item in datapackage.list_tables(raw) if item["name"] == name), {})
    fields = [*inherited.get("schema", {}).get("fields", []), *own.get("fields", [])]
    known = {field["name"]: field for field in fields}
    missing = [column for column in frame.columns if column not in known]
    if missing:
        raise InputError(
            f"column {missing[0]!r} of processed table {name!r} is not explained",
            remedy=f"add it to src/{report.package}/schemas/processed.json",
        )
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": own.get("title", inherited.get("title")),
        "description": own.get("description", inherited.get("description")),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": datapackage.digest(text.encode()),
        "schema": {"fields": [known[column] for column in frame.columns], "missingValues": [""]},
    }
