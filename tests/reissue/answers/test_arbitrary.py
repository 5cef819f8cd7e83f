"""Exports that nobody wrote: every file is read right or refused in one line, and none takes long."""

from __future__ import annotations

import csv
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reissue.answers.export import Export, read_export
from reissue.core.errors import InputError
from tests.conftest import TRIALS
from tests.corpus import TEXTS
from tests.reissue.answers.exports import PREAMBLE, content, csv_text, ods

#: Seconds, on a machine that does other things besides.
LONG = 10


def assert_read_or_refused(path: Path) -> Export | None:
    """Return what is read of a file, nothing where it is refused in one line; fail with whatever else comes of it."""
    began = time.monotonic()
    found, line = None, "refused"
    try:
        found = read_export(path)
    except InputError as error:
        line = str(error)
    assert line.isprintable()
    assert len(line) < 10_000
    assert time.monotonic() - began < LONG
    return found


def whole(kind: str) -> bytes:
    """Return a small export of a format."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{kind}")
        rows = [["European Union", "x"], ["Latin America", "y"]]
        if kind == "xlsx":
            content(path, ["Side", "Q"], *rows)
        elif kind == "ods":
            ods(path, [*PREAMBLE, ["Side", "Q"], *rows])
        else:
            path.write_text(csv_text([["Side", "Q"], *rows]), encoding="utf-8")
        return path.read_bytes()


WHOLE = {kind: whole(kind) for kind in ("xlsx", "ods", "csv")}
HEADS = [
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"<",
    b"\xef\xbb\xbf<",
    b"<?xml version='1.0' encoding='shift_jis'?><Results/>",
]


@settings(max_examples=150 * TRIALS)
@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes(head: bytes, rest: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(head + rest)
        assert_read_or_refused(path)


@pytest.mark.parametrize("kind", WHOLE)
@settings(max_examples=80 * TRIALS)
@given(data=st.data())
def test_an_export_with_bytes_changed(kind: str, data: st.DataObject) -> None:
    changed = bytearray(WHOLE[kind])
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(changed) - 1), st.integers(0, 255)), min_size=1, max_size=6)
    ):
        changed[place] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{kind}")
        path.write_bytes(changed)
        assert_read_or_refused(path)


#: Without what no XML, and so no workbook, can hold.
WORDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=10),
    st.sampled_from([text for text in TEXTS.values() if text.isprintable()]),
)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.tuples(
        st.lists(
            WORDS.filter(str.strip), min_size=width, max_size=width, unique_by=lambda t: " ".join(t.split()).lower()
        ),
        st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=4),
    )
)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
@settings(max_examples=60 * TRIALS, suppress_health_check=[HealthCheck.too_slow])
@given(table=TABLE)
def test_any_text_comes_out_as_it_went_in(kind: str, table: tuple[list[str], list[list[str]]]) -> None:
    headers, rows = table
    writers: dict[str, Callable[[Path], object]] = {
        "xlsx": lambda path: content(path, [*headers, "End"], *[[*row, "end"] for row in rows]),
        "ods": lambda path: ods(path, [*PREAMBLE, [*headers, "End"], *[[*row, "end"] for row in rows]]),
        "csv": lambda path: path.write_text(csv_text([[*headers, "End"], *[[*row, "end"] for row in rows]]), "utf-8"),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{kind}")
        writers[kind](path)
        found = assert_read_or_refused(path)
    if found is not None:
        assert [column.header for column in found.columns] == [*map(str.strip, headers), "End"]
        assert found.rows == len(rows)
        cells = [list(column.cells) for column in found.columns[:-1]]
        assert [" ".join(cell.split()) for own in cells for cell in own] == [
            " ".join(row[place].split()) for place in range(len(headers)) for row in rows
        ]


def bomb(cells: str) -> Callable[[Path], None]:
    """Return a writer of a workbook whose sheet is replaced."""

    def write(path: Path) -> None:
        content(path, ["Q"], ["x"])
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        head = parts["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")[0]
        parts["xl/worksheets/sheet1.xml"] = head + b"<sheetData>" + cells.encode() + b"</sheetData></worksheet>"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(name, part)

    return write


def test_a_csv_with_thousands_of_columns_of_one_name(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["q"] + ["Q"] * 4_000, [""] + ["Yes"] * 4_000])
    assert_read_or_refused(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[f"q{n}" for n in range(20_000)], ["x"] * 20_000])
    assert assert_read_or_refused(tmp_path / "a.csv") is None


def test_a_null_byte_far_down(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"Q,R\n" + b"a,b\n" * 5_000 + b"a,b\0\n")
    with pytest.raises(InputError, match="row 5002: null bytes are not allowed"):
        read_export(tmp_path / "a.csv")


WORD = '<c r="{}" t="inlineStr"><is><t>x</t></is></c>'
FAR = {
    "named": f'<row r="4">{WORD.format("A4")}</row><row r="1048576">{WORD.format("XFD1048576")}</row>',
    "two letters, five figures": f'<row r="4">{WORD.format("A4")}</row><row r="99999">{WORD.format("ZZ99999")}</row>',
    "down": f'<row r="4">{WORD.format("A4")}{WORD.format("CV4")}</row><row r="900000">{WORD.format("A900000")}</row>',
    "in other quotes": f"<row r='4'>{WORD.format('A4')}</row><row><c r='XFD1048576'><v>1</v></c></row>",
    "behind another": f'<row r="4">{WORD.format("A4")}</row><row><c s=" r=\'A1\'" r="XFD1048576"><v>1</v></c></row>',
    "with a prefix": f'<row r="4">{WORD.format("A4")}</row><x:row><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "without names": f'<row r="4">{WORD.format("A4")}</row><row r="900000">' + "<c><v>1</v></c>" * 100 + "</row>",
}


@pytest.mark.parametrize("cells", FAR.values(), ids=FAR)
def test_a_cell_far_away_that_the_sheet_does_not_declare(tmp_path: Path, cells: str) -> None:
    bomb(cells)(tmp_path / "a.xlsx")
    with pytest.raises(InputError, match="a sheet reaches over"):
        read_export(tmp_path / "a.xlsx")


def test_an_ods_that_repeats_a_cell_without_end(tmp_path: Path) -> None:
    ods(tmp_path / "a.ods", [*PREAMBLE, ["Q"], ["x"]])
    with zipfile.ZipFile(tmp_path / "a.ods") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = (
        b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"'
    )
    parts["content.xml"] = parts["content.xml"].replace(b"<table:table-row><table:table-cell", row)
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(InputError, match="a sheet reaches over"):
        read_export(tmp_path / "a.ods")
