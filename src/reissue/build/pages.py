"""The pages of a build as one of its steps: what they are made from, and whether they are stale."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reissue.build.configuration import Build
from reissue.build.fingerprints import MISSING, digest, files_below, module_sources, package_data, place_of
from reissue.build.order import read_order
from reissue.build.records import LOCK, Record, Snapshot, read_record, write_products
from reissue.core import paths
from reissue.core.vocabulary import ENGLISH

STEP = "pages"
#: Modules that write pages.
_WRITERS = ("reissue.build.export", "reissue.build.crate")


def find_page_reasons(
    build: Build, step: str = STEP, stems: Iterable[str] = (), snapshot: Snapshot | None = None
) -> list[str]:
    """Return the reasons why pages of a build are stale; an empty list if they are up to date.

    `step` names the kind of pages, such as the report's or the briefs'. They are made from the results of the notebooks
    `stems`, by default of all chapters.
    """
    record = read_record(build.name, step)
    if record is None:
        return [f"{step} not written before"]
    snapshot = snapshot or Snapshot(paths.processed_of(build.name))
    return snapshot.differences(record, _settings(build, stems))


def write_pages(build: Build) -> None:
    """Complete the notebooks of a build, and write their pages, the whole report and the crate."""
    from reissue.build.crate import NAME, WORKFLOW, describe_crate
    from reissue.build.export import export
    from reissue.build.translation_gaps import describe_gaps

    chapters = {place_of(paths.NOTEBOOKS / f"{stem}.ipynb") for stem in read_order().needs}
    used = start_page_record(build, list_sources(build, _WRITERS) | chapters)
    folder = paths.build_folder(build.name)
    hash_ = content_hash(used)
    pages = {folder / name: text.encode() for name, text in export(build, hash_).items()}
    pages[folder / WORKFLOW] = (paths.ROOT / paths.MARKER).read_bytes()
    write_products(build.name, STEP, pages)
    # The crate holds the checksums of the files beside it.
    pages[folder / NAME] = describe_crate(build, hash_).encode()
    write_products(build.name, STEP, pages)
    used.with_products(pages).write(build.name, STEP)
    if build.locale != ENGLISH and (gaps := describe_gaps(build.name)):
        print(gaps, flush=True)


def start_page_record(build: Build, places: set[str], stems: Iterable[str] = ()) -> Record:
    """Return the record of what pages are made from, without the pages: the places of sources, and notebooks' runs."""
    stems = tuple(stems) or tuple(read_order().needs)
    snapshot = Snapshot(paths.processed_of(build.name))
    runs = [record for stem in stems if (record := read_record(build.name, stem))]
    used = {place: was for record in runs for place, was in record.files.items()}
    raw = {Path(place).parent.as_posix() for place in files_below("data/raw")}
    return Record(
        files={**used, **snapshot.files(places)},
        folders={place: snapshot.folder(place) for place in sorted(raw)},
        tables=snapshot.tables,
        settings=_settings(build, stems),
    )


def list_sources(build: Build, modules: tuple[str, ...]) -> set[str]:
    """Return the paths of what pages are made from, without notebooks: modules, templates, texts, raw data, lock."""
    package = build.edition.package
    # Modules that the writers find by name.
    own = [f"{package}.edition", f"{package}.labels"]
    data = package_data(package) | package_data("reissue")
    other_languages = {place for place in data if place.endswith(".po") and Path(place).stem != build.locale}
    parameters = paths.params_of(build.name)
    given = {place_of(parameters)} if parameters else set()
    found = module_sources([*modules, *own], [package, "reissue"]) | data - other_languages | files_below("data/raw")
    return {*found, *given, LOCK, paths.MARKER}


def content_hash(record: Record | None) -> str:
    """Return the first letters of a hash of what pages are made from; empty if they were not written."""
    if record is None:
        return ""
    files = {place: was for place, was in record.files.items() if was != MISSING}
    return digest(json.dumps([files, record.settings["parameters"]], sort_keys=True).encode())[:16]


def _settings(build: Build, stems: Iterable[str]) -> dict[str, Any]:
    """Return what pages depend on that is not a file: parameters, the notebooks' runs, and the notice."""
    runs = {stem: read_record(build.name, stem) for stem in tuple(stems) or read_order().needs}
    return {
        "Python": platform.python_version(),
        "parameters": dict(build.parameters),
        "notice": build.notice,
        **{f"notebook {stem}": record and record.key for stem, record in runs.items()},
    }
