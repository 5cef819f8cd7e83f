"""`make bench`: time what readers wait for, next to other tools. `ONLY=row` times one row."""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

import click

from benchmarks import briefs, parts, report, table, timing
from benchmarks.scratch import Scratch
from benchmarks.timing import Group, NotRun, Row
from reissue.build import interruption
from reissue.build.command import Command, run_program
from reissue.core.errors import InputError

PROGRAM = "python -m benchmarks"


@click.command()
@click.option("--only", default="", metavar="ROW", help="Times one row alone.")
def bench(only: str) -> Command:
    """Time what readers wait for, next to other tools. Example: --only briefs-36."""

    def work() -> int:
        with tempfile.TemporaryDirectory(prefix="iucresearch-bench-") as folder:
            return run_groups(list_groups(Path(folder)), only)

    return Command(work, "the rows that were done are kept.")


def list_groups(folder: Path) -> list[Group]:
    """Return all groups of rows in their order; those about the report share one copy of the project, in `folder`."""

    @cache
    def built() -> Scratch:
        project = Scratch(folder / "project")
        project.make("report")
        return project

    return [*report.list_groups(built), *briefs.list_groups(built), *parts.list_groups()]


def run_groups(groups: list[Group], only: str = "") -> int:
    """Time, print and keep the rows of some groups; return 0, or 1 where a row was refused."""
    order = [name for group in groups for name in group.names]
    if only and only not in order:
        raise InputError(f"there is no row {only!r}", expected=f"one of {', '.join(order)}")
    machine, is_refused = timing.describe_machine(), False
    print(f"{machine}; medians of {timing.ROUNDS} rounds after a warm-up", flush=True)
    for group in groups:
        wanted = [name for name in group.names if only in ("", name)]
        if not wanted:
            continue
        try:
            rows = group.run(wanted)
        except NotRun as reason:
            rows = [Row.without_rounds(name, reason) for name in wanted]
        for row in rows:
            if row.name in wanted:
                is_refused |= row.is_refused
                print(f"  {table.format_row(row)}", flush=True)
                table.keep_row(row, machine, order)
    return int(is_refused)


if __name__ == "__main__":
    interruption.exit_on_signal()
    sys.exit(run_program(bench, sys.argv[1:], PROGRAM))
