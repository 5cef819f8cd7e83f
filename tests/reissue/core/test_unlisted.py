"""Files of data/raw that the descriptor does not list: none is ignored, and the entry that lists one can be pasted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from iucresearch.edition import EDITION
from reissue.build.command import find_exit_code
from reissue.core import checksums, datapackage, paths
from reissue.core.errors import InputError
from reissue.core.raw import load_raw
from reissue.core.unlisted import PLACEHOLDER, check_listed
from reissue.review.review import run_review

HEADER = "id,section,page,code,year,share,open,note,big,empty\n"
ROWS = "a,3.10,17,032,2019,0.5,true,,1,\nb,3.1,18,x76,2020,-2,false,yes,12345678901234567890,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/raw."""
    return Path(shutil.copytree(paths.RAW, tmp_path / "raw"))


def refused(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check_listed(folder)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def entries(error: InputError) -> list[dict[str, Any]]:
    """Return what an error proposes to paste."""
    return json.loads(f"[{error.detail.rstrip().removesuffix(',')}]")


def pasted(folder: Path, detail: str) -> None:
    """Paste lines where the error says: below the line that begins the list of resources."""
    descriptor = folder / datapackage.DESCRIPTOR
    text = descriptor.read_text(encoding="utf-8")
    first = '  "resources": [\n'
    assert text.count(first) == 1
    descriptor.write_text(text.replace(first, first + detail.rstrip("\n") + "\n"), encoding="utf-8")


def test_the_repository_has_no_such_file_and_no_placeholder() -> None:
    check_listed(paths.RAW)
    assert PLACEHOLDER not in (paths.RAW / datapackage.DESCRIPTOR).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["new.csv", "geography/new.csv", "geography/deeper/new.csv", "NEW.CSV"])
