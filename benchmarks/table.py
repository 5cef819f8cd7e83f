"""What the bench keeps: `reports/bench.json`, and the table in `docs/performance.md`."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.timing import ROUNDS, Row
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


def keep(row: Row, machine: Mapping[str, Any], order: Iterable[str], *, record: Path = JSON, page: Path = PAGE) -> None:
    """Put one row into the record and into the page's table; all others stay as they are.

    Parameters
    ----------
    row
        The row.
    machine
        Where it was taken.
    order
        The names of all rows there are; what has another name is dropped.
    record, page
        The two files.

    Raises
    ------
    InputError
        If the page lacks the two lines between which the table stands.
    """
    names = list(order)
    kept = {old["row"]: old for old in (json.loads(record.read_text("utf-8"))["rows"] if record.exists() else ())}
    kept[row.name] = entry(row) | {"machine": dict(machine)}
    rows = [kept[name] for name in names if name in kept]
    write_text(record, json.dumps({"rounds": ROUNDS, "rows": rows}, indent=2, ensure_ascii=False) + "\n")
    write_text(page, with_row(page.read_text("utf-8"), row, told(machine), names, paths.display_path(page)))


def entry(row: Row) -> dict[str, Any]:
    """Return a row as JSON has it: medians, ratio and whether the goal is met, beside the rounds."""
    found: dict[str, Any] = {"row": row.name, "what": row.what}
    if row.not_run:
        return found | {"not_run": row.not_run}
    found |= {"unit": row.unit, "ours": statistics.median(row.ours)}
    if row.theirs:
        found |= {"theirs": statistics.median(row.theirs), "ratio": row.ratio}
    if row.goal is not None:
        found |= {"goal": row.goal, "met": row.met}
    return found | {"rounds": {"ours": list(row.ours), "theirs": list(row.theirs)}}


def read_rows(record: Path = JSON) -> list[Row]:
    """Return the rows of a record."""
    found = []
    for one in json.loads(record.read_text("utf-8"))["rows"]:
        ours, theirs = (tuple(one.get("rounds", {}).get(side, ())) for side in ("ours", "theirs"))
        given = {name: one[name] for name in ("what", "goal", "unit", "not_run") if name in one}
        found.append(Row(one["row"], ours=ours, theirs=theirs, **given))
    return found


def line(row: Row) -> str:
    """Return a row as a line of the table."""
    if row.not_run:
        cells = ["", "", "", "", "", f"not run: {row.not_run}"]
    else:
        ours, ratio = statistics.median(row.ours), row.ratio
        theirs = _amount(statistics.median(row.theirs), row.unit) if row.theirs else ""
        unit = "" if row.theirs else row.unit
        goal = "" if row.goal is None else f"≤ {row.goal:g} {unit}".rstrip()
        met = {None: "", True: "yes", False: "no"}[row.met]
        cells = [_amount(ours, row.unit), theirs, "" if ratio is None else f"{ratio:.2f}", goal, met, row.what]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in [row.name, *cells]) + " |"


def _amount(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def told(machine: Mapping[str, Any]) -> str:
    """Return a machine in one line."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    about = f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}"
    return f"{about}; {versions}"


def with_row(page: str, row: Row, machine: str, order: list[str], name: str = "the page") -> str:
    """Return the page with one line of its table replaced, and with the machine that the line was taken on.

    Raises
    ------
    InputError
        If the page lacks the two lines between which the table stands.
    """
    before, begin, rest = page.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise InputError("the table's place is not marked", where=name, expected=f"{BEGIN} and {END}")
    lines = {found[1]: found[0] for found in re.finditer(r"^\| ([\w-]+) \|.*\|$", table, re.MULTILINE)}
    lines.pop("row", None)
    machines = _machines(table, list(lines))
    lines[row.name], machines[row.name] = line(row), machine
    names = [one for one in order if one in lines]
    body = [_HEAD, *(lines[one] for one in names)]
    return (
        "\n".join([before + begin, "", *body, "", *_grouped({one: machines.get(one, "") for one in names}), "", end])
        + after
    )


def _machines(table: str, names: list[str]) -> dict[str, str]:
    """Return the machine of each row, as the lines under a table tell."""
    found: dict[str, str] = {}
    for rows, machine in re.findall(r"^- ([\w, -]+): (.+)$", table, re.MULTILINE):
        found |= dict.fromkeys(names if rows == _ALL else rows.split(", "), machine)
    return found


def _grouped(machines: dict[str, str]) -> list[str]:
    """Return one line for each machine, with the rows taken on it."""
    groups: dict[str, list[str]] = {}
    for name, machine in machines.items():
        groups.setdefault(machine or "another machine", []).append(name)
    return [f"- {_ALL if len(groups) == 1 else ', '.join(names)}: {machine}" for machine, names in groups.items()]
