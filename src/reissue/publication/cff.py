"""CITATION.cff: how to cite this edition, as software archives and reference managers read it."""

from __future__ import annotations

from typing import Any

import yaml

from reissue.publication.metadata import Metadata, original_year

_MESSAGE = "Cite this edition and the report whose facts it rebuilds."


def citation_cff(about: Metadata) -> str:
    """Return the text of CITATION.cff: one work, this edition, and one reference, the report that it is of."""
    content = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "software",
        "title": f"{about['title']}: {about['subtitle'].lower()}",
        "abstract": about["description"],
        "version": about["version"],
        "date-released": about["released"],
        "license": about["licences"]["code"]["id"],
        "authors": [{"name": one["name"]} for one in about["creators"]],
        "keywords": about["keywords"],
        "references": [_report(about)],
    }
    # What would be read as a number, a date or a list is quoted by the library.
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def _report(about: Metadata) -> dict[str, Any]:
    """Return the report in CFF's terms."""
    item = about["original"]
    found = {
        "type": "report",
        "title": item["title"],
        "authors": [{"family-names": one["family"], "given-names": one["given"]} for one in item["author"]],
        "year": original_year(about),
        "number": item.get("number"),
        "publisher": {"name": item["publisher"], "city": item["publisher-place"]},
        "doi": item.get("DOI"),
    }
    return {name: value for name, value in found.items() if value is not None}