def test_an_unlisted_table_is_named_with_what_to_do(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(HEADER + ROWS, encoding="utf-8")
    error = refused(folder)
    assert str(error).startswith(
        f"{datapackage.display_path(folder / name)}: the descriptor does not list this file. expected "
    )
    assert "run make checksums" in str(error)
    (entry,) = entries(error)
    assert (entry["name"], entry["path"]) == ("new", name)


def test_the_entry_fits_the_table(folder: Path) -> None:
    (folder / "new.csv").write_text("\ufeff" + HEADER + ROWS, encoding="utf-8")
    (entry,) = entries(refused(folder))
    kinds = {field["name"]: field["type"] for field in entry["schema"]["fields"]}
    assert list(kinds) == HEADER.strip().split(",")
    # A section is no number, and a code keeps its zeros; what no column of ours can hold is text.
    assert kinds == {
        **dict.fromkeys(("id", "section", "code", "note", "big", "empty"), "string"),
        **dict.fromkeys(("page", "year"), "integer"),
        "share": "number",
        "open": "boolean",
    }
    listed = json.loads((folder / datapackage.DESCRIPTOR).read_text(encoding="utf-8"))["resources"][0]
    assert list(entry) == list(listed)
    for key in ("format", "mediatype", "encoding", "sources", "licenses"):
        assert entry[key] == listed[key]
    assert entry["schema"]["primaryKey"] == ["id"]
    assert entry["schema"]["missingValues"] == [""]
    assert entry["hash"] == datapackage.hash_file(folder / "new.csv")
    fields = {field["name"]: field for field in listed["schema"]["fields"]}
    own = {field["name"]: field for field in entry["schema"]["fields"]}
    assert [own[name] for name in ("section", "page")] == [fields[name] for name in ("section", "page")]
    written = [entry["title"], entry["description"], *(own[n]["description"] for n in ("code", "year", "empty"))]
    assert all(text.startswith(PLACEHOLDER) for text in [*written, own["share"]["unit"]])


def test_a_table_without_key_and_place_has_none(folder: Path) -> None:
    (folder / "new.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (entry,) = entries(refused(folder))
    assert "primaryKey" not in entry["schema"]
    assert entry["sources"][0]["title"].startswith(PLACEHOLDER)


def test_the_pasted_entries_are_in_order_and_what_they_leave_to_write_is_found(folder: Path) -> None:
    (folder / "new.csv").write_text(HEADER + ROWS, encoding="utf-8")
    (folder / "geography" / "new.csv").write_text("a,b\n1,x\n", encoding="utf-8")
    (folder / "more.json").write_text("{}", encoding="utf-8")
    error = refused(folder)
    assert "and 2 more" in str(error)
    pasted(folder, error.detail)
    names = [item["name"] for item in datapackage.read_descriptor(folder, "")["resources"]]
    assert len(names) == len(set(names))
    assert checksums.renew(EDITION.check, folder) == []
    assert load_raw(EDITION.check, folder)["new"].shape == (2, 10)
    assert load_raw(EDITION.check, folder)["geography_new"].shape == (1, 2)


@pytest.mark.parametrize("name", ["data.tsv", "data.xlsx", "geography/data.ods"])
def test_a_table_of_another_format_is_named_too(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    error = refused(folder)
    assert str(error).startswith(f"{datapackage.display_path(folder / name)}: ")
    assert "comma-separated CSV" in str(error)
    assert error.detail == ""


@pytest.mark.parametrize(
    "name", ["README.md", "LICENSE", "geography/LICENSE-NEW.txt", ".~lock.new.csv#", ".x.csv", "~$new.xlsx"]
)
def test_nothing_is_said_of_words_about_the_data_and_of_what_programs_leave(folder: Path, name: str) -> None:
    (folder / name).write_text("a\n1\n", encoding="utf-8")
    check_listed(folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"a;b\n1;2\n", "separated by semicolons"),
        (b"a,a\n1,2\n", "column 'a' is there twice"),
        (b"a,\n1,2\n", "a column has no name"),
        (b"a,b\n1\n", "row 2"),
        (b"a\n\xff\n", "is not UTF-8"),
    ],
)
def test_a_table_that_no_entry_could_describe_is_told_as_such(folder: Path, content: bytes, said: str) -> None:
    (folder / "new.csv").write_bytes(content)
    error = refused(folder)
    assert said in str(error)
    assert "new.csv" in str(error)
    assert error.detail == ""


def test_a_name_that_make_cannot_read_is_refused(folder: Path) -> None:
    (folder / "new table.csv").write_text("a\n1\n", encoding="utf-8")
    assert "rename the file" in str(refused(folder))


def test_a_listed_file_that_is_gone_is_told_first(folder: Path) -> None:
    """A table that was renamed is missing under its old name."""
    (folder / "swot.csv").rename(folder / "swot-2.csv")
    check_listed(folder)
    with pytest.raises(InputError, match=r"swot\.csv: there is no such file"):
        load_raw(EDITION.check, folder)


@pytest.mark.parametrize(
    "use",
    [partial(load_raw, EDITION.check), partial(checksums.renew, EDITION.check), lambda folder: run_review(EDITION)],
    ids=["reading", "make checksums", "make review"],
)
def test_whoever_uses_the_folder_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, use: Callable[[Path], object]
) -> None:
    (folder / "new.csv").write_text("a\n1\n", encoding="utf-8")
    monkeypatch.setattr(paths, "RAW", folder)
    before = (folder / datapackage.DESCRIPTOR).read_bytes()
    with pytest.raises(InputError, match=r"new\.csv: the descriptor does not list this file"):
        use(folder)
    assert (folder / datapackage.DESCRIPTOR).read_bytes() == before


def test_a_program_prints_the_line_and_then_what_to_paste(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise InputError("not listed", where="x.csv", detail='{\n  "name": "x"\n},')

    assert find_exit_code(work) == 2
    assert capsys.readouterr().err == 'iucresearch: x.csv: not listed.\n{\n  "name": "x"\n},\n'


def test_jupyter_shows_both() -> None:
    shown = "\n".join(InputError("not listed", detail="{\n},")._render_traceback_())
    assert shown == "InputError: not listed.\n{\n},"
