"""read_export: every format gives the same columns, and each problem with a file is one line."""

import datetime
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from reissue.answers import sheets
from reissue.answers.export import Export, read_export
from reissue.core.errors import InputError
from tests.reissue.answers.exports import HEADERS, METADATA, PREAMBLE, ROWS, content, csv_text, edit_part, ods, xlsx

SHEET = [*PREAMBLE, HEADERS, *ROWS]


def list_cells(export: Export) -> dict[str, list[str]]:
    return {column.header: list(column.cells) for column in export.columns}


EXPECTED = {header: [row[index] for row in ROWS] for index, header in enumerate(HEADERS)}


def message(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_export(path)
    text = str(caught.value)
    assert "\n" not in text
    assert path.name in text
    return text


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("name", ["a.csv", "a", "a.xlsx", "a.ods"])
def test_workbooks_of_any_name(tmp_path: Path, name: str) -> None:
    for write_sheet in (lambda path: content(path, HEADERS, *ROWS), lambda path: ods(path, SHEET)):
        export = read_export(write_sheet(tmp_path / name))
        assert list_cells(export) == EXPECTED
        assert export.rows == 2
        assert export.columns[2].place == "sheet Content, column C"
        assert [export.name_row(index) for index in range(2)] == ["row 5", "row 6"]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "rows", [SHEET, [HEADERS, *ROWS], [["survey", "", "", ""], [""] * 4, [""] * 4, HEADERS, *ROWS]]
)
def test_csv(tmp_path: Path, separator: str, encoding: str, rows: list[list[str]]) -> None:
    export = read_export(write(tmp_path / "a.csv", csv_text(rows, separator).encode(encoding)))
    assert list_cells(export) == EXPECTED
    assert export.name_row(0) == f"row {rows.index(HEADERS) + 2}"


def test_a_separator_inside_cells_does_not_count(tmp_path: Path) -> None:
    text = "One, two, three;B\r\na, b;c\r\nd;e, f, g\r\n"
    assert list_cells(read_export(write(tmp_path / "a.csv", text))) == {
        "One, two, three": ["a, b", "d"],
        "B": ["c", "e, f, g"],
    }


def test_cells_become_plain_text(tmp_path: Path) -> None:
    values = [4.0, 4.5, " a\u00a0", "=1+1", "<b>x</b>", "\u202eright", "line\nline", True, "4.0", "01"]
    texts = ["4", "4.5", "a", "=1+1", "<b>x</b>", "\u202eright", "line\nline", "True", "4.0", "01"]
    path = content(tmp_path / "a.xlsx", ["Q"], *[[value] for value in values])
    assert list_cells(read_export(path)) == {"Q": texts}
    assert list_cells(read_export(ods(tmp_path / "a.ods", [*PREAMBLE, ["Q"], [4.0], ["x"]]))) == {"Q": ["4", "x"]}
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Content")
        sheet.write_string(3, 0, "Q")
        sheet.write_datetime(4, 0, datetime.datetime(2020, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert str(read_export(path).columns[0].cells[0]).startswith("2020-01-02")


def test_metadata_blank_rows_and_empty_columns_on_the_left_are_dropped(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", ["Languages", "Q", *METADATA], ["x", "y", "i", "1", "u", "c", "l", "EN"])
    assert list_cells(read_export(path)) == {"Languages": ["x"], "Q": ["y"]}, "a question may have the same name"
    path = xlsx(tmp_path / "a.xlsx", {"Content": [[], [], [], [None, "Q"], [None, "x"]]})
    assert [(column.header, column.place) for column in read_export(path).columns] == [("Q", "sheet Content, column B")]
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS, ["", "", "", ""], [" ", "", "", ""])
    assert read_export(path).rows == 2


def test_further_sheets_continue_the_first(tmp_path: Path) -> None:
    names = ["Content", *(f"Content{number}" for number in range(1, 12))]
    pages = {name: [*PREAMBLE, [f"Q {name}"], ["x"], [""]] for name in sorted(names)}
    export = read_export(xlsx(tmp_path / "a.xlsx", {"Notes": [["z"]], **pages}))
    assert list_cells(export) == {f"Q {name}": ["x"] for name in names}
    assert export.columns[-1].place == "sheet Content11, column A"


def test_duplicate_contributions_are_refused_unless_they_are_anonymous(tmp_path: Path) -> None:
    headers = [*HEADERS, *METADATA[:2]]
    rows = [[*ROWS[0], "Anonymous", "Anonymous"], [*ROWS[1], "Anonymous", "Anonymous"], [*ROWS[1], "", ""]]
    assert read_export(content(tmp_path / "a.xlsx", headers, *rows)).rows == 3
    rows = [[*ROWS[0], "", "id"], [*ROWS[1], "", "x"], [*ROWS[1], "", "id"]]
    text = message(content(tmp_path / "a.xlsx", headers, *rows))
    assert "sheet Content, column F, rows 5 and 7: duplicate contribution 'id'" in text
    assert "Delete one" in text


def test_duplicate_headers_are_refused_unless_they_are_options_of_split_questions(tmp_path: Path) -> None:
    text = message(content(tmp_path / "a.xlsx", ["Q", "R", "q "], ["x", "y", "z"]))
    assert "sheet Content, column A and sheet Content, column C: two columns have the header 'q'" in text
    headers = ["A", "Other", "One", "B", "Other"]
    rows = [["", "Yes", "No", "", "No"], ["", "No", "Yes", "", "No"]]
    assert len(read_export(content(tmp_path / "a.xlsx", headers, *rows)).columns) == 5
    assert "two columns" in message(content(tmp_path / "a.xlsx", headers, ["x", "Yes", "No", "y", "No"]))


def test_files_of_no_use(tmp_path: Path) -> None:
    assert "there is no such file" in message(tmp_path / "a.xlsx")
    assert "this is a folder" in message(tmp_path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xlsx", b"x")
    assert "Unpack it" in message(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"<?xml version='1.0'?><Results/>", "the format is unknown. Expected XLSX, ODS or CSV"),
        (b"\xef\xbb\xbf\n<html>", "the format is unknown"),
        (b"%PDF-1.7\n", "the format is unknown"),
        (b"\x89PNG\r\n\x1a\n\0\0", "the format is unknown"),
        (b"\x1f\x8b\x08\0\0", "the format is unknown"),
        ("a,b".encode("utf-16"), "the format is unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "remove the password"),
    ],
)
def test_another_format(tmp_path: Path, head: bytes, part: str) -> None:
    assert part in message(write(tmp_path / "a.xlsx", head))


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS)
    whole = path.read_bytes()
    edit_part(path, "xl/worksheets/sheet1.xml", lambda sheet: sheet[:-40])
    assert "the workbook is damaged" in message(path)
    for share in (0.0, 0.1, 0.5, 0.99):
        assert "the workbook is damaged" in message(write(path, whole[: 4 + int(share * (len(whole) - 4))]))


@pytest.mark.parametrize(
    ("limits", "part"),
    [({"_MAX_BYTES": 1000}, "unpacked it would have 0 MB"), ({"_RATIO_FROM": 1024**2}, "unpacked it would have 2 MB")],
)
def test_a_zip_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], part: str) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS)
    if "_RATIO_FROM" in limits:
        edit_part(path, "xl/more.xml", lambda _: bytes(2 * 1024**2))
    for name, limit in limits.items():
        monkeypatch.setattr(sheets, name, limit)
    assert part in message(path)


