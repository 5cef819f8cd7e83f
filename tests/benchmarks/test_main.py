"""`make bench` as it is typed: one line for what it cannot do, and every other row still run."""

import json
from functools import partial

import pytest

from benchmarks import __main__ as program
from benchmarks import table
from benchmarks.timing import Group, NotRun, Refused, Row
from reissue.build.command import run_program


def test_an_unknown_row_is_one_line_with_the_rows(capsys):
    assert run_program(program.bench, ["--only", "nothing"], program.PROGRAM) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("iucresearch: there is no row 'nothing'. Expected one of report-limit, ")
    assert "one-notebook, briefs-36, briefs-1000, " in printed.err
    assert printed.err.count("\n") == 1


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Keep rows in files of this test; return a function that reads them."""
    page, record = tmp_path / "performance.md", tmp_path / "bench.json"
    page.write_text(f"{table.BEGIN}\n{table.END}\n", encoding="utf-8")
    monkeypatch.setattr(table, "keep_row", partial(table.keep_row, record=record, page=page))
    monkeypatch.setattr(program.timing, "describe_machine", lambda: "A")
    return lambda: {row["row"]: row for row in json.loads(record.read_text(encoding="utf-8"))["rows"]}


@pytest.mark.parametrize(("error", "status"), [(NotRun("no\nnetwork"), 0), (Refused("no\nnetwork"), 1)])
def test_a_row_that_is_not_run_says_why_and_the_others_are_run(kept, capsys, error, status):
    def fail(_wanted):
        raise error

    second = Group(("second", "third"), lambda wanted: [Row(name, ours=(1.0,)) for name in wanted])
    assert program.run_groups([Group(("first",), fail), second]) == status
    assert "| first |  |  |  |  |  | not run: no network |" in capsys.readouterr().out
    assert list(kept()) == ["first", "second", "third"]
    assert kept()["first"]["not_run"] == "no network"


def test_one_row_of_a_group_is_run(kept):
    assert program.run_groups([Group(("first", "second"), lambda wanted: [Row(*wanted, ours=(1.0,))])], "second") == 0
    assert list(kept()) == ["second"]
