"""Cells that are no part of an address: formulas, errors, rounded and personal numbers."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.database import Database
from service.imports.row_cells import is_identity_number, mask_personal
from tests.factories.lists import rules, take_in, texts

BASE = "浙江省杭州市上城区清波街道"
MOBILE, IDENTITY = "13800000000", "110101199003070004"
"""Invented: a mobile number of zeros, and an identity number whose check character is wrong."""


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("=A2&B2&12号", "formula"),
        ("=VLOOKUP(C2;A:B;2)", "formula"),
        ("#REF!", "error-value"),
        ("#N/A", "error-value"),
        ("#NAME?", "error-value"),
        ("待定", "name-pending"),
        (f"{BASE}竹竿路待命名1号", "name-pending"),
        ("2026-03-01", "date-cell"),
        (f"{BASE}竹竿路1号 {MOBILE}", "personal-number"),
        (f"{BASE}竹竿路1号138 0000 0000", "personal-number"),
        (f"{BASE}竹竿路1号{IDENTITY}", "personal-number"),
        (f"{BASE}竹竿路1号（0571-88000000）", "personal-number"),
        (f"310000{BASE}竹竿路1号", "personal-number"),
        (f"{BASE}竹竿路1号 310000", "personal-number"),
        (f"{BASE}竹竿路1号邮编310000", "personal-number"),
    ],
)
def test_a_text_that_is_none_is_refused(
    database: Database, tmp_path: Path, cell: str, rule: str
) -> None:
    take_in(database, tmp_path, f"地址\n{cell}\n")
    assert rules(tmp_path) == {"2": rule}
    assert texts(database) == []


@pytest.mark.parametrize("cell", ["竹竿路100101号", "竹竿路2025号", "竹竿路1号100101室"])
def test_numbers_of_doors_and_rooms_are_none_of_persons(
    database: Database, tmp_path: Path, cell: str
) -> None:
    take_in(database, tmp_path, f"地址\n{BASE}{cell}\n")
    assert texts(database) == [BASE + cell]


def test_personal_numbers_stay_neither_in_the_register_nor_in_the_errors_file(
    database: Database, tmp_path: Path
) -> None:
    content = f"县,街道,街路巷,门牌号,室\n上城区,清波街道,竹竿路,1号,{MOBILE}\n"
    take_in(database, tmp_path, content + f"上城区,清波街道,竹竿路{MOBILE},x,1\n")
    told = (tmp_path / "errors.csv").read_text("utf-8-sig")
    assert rules(tmp_path)["2"] == "personal-number"
    assert MOBILE not in told
    assert "＊＊＊" in told
    with database.reading() as session:
        names = session.connection().exec_driver_sql("select count(*) from address_name")
        assert names.scalar() == 0


@pytest.mark.parametrize("value", ["3.30102E+17", "1.10101e19", "3.30102199001010e+17"])
@pytest.mark.parametrize("column", ["编号", "唯一标识", "id:city"])
def test_a_rounded_identifier_is_no_identity(
    database: Database, tmp_path: Path, column: str, value: str
) -> None:
    for number in (1, 5):
        content = f"{column},地址\n{value},{BASE}竹竿路{number}号\n"
        take_in(database, tmp_path, content)
        assert rules(tmp_path) == {"2": "rounded-number"}
    assert texts(database) == []


def test_an_identifier_with_letters_that_looks_rounded_is_kept(
    database: Database, tmp_path: Path
) -> None:
    take_in(database, tmp_path, f"编号,地址\nA3E17,{BASE}竹竿路1号\n")
    assert len(texts(database)) == 1


@given(st.text(alphabet="0123456789 竹竿路号()（）,-室幢", max_size=40))
def test_what_was_masked_needs_no_more_masking(text: str) -> None:
    masked = mask_personal(text)
    assert mask_personal(masked) == masked
    assert len(masked) == len(text)


def test_an_identity_number_is_told_by_its_check_character() -> None:
    assert not is_identity_number(IDENTITY)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(w * int(d) for w, d in zip(weights, IDENTITY[:17], strict=True))
    assert is_identity_number(IDENTITY[:17] + "10X98765432"[total % 11])
