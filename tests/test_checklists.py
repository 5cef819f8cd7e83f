"""`docs/checklists.md`: every item has a score, a reason and a file that is there, and the totals are counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from reissue.core import paths

SCORES = ("yes", "partly", "no", "does not apply")
CHECKLISTS = {"wb": "World Bank", "dcas": "DCAS", "cc": "CODECHECK", "rap": "RAP"}
TEXT = (paths.ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")


def rows(text: str, columns: int) -> Iterator[list[str]]:
    """Yield the cells of all tables of so many columns, but for their heads."""
    for line in re.findall(r"^\| (.+) \|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in line.split(" | ")]
        if len(cells) == columns and not set(cells[0]) <= set("-: ") and cells[0] not in ("id", "checklist"):
            yield cells


ITEMS = list(rows(TEXT, 5))


def test_every_line_of_a_table_is_read() -> None:
    heads = len(re.findall(r"^\| (?:id|checklist) \|", TEXT, re.MULTILINE))
    read = len(ITEMS) + len(list(rows(TEXT, 6)))
    assert read + 2 * heads == len(re.findall(r"^\|", TEXT, re.MULTILINE))


@pytest.mark.parametrize("item", ITEMS, ids=[item[0] for item in ITEMS])
def test_an_item_has_a_score_a_reason_and_files_that_are_there(item: list[str]) -> None:
    _, asked, score, why, files = item
    assert score in SCORES
    assert asked
    assert len(why.split()) > 1
    named = re.findall(r"`([^`]+)`", files)
    assert named
    assert files == ", ".join(f"`{name}`" for name in named)
    assert [name for name in named if not (paths.ROOT / name).exists()] == []


def test_ids_are_unique_and_in_order() -> None:
    expected = [
        f"{key}-{n}" for key in CHECKLISTS for n in range(1, 1 + sum(i[0].startswith(f"{key}-") for i in ITEMS))
    ]
    assert [item[0] for item in ITEMS] == expected


def test_totals_are_counted() -> None:
    found = Counter((item[0].partition("-")[0], item[2]) for item in ITEMS)
    counted = [
        [title, str(sum(found[key, score] for score in SCORES)), *(str(found[key, score]) for score in SCORES)]
        for key, title in CHECKLISTS.items()
    ]
    assert list(rows(TEXT, 6)) == counted


def test_the_level_that_is_not_reached_is_named() -> None:
    baseline = {f"rap-{n}" for n in range(8, 13)}
    open_items = [item[0] for item in ITEMS if item[0] in baseline and item[2] != "yes"]
    assert "**Baseline is not reached**" in TEXT
    assert open_items == re.findall(r"\((rap-\d+)\)", TEXT.partition("**Baseline is not reached**")[2][:200])
