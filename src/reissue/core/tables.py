"""Read data: raw tables for cleaning, processed tables for everything else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from reissue.core import datapackage, paths, report
from reissue.core.datapackage import RESTORE
from reissue.core.errors import InputError
from reissue.core.validation import Check, no_check, read_raw

MAKE_DATA = "run `make report` first, or notebooks/01_clean.ipynb: either makes it"
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
    >>> load("pairings")["lac_country"].value_counts()  # doctest: +SKIP
    """
    folder = paths.processed_folder()
    table = datapackage.resource(datapackage.read_descriptor(folder, MAKE_DATA), name)
    # Read once, as long as neither file changes. Whoever changes the frame that is returned changes a copy.
    stamps = [_stamp(folder / name) for name in (table["path"], datapackage.DESCRIPTOR)]
    kept = _READ.get(folder / table["path"])
    if kept is None or kept[0] != stamps:
        kept = _READ[folder / table["path"]] = stamps, datapackage.read_table(folder, table, MAKE_DATA)
    return kept[1].copy(deep=False)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:  # whoever reads it says so
        return 0, 0
    return about.st_mtime_ns, about.st_size


def tables() -> pd.DataFrame:
    """Return one row per processed table: name, rows, title, what one row is."""
    folder = paths.processed_folder()
    rows = [
        (item["name"], len(datapackage.read_table(folder, item, MAKE_DATA)), item["title"], item["description"])
        for item in datapackage.tabular(datapackage.read_descriptor(folder, MAKE_DATA))
    ]
    return pd.DataFrame(rows, columns=["name", "rows", "title", "one row"])


def describe(name: str) -> pd.DataFrame:
    """Return a processed table's dictionary, one row per column: column, type, unit, allowed, meaning."""
    return datapackage.dictionary(
        datapackage.resource(datapackage.read_descriptor(paths.processed_folder(), MAKE_DATA), name)
    )


def dictionary() -> pd.DataFrame:
    """Return one row per column of every processed table: table, column, type, unit, allowed, meaning."""
    folder = paths.processed_folder()
    items = datapackage.tabular(datapackage.read_descriptor(folder, MAKE_DATA))
    return pd.concat([datapackage.dictionary(item).assign(table=item["name"]) for item in items], ignore_index=True)[
        ["table", "column", "type", "unit", "allowed", "meaning"]
    ]


def load_raw(check: Check = no_check, folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """Return every raw table by name, validated, and the report's references.

    Parameters
    ----------
    check
        Checks what the report implies, given the tables and their folder.
    folder
        The raw files; those that this process reads unless it is given.

    Raises
    ------
    InputError
        For the first fault in the raw files.
    """
    folder = folder or paths.raw_folder()
    return {**read_raw(folder, check), "references": _references(folder / "references.json")}


def boundaries(folder: Path | None = None) -> Path:
    """Return the file of country boundaries (TopoJSON, Natural Earth)."""
    folder = folder or paths.raw_folder()
    name: str = datapackage.resource(datapackage.read_descriptor(folder, RESTORE), "boundaries")["path"]
    return folder / name


def described(tables_: dict[str, pd.DataFrame], contents: dict[str, str]) -> str:
    """Return the data package descriptor of processed tables, as JSON text.

    Parameters
    ----------
    tables_
        The processed tables by name.
    contents
        Their CSV text by file name, for the checksums.

    Raises
    ------
    InputError
        If a column has no entry in the dictionary.
    """
    raw = datapackage.read_descriptor(paths.raw_folder(), RESTORE)
    resources = [_described(name, frame, contents[f"{name}.csv"], raw) for name, frame in sorted(tables_.items())]
    descriptor = {
        "profile": "data-package",
        "name": f"{report.package}-processed",
        "title": "Facts of the report, cleaned",
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


def _references(path: Path) -> pd.DataFrame:
    """Return one row per reference: id, section, page, authors, year, title, details, doi (page 28)."""
    items = json.loads(datapackage.read_text(path, RESTORE))
    rows = []
    for item in items:
        authors = "; ".join(a.get("literal") or f"{a['family']}, {a['given']}" for a in item["author"])
        series = " ".join(str(item[key]) for key in ("collection-title", "collection-number") if key in item)
        parts = [item.get("genre"), item.get("number"), series, item.get("publisher"), item.get("publisher-place")]
        isbn = f"ISBN {item['ISBN']}" if "ISBN" in item else None
        accessed = (
            "accessed " + "-".join(f"{n:02d}" for n in item["accessed"]["date-parts"][0])
            if "accessed" in item
            else None
        )
        details = ", ".join(str(part) for part in [*parts, isbn, accessed] if part) or None
        place = item["custom"]
        year = item["issued"]["date-parts"][0][0]
        rows.append(
            (item["id"], place["section"], place["page"], authors, year, item["title"], details, item.get("DOI"))
        )
    columns = ["id", "section", "page", "authors", "year", "title", "details", "doi"]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs["title"] = "References"
    return table
