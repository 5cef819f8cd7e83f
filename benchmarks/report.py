"""Rows about the whole report: against other ways to make it, one notebook changed, and nothing to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks import peers
from benchmarks.scratch import Scratch
from benchmarks.timing import Group, Job, NotRun, Refused, Row, Way, time_rounds, time_side_by_side
from reissue.build.links import HOME, MAKING
from reissue.review.compare import find_first_difference, read_files

#: The notebook that is changed: a quick one, so that what surrounds it counts.
CHANGED = "05_outlook"


@dataclass(frozen=True)
class WholeWay:
    """Another way to make the whole report.

    `prepare` takes a copy of the project and an empty folder of it, and returns what saves exhibits into `made` of that
    folder and pages into its `html`; or raises `NotRun`.
    """

    what: str
    goal: float
    prepare: Callable[[Scratch, Path], Job]
    same_pages: bool = False


def _limit(project: Scratch, out: Path) -> Job:
    return lambda: project.python("-m", "benchmarks.limit", str(out))


#: The first is the one that no other can be quicker than, at least on one core.
WAYS = {
    "report-limit": WholeWay("its cells and pages in one process", 1.3, _limit, same_pages=True),
    "report-papermill": WholeWay("papermill and nbconvert, one notebook after the other", 0.25, peers.with_papermill),
    "report-snakemake": WholeWay(
        f"Snakemake with {peers.CORES} cores, a rule a notebook: papermill, nbconvert", 0.35, peers.with_snakemake
    ),
    "report-ploomber": WholeWay("ploomber-engine and nbconvert in one process", 1, peers.with_ploomber),
}


def list_groups(built: Callable[[], Scratch]) -> list[Group]:
    """Return the rows, of a copy of the project."""
    return [
        Group(tuple(WAYS), lambda wanted: time_whole(built(), {name: WAYS[name] for name in wanted})),
        Group.of_one("nothing-to-do", lambda: _nothing(built())),
        Group.of_one("one-notebook", lambda: _one(built())),
    ]


def time_whole(project: Scratch, ways: Mapping[str, WholeWay]) -> list[Row]:
    """Time the whole report, all stale, against other ways: they share the rounds of ours."""
    ready: dict[str, Way] = {}
    reasons: dict[str, NotRun] = {}
    for name, way in ways.items():
        try:
            ready[name] = _prepare(way, project, project.root / name)
        except NotRun as reason:
            reasons[name] = reason

    def before() -> None:
        project.unbuild()
        for name in ready:
            project.empty(name, "executed", "html", "made")

    ours, others = time_side_by_side(lambda: project.make("report"), ready, before) if ready else ((), {})
    rows = []
    for name, way in ways.items():
        rounds = reasons.get(name) or others[name]
        if isinstance(rounds, NotRun):
            rows.append(Row.without_rounds(name, rounds))
        else:
            rows.append(Row(name, f"the report, all stale, against {way.what}", ours, rounds, way.goal))
    return rows


def _prepare(way: WholeWay, project: Scratch, out: Path) -> Way:
    def compare() -> str:
        if way.same_pages:
            return find_first_difference(project.saved() | project.pages(), read_made(out))
        lacking = [name for name in project.pages() if name not in (HOME, MAKING) and not (out / name).exists()]
        if lacking:
            return f"only ours has {lacking[0]}"
        return find_first_difference(project.saved(), read_files(out / "made"))

    return Way(way.prepare(project, out), compare)


def _nothing(project: Scratch) -> Row:
    def job() -> None:
        printed = project.make("report")
        if not printed.startswith("Nothing to do"):
            raise Refused(f"there was something to do: {printed.splitlines()[0]}")

    project.make("report")
    return Row("nothing-to-do", "the report, up to date", time_rounds(job), goal=0.3)


def _one(project: Scratch) -> Row:
    out, path = project.root / "one-notebook", project.root / "notebooks" / f"{CHANGED}.ipynb"
    original, comments = path.read_text(encoding="utf-8"), cycle(("one", "another"))
    pages = {"index.html", "making.html", f"html/{CHANGED}.html"}

    def before() -> None:
        project.empty(out.name)
        path.write_text(add_comment(original, next(comments)), encoding="utf-8")

    def theirs() -> None:
        project.python("-m", "benchmarks.limit", str(out), "--only", CHANGED)

    def compare() -> str:
        made, ours = read_made(out), project.saved() | project.pages()
        return find_first_difference({name: ours[name] for name in ours if name in made or name in pages}, made)

    project.make("report")
    try:
        ours, others = time_side_by_side(lambda: project.make("report"), {"one": Way(theirs, compare)}, before)
    finally:
        path.write_text(original, encoding="utf-8")
    rounds = others["one"]
    if isinstance(rounds, NotRun):
        raise rounds
    what = f"the report, {CHANGED} changed, against its cells, its page and the whole page in one process"
    return Row("one-notebook", what, ours, rounds, goal=1.6)


def read_made(out: Path) -> dict[str, bytes]:
    """Return what the limit made in a folder, by the names of `Scratch.saved` and `Scratch.pages`."""
    return {name.removeprefix("made/"): content for name, content in read_files(out).items()}


def add_comment(notebook: str, comment: str) -> str:
    """Return a notebook's text with a comment at the end of its last cell with code."""
    content = json.loads(notebook)
    cell = [cell for cell in content["cells"] if cell["cell_type"] == "code"][-1]
    cell["source"] = [*"".join(cell["source"]).splitlines(keepends=True), f"\n# {comment}"]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
