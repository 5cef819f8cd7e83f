import hashlib
import json
from pathlib import Path

import pytest

from iucresearch.edition import EDITION
from reissue.build.build import check_raw
from reissue.core import paths
from reissue.core.checksums import update_checksums
from reissue.core.datapackage import find_stale_checksums
from reissue.core.errors import InputError


def read_files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_the_checksum_of_a_changed_file_changes(folder: Path) -> None:
    before = read_files(folder)
    time = (folder / "datapackage.json").stat().st_mtime_ns
    assert update_checksums(EDITION.check, folder) == []
    assert read_files(folder) == before
    assert (folder / "datapackage.json").stat().st_mtime_ns == time
    text = (folder / "swot.csv").read_text(encoding="utf-8").replace("Funding constraints", "Little money")
    (folder / "swot.csv").write_text(text, encoding="utf-8")
    assert find_stale_checksums(folder) == ["swot.csv"]
    assert update_checksums(EDITION.check, folder) == ["swot.csv"]
    assert find_stale_checksums(folder) == []

    after = read_files(folder)
    assert {name for name in after if after[name] != before[name]} == {"swot.csv", "datapackage.json"}
    lines = zip(before["datapackage.json"].splitlines(), after["datapackage.json"].splitlines(), strict=True)
    ((_old, new),) = [(one, other) for one, other in lines if one != other]
    assert json.loads(f"{{{new.decode().strip()}}}")["hash"] == (
        "sha256:" + hashlib.sha256(after["swot.csv"]).hexdigest()
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("swot.csv", ",threat,", ",worry,", "swot.csv, row"),
        ("countries.csv", "\n", ";\n", "countries.csv"),
        ("survey.csv", "percent", "per cent", "survey.csv, row"),
    ],
)
def test_invalid_content_keeps_its_old_checksums(folder: Path, file: str, old: str, new: str, message: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    before = read_files(folder)
    with pytest.raises(InputError, match=message):
        update_checksums(EDITION.check, folder)
    assert read_files(folder) == before


def test_a_build_warns_of_a_wrong_checksum_but_leaves_a_missing_file_to_its_notebook(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "RAW", folder)
    check_raw()
    assert capsys.readouterr().err == ""
    with (folder / "swot.csv").open("a") as file:
        file.write("\n")
    check_raw()
    assert capsys.readouterr().err == (
        "Warning: data/raw/swot.csv is not the file that its checksum was taken of; "
        "if the change is meant, run make checksums.\n"
    )
    (folder / "swot.csv").unlink()
    check_raw()
    assert capsys.readouterr().err == ""
