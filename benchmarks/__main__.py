"""`make bench`: time what readers wait for, next to other tools. `ONLY=row` times one row."""

from __future__ import annotations

import sys

import click

from reissue.build import interruption
from reissue.build.command import Command, run_program

PROGRAM = "python -m benchmarks"


@click.command()
@click.option("--only", default="", metavar="ROW", help="Times one row alone.")
def bench(only: str) -> Command:
    """Time what readers wait for, next to other tools. Example: --only nbval."""

    def work() -> int:
        from benchmarks.rows import run_benchmarks

        return run_benchmarks(only)

    return Command(work, "the rows that were done are kept.")


if __name__ == "__main__":
    interruption.exit_on_signal()
    sys.exit(run_program(bench, sys.argv[1:], PROGRAM))
