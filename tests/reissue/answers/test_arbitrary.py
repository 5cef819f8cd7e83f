"""Arbitrary files: each is read correctly or refused in one line, and none takes long."""

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reissue.answers.export import Export, read_export
from reissue.core.errors import InputError
from tests.conftest import TRIALS
from tests.corpus import TEXTS
from tests.reissue.answers.exports import PREAMBLE, content, csv_text, edit_part, ods

#: Seconds, on a machine that does other things besides.
MAX_SECONDS = 10

WRITERS: dict[str, Callable[[Path, list[list[str]]], object]] = {
    "xlsx": lambda path, rows: content(path, *rows),
    "ods": lambda path, rows: ods(path, [*PREAMBLE, *rows]),
    "csv": lambda path, rows: path.write_text(csv_text(rows), "utf-8"),
}


def assert_read_or_refused(path: Path) -> Export | None:
    """Return the export in a file, or None if it is refused in one line; fail in any other case."""
    began = time.monotonic()
    found, line = None, "refused"
    try:
        found = read_export(path)
    except InputError as error:
        line = str(error)
    assert line.isprintable()
    assert len(line) < 10_000
    assert time.monotonic() - began < MAX_SECONDS
    return found


def read_bytes(content_: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a")
        path.write_bytes(content_)
        assert_read_or_refused(path)


HEADS = [
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"<",
    b"\xef\xbb\xbf<",
    b"<?xml version='1.0' encoding='shift_jis'?><Results/>",
]


@settings(max_examples=100 * TRIALS)
@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_any_bytes(head: bytes, rest: bytes) -> None:
    read_bytes(head + rest)


@pytest.fixture(scope="module")
def small_exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("small")
    for kind, write in WRITERS.items():
        write(folder / kind, [["Side", "Q"], ["European Union", "x"], ["Latin America", "y"]])
    return {kind: (folder / kind).read_bytes() for kind in WRITERS}


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=60 * TRIALS)
@given(data=st.data())
def test_an_export_with_changed_bytes(kind: str, small_exports: dict[str, bytes], data: st.DataObject) -> None:
    changed = bytearray(small_exports[kind])
    places = st.tuples(st.integers(0, len(changed) - 1), st.integers(0, 255))
    for place, byte in data.draw(st.lists(places, min_size=1, max_size=6)):
        changed[place] = byte
    read_bytes(changed)


#: Texts without characters that XML, and therefore a workbook, cannot contain.
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


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=25 * TRIALS, suppress_health_check=[HealthCheck.too_slow])
@given(table=TABLE)
def test_any_text_is_read_as_it_was_written(kind: str, table: tuple[list[str], list[list[str]]]) -> None:
    headers, rows = table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a.{kind}")
        WRITERS[kind](path, [[*headers, "End"], *[[*row, "end"] for row in rows]])
        found = assert_read_or_refused(path)
    if found is not None:
        assert [column.header for column in found.columns] == [*map(str.strip, headers), "End"]
        assert found.rows == len(rows)
        cells = [list(column.cells) for column in found.columns[:-1]]
        assert [" ".join(cell.split()) for own in cells for cell in own] == [
            " ".join(row[place].split()) for place in range(len(headers)) for row in rows
        ]


def test_a_csv_with_thousands_of_columns(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["q"] + ["Q"] * 4_000, [""] + ["Yes"] * 4_000])
    assert_read_or_refused(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([[f"q{n}" for n in range(20_000)], ["x"] * 20_000])
    assert assert_read_or_refused(tmp_path / "a.csv") is None


def test_cells_far_away_that_a_sheet_does_not_declare(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    row = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
    wide = row + b' table:number-columns-repeated="16384"'
    for path, part, old, new in (
        (content(tmp_path / "a.xlsx", ["Q"], ["x"]), "xl/worksheets/sheet1.xml", b"</sheetData>", far),
        (
            ods(tmp_path / "a.ods", [*PREAMBLE, ["Q"], ["x"]]),
            "content.xml",
            b"<table:table-row><table:table-cell",
            wide,
        ),
    ):
        edit_part(path, part, lambda sheet, old=old, new=new: sheet.replace(old, new))
        with pytest.raises(InputError, match="a sheet spans over"):
            read_export(path)
