"""`make publish`: make the report that is built here the baseline of reviews."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from reissue.build.build import write_report
from reissue.build.configuration import Build
from reissue.build.pages import STEP, content_hash
from reissue.build.provenance_panel import build_panel
from reissue.build.record import check_known_answers
from reissue.build.records import read_record
from reissue.core import paths
from reissue.core.errors import InputError, print_error
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import Exhibit
from reissue.review import verdicts
from reissue.review.baseline import FOLDER, INDEX, Snapshot, read_baseline, read_build, write_baseline


def publish(edition: Edition, folder: Path = FOLDER) -> int:
    """Build the report, print what changes, and write the baseline; return 0, or 1 if known answers fail."""
    write_report(Build(edition))
    about = dict(build_panel(edition, "", content_hash(read_record("", STEP))))
    build = read_build(edition.exhibits, paths.build_folder(), paths.processed_of(), about)
    missing = [exhibit.id for exhibit in edition.exhibits if not build.find_files(exhibit.id)]
    missing += [place for one in edition.exhibits if one.id not in missing for place in build.find_missing_files(one)]
    if missing:
        raise InputError(f"the build has no {', '.join(missing)}", where="reports", remedy="run make report")
    if (folder / INDEX).exists():
        changes = list_changes(edition.exhibits, read_baseline(folder), build)
        print("\n".join(changes) or "No value changes.")
    else:
        print("Nothing was published before.")
    failures = check_known_answers()
    if failures:
        print(failures, file=sys.stderr)
        print_error("known answers fail; nothing was published. Correct the data or the code.")
        return 1
    write_baseline(build, folder)
    print(f"Published: {paths.display_path(folder)}")
    return 0


def list_changes(registry: Iterable[Exhibit], baseline: Snapshot, build: Snapshot) -> list[str]:
    """Return each value that publishing a build changes, and each exhibit of which only the bytes change."""
    found = [*verdicts.judge_exhibits(registry, baseline, [build]), *verdicts.judge_tables(baseline, [build])]
    lines = [f"{one.name}, {difference}" for one in found for difference in one.differences]
    return lines + [f"{one.name}: {one.verdict}, {one.note}" for one in found if not one.differences and one.note]