@pytest.mark.parametrize(
    ("pages", "part"),
    [
        (
            {"Sheet1": SHEET, "Statistics": []},
            "there is no sheet 'Content'. Expected 'Content' among the sheets, which",
        ),
        ({"Content": SHEET, "Content1": [*PREAMBLE, ["Q"], ["x"]]}, "sheet Content1: the sheet has 1 rows below the"),
        ({"Content": []}, "sheet Content: there are no headers in row 4"),
        ({"Content": PREAMBLE}, "sheet Content: there are no headers in row 4"),
        ({"Content": [*PREAMBLE, [], ["x"]]}, "sheet Content: there are no headers in row 4"),
        ({"Content": [*PREAMBLE, HEADERS]}, "the sheet has no contributions"),
        ({"Content": [*PREAMBLE, HEADERS, ["", " "]]}, "the sheet has no contributions"),
    ],
)
def test_sheets_that_are_refused(tmp_path: Path, pages: dict[str, list[list[object]]], part: str) -> None:
    assert part in message(xlsx(tmp_path / "a.xlsx", pages))


LATIN = csv_text([["é", "", "", ""]]).encode("latin-1")
FIRST = csv_text([HEADERS]).encode()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"", "there are no headers"),
        (FIRST, "the sheet has no contributions"),
        (b"\r\n \r\n", "there are no headers"),
        (b"\xef\xbb\xbf", "there are no headers"),
        (FIRST + LATIN, "row 2: byte 0xe9 is not UTF-8"),
        (FIRST + csv_text([ROWS[0]] * 500).encode() + LATIN, "row 502: byte 0xe9 is not UTF-8"),
        (b"Q,R\n" + b"a,b\n" * 5_000 + b"a,b\0\n", "row 5002: null bytes are not allowed"),
        (
            csv_text([HEADERS, ROWS[0], [*ROWS[1], "", "x"]]).encode(),
            "row 3, column E: the row has 6 cells, but there are 4 headers",
        ),
        (csv_text([HEADERS, *ROWS]).encode() + b'x,"y,,\r\n' + FIRST, "not CSV: unexpected end of data"),
    ],
)
def test_a_csv_that_is_refused(tmp_path: Path, text: bytes, part: str) -> None:
    assert part in message(write(tmp_path / "a.csv", text))
