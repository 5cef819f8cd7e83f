"""Hashes of the results: data of exhibits, tables, verdicts, feasible sets, facts of briefs.

`tests/frozen.sha256` has them, one per line, as `sha256sum` writes them. A test compares a build with it, so that
moving or renaming code changes none of them unnoticed. Where a change is intended, `make report` and then
`python -m tests.frozen > tests/frozen.sha256` record the new hashes, and the commit says which lines change and why.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from iucresearch.briefs import answers, content, ledger
from iucresearch.briefs.subject import PAIRING, Subject, find_subject, subjects
from reissue.core import datapackage, paths

FILE = Path(__file__).with_name("frozen.sha256")
#: Of the built ledger the evidence is left out: its wording changes more often than a verdict changes.
VERDICTS = ("id", "verdict", "reading")


def hash_items(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the SHA-256 of each item by its name."""
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in sorted(items)}


def read_recorded() -> dict[str, str]:
    """Return the recorded hashes by name."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def list_files(reports: Path, processed: Path) -> Iterator[tuple[str, str]]:
    """Yield name and content of the tables of a build, and its verdicts."""
    for place in sorted(file for folder in ("figures", "tables", "survey") for file in reports.glob(f"{folder}/*.csv")):
        yield place.relative_to(reports).as_posix(), place.read_text(encoding="utf-8")
    for place in sorted(processed.glob("*.csv")):
        if place.stem != "claims":
            yield f"processed/{place.name}", place.read_text(encoding="utf-8")
    with (reports / "claims.csv").open(encoding="utf-8", newline="") as file:
        yield "verdicts", "\n".join(",".join(row[name] for name in VERDICTS) for row in csv.DictReader(file))


def list_briefs(processed: Path) -> Iterator[tuple[str, str]]:
    """Yield name and facts of every brief."""
    listed = datapackage.read_resources(processed, "make report")
    tables = {item["name"]: datapackage.read_table(processed, item, "make report") for item in listed}
    for slug in subjects(tables)["slug"]:
        yield f"briefs/{slug}", _facts(find_subject(slug, tables), tables)


def _facts(found: Subject, tables: dict[str, pd.DataFrame]) -> str:
    """Return the tables of a brief as text: partners, pilots, boxes, statements that name it, counts."""
    claims = ledger.find_claims(found, tables)
    parts = [
        content.partner_table(found) if found.kind == PAIRING else content.pairing_table(found),
        content.pilot_rows(found, tables),
        content.box_rows(found, tables),
        claims[[*VERDICTS, "by"]],
        answers.main_counts(found, tables["survey_counts"]),
    ]
    text = io.StringIO()
    for part in parts:
        part.to_csv(text, index=False, lineterminator="\n")
    return text.getvalue()


if __name__ == "__main__":
    built = paths.processed_of()
    found_ = hash_items([*list_files(paths.build_folder(), built), *list_briefs(built)])
    sys.stdout.writelines(f"{digest}  {name}\n" for name, digest in found_.items())
