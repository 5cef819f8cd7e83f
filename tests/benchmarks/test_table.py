"""One row at a time reaches `bench.json` and the page; everything else stays as it was."""

import json

import pytest

from benchmarks import table
from benchmarks.timing import Row
from reissue.core.errors import InputError

ROWS = [
    Row("report", "the report | all", ours=(2.0, 1.0, 3.0), theirs=(4.0, 4.0, 4.0), goal=0.25),
    Row("nothing", "up to date", ours=(0.1, 0.1, 0.1), goal=0.3),
    Row("many", "briefs", ours=(1234.5,)),
    Row("absent", not_run="the package index cannot be reached."),
]
ORDER = [row.name for row in ROWS]
MACHINE = "A, 2 cores, Linux 6, Python 3.11.7; papermill 2.7.0"


@pytest.fixture
def keep(tmp_path):
    """Keep rows in files of this test; return the page's text."""
    page, record = tmp_path / "performance.md", tmp_path / "bench.json"
    page.write_text(f"# Before\n\n{table.BEGIN}\n{table.END}\n\nAfter.\n", encoding="utf-8")

    def keep(*rows, machine=MACHINE, order=ORDER):
        for row in rows:
            table.keep_row(row, machine, order, record=record, page=page)
        return page.read_text(encoding="utf-8")

    keep.record = record
    return keep


def lines(page):
    return [line for line in page.splitlines() if line.startswith("| ")]


def test_a_row_has_medians_ratio_and_goal(keep):
    text = keep(*ROWS)
    assert text.startswith(f"# Before\n\n{table.BEGIN}\n")
    assert text.endswith(f"{table.END}\n\nAfter.\n")
    assert lines(text)[2:] == [
        "| report | 2 s | 4 s | 0.50 | ≤ 0.25 | no | the report \\| all |",
        "| nothing | 0.1 s |  |  | ≤ 0.3 s | yes | up to date |",
        "| many | 1,234 s |  |  |  |  | briefs |",
        "| absent |  |  |  |  |  | not run: the package index cannot be reached. |",
    ]
    assert f"- All rows: {MACHINE}" in text.splitlines()
    one = json.loads(keep.record.read_text())["rows"][0]
    assert (one["ours"], one["theirs"]) == ([2.0, 1.0, 3.0], [4.0, 4.0, 4.0])
    assert (one["ratio"], one["goal"], one["met"], one["machine"]) == (0.5, 0.25, False, MACHINE)


def test_only_the_row_that_was_asked_for_changes(keep):
    before, recorded = lines(keep(*ROWS)), json.loads(keep.record.read_text())["rows"]
    after = lines(keep(Row("nothing", "up to date", ours=(0.4,), goal=0.3)))
    assert [line for line in after if line not in before] == ["| nothing | 0.4 s |  |  | ≤ 0.3 s | no | up to date |"]
    assert [row["row"] for row in json.loads(keep.record.read_text())["rows"] if row not in recorded] == ["nothing"]


def test_rows_are_in_their_order_and_unknown_ones_are_dropped(keep):
    before = keep(*reversed(ROWS))
    assert [line.split()[1] for line in lines(before)[2:]] == ORDER
    keep.record.unlink()
    assert keep(ROWS[1]) == before, "a page without its record keeps its rows"
    assert [line.split()[1] for line in lines(keep(ROWS[2], order=ORDER[1:]))[2:]] == ORDER[1:]


def test_each_row_names_the_machine_that_it_was_taken_on(keep):
    keep(*ROWS)
    text = keep(ROWS[1], machine="B, 2 cores")
    assert f"- report, many, absent: {MACHINE}" in text
    assert "- nothing: B, 2 cores" in text
    assert "- All rows: B, 2 cores" in keep(ROWS[0], ROWS[2], ROWS[3], machine="B, 2 cores")


def test_a_page_without_the_place_of_the_table_is_left_alone(keep, tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# No table\n", encoding="utf-8")
    with pytest.raises(InputError, match="the table's place is not marked"):
        keep(ROWS[0])
    assert page.read_text() == "# No table\n"


def test_the_page_of_the_project_has_the_place_and_describes_every_row_about_the_report():
    text = table.PAGE.read_text(encoding="utf-8")
    assert table.replace_row(text, ROWS[0], "", ORDER)
    for name in ("report-limit", "report-papermill", "report-snakemake", "report-ploomber"):
        assert f"**{name}**" in text
