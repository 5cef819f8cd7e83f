"""Build everything anew, twice, in folders of their own and under other conditions."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reissue.build import lock
from reissue.build.kernels import forking
from reissue.build.pages import STEP, content_hash
from reissue.build.provenance_panel import build_panel
from reissue.build.records import read_record_in
from reissue.core import paths, report
from reissue.exhibits.edition import Edition
from reissue.exhibits.registry import find_exhibit
from reissue.review.baseline import Made, read_build
from reissue.review.checkout import Copy, Failed
from reissue.review.sandbox import Network

#: What the folders of reviews under way begin with.
_APART = "review-"


@dataclass(frozen=True)
class Way:
    """The conditions of one run; whatever Make fixes (time zone, locale, seeds) it fixes in both."""

    name: str
    folder: str
    variables: Mapping[str, str]
    umask: int
    told: str


WAYS = (
    Way("first", "first", {}, 0o022, "kernels forked from one warm parent; files that all may read"),
    Way(
        "second",
        "the second run (zwölf)",
        {forking.VARIABLE: "0"},
        0o077,
        "an ordinary kernel started for each notebook; files for their owner alone; spaces and an umlaut in the path",
    ),
)


@dataclass(frozen=True)
class Run:
    """One run: how it was done, what it took, what it made, and why it ended early if it did."""

    way: Way
    seconds: float
    times: Mapping[str, float]
    made: Made
    error: str

    def as_json(self) -> dict[str, Any]:
        """Return it as `review.json` has it: times in seconds, of the run and of each notebook."""
        told = {"name": self.way.name, "conditions": self.way.told, "seconds": round(self.seconds, 1)}
        return told | {"notebooks": dict(self.times), "error": self.error}


@contextmanager
def open_review_folder() -> Iterator[Path]:
    """Give a review a folder in the cache; one review at a time, and what killed ones left is removed."""
    with lock.hold_lock("review.lock", "Another review is running"):
        sweep()
        try:
            with tempfile.TemporaryDirectory(dir=paths.CACHE, prefix=_APART) as name:
                yield Path(name)
        finally:
            sweep()


def sweep() -> None:
    """Remove what reviews left in the cache."""
    for left in paths.CACHE.glob(f"{_APART}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def rerun(edition: Edition, root: Path, way: Way, network: Network, only: str = "") -> Run:
    """Build the report, or one exhibit of it, in a new folder.

    A build that fails is a run, too: it has made less, and says why.

    Parameters
    ----------
    edition
        Of which report.
    root
        Where the folder is made.
    way
        Under which conditions.
    network
        How the network is closed.
    only
        The id of one exhibit; empty for the whole report.
    """
    copy = Copy(root / way.folder, within=network.within, umask=way.umask)
    began = time.monotonic()
    error = ""
    try:
        copy.make(_target(edition, only), **way.variables)
    except Failed as reason:
        error = reason.said.removeprefix(f"{report.command()}: ").replace(str(copy.root), ".")
    seconds = time.monotonic() - began
    about = dict(build_panel(edition, "", content_hash(read_record_in(copy.reports, STEP))))
    return Run(way, seconds, _times(copy), read_build(edition.exhibits, copy.reports, copy.processed, about), error)


def _target(edition: Edition, only: str) -> str:
    if not only:
        return "report"
    item = find_exhibit(edition.exhibits, only)
    return f"reports/figures/{item.id}.csv" if item.is_picture else f"reports/tables/{item.id}.csv"


def _times(copy: Copy) -> dict[str, float]:
    path = copy.reports / "build.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))["times"]) if path.is_file() else {}
