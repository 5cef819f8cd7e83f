"""`make publish`: let the report that is built here be what reruns are compared with."""

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
from reissue.review.baseline import FOLDER, INDEX, Made, read, read_build, write

FAILED = 1


def publish(edition: Edition, folder: Path = FOLDER) -> int:
    """Build the report, print what changes, and write it; return 0, or 1 where known answers fail.

    Raises
    ------
    InputError
        If the build lacks an exhibit, or what was published is damaged.
    """
    write_report(Build(edition))
    about = dict(build_panel(edition, "", content_hash(read_record("", STEP))))
    build = read_build(edition.exhibits, paths.build_folder(), paths.processed_of(), about)
    lacking = [exhibit.id for exhibit in edition.exhibits if not build.of_exhibit(exhibit.id)]
    lacking += [place for exhibit in edition.exhibits if exhibit.id not in lacking for place in build.lacking(exhibit)]
    if lacking:
        raise InputError(f"the build has no {', '.join(lacking)}", where="reports", remedy="run make report")
    if (folder / INDEX).exists():
        before = read(folder)
        print("\n".join([*(changes(edition.exhibits, before, build) or ["No value changes."]), *_pages(before, build)]))
    else:
        print("Nothing was published before.")
    wrong = check_known_answers()
    if wrong:
        print(wrong, file=sys.stderr)
        print_error("known answers fail; nothing was published. Correct the data or the code.")
        return FAILED
    write(build, folder)
    print(f"Published: {paths.display_path(folder)}")
    return 0


def changes(registry: Iterable[Exhibit], before: Made, build: Made) -> list[str]:
    """Return each value that publishing this build would change, and each exhibit whose bytes alone are others."""
    found = [*verdicts.judge_exhibits(registry, before, [build]), *verdicts.judge_tables(before, [build])]
    lines = [line for one in found for line in one.told()]
    return lines + [f"{one.name}: {one.verdict}, {one.note}" for one in found if not one.differences and one.note]


def _pages(before: Made, build: Made) -> list[str]:
    """Say how many pages have other bytes, in a line; none where all have the same."""
    pages = {*before.pages, *build.pages}
    unlike = sum(before.hashes.get(place) != build.hashes.get(place) for place in pages)
    return [f"Of {len(pages)} pages and executed notebooks {unlike} have other bytes."] if unlike else []
