"""One row at a time reaches `bench.json` and the page; everything else stays as it was."""

from __future__ import annotations

import json

import pytest

from benchmarks import table
from benchmarks.timing import Row
from reissue.core.errors import InputError

ROWS = [
    Row("report", "the report | all", ours=(2.0, 1.0, 3.0), theirs=(4.0, 4.0, 4.0), goal=0.25),
    Row("nothing", "up to date", ours=(0.1, 0.1, 0.1), goal=0.3),
    Row("peak", "memory", ours=(1234.5,), unit="MB"),
    Row("absent", not_run="the package index cannot be reached."),
]
ORDER = [row.name for row in ROWS]
MACHINE = {"processor": "A", "cores": 2, "system": "Linux 6", "python": "3.11.7", "versions": {"papermill": "2.7.0"}}
OTHER = MACHINE | {"processor": "B"}
PAGE = f"# Before\n\n{table.BEGIN}\n{table.END}\n\nAfter.\n"


@pytest.fixture
def keep(tmp_path):
    """Keep rows in files of this test; return the page's text."""
    page, record = tmp_path / "performance.md", tmp_path / "bench.json"
    page.write_text(PAGE, encoding="utf-8")

    def keep(*rows, machine=MACHINE, order=ORDER):
        for row in rows:
            table.keep(row, machine, order, record=record, page=page)
        return page.read_text(encoding="utf-8")

    keep.record = record
    return keep


def lines(page):
    return [line for line in page.splitlines() if line.startswith("| ")]


def test_a_row_says_medians_ratio_and_goal(keep):
    text = keep(*ROWS)
    assert text.startswith(f"# Before\n\n{table.BEGIN}\n")
    assert text.endswith(f"{table.END}\n\nAfter.\n")
    assert lines(text)[2:] == [
        "| report | 2 s | 4 s | 0.50 | ≤ 0.25 | no | the report \\| all |",
        "| nothing | 0.1 s |  |  | ≤ 0.3 s | yes | up to date |",
        "| peak | 1,234 MB |  |  |  |  | memory |",
        "| absent |  |  |  |  |  | not run: the package index cannot be reached. |",
    ]
    assert "- All rows: A, 2 cores, Linux 6, Python 3.11.7; papermill 2.7.0" in text.splitlines()


def test_only_the_row_that_was_asked_for_changes(keep):
    before = keep(*ROWS)
    recorded = json.loads(keep.record.read_text())["rows"]
    after = keep(Row("nothing", "up to date", ours=(0.4,), goal=0.3))
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [
        (
            "| nothing | 0.1 s |  |  | ≤ 0.3 s | yes | up to date |",
            "| nothing | 0.4 s |  |  | ≤ 0.3 s | no | up to date |",
        )
    ]
    now = json.loads(keep.record.read_text())["rows"]
    assert [row for row in now if row not in recorded] == [now[1]]


def test_a_page_without_its_record_keeps_its_rows(keep):
    before = keep(*ROWS)
    keep.record.unlink()
    assert keep(ROWS[1]) == before
    assert table.read_rows(keep.record) == [ROWS[1]]


def test_rows_stand_in_their_order_and_those_that_are_no_more_go(keep):
    assert [line.split()[1] for line in lines(keep(*reversed(ROWS)))[2:]] == ORDER
    assert table.read_rows(keep.record) == ROWS
    assert [line.split()[1] for line in lines(keep(ROWS[2], order=ORDER[1:]))[2:]] == ORDER[1:]


def test_rows_of_two_machines_are_told_apart(keep):
    keep(*ROWS)
    text = keep(ROWS[1], machine=OTHER)
    assert "- report, peak, absent: A, 2 cores" in text
    assert "- nothing: B, 2 cores" in text
    assert "- All rows: B, 2 cores" in keep(ROWS[0], ROWS[2], ROWS[3], machine=OTHER)


def test_the_record_gives_back_its_rows(keep):
    keep(*ROWS)
    assert table.read_rows(keep.record) == ROWS
    one = json.loads(keep.record.read_text())["rows"][0]
    assert (one["ours"], one["theirs"], one["ratio"], one["goal"], one["met"]) == (2.0, 4.0, 0.5, 0.25, False)
    assert one["machine"] == MACHINE


def test_a_page_without_the_table_s_place_is_left_alone(keep, tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# No table\n", encoding="utf-8")
    with pytest.raises(InputError, match="the table's place is not marked"):
        keep(ROWS[0])
    assert page.read_text() == "# No table\n"


def test_the_project_s_own_page_has_the_place_and_a_word_on_every_row_about_the_report():
    text = table.PAGE.read_text(encoding="utf-8")
    assert table.with_row(text, ROWS[0], "", ORDER)
    for name in ("report-limit", "report-papermill", "report-snakemake", "report-ploomber", "nbval"):
        assert f"**`{name}`**" in text
