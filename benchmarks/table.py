"""What the bench keeps: `reports/bench.json`, and the table in `docs/performance.md`."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.timing import Row
from reissue.core import paths
from reissue.core.errors import InputError
from reissue.core.files import write_text

JSON = paths.ROOT / "reports" / "bench.json"
PAGE = paths.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- make bench writes from here -->", "<!-- to here -->"

_HEAD = """\
| row | ours | the other way | ratio | goal | met | what |
| --- | ---: | ---: | ---: | ---: | --- | --- |"""
_ALL = "All rows"


def keep_row(row: Row, machine: str, order: Sequence[str], *, record: Path = JSON, page: Path = PAGE) -> None:
    """Put one row into the record and into the page's table; all others stay as they are.

    A row that `order` does not name is dropped. Raises `InputError` if the page has no place for the table.
    """
    kept = {old["row"]: old for old in (json.loads(record.read_text("utf-8"))["rows"] if record.exists() else ())}
    kept[row.name] = {"row": row.name, **asdict(row), "ratio": row.ratio, "met": row.met, "machine": machine}
    rows = [kept[name] for name in order if name in kept]
    write_text(record, json.dumps({"rows": rows}, indent=2, ensure_ascii=False) + "\n")
    write_text(page, replace_row(page.read_text("utf-8"), row, machine, order, paths.display_path(page)))


def format_row(row: Row) -> str:
    """Return a row as a line of the table."""
    if row.not_run:
        cells = ["", "", "", "", "", f"not run: {row.not_run}"]
    else:
        theirs = _format_median(row.theirs) if row.theirs else ""
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        goal = "" if row.goal is None else f"≤ {row.goal:g} {'' if row.theirs else 's'}".rstrip()
        met = {None: "", True: "yes", False: "no"}[row.met]
        cells = [_format_median(row.ours), theirs, ratio, goal, met, row.what]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in [row.name, *cells]) + " |"


def _format_median(rounds: Sequence[float]) -> str:
    value = statistics.median(rounds)
    return f"{value:,.0f} s" if value >= 100 else f"{value:.3g} s"


def replace_row(page: str, row: Row, machine: str, order: Sequence[str], name: str = "the page") -> str:
    """Return the page with one line of its table replaced, and with the machine on which the row was taken."""
    before, begin, rest = page.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError("the table's place is not marked", where=name, expected=f"{BEGIN} and {END}")
    lines = {found[1]: found[0] for found in re.finditer(r"^\| ([\w-]+) \|.*\|$", table, re.MULTILINE)}
    machines: dict[str, str] = {}
    for names, described in re.findall(r"^- ([\w, -]+): (.+)$", table, re.MULTILINE):
        machines |= dict.fromkeys(lines if names == _ALL else names.split(", "), described)
    lines[row.name], machines[row.name] = format_row(row), machine
    rows = [name for name in order if name in lines]
    groups: dict[str, list[str]] = {}
    for name in rows:
        groups.setdefault(machines.get(name, "another machine"), []).append(name)
    taken = [f"- {_ALL if len(groups) == 1 else ', '.join(names)}: {described}" for described, names in groups.items()]
    return "\n".join([before + begin, "", _HEAD, *(lines[name] for name in rows), "", *taken, "", end]) + after
