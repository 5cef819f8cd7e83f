"""Read the raw tables, which were transcribed from the report, for the notebooks that clean and judge them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from reissue.core import datapackage, dependencies, paths
from reissue.core.datapackage import RESTORE
from reissue.core.validation import Check, read_raw

#: The references of the report as CSL-JSON items, if the descriptor lists this file.
REFERENCES = "references.json"


def load_raw(check: Check | None = None, folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """Return every raw table by name, validated, and the report's references if it has any.

    `check` checks what the report implies, given the tables and their folder. InputError is raised for the first fault.
    """
    folder = folder or paths.raw_folder()
    tables = read_raw(folder, check)
    files = [item["path"] for item in datapackage.read_descriptor(folder, RESTORE)["resources"]]
    return tables | ({"references": _read_references(folder / REFERENCES)} if REFERENCES in files else {})


def load_raw_tables(*names: str) -> dict[str, pd.DataFrame]:
    """Return some raw tables by name without validation, which the notebook that cleans them does."""
    folder = paths.raw_folder()
    dependencies.tables.update(f"raw/{name}" for name in names)
    with dependencies.pause():
        descriptor = datapackage.read_descriptor(folder, RESTORE)
        resources = {name: datapackage.find_resource(descriptor, name) for name in names}
        return {name: datapackage.read_table(folder, item, RESTORE) for name, item in resources.items()}


def _read_references(path: Path) -> pd.DataFrame:
    """Return one row per reference: id, section, page, authors, year, title, details, doi."""
    rows = []
    for item in json.loads(datapackage.read_text(path, RESTORE)):
        authors = [a.get("literal") or f"{a['family']}, {a['given']}" for a in item["author"]]
        series = " ".join(str(item[key]) for key in ("collection-title", "collection-number") if key in item)
        details = [item.get("genre"), item.get("number"), series, item.get("publisher"), item.get("publisher-place")]
        if "ISBN" in item:
            details.append(f"ISBN {item['ISBN']}")
        if "accessed" in item:
            details.append("accessed " + "-".join(f"{n:02d}" for n in item["accessed"]["date-parts"][0]))
        rows.append(
            {
                "id": item["id"],
                "section": item["custom"]["section"],
                "page": item["custom"]["page"],
                "authors": "; ".join(authors),
                "year": item["issued"]["date-parts"][0][0],
                "title": item["title"],
                "details": ", ".join(str(part) for part in details if part) or None,
                "doi": item.get("DOI"),
            }
        )
    table = pd.DataFrame(rows)
    table.attrs["title"] = "References"
    return table
