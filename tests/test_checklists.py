"""`docs/checklists.md`: each item has one score and evidence that exists, and the totals are correct."""

import re
from collections import Counter

import pytest

from reissue.core import paths

SCORES = ("yes", "partly", "no", "does not apply")
TEXT = (paths.ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")


def read_rows(text: str) -> list[list[str]]:
    """Return the cells of each row of the tables in a text, without heads."""
    lines = re.findall(r"^\| (.+) \|$", text, re.MULTILINE)
    return [line.split(" | ") for line in lines if not line.startswith(("items", "checklist", "---"))]


BEGINNING, *SECTIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)
CHECKLISTS = {section.partition("\n")[0]: read_rows(section) for section in SECTIONS}


@pytest.mark.parametrize("name", CHECKLISTS)
def test_each_row_has_a_score_a_reason_and_files_that_exist(name):
    for _items, asked, score, why, files in CHECKLISTS[name]:
        assert score in SCORES
        assert asked
        assert why
        named = re.findall(r"`([^`]+)`", files)
        assert files == ", ".join(f"`{file}`" for file in named) != ""
        assert [file for file in named if not (paths.ROOT / file).exists()] == []


def test_totals_are_those_of_the_tables():
    totals = []
    for name, rows in CHECKLISTS.items():
        scores = {int(item): row[2] for row in rows for item in row[0].split(", ")}
        number = sum(len(row[0].split(", ")) for row in rows)
        assert sorted(scores) == list(range(1, number + 1)), name
        counts = Counter(scores.values())
        totals.append([name, str(number), *(str(counts[score]) for score in SCORES)])
    assert read_rows(BEGINNING) == totals
    scores = {int(item): row[2] for row in CHECKLISTS["RAP"] for item in row[0].split(", ")}
    open_items = [str(item) for item in range(8, 13) if scores[item] != "yes"]
    assert f"**Baseline is not reached**, because of {' and '.join(open_items)}." in TEXT
