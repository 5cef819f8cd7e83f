"""`make bench`: time what readers wait for, side by side with other ways; ONLY=row for one row.

Medians of three rounds after a warm-up. A row is kept when it is done, in `reports/bench.json` and in the table of
`docs/performance.md`.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from benchmarks import briefs, peers, report, survey, table, timing
from benchmarks.scratch import Scratch
from benchmarks.timing import NotRun, Refused, Row, Rows
from reissue.core.errors import InputError

REFUSED = 1


def rows(folder: Path, only: str = "") -> Rows:
    """Return all rows in their order; those about the report share one copy of the project, in `folder`."""

    @cache
    def built() -> Scratch:
        project = Scratch(folder / "project")
        project.make("report")
        return project

    whole = report.Whole(built, {**report.limit(), **peers.ways()}, only)
    return {**whole.rows(), **report.rows(built), **peers.rows(built), **briefs.rows(built), **survey.rows()}


def run(found: Rows, names: list[str]) -> int:
    """Time, print and keep the named rows; return 0, or 1 where one was refused."""
    machine, status = timing.machine(), 0
    print(f"{table.told(machine)}; medians of {timing.ROUNDS} rounds after a warm-up", flush=True)
    for name in names:
        try:
            row = found[name]()
        except NotRun as reason:
            row = Row(name, not_run=" ".join(str(reason).split()))
            status = REFUSED if isinstance(reason, Refused) else status
        print(f"  {table.line(row)}", flush=True)
        table.keep(row, machine, found)
    return status


def run_benchmarks(only: str = "") -> int:
    """Time all rows, or one; return 0, or 1 where a row was refused.

    Raises
    ------
    InputError
        If there is no such row.
    """
    with tempfile.TemporaryDirectory(prefix="iucresearch-bench-") as folder:
        found = rows(Path(folder), only)
        if only and only not in found:
            raise InputError(f"there is no row {only!r}", expected=f"one of {', '.join(found)}")
        return run(found, [only] if only else list(found))
