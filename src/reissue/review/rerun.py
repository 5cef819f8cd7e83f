"""Build the report from nothing, twice, in new folders and under different conditions."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reissue.build import lock
from reissue.build.kernels import forking
from reissue.build.pages import STEP, content_hash
from reissue.build.provenance_panel import build_panel
from reissue.build.records import read_record_in
from reissue.core import paths, report
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import find_exhibit
from reissue.review.baseline import Snapshot, read_build
from reissue.review.checkout import CommandError, Copy
from reissue.review.sandbox import Sandbox

#: The names of the folders of reviews begin with this.
_PREFIX = "review-"


@dataclass(frozen=True)
class Conditions:
    """The conditions of one run. What Make fixes (time zone, locale, seeds) is the same in both runs."""

    name: str
    folder: str
    variables: Mapping[str, str]
    umask: int
    description: str


CONDITIONS = (
    Conditions("first", "first", {}, 0o022, "kernels forked from one warm parent; files that all may read"),
    Conditions(
        "second",
        "the second run (zwölf)",
        {forking.VARIABLE: "0"},
        0o077,
        "an ordinary kernel started for each notebook; files for their owner alone; spaces and an umlaut in the path",
    ),
)


@dataclass(frozen=True)
class Run:
    """One run: its name and conditions, times in seconds, the error that stopped it, if any, and its build."""

    name: str
    conditions: str
    seconds: float
    notebooks: Mapping[str, float]
    error: str
    build: Snapshot


@contextmanager
def open_review_folder() -> Iterator[Path]:
    """Give one review at a time a folder in the cache; remove it, and the folders of killed reviews."""
    with lock.hold_lock("review.lock", "Another review is running"):
        sweep()
        try:
            yield Path(tempfile.mkdtemp(dir=paths.CACHE, prefix=_PREFIX))
        finally:
            sweep()


def sweep() -> None:
    """Remove the folders of reviews from the cache."""
    for folder in paths.CACHE.glob(f"{_PREFIX}*/"):
        shutil.rmtree(folder, ignore_errors=True)


def rerun(edition: Edition, root: Path, conditions: Conditions, sandbox: Sandbox, only: str = "") -> Run:
    """Build the report, or only one exhibit, in a new folder of `root`; a build that fails is a run with an error."""
    folder = root / conditions.folder
    copy = Copy(folder, within=sandbox.confine(folder), umask=conditions.umask)
    target = "report"
    if only:
        target = f"reports/{'figures' if find_exhibit(edition.exhibits, only).is_picture else 'tables'}/{only}.csv"
    start = time.monotonic()
    error = ""
    try:
        copy.make(target, **conditions.variables)
    except CommandError as reason:
        error = reason.last_line.removeprefix(f"{report.command()}: ").replace(str(copy.root), ".")
    seconds = round(time.monotonic() - start, 1)
    about = dict(build_panel(edition, "", content_hash(read_record_in(copy.reports, STEP))))
    build = read_build(edition.exhibits, copy.reports, copy.processed, about)
    path = copy.reports / "build.json"
    times = json.loads(path.read_text(encoding="utf-8"))["times"] if path.is_file() else {}
    return Run(conditions.name, conditions.description, seconds, times, error, build)
