"""`codecheck.yml`: what a machine can know of a check of this package; what only a person can say is left empty.

The names are those of the CODECHECK configuration file, version 2.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from reissue.publication.metadata import Metadata
from reissue.review.verdicts import Verdict

_HEAD = """---
# Filled in by `make review` from the rerun itself: no certificate. Empty fields are for the codechecker.
# Paths are relative to this file.
"""
_VERSION = "https://codecheck.org.uk/spec/config/2.0/"


def codecheck(about: Metadata, found: Sequence[Verdict], places: Sequence[str], summary: str, day: str) -> str:
    """Return the text of `codecheck.yml`, as it stands beside the folder `published`.

    Parameters
    ----------
    about
        Metadata of the edition.
    found
        The verdict on each exhibit.
    places
        The published files of the exhibits, by their places in a build.
    summary
        What came out, in a sentence.
    day
        Of the check: `2026-11-24`.
    """
    original = about["original"]
    told: dict[str, Any] = {
        "version": _VERSION,
        "paper": {
            "title": original["title"],
            "authors": [{"name": f"{one['given']} {one['family']}", "ORCID": None} for one in original["author"]],
            "reference": f"https://doi.org/{original['DOI']}",
        },
        "manifest": [
            {"file": f"published/{place}", "comment": f"{one.name}: {one.verdict}"}
            for one in found
            for place in places
            if place.startswith((f"figures/{one.id}.", f"tables/{one.id}."))
        ],
        "codechecker": [{"name": None, "ORCID": None}],
        "summary": summary,
        "repository": None,
        "check_time": day,
        "certificate": None,
        "report": None,
    }
    return _HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=100)
