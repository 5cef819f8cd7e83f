"""Bad input: each case is one line that names file, row, column, value, what was expected, what to do."""

import re

import pytest

from iucresearch.edition import EDITION
from reissue.core.errors import InputError
from reissue.core.raw import load_raw

#: File, old text, new text, and the parts that the one line must have.
EDITS = {
    "wrong type": ("countries.csv", "Brazil,LAC,4", "Brazil,LAC,four", ["row 3", "regions", "'four'", "at least 1"]),
    "outside the allowed": ("pairings.csv", "Salta,region", "Salta,town", ["row 3", "lac_kind", "'town'", "region"]),
    "duplicate key": ("pairings.csv", "P02,", "P01,", ["pairings.csv", "row 3", "duplicate key"]),
    "unknown country": ("pairings.csv", "Argentina,Alentejo", "Atlantis,Alentejo", ["row 3", "Atlantis"]),
    "country of the other side": (
        "pairings.csv",
        "region,Argentina,Alentejo",
        "region,Portugal,Alentejo",
        ["row 3", "lac_country", "'Portugal'", "other side"],
    ),
    "sides that do not add up": ("survey.csv", ",exactly,17,17,", ",exactly,17,16,", ["16 + 15 is 31, not 32"]),
    "a percentage above 100": ("survey.csv", ",22%,22,", ",22%,220,", ["survey.csv", "220", "0 to 100"]),
    "an option that is none": ("survey.csv", "motivation,business,all", "motivation,busyness,all", ["'busyness'"]),
    "an empty cell": ("swot.csv", "strength-1,4.3,26,strength", "strength-1,4.3,26,", ["row 2", "quadrant", "empty"]),
    "a misspelt column": ("swot.csv", "quadrant", "quadrent", ["swot.csv, row 1", "'quadrant' is missing"]),
    "a column too many": ("swot.csv", "order,item", "order,item,colour", ["swot.csv, row 1", "'colour'"]),
    "a cell too many": ("swot.csv", "Political instability", "Political,instability", ["swot.csv", "row 16"]),
    "a cell too few": ("themes.csv", "tourism,2.2.3,15,3,Tourism", "tourism,2.2.3,15,3", ["themes.csv", "row 4"]),
    "a page beyond the report": ("swot.csv", "strength-1,4.3,26", "strength-1,4.3,99", ["row 2", "page", "'99'"]),
    "a box about no pairing": ("boxes.csv", "20,1,1,P17", "20,1,1,P77", ["boxes.csv", "row 2", "P77"]),
    "latitude beyond the pole": ("geography/places.csv", "-31.40648", "-131.40648", ["places.csv", "latitude", "-131"]),
    "a control character": ("pairings.csv", "Salta,region", "Salta,re\x1bgion", ["lac_kind", "row 3"]),
}


def find_error(folder):
    with pytest.raises(InputError) as caught:
        load_raw(EDITION.check, folder)
    return str(caught.value)


@pytest.mark.parametrize("case", EDITS)
def test_a_bad_cell_is_one_line(folder, case):
    name, old, new, parts = EDITS[case]
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    line = find_error(folder)
    assert "\n" not in line
    assert line.isprintable()
    for part in parts:
        assert part in line, line
    assert ". " in line, f"no remedy: {line}"


def test_a_damaged_or_missing_file_is_one_line(folder):
    for name, old, new, encoding, message in (
        ("pairings.csv", "ł", "l", "latin-1", r"pairings\.csv, row 2: byte 0xf3 is not UTF-8.*as CSV UTF-8"),
        ("countries.csv", ",", ";", "utf-8", r"countries\.csv, row 1: .*semicolons.*Expected commas"),
        ("datapackage.json", "{", "(", "utf-8", r"datapackage\.json, line 1: not JSON"),
    ):
        path = folder / name
        before = path.read_bytes()
        path.write_bytes(before.decode().replace(old, new).encode(encoding, "replace"))
        assert re.search(message, find_error(folder))
        path.write_bytes(before)
    (folder / "swot.csv").write_bytes(b" \n")
    assert "swot.csv: the file is empty" in find_error(folder)
    (folder / "swot.csv").unlink()
    assert "swot.csv: there is no such file. Restore it" in find_error(folder)


def test_what_a_spreadsheet_changes_in_a_csv_file_is_allowed(folder, raw):
    """A byte-order mark, and line ends of Windows."""
    for path in folder.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    for name, table in load_raw(EDITION.check, folder).items():
        assert table.equals(raw[name]), name
