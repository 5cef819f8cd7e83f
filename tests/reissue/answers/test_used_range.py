"""The number of cells that a sheet spans, found in its XML; the expected numbers are computed by hand."""

import io

import pytest

from reissue.answers.used_range import count_spanned_cells

XLSX = [
    ('<row r="1"><c r="A1"/><c r="RZ99999"/></row>', 0),
    ('<row r="2"><c r="AAA2"><v>1</v></c></row>', 2 * 703),
    ('<row r="3"><c/><c></c></row><row><c/></row>', 4 * 2),
    ('<row r="1"><c r="XFD1"/></row><row r="100"><c r="A100"/></row>', 100 * 16384),
    ("<row r='100'><c r='A100'/></row><row r='1'><c r='C1'/></row>", 100 * 3),
    # Names in other quotes, after another attribute, with a prefix, or none: the sheet is searched cell by cell.
    ("<row r='4'><c r='A4'/></row><row><c r='XFD1048576'><v>1</v></c></row>", 1048576 * 16384),
    ("<row r='4'><c r='A4'/></row><row><c s=\" r='A1'\" r='XFD1048576'><v>1</v></c></row>", 1048576 * 16384),
    ("<row r='4'><c r='A4'/></row><x:row><x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>", 1048576 * 16384),
    ('<row r="4"><c r="A4"/></row><row r="900000">' + "<c><v>1</v></c>" * 100 + "</row>", 900000 * 56),
    ('<row r="4"><c r="A4"/></row><row r="99999"><c r="ZZ99999"/></row>', 99999 * 702),
    ('<row r="4"><c r="A4"/><c r="CV4"/></row><row r="900000"><c r="A900000"/></row>', 900000 * 100),
]
ODS = [
    ("<table-row><table-cell value-type='string'/></table-row>", 0),
    ("<table-row number-rows-repeated='5'/><table-row><table-cell value-type='string'/></table-row>", 6),
    (
        '<t:table-row><t:covered-table-cell t:number-columns-repeated="9"/>'
        '<t:table-cell o:value-type="float"/><t:table-cell t:number-columns-repeated="1000"/></t:table-row>',
        10,
    ),
]


@pytest.mark.parametrize(("ods", "xml", "cells"), [*((False, *one) for one in XLSX), *((True, *one) for one in ODS)])
def test_the_number_of_cells(ods: bool, xml: str, cells: int) -> None:
    assert count_spanned_cells(lambda: io.BytesIO(f"<sheet>{xml}</sheet>".encode()), ods=ods) == cells
