"""One raw cell changed at a time: something other than our own stored outputs must notice.

`tests/mutations.csv` lists the changes: a text that occurs once in a raw file, what replaces it, and what must notice:
`cleaning`, where reading, validation or cleaning refuses the data, or a check of `tests.checks`. Only the part of the
data is made again that the cell affects and the check reads. The ledger is left out: the checks must notice without it.
"""

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from iucresearch import analysis
from iucresearch.clean import clean
from iucresearch.edition import EDITION
from reissue.core import datapackage, paths, validation
from reissue.core.errors import InputError
from reissue.core.raw import load_raw
from tests import checks

CLEANING = "cleaning"
CHECKS = {check.__name__: check for check in checks.CHECKS}
#: The survey's bounds take longest: these read them, and only these files affect them.
READS_BOUNDS = (CLEANING, "survey_exhibits_show_the_known_numbers", "outcomes_are_in_order")
AFFECTS_BOUNDS = ("survey.csv", "questions.csv", "options.csv")

Mutation = dict[str, str]
with Path(__file__).with_name("mutations.csv").open(encoding="utf-8", newline="") as file_:
    MUTATIONS: list[Mutation] = list(csv.DictReader(file_))


def copy_with(mutation: Mutation, folder: Path) -> Path:
    """Copy data/raw with one text replaced, and update the checksum of its file."""
    shutil.copytree(paths.RAW, folder)
    path, descriptor = folder / mutation["file"], folder / datapackage.DESCRIPTOR
    text = path.read_text(encoding="utf-8")
    assert text.count(mutation["old"]) == 1, f"{mutation['old']!r} must occur once in {mutation['file']}"
    path.write_text(text.replace(mutation["old"], mutation["new"]), encoding="utf-8")
    content = json.loads(descriptor.read_text(encoding="utf-8"))
    (item,) = (item for item in content["resources"] if item["path"] == mutation["file"])
    item["hash"] = datapackage.hash_file(path)
    descriptor.write_text(json.dumps(content), encoding="utf-8")
    return folder


def select_related(descriptor: datapackage.Descriptor, file: str) -> datapackage.Descriptor:
    """Return a descriptor with the tables whose schema a changed file can break: its own, and those bound to it."""
    bound = {
        item["name"]: {key["reference"]["resource"] for key in item.get("schema", {}).get("foreignKeys", [])}
        for item in descriptor["resources"]
    }
    own = next(item["name"] for item in descriptor["resources"] if item["path"] == file)
    names = {own, *(name for name, others in bound.items() if own in others)}
    while more := {other for name in names for other in bound[name]} - names:
        names |= more
    return {**descriptor, "resources": [item for item in descriptor["resources"] if item["name"] in names]}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m['what']}: {m['new'][:30]!r}")
def test_a_changed_cell_is_noticed(mutation, processed, tmp_path, monkeypatch):
    if mutation["file"] not in AFFECTS_BOUNDS or mutation["noticed_by"] not in READS_BOUNDS:
        monkeypatch.setattr(analysis, "survey_counts", lambda *_: processed["survey_counts"].copy())
    monkeypatch.setattr(analysis, "judge", lambda *tables: processed["claims"].copy())
    check_schema = validation._check_schema
    monkeypatch.setattr(
        validation, "_check_schema", lambda folder, of: check_schema(folder, select_related(of, mutation["file"]))
    )
    folder = copy_with(mutation, tmp_path / "raw")
    if mutation["noticed_by"] == CLEANING:
        with pytest.raises((InputError, ValueError)):
            clean_and_analyse(folder)
        return
    raw, tables = clean_and_analyse(folder)
    with pytest.raises(AssertionError):
        CHECKS[mutation["noticed_by"]](raw, tables)


def clean_and_analyse(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return the raw and the processed tables of a folder."""
    raw = load_raw(EDITION.check, folder)
    cleaned = clean(raw)
    return raw, cleaned | analysis.analyse(raw, cleaned)


def test_every_check_is_seen_failing():
    assert set(CHECKS) - {mutation["noticed_by"] for mutation in MUTATIONS} == set()
