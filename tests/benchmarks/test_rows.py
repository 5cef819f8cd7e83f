"""`make bench` as it is typed: one line for what it cannot do, and every other row still run."""

from __future__ import annotations

import json
from functools import partial

import pytest

from benchmarks import rows as program
from benchmarks import table
from benchmarks.__main__ import PROGRAM, bench
from benchmarks.timing import NotRun, Refused, Row
from reissue.build.command import run_program


def test_an_unknown_row_is_one_line_with_the_rows(capsys):
    assert run_program(bench, ["--only", "nothing"], PROGRAM) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("iucresearch: there is no row 'nothing'. expected one of report-limit, ")
    assert "nbval, briefs-36, briefs-1000, " in said.err
    assert said.err.count("\n") == 1


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Let rows be kept in files of this test; return a function that reads them."""
    page, record = tmp_path / "performance.md", tmp_path / "bench.json"
    page.write_text(f"{table.BEGIN}\n{table.END}\n", encoding="utf-8")
    monkeypatch.setattr(table, "keep", partial(table.keep, record=record, page=page))
    return lambda: {row["row"]: row for row in json.loads(record.read_text(encoding="utf-8"))["rows"]}


def raising(error):
    def job():
        raise error

    return job


@pytest.mark.parametrize(("error", "status"), [(NotRun("no\nnetwork"), 0), (Refused("no\nnetwork"), 1)])
def test_a_row_that_is_not_run_says_why_and_the_others_are_run(kept, capsys, error, status):
    rows = {"first": raising(error), "second": lambda: Row("second", ours=(1.0,))}
    assert program.run(rows, ["first", "second"]) == status
    assert "| first |  |  |  |  |  | not run: no network |" in capsys.readouterr().out
    assert kept()["first"]["not_run"] == "no network"
    assert kept()["second"]["ours"] == 1.0
