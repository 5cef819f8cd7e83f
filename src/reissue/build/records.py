"""What each step of a build used and made, by hash, and what makes a step stale.

A step is a notebook's run, or the writing of the pages, the PDF or the briefs. Its record, `.made/STEP.json` in the
build, is written last: an interrupted step is stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from reissue.build import fingerprints
from reissue.core import files, language, paths

FOLDER = ".made"
LOCK = "requirements.lock"


@dataclass(frozen=True)
class Record:
    """What a step used and what it made."""

    #: Fingerprints of what it read, by place in the project and by name of the table.
    files: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    #: What it depends on that is not a file, such as parameters and Python's version.
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: Translations that it looked up, by text; empty in English.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: SHA-256 of what it made, by place in the project.
    products: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A hash of the whole record."""
        return fingerprints.digest(json.dumps(asdict(self), sort_keys=True).encode())

    def with_products(self, products: Mapping[Path, bytes]) -> Record:
        """Return the same record with the fingerprints of these products."""
        made = {fingerprints.place_of(path): fingerprints.digest(content) for path, content in products.items()}
        return replace(self, products=made)

    def write(self, build: str, step: str) -> None:
        """Write the record of a step."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False)
        files.write_text(paths.build_folder(build) / FOLDER / f"{step}.json", text + "\n")


def read_record(build: str, step: str) -> Record | None:
    """Return the record of a step; None if the step was never done, or its record is damaged."""
    return read_record_in(paths.build_folder(build), step)


def read_record_in(folder: Path, step: str) -> Record | None:
    """Return the record of a step of the build in a folder, as `read_record` does."""
    try:
        found = json.loads((folder / FOLDER / f"{step}.json").read_bytes())
        record = Record(**found)
    except (OSError, ValueError, TypeError):
        return None
    return record if all(isinstance(part, dict | str) for part in found.values()) else None


def write_products(build: str, step: str, products: Mapping[Path, bytes]) -> None:
    """Write a step's products, and remove those that it made last time but not now; unchanged files are not touched.

    Until its record is written again, the step is stale: the old one lists other products.
    """
    last = read_record(build, step)
    own = (paths.build_folder(build), paths.processed_of(build))
    for path in (paths.ROOT / place for place in last.products) if last else ():
        # A record may have been edited: remove nothing outside the build because of it.
        if path not in products and any(path.resolve().is_relative_to(folder.resolve()) for folder in own):
            path.unlink(missing_ok=True)
    for path, content in products.items():
        if not path.is_file() or path.read_bytes() != content:
            files.write_bytes(path, content)


class Snapshot:
    """The project as it is now: fingerprints of what a step of a build may use, each computed once.

    A step's record uses the snapshot taken before it began: what changes meanwhile makes it stale.
    """

    def __init__(self, processed: Path) -> None:
        self._processed = processed
        self.file = cache(fingerprints.file_fingerprint)
        self.folder = cache(fingerprints.folder_fingerprint)

    def files(self, places: Iterable[str]) -> dict[str, str]:
        """Return the fingerprints of files."""
        return {place: self.file(place) for place in sorted(places)}

    @cached_property
    def tables(self) -> dict[str, str]:
        """The fingerprints of the processed tables, and of raw ones as `raw/NAME`."""
        raw = fingerprints.table_fingerprints(paths.RAW)
        processed = fingerprints.table_fingerprints(self._processed, by_checksum=True)
        return processed | {f"raw/{name}": was for name, was in raw.items()}

    def differences(self, record: Record, settings: Mapping[str, Any]) -> list[str]:
        """Return one phrase for each thing that makes a step stale; none if it is up to date."""
        found = [f"{_shorten(place)} changed" for place, was in record.files.items() if self.file(place) != was]
        found += [f"names in {place} changed" for place, was in record.folders.items() if self.folder(place) != was]
        found += [
            f"table {name} changed"
            for name, was in record.tables.items()
            if self.tables.get(name, fingerprints.MISSING) != was
        ]
        names = sorted({*settings, *record.settings})
        found += [f"{name} changed" for name in names if settings.get(name) != record.settings.get(name)]
        texts = [text for text, was in record.texts.items() if _translate(text) != was]
        found += [f"the translation of {text.partition(chr(0))[0]!r} changed" for text in texts]
        for place, was in record.products.items():
            made = paths.ROOT / place
            if not made.is_file():
                found.append(f"{place} is missing")
            elif fingerprints.digest(made.read_bytes()) != was:
                found.append(f"{place} was altered")
        return found


def translate_all(texts: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return the translations of texts (singular, or singular and plural) in the language of this build, by text."""
    return {key: _translate(key) for key in sorted("\0".join(text) for text in texts)}


def _translate(key: str) -> str:
    one, *many = key.split("\0")
    if not many:
        return language._(one)
    return "\0".join(language.ngettext(one, many[0], number) for number in (1, 2))


def _shorten(place: str) -> str:
    """Return the place of a file without the folders of its package."""
    parts = place.split("/")
    return "/".join(parts[2:]) if parts[0] in ("src", "site-packages") and len(parts) > 2 else place
