"""Fingerprints tell every change of content, and nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reissue.build import fingerprints
from reissue.core import paths


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


def test_a_file_counts_by_its_content_and_a_missing_one_is_another(root: Path) -> None:
    (root / "a").write_text("x")
    before = fingerprints.file_fingerprint("a")
    os.utime(root / "a", (0, 0))
    assert fingerprints.file_fingerprint("a") == before
    (root / "a").write_text("y")
    assert fingerprints.file_fingerprint("a") not in (before, fingerprints.MISSING)
    assert fingerprints.file_fingerprint("b") == fingerprints.MISSING


def test_a_notebook_counts_by_its_cells(root: Path) -> None:
    cell = {"id": "a", "cell_type": "code", "metadata": {}, "source": ["1"], "outputs": [], "execution_count": None}

    def of(**changes: object) -> str:
        (root / "n.ipynb").write_text(json.dumps({"cells": [{**cell, **changes}], "metadata": {"x": len(changes)}}))
        return fingerprints.file_fingerprint("n.ipynb")

    before = of()
    assert of(outputs=[{"text": "other"}], execution_count=9) == of(source="1") == before
    others = [of(source=["2"]), of(id="b"), of(metadata={"tags": ["t"]}), of(cell_type="markdown")]
    assert len({before, *others}) == 5
    for text in ("", "{", "[]", '{"cells": 3}'):
        (root / "n.ipynb").write_text(text)
        assert fingerprints.file_fingerprint("n.ipynb") == fingerprints.digest(text.encode())


def test_a_folder_counts_by_its_names(root: Path) -> None:
    (root / "f").mkdir()
    (root / "f" / "a").write_text("x")
    before = fingerprints.folder_fingerprint("f")
    (root / "f" / "a").write_text("y")
    (root / "f" / ".swp").write_text("")
    assert fingerprints.folder_fingerprint("f") == before
    (root / "f" / "b").write_text("")
    assert fingerprints.folder_fingerprint("f") != before
    assert fingerprints.folder_fingerprint("g") == fingerprints.MISSING


def test_a_table_counts_by_its_dictionary_and_rows_not_by_what_its_checksum_says(root: Path) -> None:
    def of(rows: str = "a\n", **changes: object) -> str:
        table = {"name": "t", "path": "t.csv", "hash": "1", "title": "T", **changes}
        (root / "datapackage.json").write_text(json.dumps({"resources": [table, {"name": "u"}]}))
        (root / "t.csv").write_text(rows)
        return fingerprints.table_fingerprints(root)["t"]

    assert of(hash="2") == of()
    assert len({of(), of("b\n"), of(title="U")}) == 3
    assert set(fingerprints.table_fingerprints(root)) == {"t", "u"}
    before = fingerprints.table_fingerprints(root, by_checksum=True)["t"]
    (root / "t.csv").write_text("c\n")
    assert fingerprints.table_fingerprints(root, by_checksum=True)["t"] == before


def test_imports_are_followed_but_for_those_of_type_checkers() -> None:
    found = fingerprints.module_sources(["reissue.core.report"], ["reissue"])
    assert found == {
        f"src/reissue/{name}.py" for name in ("__init__", "core/__init__", "core/report", "core/vocabulary")
    }
    assert "src/reissue/core/files.py" in fingerprints.module_sources(["reissue.build.lock"], ["reissue"])
    assert "src/reissue/survey/system.py" not in fingerprints.module_sources(["reissue.build.run"], ["reissue"])
