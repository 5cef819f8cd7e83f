"""Put the corpus of bad inputs into the data of a project, and list the files around it."""

import csv
import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reissue.core.datapackage import hash_file
from tests.conftest import Project
from tests.corpus import MARKDOWN, MARKUP, PATHS, TEMPLATES, TEXTS

#: Every column of the raw tables that holds words for readers.
COLUMNS = (
    *("abbreviations.abbreviation", "abbreviations.meaning", "actions.action", "actions.objective", "boxes.fact"),
    *("claims.statement", "claims.printed", "claims.reason", "components.level", "components.objective"),
    *(
        "corrections.reason",
        "corrections.source",
        "criteria.criterion",
        "discrepancies.why",
        "key_figures.text",
        "options.label",
    ),
    *("pilots.pilot", "questions.title", "readings.meaning", "sections.title", "survey.about", "survey.printed"),
    *("swot.item", "themes.theme", "uptake.uptake"),
)
#: Tables that are drawn in boxes, which refuse what does not fit: these get short texts.
DRAWN = ("actions", "criteria", "key_figures")
#: Names of territories: they are on maps, in prose, and in the names of briefs.
NAMES = tuple((MARKUP | MARKDOWN | TEMPLATES | PATHS).values())
#: What a named value holds, which a slot of the prose shows.
SLOT = MARKUP["element with a handler"] + MARKUP["module"]
#: What a build may write: folders of the project.
WRITTEN = ("reports", "data/processed", ".cache")


def plant(root: Path) -> dict[str, list[str]]:
    """Put the corpus into the raw data of a project, and into a named value; return by table what was put there."""
    raw = root / "data" / "raw"
    kept = _bound(raw)
    texts, short = itertools.cycle(TEXTS.values()), itertools.cycle(text for text in TEXTS.values() if len(text) < 15)
    planted: dict[str, list[str]] = {}
    for column in COLUMNS:
        table, _, name = column.partition(".")
        with _edit(raw / f"{table}.csv") as rows:
            for row in [row for row in rows if row[name] and row[name] not in kept][: len(TEXTS)]:
                row[name] = next(short if table in DRAWN else texts)
                planted.setdefault(table, []).append(row[name])
    planted["pairings"] = _plant_names(raw)
    planted["references"] = _plant_references(raw / "references.json")
    planted["odd"] = _plant_headers(raw)
    for notebook in (root / "notebooks").glob("*.ipynb"):
        _unbind_prose(notebook)
    planted["values"] = _plant_value(root / "src" / "iucresearch" / "values.py")
    return planted


@contextmanager
def _edit(path: Path) -> Iterator[list[dict[str, str]]]:
    """Yield the rows of a CSV file, and write them back."""
    rows = _read(path)
    yield rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _bound(raw: Path) -> set[str]:
    """Return the texts by which other rows find a row: without them the data would not fit together."""
    wheres = [part for row in _read(raw / "claims.csv") for part in row["where"].split(";")]
    members = [part for row in _read(raw / "survey.csv") for part in row["members"].split(";")]
    return {where.partition("=")[2] for where in wheres} | set(members)


def _plant_names(raw: Path) -> list[str]:
    """Give territories other names, but for those that claims or corrections name."""
    kept = _bound(raw)
    corrected = {(row["row"], row["column"]) for row in _read(raw / "corrections.csv")}
    names, planted = iter(NAMES), []
    with _edit(raw / "pairings.csv") as pairings, _edit(raw / "geography" / "places.csv") as places:
        own = {(place["pairing"], f"{place['side'].lower()}_name"): place for place in places}
        for row, column in itertools.product(pairings, ("lac_name", "eu_name")):
            if (row["id"], column) not in corrected and row[column] not in kept:
                row[column] = own[row["id"], column]["name"] = next(names)
                planted.append(row[column])
    return planted


def _plant_references(path: Path) -> list[str]:
    items, texts = json.loads(path.read_text(encoding="utf-8")), iter((MARKUP | TEMPLATES).values())
    planted = []
    for item in items:
        item["title"] = next(texts)
        planted.append(item["title"])
    items[0]["author"] = [{"literal": MARKUP["script"]}, {"family": MARKUP["handler after a quote"], "given": "<b>"}]
    items[1] |= {"DOI": f'10.1/x"{MARKUP["script after a quote"]}', "publisher": MARKUP["frame"]}
    path.write_text(json.dumps(items), encoding="utf-8")
    return planted


def _plant_headers(raw: Path) -> list[str]:
    """Add a table whose headers, title and description are markup."""
    texts = list(MARKUP.values())
    fields = [{"name": name, "type": "string", "description": name} for name in ("id", *texts)]
    with (raw / "odd.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([["id", *texts], ["one", *texts]])
    path = raw / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    own = {
        "name": "odd",
        "path": "odd.csv",
        "title": MARKUP["script after a table"],
        "description": MARKUP["script after a quote"],
        "sources": [{"title": MARKUP["image with a handler"]}],
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
    }
    descriptor["resources"].append({**descriptor["resources"][0], **own})
    for item in descriptor["resources"]:
        item["hash"] = hash_file(raw / item["path"])
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return texts


def _unbind_prose(path: Path) -> None:
    """Let prose declare no evidence of the report: the corpus contradicts it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if "evidence" in cell["metadata"]:
            cell["metadata"]["evidence"] = {"certainty": "edition"}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _plant_value(path: Path) -> list[str]:
    """Let a named value be markup."""
    text = path.read_text(encoding="utf-8")
    function = '_count("swot", quadrant="strength")'
    assert function in text
    path.write_text(text.replace(function, f"lambda t: {SLOT!r}", 1), encoding="utf-8")
    return [SLOT]


def files_around(project: Project) -> dict[str, tuple[int, int]]:
    """Return size and time of each file in and around a project, by path, but for what a build may write."""
    top = project.root.parent
    # The other worker waits for the fixture at its lock.
    left_out = {*(project.root / one for one in WRITTEN), top / f"{project.root.name}.lock"}
    return {
        path.relative_to(top).as_posix(): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in top.rglob("*")
        if not path.is_dir() and "__pycache__" not in path.parts and left_out.isdisjoint({path, *path.parents})
    }
