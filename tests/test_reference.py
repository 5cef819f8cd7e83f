"""`docs/reference.md`: its generated tables are those of the code and the data."""

import json
import re

import click

from reissue.cli import commands
from reissue.core import datapackage, paths

PAGE = paths.ROOT / "docs" / "reference.md"
UPDATE = "run .venv/bin/python -m tests.test_reference"


def list_commands() -> list[str]:
    """Return one row per command: usage, what it does."""
    rows = ["| command | what it does |", "| --- | --- |"]
    for name, command in sorted(commands.commands.items()):
        context = command.make_context(name, [], resilient_parsing=True)
        usage = [
            f"[{one.opts[0]}{'' if one.is_flag else f' {one.metavar}'}]"
            if isinstance(one, click.Option)
            else one.make_metavar(context)
            for one in command.params
        ]
        text = " ".join((command.help or "").split()).partition(" Example:")[0]
        rows.append(f"| `{' '.join([name, *usage])}` | {text} |")
    return rows


def list_tables() -> list[str]:
    """Return one row per processed table: name, what one row is, columns."""
    raw = {table["name"]: table for table in datapackage.list_tables(datapackage.read_descriptor(paths.RAW, ""))}
    schemas = paths.ROOT / "src" / "iucresearch" / "schemas" / "processed.json"
    processed = json.loads(schemas.read_text(encoding="utf-8"))
    rows = ["| table | one row per | columns |", "| --- | --- | --- |"]
    for name in sorted({name for name in raw if "/" not in raw[name]["path"]} | processed.keys()):
        published = paths.ROOT / "reports" / "published" / "processed" / f"{name}.csv"
        if published.exists():
            columns = published.read_text(encoding="utf-8").partition("\n")[0].split(",")
        else:
            fields = raw[name]["schema"]["fields"] if name in raw else []
            columns = [field["name"] for field in [*fields, *processed[name]["fields"]]]
        grain = (processed.get(name) or raw[name])["description"].removeprefix("One row per ")
        rows.append(f"| `{name}` | {grain} | {', '.join(columns)} |")
    return rows


def update(page: str) -> str:
    """Return the page with its tables as they should be."""
    for name, rows in (("commands", list_commands()), ("tables", list_tables())):
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        block = begin + "\n".join(rows) + "\n" + end
        page = re.sub(f"{begin}.*?{end}", lambda _, block=block: block, page, count=1, flags=re.DOTALL)
    return page


def test_tables_are_those_of_the_code_and_the_data():
    page = PAGE.read_text(encoding="utf-8")
    assert update(page) == page, UPDATE


if __name__ == "__main__":
    PAGE.write_text(update(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
