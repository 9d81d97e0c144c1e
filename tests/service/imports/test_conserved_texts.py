"""Texts of a list that say more than an address: what is stored, and what is refused."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service.core.database import Database
from tests.factories.lists import counts, refused, take_in, texts

TEXT = "浙江省杭州市上城区清波街道"


def stored_words(database: Database) -> str:
    """Every text that the register keeps of its addresses and of rows that wait."""
    with database.reading() as session:
        names = session.scalars(text("select text from address_name")).all()
        waiting = session.scalars(text("select draft::text from import_waiting")).all()
        addresses = session.scalars(text("select standard_text from address")).all()
    return " ".join((*names, *waiting, *addresses))


@pytest.mark.parametrize("number", ["13800001234", "，电话0571-28880000", " 330102199002200012"])
def test_a_number_of_a_person_is_not_stored_and_said_so(
    database: Database, tmp_path: Path, number: str
) -> None:
    report = take_in(database, tmp_path, f"地址\n{TEXT}永安路5号{number}\n")
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "号码" in refused(tmp_path)[0]["menpai_reason"]
    digits = "".join(character for character in number if character.isdigit())
    assert digits[-8:] not in stored_words(database).replace("-", "")


def test_a_number_of_a_person_in_a_column_refuses_the_row(
    database: Database, tmp_path: Path
) -> None:
    content = "县,街路巷,门牌号\n上城区,永安路,13800001234\n"
    assert counts(take_in(database, tmp_path, content))[4] == 1
    assert "号码" in refused(tmp_path)[0]["menpai_reason"]


@pytest.mark.parametrize(
    "place", ["上海市普陀区", "重庆江北区", "江西省南昌市西湖区", "南昌市西湖区"]
)
def test_an_address_outside_the_province_is_refused(
    database: Database, tmp_path: Path, place: str
) -> None:
    report = take_in(database, tmp_path, f"地址\n{place}永安路5号\n")
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "不在本库范围内" in refused(tmp_path)[0]["menpai_reason"]


def test_what_is_not_understood_refuses_the_row_and_is_named(
    database: Database, tmp_path: Path
) -> None:
    report = take_in(database, tmp_path, f"地址\n{TEXT}永安路5号12bis号\n")
    assert counts(report) == (0, 0, 0, 0, 1)
    assert "bis" in refused(tmp_path)[0]["menpai_reason"]


def test_the_road_before_the_one_that_counts_is_text_and_no_key(
    database: Database, tmp_path: Path
) -> None:
    content = f"地址\n{TEXT}西郊路后河巷20号\n"
    assert counts(take_in(database, tmp_path, content)) == (1, 0, 0, 0, 0)
    columns = "县,乡镇街道,上级道路,街路巷,门牌号\n上城区,清波街道,西郊路,后河巷,20号\n"
    assert counts(take_in(database, tmp_path, columns)) == (0, 0, 1, 0, 0)
    bare = f"地址\n{TEXT}后河巷20号\n"
    assert counts(take_in(database, tmp_path, bare))[0] == 0
    with database.reading() as session:
        street = session.scalars(text("select street from address")).one()
    assert street == "后河巷"


def test_one_numbered_lane_of_two_roads_is_two_addresses(
    database: Database, tmp_path: Path
) -> None:
    content = f"地址\n{TEXT}红星路六巷77号\n{TEXT}人民路六巷77号\n"
    assert counts(take_in(database, tmp_path, content)) == (2, 0, 0, 0, 0)
    assert texts(database) == [f"{TEXT}人民路六巷77号", f"{TEXT}红星路六巷77号"]
