"""Read the processed tables, and write their dictionary."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.core import datapackage, dependencies, paths, report
from reissue.core.datapackage import RESTORE
from reissue.core.errors import InputError

MAKE_DATA = "run `make report` first, or the notebooks that save tables, in their order"
_READ: dict[Path, tuple[list[tuple[int, int]], pd.DataFrame]] = {}


def load(name: str) -> pd.DataFrame:
    """Return a processed table by name, each column of its documented type.

    Its title is in `.attrs["title"]`; `describe(name)` explains its columns.

    Raises
    ------
    InputError
        If there is no such table, or the data have not been made yet.

    Examples
    --------
    >>> load("shelves")["books"].sum()  # doctest: +SKIP
    """
    dependencies.tables.add(name)
    with dependencies.paused():
        return _read(*_find_table(name))


def load_package(package: str = "") -> dict[str, pd.DataFrame]:
    """Return by name every processed table that `save_tables` wrote as one package.

    Raises
    ------
    InputError
        If they have not been made yet.
    """
    name = datapackage.descriptor_name(package)
    place = next((path for path in _find_descriptors() if path.name == name), paths.processed_folder() / name)
    return {item["name"]: _read(place, item) for item in _read_items(place)}


def tables() -> pd.DataFrame:
    """Return one row per processed table: name, rows, title, what one row is."""
    rows = [(item["name"], len(_read(place, item)), item["title"], item["description"]) for place, item in _list_all()]
    return pd.DataFrame(rows, columns=["name", "rows", "title", "one row"])


def describe(name: str) -> pd.DataFrame:
    """Return a processed table's dictionary, one row per column: column, type, unit, allowed, meaning."""
    dependencies.tables.add(name)
    with dependencies.paused():
        return datapackage.build_dictionary(_find_table(name)[1])


def dictionary() -> pd.DataFrame:
    """Return one row per column of every processed table: table, column, type, unit, allowed, meaning."""
    parts = [datapackage.build_dictionary(item).assign(table=item["name"]) for _place, item in _list_all()]
    return pd.concat(parts, ignore_index=True)[["table", "column", "type", "unit", "allowed", "meaning"]]


def _find_table(name: str) -> tuple[Path, datapackage.Descriptor]:
    """Return the descriptor that lists a processed table, and what it says of it."""
    found = {item["name"]: (place, item) for place, item in _list_all()}
    if name not in found:
        raise InputError(f"there is no table {name!r}", expected=f"one of {', '.join(found)}", remedy=MAKE_DATA)
    return found[name]


def _list_all() -> list[tuple[Path, datapackage.Descriptor]]:
    """Return what descriptors say of every processed table, in the order of names."""
    places = _find_descriptors() or [paths.processed_folder() / datapackage.DESCRIPTOR]
    return sorted(((place, item) for place in places for item in _read_items(place)), key=lambda one: one[1]["name"])


def _find_descriptors() -> list[Path]:
    """Return the descriptors of processed tables; one that this notebook has saved comes instead of the build's."""
    output = paths.output_folder()
    folders = [paths.processed_folder(), *([output / "processed"] if output else [])]
    return list({path.name: path for folder in folders for path in datapackage.find_descriptors(folder)}.values())


def _read_items(place: Path) -> list[datapackage.Descriptor]:
    return datapackage.list_tables(datapackage.read_descriptor(place.parent, MAKE_DATA, place.name))


def _read(place: Path, table: datapackage.Descriptor) -> pd.DataFrame:
    """Return a table once it is read; whoever changes the frame changes a copy."""
    path = place.parent / table["path"]
    # Read once, as long as neither file changes.
    stamps = [_stamp(path), _stamp(place)]
    kept = _READ.get(path)
    if kept is None or kept[0] != stamps:
        # What is noted is the table, or its descriptor, which has its checksum.
        with dependencies.paused():
            kept = _READ[path] = stamps, datapackage.read_table(place.parent, table, MAKE_DATA)
    return kept[1].copy(deep=False)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:  # whoever reads it says so
        return 0, 0
    return about.st_mtime_ns, about.st_size


def boundaries(folder: Path | None = None) -> Path:
    """Return the file of country boundaries (TopoJSON, Natural Earth)."""
    folder = folder or paths.raw_folder()
    dependencies.tables.add("raw/boundaries")
    with dependencies.paused():
        descriptor = datapackage.read_descriptor(folder, RESTORE)
    name: str = datapackage.find_resource(descriptor, "boundaries")["path"]
    return folder / name


def build_descriptor(tables_: dict[str, pd.DataFrame], contents: dict[str, str], package: str = "") -> str:
    """Return the data package descriptor of processed tables, as JSON text.

    Parameters
    ----------
    tables_
        The processed tables by name.
    contents
        Their CSV text by file name, for the checksums.
    package
        What the package is called, where it is not the first.

    Raises
    ------
    InputError
        If a column has no entry in the dictionary.
    """
    raw = datapackage.read_descriptor(paths.raw_folder(), RESTORE)
    resources = [_described(name, frame, contents[f"{name}.csv"], raw) for name, frame in sorted(tables_.items())]
    descriptor = {
        "profile": "data-package",
        "name": f"{report.package}-{package or 'processed'}",
        "title": f"Facts of the report{f': {package}' if package else ', cleaned'}",
        "licenses": raw["licenses"],
        "resources": resources,
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def _described(name: str, frame: pd.DataFrame, text: str, raw: datapackage.Descriptor) -> datapackage.Descriptor:
    made = _made().get(name, {})
    inherited = next((dict(r) for r in raw["resources"] if r["name"] == name and r.get("schema")), {})
    known = {field["name"]: field for field in inherited.get("schema", {}).get("fields", [])}
    known |= {field["name"]: field for field in made.get("fields", [])}
    missing = [column for column in frame.columns if column not in known]
    if missing:
        raise InputError(
            f"column {missing[0]!r} of processed table {name!r} is not explained",
            remedy=f"add it to src/{report.package}/schemas/processed.json",
        )
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": made.get("title", inherited.get("title")),
        "description": made.get("description", inherited.get("description")),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": datapackage.digest(text.encode()),
        "schema": {"fields": [known[column] for column in frame.columns], "missingValues": [""]},
    }


@cache
def _made() -> dict[str, Any]:
    text = report.resource("schemas", "processed.json").read_text(encoding="utf-8")
    made: dict[str, Any] = json.loads(text)
    return made
