"""read_export: one shape out of every format, and one line for whatever is wrong with a file."""

import datetime
import zipfile
from pathlib import Path

import pytest

from reissue.answers import sheets
from reissue.answers.columns import name_column
from reissue.answers.export import Export, read_export
from reissue.core.errors import InputError
from tests.reissue.answers.exports import HEADERS, PREAMBLE, ROWS, content, csv_text, ods, xlsx

METADATA = ["Invitation number", "Contribution ID", "User name", "Creation date", "Last update", "Languages"]
SHEET = [*PREAMBLE, HEADERS, *ROWS]


def cells(export: Export) -> dict[str, list[str]]:
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


def test_xlsx(tmp_path: Path) -> None:
    export = read_export(content(tmp_path / "a.xlsx", HEADERS, *ROWS))
    assert cells(export) == EXPECTED
    assert export.rows == 2
    assert export.columns[2].place == "sheet Content, column C"
    assert [export.row(index) for index in range(2)] == ["row 5", "row 6"]


def test_ods(tmp_path: Path) -> None:
    export = read_export(ods(tmp_path / "a.ods", SHEET))
    assert cells(export) == EXPECTED
    assert export.columns[3].place == "sheet Content, column D"


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "rows", [SHEET, [HEADERS, *ROWS], [["survey", "", "", ""], [""] * 4, [""] * 4, HEADERS, *ROWS]]
)
def test_csv(tmp_path: Path, separator: str, encoding: str, rows: list[list[str]]) -> None:
    export = read_export(write(tmp_path / "a.csv", csv_text(rows, separator).encode(encoding)))
    assert cells(export) == EXPECTED
    assert export.row(0) == f"row {rows.index(HEADERS) + 2}"


def test_a_separator_inside_cells_does_not_count(tmp_path: Path) -> None:
    text = "One, two, three;B\r\na, b;c\r\nd;e, f, g\r\n"
    assert cells(read_export(write(tmp_path / "a.csv", text))) == {
        "One, two, three": ["a, b", "d"],
        "B": ["c", "e, f, g"],
    }


@pytest.mark.parametrize("name", ["a.csv", "a.bin", "a", "a.xlsx", "a.ods", "a.xls"])
def test_the_content_tells_the_format_not_the_name(tmp_path: Path, name: str) -> None:
    assert cells(read_export(content(tmp_path / name, HEADERS, *ROWS))) == EXPECTED
    assert cells(read_export(ods(tmp_path / name, SHEET))) == EXPECTED


def test_cells_become_plain_text(tmp_path: Path) -> None:
    values = [4.0, 4.5, " a\u00a0", "=1+1", "<b>x</b>", "\u202eright", "line\nline", True, "4.0", "01"]
    texts = ["4", "4.5", "a", "=1+1", "<b>x</b>", "\u202eright", "line\nline", "True", "4.0", "01"]
    path = content(tmp_path / "a.xlsx", ["Q"], *[[value] for value in values])
    assert cells(read_export(path)) == {"Q": texts}
    assert cells(read_export(ods(tmp_path / "a.ods", [*PREAMBLE, ["Q"], [4.0], ["x"]]))) == {"Q": ["4", "x"]}


