"""Rows about the whole report: against other ways to make it, one notebook changed, and nothing to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.scratch import Scratch
from benchmarks.timing import Job, NotRun, Refused, Row, Rows, Way, compared, side_by_side, timed
from reissue.review.compare import find_first_difference, read_files

#: The notebook that somebody changes: a quick one, so that what surrounds it counts.
CHANGED = "05_outlook"


@dataclass(frozen=True)
class WholeWay:
    """Another way to make the whole report.

    Parameters
    ----------
    what
        Which.
    goal
        The most that the ratio of ours to it may be.
    prepared
        Takes a copy of the project and an empty folder of it, and returns what saves exhibits into `made` of that
        folder and pages into its `html`; or raises `NotRun`.
    same_pages
        Whether its pages are to be those of ours.
    """

    what: str
    goal: float
    prepared: Callable[[Scratch, Path], Job]
    same_pages: bool = False


def limit() -> dict[str, WholeWay]:
    """Return the way that no other can be quicker than, at least on one core."""
    return {"report-limit": WholeWay("its cells and pages in one process", 1.3, _limit, same_pages=True)}


def _limit(project: Scratch, out: Path) -> Job:
    return lambda: project.python("-m", "benchmarks.limit", str(out))


class Whole:
    """The rows of the whole report, all stale, against other ways: ours is timed once for all of them.

    Parameters
    ----------
    built
        Returns a copy of the project.
    ways
        The other ways, by the name of the row.
    only
        The one to run; empty for all.
    """

    def __init__(self, built: Callable[[], Scratch], ways: Mapping[str, WholeWay], only: str = "") -> None:
        self._built, self._ways = built, ways
        self._wanted = {name: way for name, way in ways.items() if only in ("", name)}
        self._found: dict[str, Row | NotRun] = {}

    def rows(self) -> Rows:
        """Return the rows; the first that is asked for has all of them run."""
        return {name: lambda name=name: self._row(name) for name in self._ways}  # type: ignore[misc]

    def _row(self, name: str) -> Row:
        if not self._found:
            try:
                self._run(self._built())
            except NotRun as reason:
                self._found |= dict.fromkeys(self._wanted, reason)
        row = self._found[name]
        if isinstance(row, NotRun):
            raise row
        return row

    def _run(self, project: Scratch) -> None:
        ways: dict[str, Way] = {}
        for name, way in self._wanted.items():
            try:
                ways[name] = _started(way, project, project.root / name)
            except NotRun as reason:
                self._found[name] = reason

        def before() -> None:
            project.unbuild()
            for name in ways:
                project.emptied(name, "executed", "html", "made")

        ours, others = side_by_side(lambda: project.make("report"), ways, before)
        for name, rounds in others.items():
            way = self._wanted[name]
            what = f"the report, all stale, against {way.what}"
            row = rounds if isinstance(rounds, NotRun) else Row(name, what, ours, rounds, way.goal)
            self._found[name] = row


def _started(way: WholeWay, project: Scratch, out: Path) -> Way:
    def compare() -> str:
        if way.same_pages:
            return find_first_difference(project.saved() | project.pages(), made_in(out))
        lacking = [name for name in project.pages() if name != "index.html" and not (out / name).exists()]
        return f"only ours has {lacking[0]}" if lacking else find_first_difference(project.saved(), saved_in(out))

    return Way(way.prepared(project, out), compare)


def rows(built: Callable[[], Scratch]) -> Rows:
    """Return the other rows, of a copy of the project."""
    return {"nothing-to-do": lambda: _nothing(built()), "one-notebook": lambda: _one(built())}


def _nothing(project: Scratch) -> Row:
    def job() -> None:
        said = project.make("report")
        if not said.startswith("Nothing to do"):
            raise Refused(f"there was something to do: {said.splitlines()[0]}")

    project.make("report")
    return Row("nothing-to-do", "the report, up to date", timed(job), goal=0.3)


def _one(project: Scratch) -> Row:
    out, path = project.root / "one-notebook", project.root / "notebooks" / f"{CHANGED}.ipynb"
    original, comments = path.read_text(encoding="utf-8"), cycle(("one", "another"))
    pages = {"index.html", f"html/{CHANGED}.html"}

    def before() -> None:
        project.emptied(out.name)
        path.write_text(commented(original, next(comments)), encoding="utf-8")

    def theirs() -> None:
        project.python("-m", "benchmarks.limit", str(out), "--only", CHANGED)

    def compare() -> str:
        made, ours = made_in(out), project.saved() | project.pages()
        return find_first_difference({name: ours[name] for name in ours if name in made or name in pages}, made)

    what = f"the report, {CHANGED} changed, against its cells, its page and the whole page in one process"
    project.make("report")
    try:
        row = Row("one-notebook", what, goal=1.6)
        return compared(row, lambda: project.make("report"), Way(theirs, compare), before)
    finally:
        path.write_text(original, encoding="utf-8")


def made_in(out: Path) -> dict[str, bytes]:
    """Return what the limit made in a folder, by the names of `Scratch.saved` and `Scratch.pages`."""
    return {name.removeprefix("made/"): content for name, content in read_files(out).items()}


def saved_in(out: Path) -> dict[str, bytes]:
    """Return what cells saved in a folder, by the names of `Scratch.saved`."""
    return read_files(out / "made")


def commented(notebook: str, comment: str) -> str:
    """Return a notebook's text with a comment at the end of its last cell with code."""
    content = json.loads(notebook)
    cell = [cell for cell in content["cells"] if cell["cell_type"] == "code"][-1]
    cell["source"] = [*"".join(cell["source"]).splitlines(keepends=True), f"\n# {comment}"]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
