"""Cells of workbooks that a program computed: the stored value counts, or nothing does."""

from pathlib import Path

import pytest

from service.core.sheets import open_rows
from tests.factories.workbooks import raw_book


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="str"><f>A1&amp;"号"</f><v>竹竿路1号</v></c>', "竹竿路1号"),
        ("<c><f>ROW()</f><v>12</v></c>", "12"),
        ("<c><f>ROW()</f><v></v></c>", "=ROW()"),
        ("<c><f>ROW()</f></c>", "=ROW()"),
        ('<c t="str"><f>IF(A1="","",A1)</f><v></v></c>', ""),
        ('<c t="e"><f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v></c>', "#N/A"),
        ("<c><v>330102199001010011</v></c>", "3.30102199001010e+17"),
        ("<c><v>3.3010219900101E+17</v></c>", "3.30102199001010e+17"),
        ("<c><v>301</v></c>", "301"),
        ("<c><v>301.0</v></c>", "301"),
        ("<c><v>120.15000000000001</v></c>", "120.15"),
    ],
)
def test_a_formula_is_its_value_and_a_long_number_shows_that_it_was_rounded(
    tmp_path: Path, cell: str, text: str
) -> None:
    rows = f'<row r="2">{cell}<c t="inlineStr"><is><t>b</t></is></c></row>'
    path = raw_book(tmp_path / "a.xlsx", rows)
    with open_rows(path) as source:
        (row,) = source
    assert row.values["a"] == text
