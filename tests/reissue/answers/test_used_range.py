"""How far the cells of a sheet count_spanned_cells, by its XML alone: reckoned by hand."""

from __future__ import annotations

import io

import pytest

from reissue.answers.used_range import count_spanned_cells


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        ('<row r="1"><c r="A1"/><c r="RZ99999"/></row>', 0),
        ('<row r="2"><c r="AAA2"><v>1</v></c></row>', 2 * 703),
        ('<row r="3"><c/><c></c></row><row><c/></row>', 4 * 2),
        ('<row r="1"><c r="XFD1"/></row><row r="100"><c r="A100"/></row>', 100 * 16384),
        ("<row r='100'><c r='A100'/></row><row r='1'><c r='C1'/></row>", 100 * 3),
    ],
)
def test_of_an_xlsx(xml: str, cells: int) -> None:
    assert count_spanned_cells(lambda: io.BytesIO(f"<sheetData>{xml}</sheetData>".encode())) == cells


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        ("<table-row><table-cell value-type='string'/></table-row>", 0),
        ("<table-row number-rows-repeated='5'/><table-row><table-cell value-type='string'/></table-row>", 6),
        (
            '<t:table-row><t:covered-table-cell t:number-columns-repeated="9"/>'
            '<t:table-cell o:value-type="float"/><t:table-cell t:number-columns-repeated="1000"/></t:table-row>',
            10,
        ),
    ],
)
def test_of_an_ods(xml: str, cells: int) -> None:
    assert count_spanned_cells(lambda: io.BytesIO(f"<table>{xml}</table>".encode()), ods=True) == cells