def test_a_date_is_iso(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("Content")
        sheet.write_string(3, 0, "Q")
        sheet.write_datetime(4, 0, datetime.datetime(2020, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    assert str(read_export(tmp_path / "a.xlsx").columns[0].cells[0]).startswith("2020-01-02")


def test_metadata_is_dropped_but_not_a_question_of_that_name(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", ["Languages", "Q", *METADATA], ["x", "y", "i", "1", "u", "c", "l", "EN"])
    assert cells(read_export(path)) == {"Languages": ["x"], "Q": ["y"]}


def test_an_empty_column_on_the_left_keeps_the_letters(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Content": [[], [], [], [None, "Q"], [None, "x"]]})
    assert [(column.header, column.place) for column in read_export(path).columns] == [("Q", "sheet Content, column B")]


def test_blank_rows_at_the_end_are_no_contributions(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS, ["", "", "", ""], [" ", "", "", ""])
    assert read_export(path).rows == 2


def test_sheets_that_go_on_are_one(tmp_path: Path) -> None:
    further = [*PREAMBLE, ["Q"], ["x"], [""]]
    path = xlsx(tmp_path / "a.xlsx", {"Content": SHEET, "Notes": [["z"]], "Content1": further})
    export = read_export(path)
    assert cells(export) == EXPECTED | {"Q": ["x", ""]}
    assert export.columns[-1].place == "sheet Content1, column A"


def test_more_than_ten_sheets_stay_in_order(tmp_path: Path) -> None:
    names = ["Content", *(f"Content{number}" for number in range(1, 12))]
    path = xlsx(tmp_path / "a.xlsx", {name: [*PREAMBLE, [f"Q {name}"], ["x"]] for name in sorted(names)})
    assert [column.header for column in read_export(path).columns] == [f"Q {name}" for name in names]


def test_further_sheets_need_the_same_rows(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Content": SHEET, "Content1": [*PREAMBLE, ["Q"], ["x"]]})
    assert "sheet Content1: the sheet has 1 rows below the headers, but sheet Content has 2" in message(path)


def test_anonymous_contributions_are_no_duplicates(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "Anonymous", "Anonymous"], [*ROWS[1], "Anonymous", "Anonymous"], [*ROWS[1], "", ""]]
    assert read_export(content(tmp_path / "a.xlsx", [*HEADERS, *METADATA[:2]], *rows)).rows == 3


def test_a_contribution_twice(tmp_path: Path) -> None:
    rows = [[*ROWS[0], "", "id"], [*ROWS[1], "", "x"], [*ROWS[1], "", "id"]]
    text = message(content(tmp_path / "a.xlsx", [*HEADERS, *METADATA[:2]], *rows))
    assert "sheet Content, column F, rows 5 and 7: contribution 'id' is there twice" in text
    assert "delete one" in text


def test_a_header_twice(tmp_path: Path) -> None:
    text = message(content(tmp_path / "a.xlsx", ["Q", "R", "q "], ["x", "y", "z"]))
    assert "sheet Content, column A and sheet Content, column C: two columns have the header 'q'" in text


def test_split_questions_may_share_the_names_of_options(tmp_path: Path) -> None:
    headers = ["A", "Other", "One", "B", "Other"]
    rows = [["", "Yes", "No", "", "No"], ["", "No", "Yes", "", "No"]]
    assert len(read_export(content(tmp_path / "a.xlsx", headers, *rows)).columns) == 5
    assert "two columns" in message(content(tmp_path / "a.xlsx", headers, ["x", "Yes", "No", "y", "No"]))


def test_no_such_file(tmp_path: Path) -> None:
    assert "there is no such file" in message(tmp_path / "a.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in message(tmp_path)


@pytest.mark.parametrize(
    "head",
    [
        b"<?xml version='1.0'?><Results/>",
        b"\xef\xbb\xbf\n<html>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\x1f\x8b\x08\0\0",
        "a,b".encode("utf-16"),
    ],
)
def test_an_unknown_format(tmp_path: Path, head: bytes) -> None:
    assert "the format is unknown. expected XLSX, ODS or CSV" in message(write(tmp_path / "a.xlsx", head))


def test_an_encrypted_workbook(tmp_path: Path) -> None:
    text = message(write(tmp_path / "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)))
    assert "encrypted" in text
    assert "remove the password" in text


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS)
    whole = path.read_bytes()
    assert "the workbook is damaged" in message(write(path, whole[: 4 + int(share * (len(whole) - 4))]))


def test_a_workbook_with_a_broken_sheet(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert "the workbook is damaged" in message(path)


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.xlsx", b"x")
    assert "unpack it" in message(tmp_path / "a.zip")


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = content(tmp_path / "a.xlsx", HEADERS, *ROWS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/more.xml", "w") as file:
        for _ in range(201):
            file.write(bytes(1024**2))
    assert "unpacked it would have 201 MB" in message(path)


def test_a_workbook_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_MAX_BYTES", 1000)
    assert "unpacked it would have" in message(content(tmp_path / "a.xlsx", HEADERS, *ROWS))


def test_a_stray_cell_far_away(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows: list[list[object]] = [*PREAMBLE, HEADERS, *ROWS]
    rows[5] = [*rows[5], *[None] * 16000, "x"]
    xlsx(path, {"Content": [*rows, *[[]] * 100_000, ["x"]]})
    assert "a sheet reaches over" in message(path)


def test_no_sheet_of_that_name(tmp_path: Path) -> None:
    text = message(xlsx(tmp_path / "a.xlsx", {"Sheet1": SHEET, "Statistics": []}))
    assert "there is no sheet 'Content'. expected 'Content' among the sheets, which are Sheet1, Statistics" in text


@pytest.mark.parametrize("rows", [[], PREAMBLE, [*PREAMBLE, [], ["x"]]])
def test_no_headers(tmp_path: Path, rows: list[list[object]]) -> None:
    assert "sheet Content: there are no headers in row 4" in message(xlsx(tmp_path / "a.xlsx", {"Content": rows}))


def test_no_contributions(tmp_path: Path) -> None:
    for path in (
        content(tmp_path / "a.xlsx", HEADERS),
        content(tmp_path / "b.xlsx", HEADERS, ["", " "]),
        write(tmp_path / "a.csv", csv_text([HEADERS])),
    ):
        assert "there is no contribution" in message(path)


@pytest.mark.parametrize("text", ["", "\r\n \r\n", "\ufeff"])
def test_an_empty_csv(tmp_path: Path, text: str) -> None:
    assert "there are no headers" in message(write(tmp_path / "a.csv", text))


def test_a_csv_that_is_not_utf_8(tmp_path: Path) -> None:
    text = csv_text([HEADERS, ["é", "", "", ""]]).encode("latin-1")
    assert "row 2: byte 0xe9 is not UTF-8" in message(write(tmp_path / "a.csv", text))
    late = csv_text([HEADERS, *[ROWS[0]] * 500, ["é", "", "", ""]]).encode("latin-1")
    assert "row 502: byte 0xe9 is not UTF-8" in message(write(tmp_path / "a.csv", late))


def test_a_csv_row_that_is_too_long(tmp_path: Path) -> None:
    text = message(write(tmp_path / "a.csv", csv_text([HEADERS, ROWS[0], [*ROWS[1], "", "x"]])))
    assert "row 3, column E: the row has 6 cells, but there are 4 headers" in text


def test_a_csv_whose_quotes_never_end(tmp_path: Path) -> None:
    text = message(write(tmp_path / "a.csv", csv_text([HEADERS, *ROWS]) + 'x,"y,,\r\n' + csv_text(ROWS)))
    assert "not CSV: unexpected end of data" in text


def test_letters() -> None:
    assert [name_column(index) for index in (0, 25, 26, 51, 52, 253, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "IT", "ZZ", "AAA",
    ]  # fmt: skip
