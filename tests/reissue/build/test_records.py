"""Records of steps: whole or missing, and of the build's own files only."""

from __future__ import annotations

from pathlib import Path

import pytest

from reissue.build.records import FOLDER, Record, Snapshot, read_record, write_products
from reissue.core import paths


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("RAW", "NOTEBOOKS", "PARAMS", "ROOT"):
        monkeypatch.setattr(paths, name, root / getattr(paths, name).relative_to(paths.ROOT))
    return root


def test_a_record_is_read_as_it_was_written() -> None:
    record = Record(files={"a": "1"}, settings={"Python": "3"}, products={"reports/x": "2"})
    record.write("", "step")
    assert read_record("", "step") == record
    assert read_record("", "step").with_products({}).key != record.key


def test_a_changed_translation_is_a_difference() -> None:
    record = Record(texts={"Pilot activity": "Old", "Country": "Country"})
    assert Snapshot(paths.processed_of()).differences(record, {}) == ["the translation of 'Pilot activity' changed"]


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"files": 3}', '{"unknown": {}}'])
def test_one_that_is_not_whole_is_none(root: Path, text: str) -> None:
    assert read_record("", "step") is None
    (root / "reports" / FOLDER).mkdir(parents=True)
    (root / "reports" / FOLDER / "step.json").write_text(text)
    assert read_record("", "step") is None


def test_what_is_made_no_more_is_removed_and_nothing_beside_the_build(root: Path, tmp_path: Path) -> None:
    kept = [tmp_path / "mine", root / "README.md", root / "data" / "raw" / "a.csv"]
    old = [root / "reports" / "figures" / "old.svg", root / "data" / "processed" / "old.csv"]
    for path in (*kept, *old):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    places = ["../mine", str(tmp_path / "mine"), "reports/../README.md", "data/raw/a.csv"]
    places += [path.relative_to(root).as_posix() for path in old]
    Record(products=dict.fromkeys(places, "1")).write("", "step")
    write_products("", "step", {root / "reports" / "new": b"new"})
    assert [path.exists() for path in (*kept, *old)] == [True, True, True, False, False]
    assert (root / "reports" / "new").read_bytes() == b"new"
