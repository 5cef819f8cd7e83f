"""The baseline: what a rerun is compared with. It is the text part of a published build, and git tracks it.

`reports/published/` holds the values of every exhibit (CSV, tables as HTML), processed tables, feasible sets and
verdicts. `published.json` has the SHA-256 of these and of pictures, pages and executed notebooks, which are not kept.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from reissue.build.ipynb import find_exhibit_outputs
from reissue.core import datapackage, files, paths
from reissue.core.errors import InputError
from reissue.exhibits.registry import Exhibit
from reissue.exhibits.status import compute_status
from reissue.review.compare import read_files

FOLDER = paths.ROOT / "reports" / "published"
INDEX = "published.json"
CLAIMS = "claims.csv"
REMEDY = "restore it from the repository, or publish again with make publish"
#: The columns of the built ledger that a rerun can change; the others are raw data.
_JUDGED = ("id", "verdict", "reading", "evidence")
#: Processed tables that the baseline has in another form.
_ELSEWHERE = ("claims.csv", "survey_counts.csv")
_KEPT = (".csv", ".html")
_PAGES = ("html/", "executed/", "index.html", "making.html")


@dataclass(frozen=True)
class Snapshot:
    """The files of a build, or of the baseline."""

    #: What the build was made from: content hash, digest of the raw data, lock, Python.
    about: Mapping[str, str]
    #: How far each exhibit is reproduced, by its id: `exact`, or `partly: ...` with the reason.
    states: Mapping[str, str]
    #: SHA-256 of every file, by its place in a build.
    hashes: Mapping[str, str]
    #: Contents: of a build all files, of the baseline those that hold values.
    files: Mapping[str, bytes]

    def find_files(self, exhibit: str) -> list[str]:
        """Return the places of an exhibit's files."""
        return [place for place in self.hashes if place.startswith((f"figures/{exhibit}.", f"tables/{exhibit}."))]

    def find_missing_files(self, exhibit: Exhibit) -> list[str]:
        """Return the files that a picture should have (SVG, PNG, data) and does not."""
        kinds = ("svg", "png", "csv") if exhibit.is_picture else ()
        places = [f"figures/{exhibit.id}.{kind}" for kind in kinds]
        return [place for place in places if place not in self.hashes]

    @property
    def tables(self) -> list[str]:
        """The places of tables that belong to no exhibit: verdicts, feasible sets, processed tables."""
        return [place for place in self.hashes if place == CLAIMS or place.startswith(("survey/", "processed/"))]

    @property
    def pages(self) -> list[str]:
        """The places of pages and executed notebooks."""
        return [place for place in self.hashes if place.startswith(_PAGES)]


def read_build(exhibits: Iterable[Exhibit], reports: Path, processed: Path, about: Mapping[str, str]) -> Snapshot:
    """Return a snapshot of a build, read from its two folders; of a failed build it is incomplete."""
    exhibits = tuple(exhibits)
    names = [exhibit.id for exhibit in exhibits]
    found: dict[str, bytes] = {}
    for folder in ("figures", "tables", "html", "executed"):
        for name, content in read_files(reports / folder).items():
            if f"{folder}/".startswith(_PAGES) or name.rpartition(".")[0] in names:
                found[f"{folder}/{name}"] = content
    for place in ("index.html", "survey/feasible.csv", "survey/sensitivity.csv"):
        if (reports / place).is_file():
            found[place] = (reports / place).read_bytes()
    for place, content in read_files(processed).items():
        if place == CLAIMS:
            found[CLAIMS] = _select_verdicts(content.decode())
        if place.endswith(".csv") and place not in _ELSEWHERE:
            found[f"processed/{place}"] = content
    found = dict(sorted(found.items()))
    hashes = {place: datapackage.digest(content) for place, content in found.items()}
    return Snapshot(about, _read_states(exhibits, reports), hashes, found)


def read_baseline(folder: Path = FOLDER) -> Snapshot:
    """Return the baseline; raise InputError if there is none, or if a file is not the published one."""
    text = datapackage.read_text(folder / INDEX, REMEDY)
    try:
        index = json.loads(text)
        about, states, hashes = (dict(index[part]) for part in ("about", "exhibits", "files"))
    except (KeyError, TypeError, ValueError):
        raise InputError("is damaged", where=paths.display_path(folder / INDEX), remedy=REMEDY) from None
    kept = {}
    for place in filter(is_kept, hashes):
        path = folder / place
        content = path.read_bytes() if path.is_file() else None
        if content is None or datapackage.digest(content) != hashes[place]:
            what = "there is no such file" if content is None else f"is not the file that {INDEX} lists"
            raise InputError(what, where=paths.display_path(path), remedy=REMEDY)
        kept[place] = content
    return Snapshot(about, states, hashes, kept)


def write_baseline(build: Snapshot, folder: Path = FOLDER) -> None:
    """Publish a build: write its values and all hashes, and remove every other file."""
    kept = {place: content for place, content in build.files.items() if is_kept(place)}
    for place, content in kept.items():
        files.write_bytes(folder / place, content)
    index = {"about": dict(build.about), "exhibits": dict(build.states), "files": dict(build.hashes)}
    files.write_text(folder / INDEX, json.dumps(index, ensure_ascii=False, indent=1) + "\n")
    for place in read_files(folder):
        if place not in kept and place != INDEX:
            (folder / place).unlink()


def is_kept(place: str) -> bool:
    """Return whether the baseline has the contents of a file, or its hash alone."""
    return place.endswith(_KEPT) and not place.startswith(_PAGES)


def _read_states(exhibits: Iterable[Exhibit], reports: Path) -> dict[str, str]:
    """Return how far each exhibit in the executed notebooks is reproduced."""
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
