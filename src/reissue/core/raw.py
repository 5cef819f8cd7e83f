"""Read the raw tables: what was transcribed from the report, for the notebooks that clean and judge it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from reissue.core import datapackage, dependencies, paths
from reissue.core.datapackage import RESTORE
from reissue.core.validation import Check, no_check, read_raw

#: The references of the report as CSL-JSON items, where the descriptor lists this file.
REFERENCES = "references.json"


def load_raw(check: Check = no_check, folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """Return every raw table by name, validated, and the report's references where it has any.

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
    tables = read_raw(folder, check)
    files = [item["path"] for item in datapackage.read_descriptor(folder, RESTORE)["resources"]]
    return tables | ({"references": _references(folder / REFERENCES)} if REFERENCES in files else {})


def load_raw_tables(*names: str) -> dict[str, pd.DataFrame]:
    """Return some raw tables by name without validating them: whoever cleaned the data has done that.

    Raises
    ------
    InputError
        If there is no raw table of that name, or its file is missing or not one.
    """
    folder = paths.raw_folder()
    dependencies.tables.update(f"raw/{name}" for name in names)
    with dependencies.paused():
        descriptor = datapackage.read_descriptor(folder, RESTORE)
        resources = {name: datapackage.find_resource(descriptor, name) for name in names}
        return {name: datapackage.read_table(folder, item, RESTORE) for name, item in resources.items()}


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
