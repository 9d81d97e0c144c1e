"""Doors that may be two houses under one code are listed with the reasons, in pages."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.naming.commands import merge_places
from service.naming.queries import Suspect, list_suspects
from tests.factories.lists import codes_of, import_texts, take_in
from tests.service.naming.houses import COUNTY, LINSHAN, ONE, OTHER, SIMEN, YUYAO, places


def suspects(database: Database, **more: Any) -> dict[str, tuple[str, ...]]:
    """Reasons by text."""
    with database.reading() as session:
        found = list_suspects(session, county=COUNTY, **more)
    return {one.text: one.reasons for one in found}


def test_a_register_in_order_has_no_suspects(database: Database, tmp_path: Path) -> None:
    near = [f"{ONE}{n}号,121.0{n},30.1" for n in (2, 4)]
    take_in(database, tmp_path, "地址,经度,纬度\n" + "\n".join(near) + "\n")
    import_texts(database, tmp_path, [f"{OTHER}2号", f"{YUYAO}阳明西路9号"])
    assert suspects(database) == {}


def test_a_former_text_in_another_township_is_suspect(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号", f"{ONE}4号"])
    code = codes_of(database)[f"{ONE}2号"]
    with database.session() as session:
        session.execute(
            text(
                "insert into address_name (key, code, kind, text, valid_from) "
                "select key, code, 'department', :t, valid_from from address_name where code = :c"
            ),
            {"t": f"{OTHER}2号", "c": code},
        )
    assert suspects(database) == {f"{ONE}2号": (f"曾写作临山镇的地址：{OTHER}2号",)}


def test_a_door_that_one_source_lists_twice_is_suspect(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号"])
    code = codes_of(database)[f"{ONE}2号"]
    with database.session() as session:
        session.execute(
            text(
                "insert into address_identifier (scheme, value, code, valid_from) "
                "select 'source:' || scheme, value, :c, date '2026-01-01' from (values "
                "('派出所', 'A1'), ('派出所', 'B7'), ('电力', 'A1')) as v(scheme, value)"
            ),
            {"c": code},
        )
    assert suspects(database) == {f"{ONE}2号": ("来源派出所有多条记录：A1、B7",)}


def test_the_smaller_heap_of_doors_far_from_the_others_is_suspect(
    database: Database, tmp_path: Path
) -> None:
    rows = [f"{ONE}{n}号,{121 + n / 1000},30.1" for n in (2, 4, 6)]
    rows += [f"{OTHER}{n}号,{121.2 + n / 1000},30.1" for n in (1, 3)]
    take_in(database, tmp_path, "地址,经度,纬度\n" + "\n".join(rows) + "\n")
    assert suspects(database) == {}
    held = places(database)
    with database.session() as session:
        merge_places(session, held[SIMEN].number, held[LINSHAN].number, COMMAND_LINE, reason="x")
    far = ("距同名地名的其他门牌超过 5 公里",)
    assert suspects(database) == {f"{OTHER}{n}号": far for n in (1, 3)}


def test_a_door_without_township_along_one_of_two_streets_is_suspect(
    database: Database, tmp_path: Path
) -> None:
    loose = f"{YUYAO}人民路9号"
    import_texts(database, tmp_path, [loose])
    import_texts(database, tmp_path, [f"{YUYAO}兰江街道人民路2号"])
    assert suspects(database) == {}
    import_texts(database, tmp_path, [f"{OTHER}2号"])
    assert suspects(database) == {loose: ("未注明乡镇街道，本县有2处人民路",)}


def test_pages_meet_without_gap_or_double(database: Database, tmp_path: Path) -> None:
    import_texts(database, tmp_path, [f"{ONE}{n}号" for n in range(1, 8)])
    import_texts(database, tmp_path, ["浙江省金华市义乌市佛堂镇人民路1号"])
    with database.session() as session:
        session.execute(
            text(
                "insert into address_identifier (scheme, value, code, valid_from) "
                "select 'source:x', code || n, code, date '2026-01-01' "
                "from address, (values (1), (2)) as v(n)"
            )
        )
    with database.reading() as session:
        whole = list_suspects(session)
        pages: list[Suspect] = []
        after = ""
        while page := list_suspects(session, after=after, limit=3):
            pages += page
            after = page[-1].code
    assert len(whole) == 8
    assert pages == whole


@pytest.mark.parametrize("county", ["3303", "999999"])
def test_other_counties_have_none(database: Database, tmp_path: Path, county: str) -> None:
    import_texts(database, tmp_path, [f"{ONE}2号"])
    with database.reading() as session:
        assert list_suspects(session, county=county) == []
