"""Files of data/raw that the descriptor does not list: none is ignored, and the entry that lists one can be pasted."""

import json
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


def find_error(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check_listed(folder)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


def read_entries(error: InputError) -> list[dict[str, Any]]:
    """Return the entries that an error proposes to paste."""
    return json.loads(f"[{error.detail.rstrip().removesuffix(',')}]")


def paste(folder: Path, detail: str) -> None:
    """Paste lines where the error says, below the line that begins the list of resources."""
    descriptor = folder / datapackage.DESCRIPTOR
    text = descriptor.read_text(encoding="utf-8")
    first = '  "resources": [\n'
    assert text.count(first) == 1
    descriptor.write_text(text.replace(first, first + detail.rstrip("\n") + "\n"), encoding="utf-8")


def test_the_repository_has_no_such_file_and_no_placeholder() -> None:
    check_listed(paths.RAW)
    assert PLACEHOLDER not in (paths.RAW / datapackage.DESCRIPTOR).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "name"),
    [("new.csv", "new"), ("geography/deeper/new.csv", "geography_deeper_new"), ("NEW.CSV", "new"), ("places.csv", "")],
)
def test_an_unlisted_table_is_named_with_a_remedy(folder: Path, file: str, name: str) -> None:
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(HEADER + ROWS, encoding="utf-8")
    error = find_error(folder)
    assert str(error).startswith(
        f"{datapackage.display_path(folder / file)}: the descriptor does not list this file. Expected "
    )
    assert "run make checksums" in str(error)
    (entry,) = read_entries(error)
    # Another table is called `places`.
    assert (entry["name"], entry["path"]) == (name or "places_csv", file)


def test_the_entry_fits_the_table(folder: Path) -> None:
    (folder / "new.csv").write_text("\ufeff" + HEADER + ROWS, encoding="utf-8")
    (entry,) = read_entries(find_error(folder))
    own = {field["name"]: field for field in entry["schema"]["fields"]}
    assert list(own) == HEADER.strip().split(",")
    # A section is not a number, a code keeps its zeros, and a number that no column can hold is text.
    assert {name: field["type"] for name, field in own.items()} == {
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
    assert [own[name] for name in ("section", "page")] == [fields[name] for name in ("section", "page")]
    written = [entry["title"], entry["description"], *(own[n]["description"] for n in ("code", "year", "empty"))]
    assert all(text.startswith(PLACEHOLDER) for text in [*written, own["share"]["unit"]])


def test_pasted_entries_are_valid(folder: Path) -> None:
    (folder / "new.csv").write_text(HEADER + ROWS, encoding="utf-8")
    (folder / "geography" / "new.csv").write_text("a,b\n1,x\n", encoding="utf-8")
    (folder / "more.json").write_text("{}", encoding="utf-8")
    error = find_error(folder)
    assert "and 2 more" in str(error)
    without_key = next(entry for entry in read_entries(error) if entry["name"] == "geography_new")
    assert "primaryKey" not in without_key["schema"]
    assert without_key["sources"][0]["title"].startswith(PLACEHOLDER)
    paste(folder, error.detail)
    assert checksums.update_checksums(EDITION.check, folder) == []
    tables = load_raw(EDITION.check, folder)
    assert [tables[name].shape for name in ("new", "geography_new")] == [(2, 10), (1, 2)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data.tsv", b"x", "comma-separated CSV"),
        ("data.xlsx", b"x", "comma-separated CSV"),
        ("geography/data.ods", b"x", "comma-separated CSV"),
        ("new.csv", b"", "the file is empty"),
        ("new.csv", b"a;b\n1;2\n", "separated by semicolons"),
        ("new.csv", b"a,a\n1,2\n", "two columns have the same name"),
        ("new.csv", b"a,\n1,2\n", "a column has no name"),
        ("new.csv", b"a\n\xff\n", "is not UTF-8"),
        ("new table.csv", b"a\n1\n", "Rename the file"),
    ],
)
def test_a_file_that_the_folder_may_not_have_gets_no_entry(
    folder: Path, name: str, content: bytes, message: str
) -> None:
    (folder / name).write_bytes(content)
    error = find_error(folder)
    assert message in str(error)
    assert datapackage.display_path(folder / name) in str(error)
    assert error.detail == ""


@pytest.mark.parametrize("content", ["a,b\n1\n", "a,b\n1,2,3\n"])
def test_a_table_with_rows_of_another_length_is_refused_once_it_is_listed(folder: Path, content: str) -> None:
    (folder / "new.csv").write_text(content, encoding="utf-8")
    paste(folder, find_error(folder).detail)
    with pytest.raises(InputError, match=r"new\.csv, row 2"):
        checksums.update_checksums(EDITION.check, folder)


def test_texts_about_the_data_and_temporary_files_need_no_entry(folder: Path) -> None:
    for name in ("README.md", "LICENSE", "geography/LICENSE-NEW.txt", ".~lock.new.csv#", ".x.csv", "~$new.xlsx"):
        (folder / name).write_text("a\n1\n", encoding="utf-8")
    check_listed(folder)


def test_a_renamed_file_is_reported_as_missing(folder: Path) -> None:
    (folder / "swot.csv").rename(folder / "swot-2.csv")
    check_listed(folder)
    with pytest.raises(InputError, match=r"swot\.csv: there is no such file"):
        load_raw(EDITION.check, folder)


def test_every_use_of_the_folder_reports_an_unlisted_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "new.csv").write_text("a\n1\n", encoding="utf-8")
    monkeypatch.setattr(paths, "RAW", folder)
    for use in (lambda: load_raw(EDITION.check, folder), lambda: run_review(EDITION)):
        with pytest.raises(InputError, match=r"new\.csv: the descriptor does not list this file"):
            use()


def test_commands_and_jupyter_print_the_error_and_then_the_entry(capsys: pytest.CaptureFixture[str]) -> None:
    error = InputError("not listed", where="x.csv", detail='{\n  "name": "x"\n},')

    def work() -> int:
        raise error

    assert find_exit_code(work) == 2
    assert capsys.readouterr().err == 'iucresearch: x.csv: not listed.\n{\n  "name": "x"\n},\n'
    assert error._render_traceback_() == ["InputError: x.csv: not listed.", "{", '  "name": "x"', "},"]
