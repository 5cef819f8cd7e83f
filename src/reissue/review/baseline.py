"""What was published: the part of a build that a rerun is compared with, as small text that git tracks.

`reports/published/` holds the values of every exhibit (CSV, tables as HTML), the processed tables, feasible sets,
verdicts, and in `published.json` the SHA-256 of these and of what is not kept: pictures, pages, executed notebooks.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reissue.build.ipynb import find_exhibit_outputs
from reissue.core import datapackage, files, paths
from reissue.core.errors import InputError
from reissue.exhibits.registry import Exhibit
from reissue.exhibits.status import compute_status
from reissue.review.compare import read_files

FOLDER = paths.ROOT / "reports" / "published"
INDEX = "published.json"
CLAIMS = "claims.csv"
REMEDY = "restore it from the repository, or publish anew with make publish"
#: Of the built ledger, what the rerun can change; the rest is transcribed.
_JUDGED = ("id", "verdict", "reading", "evidence")
#: Processed tables that are published in another shape.
_ELSEWHERE = ("claims.csv", "survey_counts.csv")
_KEPT = (".csv", ".html")
_PAGES = ("html/", "executed/", "index.html")


@dataclass(frozen=True)
class Made:
    """What a build made, or what was published of one.

    Attributes
    ----------
    about
        Content hash, raw data's digest, lock, Python: what it was made from.
    states
        How far each exhibit is reproduced, and why, by its id: `exact`, or `partly: ...`.
    hashes
        SHA-256 of every file, by its place in a build.
    files
        The contents of those that hold values; of a build, of all.
    """

    about: Mapping[str, str]
    states: Mapping[str, str]
    hashes: Mapping[str, str]
    files: Mapping[str, bytes]

    def of_exhibit(self, name: str) -> list[str]:
        """Return the places of an exhibit's files."""
        return [place for place in self.hashes if place.startswith((f"figures/{name}.", f"tables/{name}."))]

    def lacking(self, exhibit: Exhibit) -> list[str]:
        """Return the places of files that an exhibit should have and does not: of a picture, itself and its data."""
        kinds = ("svg", "png", "csv") if exhibit.is_picture else ()
        places = [f"figures/{exhibit.id}.{kind}" for kind in kinds]
        return [place for place in places if place not in self.hashes]

    @property
    def tables(self) -> list[str]:
        """The places of tables that are no exhibit's: verdicts, feasible sets, processed tables."""
        return [p for p in self.hashes if p == CLAIMS or p.startswith(("survey/", "processed/"))]

    @property
    def pages(self) -> list[str]:
        """The places of pages and executed notebooks."""
        return [place for place in self.hashes if place.startswith(_PAGES)]


def read_build(exhibits: Iterable[Exhibit], reports: Path, processed: Path, about: Mapping[str, str]) -> Made:
    """Return what a build made: nothing of what it lacks.

    Parameters
    ----------
    exhibits
        The registry.
    reports, processed
        The build's folders.
    about
        What it was made from.
    """
    found: dict[str, bytes] = {}
    exhibits = tuple(exhibits)
    names = [exhibit.id for exhibit in exhibits]
    for folder in ("figures", "tables"):
        inside = read_files(reports / folder)
        found |= {f"{folder}/{place}": text for place, text in inside.items() if place.rpartition(".")[0] in names}
    for folder in ("html", "executed"):
        found |= {f"{folder}/{place}": text for place, text in read_files(reports / folder).items()}
    for place in ("index.html", "survey/feasible.csv", "survey/sensitivity.csv"):
        if (reports / place).is_file():
            found[place] = (reports / place).read_bytes()
    if (processed / CLAIMS).is_file():
        found[CLAIMS] = _select_verdicts((processed / CLAIMS).read_text(encoding="utf-8"))
    for place, text in read_files(processed).items():
        if place.endswith(".csv") and place not in _ELSEWHERE:
            found[f"processed/{place}"] = text
    found = dict(sorted(found.items()))
    return Made(
        about,
        _read_states(exhibits, reports),
        {place: datapackage.digest(text) for place, text in found.items()},
        found,
    )


def read(folder: Path = FOLDER) -> Made:
    """Return what was published.

    Raises
    ------
    InputError
        If nothing was, or a file is not the one that was published.
    """
    index = read_json(folder / INDEX)
    try:
        about, states, hashes = (dict(index[part]) for part in ("about", "exhibits", "files"))
    except (KeyError, TypeError, ValueError):
        raise InputError("is not whole", where=paths.display_path(folder / INDEX), remedy=REMEDY) from None
    kept = {}
    for place, hash_ in hashes.items():
        if is_kept(place):
            path = folder / place
            if not path.is_file() or datapackage.hash_file(path) != hash_:
                raise InputError(
                    f"is not the file that {INDEX} lists" if path.is_file() else "there is no such file",
                    where=paths.display_path(path),
                    remedy=REMEDY,
                )
            kept[place] = path.read_bytes()
    return Made(about, states, hashes, kept)


def write(build: Made, folder: Path = FOLDER) -> None:
    """Publish a build: its values as files, all of its hashes, and nothing that was published before."""
    kept = {place: text for place, text in build.files.items() if is_kept(place)}
    for place, text in kept.items():
        if not (folder / place).is_file() or (folder / place).read_bytes() != text:
            files.write_bytes(folder / place, text)
    index = {"about": dict(build.about), "exhibits": dict(build.states), "files": dict(build.hashes)}
    files.write_text(folder / INDEX, json.dumps(index, ensure_ascii=False, indent=1) + "\n")
    for place in read_files(folder):
        if place not in kept and place != INDEX:
            (folder / place).unlink()


def is_kept(place: str) -> bool:
    """Whether the contents of a file are published, not its hash alone."""
    return place.endswith(_KEPT) and not place.startswith(_PAGES)


def read_json(path: Path) -> Any:
    """Return what a JSON file holds.

    Raises
    ------
    InputError
        If it is missing or no JSON.
    """
    text = datapackage.read_text(path, REMEDY)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg}", where=f"{paths.display_path(path)}, line {error.lineno}", remedy=REMEDY
        ) from None


def _read_states(exhibits: Iterable[Exhibit], reports: Path) -> dict[str, str]:
    """Return how far each exhibit is reproduced that the executed notebooks show."""
    counts: dict[str, dict[str, int]] = {}
    for path in sorted((reports / "executed").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        counts |= {about["exhibit"]: about["counts"] for _output, about in find_exhibit_outputs(notebook)}
    states = {item.id: compute_status(item, counts[item.id]) for item in exhibits if item.id in counts}
    return {id_: f"{state.word}: {state.reason}".rstrip(": ") for id_, state in sorted(states.items())}


def _select_verdicts(ledger: str) -> bytes:
    """Return the verdicts of a built ledger as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _JUDGED, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(csv.DictReader(io.StringIO(ledger, newline="")))
    return text.getvalue().encode()
