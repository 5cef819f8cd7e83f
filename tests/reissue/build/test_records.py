"""Steps have whole records, and fingerprints tell every change of content; one build at a time writes its own files."""

import json
import os
import threading
from pathlib import Path

import pytest

from reissue.build import fingerprints
from reissue.build.lock import check_place, hold_lock, lock_build, sweep_own
from reissue.build.records import FOLDER, Record, Snapshot, read_record, write_products
from reissue.core import files, paths
from reissue.core.errors import InputError


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", "restored afterwards")
    for name in ("RAW", "NOTEBOOKS", "PARAMS", "CACHE", "ROOT"):
        monkeypatch.setattr(paths, name, root / getattr(paths, name).relative_to(paths.ROOT))
    monkeypatch.setattr(paths, "keep_to_own_cache", lambda: paths.CACHE.mkdir(exist_ok=True))
    return root


@pytest.mark.usefixtures("root")
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


def there(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_what_killed_builds_left_is_removed_before_and_after(root: Path) -> None:
    left = {
        ".cache/run-1a2b/01_clean.ipynb",
        ".cache/matplotlib/fontlist.json.matplotlib-lock",
        f"reports/.index.html.0123abcd{files._SUFFIX}",
        f"data/processed/.pairings.csv.0123abcd{files._SUFFIX}",
    }
    kept = {"reports/index.html", "data/processed/pairings.csv", ".cache/matplotlib/fontlist.json"}

    def put() -> None:
        for name in left | kept:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).touch()

    put()
    with lock_build(""):
        assert there(root) == kept | {".cache/build.lock"}
        put()
        sweep_own()
        assert there(root) == kept | {".cache/build.lock"}
        put()
    assert there(root) == kept | {".cache/build.lock"}
    put()
    sweep_own()
    assert left <= there(root), "what another build writes is not removed by one that has ended"


def test_a_second_one_says_that_it_waits_and_does(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came = threading.Event()

    def second() -> None:
        with hold_lock("a.lock", "Another one is running"):
            came.set()

    with hold_lock("a.lock", "Another one is running"):
        thread = threading.Thread(target=second)
        thread.start()
        assert not came.wait(0.3)
        assert capsys.readouterr().out == "Another one is running; waiting for it to end.\n"
    thread.join(10)
    assert came.is_set()


@pytest.mark.parametrize("name", ["../x", "lac/../..", "Lac", "lac\n"])
def test_an_invalid_name_of_a_build_is_refused(root: Path, name: str) -> None:
    with pytest.raises(InputError, match="invalid build name"), lock_build(name):
        pass


@pytest.mark.parametrize("link", ["reports", "reports/builds/lac", "reports/builds/lac/figures", "reports/builds"])
def test_a_build_writes_through_no_link(root: Path, tmp_path_factory: pytest.TempPathFactory, link: str) -> None:
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(InputError, match="this is a link"), lock_build("lac"):
        pass
    if link.startswith("reports/builds/lac"):
        check_place("")
