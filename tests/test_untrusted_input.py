"""Values from data are text: a report is built from data with the whole corpus, and no value is run or lost."""

import csv
import json

import pandas as pd
import pytest

from reissue.core import paths
from reissue.core.datapackage import find_formulas
from tests.corpus import FORMULAS, MARK, TEXTS
from tests.poison import COLUMNS

pytestmark = pytest.mark.build


def test_nothing_of_the_corpus_was_run(poisoned):
    assert set(TEXTS.values()) <= {text for texts in poisoned.planted.values() for text in texts}
    assert {column.partition(".")[0] for column in COLUMNS} <= set(poisoned.planted)
    assert poisoned.written == [], "nothing is written but the build and the cache"
    assert list(poisoned.project.root.parent.rglob(f"*{MARK}*")) == []


def test_texts_are_the_same_in_the_files_for_machines(poisoned):
    """Texts are not escaped for spreadsheets: data stay data."""
    root = poisoned.project.root
    for table, column in (("swot", "item"), ("boxes", "fact"), ("claims", "statement"), ("options", "label")):
        with (root / "data" / "processed" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            cells = [row[column] for row in csv.DictReader(file)]
        assert [text for text in poisoned.planted[table] if column != "statement" and text not in cells] == []
    with (root / "reports" / "tables" / "table-2.csv").open(encoding="utf-8", newline="") as file:
        assert set(poisoned.planted["swot"]) <= {row["item"] for row in csv.DictReader(file)}


def test_a_warning_names_what_a_spreadsheet_would_calculate(poisoned):
    assert "begins like a formula" in poisoned.warnings
    found = find_formulas(poisoned.project.root / "data" / "raw")
    assert any(place.startswith(("swot.csv, row ", "boxes.csv, row ")) for place in found)
    assert find_formulas(paths.RAW) == [], "the report's own data have none"


def test_numbers_and_signs_are_no_formulas(tmp_path):
    cells = ["-31.4", "+10%", "=", ">=", "a=b", "5 - x", "", "(x)", *FORMULAS.values()]
    pd.DataFrame({"a": cells}).to_csv(tmp_path / "a.csv", index=False)
    table = {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [table]}))
    first = cells.index(FORMULAS["command"]) + 2
    assert find_formulas(tmp_path) == [f"a.csv, row {n}, column a" for n in range(first, first + len(FORMULAS))]
