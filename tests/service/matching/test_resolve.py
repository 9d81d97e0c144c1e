from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from service.addresses.commands import (
    add_name,
    correct_address,
    enter_addresses,
    retire_address,
    split_address,
)
from service.addresses.commands.names import NameDraft
from service.addresses.drafts import AddressDraft
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE as ME
from service.core.database import Database
from service.divisions.queries import get_division
from service.matching.queries import Resolution, complete, find_nearest, resolve, resolve_many
from service.matching.queries.name_keys import read_name_key
from tests.database import database_with_divisions

UPPER: dict[str, Any] = {
    "province": "浙江省",
    "city": "杭州市",
    "county": "上城区",
    "township": "清波街道",
}
DOORS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("河坊街", "88", {}),
    ("河坊街", "90", {}),
    ("河坊街", "90", {"room": Numbered("201", "室")}),
    ("望江东路", "12", {}),
    ("望江西路", "13", {}),
    ("凤凰山脚路", "7", {}),
    ("鼓楼弄", "1", {"building": Numbered("3", "幢")}),
    ("旧门街", "5", {}),
    ("分户街", "6", {}),
    ("文华路", "2", {"estate": "示例公寓", "building": Numbered("1", "幢")}),
    ("滨河南路", "4", {}),
    ("鸣泉大道", "9", {"room": Numbered("16-23", "室")}),
)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with database_with_divisions() as made:
        held = Database(made.app_url)
        with held.session() as session:
            township = get_division(session, "330102001000")
            drafts = [
                AddressDraft(
                    county="330102",
                    division_id=township.id,
                    division_code=township.code,
                    elements=Elements(
                        **UPPER,
                        thoroughfare=street,
                        number=Numbered(number, "号"),
                        **more,
                    ),
                    point=Point(120.165 + at / 1000, 30.24),
                )
                for at, (street, number, more) in enumerate(DOORS)
            ]
            drafts.append(
                replace(
                    drafts[0],
                    elements=Elements(**UPPER, estate="金家桥", building=Numbered("1", "号楼")),
                    point=Point(120.185, 30.26),
                )
            )
            codes = [str(code) for code in enter_addresses(session, drafts, ME)]
            text = "杭州市上城区示例大厦"
            key = read_name_key(session, "330102", text)
            add_name(session, codes[0], NameDraft(key, text, "alias", "街道"), ME)
            retire_address(session, codes[7], ME, reason="并户", successor=codes[0])
            parts = [_with_number(drafts[8], "6"), _with_number(drafts[8], "8")]
            split_address(session, codes[8], parts, ME, reason="分户")
            correct_address(
                session, get_address(session, codes[3]), _with_number(drafts[3], "14"), ME
            )
        yield held
        held.dispose()


def _with_number(draft: AddressDraft, number: str) -> AddressDraft:
    return AddressDraft(
        county=draft.county,
        division_id=draft.division_id,
        division_code=draft.division_code,
        elements=Elements(
            **UPPER, thoroughfare=draft.elements.thoroughfare, number=Numbered(number, "号")
        ),
    )


def ask(database: Database, text: str) -> Resolution:
    with database.reading() as session:
        return resolve(session, text)


def local(found: Resolution) -> str:
    return found.address.standard_text.split("街道")[1] if found.address else ""


@pytest.mark.parametrize(
    ("text", "category", "expected"),
    [
        ("浙江省杭州市上城区清波街道河坊街88号", "A", "河坊街88号"),
        ("杭州市上城区河坊街八十八号", "A", "河坊街88号"),
        ("杭州市上城区河坊街90号201", "A", "河坊街90号201室"),
        ("杭州市河坊街88号", "B", "河坊街88号"),
        ("杭州市上城区河纺街88号", "B", "河坊街88号"),
        ("杭州市上城区风凰山脚路7号", "B", "凤凰山脚路7号"),
        ("杭州市上城区河坊街88", "A", "河坊街88号"),
        ("杭州市上城区Hefang Jie 88号", "B", "河坊街88号"),
        ("杭州市上城区示例大厦", "A", "河坊街88号"),
        ("杭州市上城区旧门街5号", "B", "河坊街88号"),
        ("杭州市上城区望江东路12号", "B", "望江东路14号"),
        ("望江东路12号", "B", "望江东路14号"),
        ("望江东路 12", "B", "望江东路14号"),
        ("wangjiang donglu 12", "B", "望江东路14号"),
        ("杭州市望江东路12号", "B", "望江东路14号"),
        ("旧门街5号", "B", "河坊街88号"),
        ("望江东路14号", "B", "望江东路14号"),
        ("河坊街89号", "C", ""),
        ("西湖区望江东路12号", "none", ""),
        ("杭州市上城区河坊街89号", "C", ""),
        ("上海市上城区河坊街88号", "none", ""),
        ("南昌市上城区清波街道河坊街88号", "none", ""),
        ("杭州市上城区河坊街88号501室", "C", ""),
        ("杭州市上城区望江东路13号", "C", ""),
        ("杭州市西湖区河坊街88号", "none", ""),
        ("杭州市上城区箬溪栖路88号", "none", ""),
        ("杭州市上城区河坊街88号对面", "C", ""),
        ("收货地址：浙江省杭州市上城区河坊街88号", "A", "河坊街88号"),
        ("浙杭州市上城区河坊街88号门牌", "A", "河坊街88号"),
        ("杭州市上城区鸣泉大道9号16-23室", "A", "鸣泉大道9号16-23室"),
        ("杭州市上城区鸣泉打道9号16-23室", "B", "鸣泉大道9号16-23室"),
        ("杭州市上城区河坊街88号89号", "C", ""),
        ("杭州市上城区文化路2号示例公寓1幢", "B", "文华路2号示例公寓1幢"),
        ("杭州市上城区梧溪路示例公寓1幢", "C", ""),
        ("杭州市上城区滨江南路4号", "C", ""),
        ("杭州市上城区Hefangjie88号", "B", "河坊街88号"),
        ("杭州市上城区清波街道金家桥街1号", "C", ""),
        ("杭州市上城区清波街道金家桥1幢", "B", "金家桥1号楼"),
    ],
)
def test_a_text_gets_the_category_it_deserves(
    database: Database, text: str, category: str, expected: str
) -> None:
    found = ask(database, text)
    assert (found.category, local(found)) == (category, expected), found.reasons


def test_a_number_that_is_not_there_is_answered_with_its_neighbours(database: Database) -> None:
    found = ask(database, "杭州市上城区河坊街89号")
    assert found.match_level == "thoroughfare"
    assert {str(c.address.elements.number) for c in found.candidates} == {"88号", "90号"}
    assert "河坊街" in found.question


def test_a_room_that_is_not_there_stops_at_the_door(database: Database) -> None:
    found = ask(database, "杭州市上城区河坊街88号501室")
    assert (found.category, found.match_level) == ("C", "number")


def test_a_retired_text_names_what_it_was_and_leads_to_what_is(database: Database) -> None:
    found = ask(database, "杭州市上城区旧门街5号")
    assert found.historic is not None
    assert found.historic.status == "replaced"
    assert any("并户" in reason for reason in found.reasons)


def test_a_code_resolves_like_a_text(database: Database) -> None:
    exact = ask(database, "杭州市上城区河坊街88号")
    assert exact.address is not None
    assert ask(database, exact.address.code).address == exact.address


def test_a_new_address_is_found_as_soon_as_it_is_committed(database: Database) -> None:
    text = "杭州市上城区新增街1号"
    assert ask(database, text).category == "none"
    with database.session() as session:
        township = get_division(session, "330102001000")
        elements = Elements(**UPPER, thoroughfare="新增示例街", number=Numbered("1", "号"))
        draft = AddressDraft("330102", township.id, township.code, elements)
        enter_addresses(session, [draft], ME)
    assert local(ask(database, "杭州市上城区新赠示例街1号")) == "新增示例街1号"


def test_many_texts_get_the_answers_of_each_alone(database: Database) -> None:
    texts = ["杭州市上城区河坊街88号", "", "杭州市上城区河纺街88号", "乱" * 400]
    with database.reading() as session:
        assert [f.category for f in resolve_many(session, texts)] == ["A", "none", "B", "none"]


@pytest.mark.parametrize(
    "beginning", ["河坊", "坊街", "hefang", "hfj", "HeFang j", "河 坊", "ｈefang"]
)
def test_a_name_is_completed_from_characters_pinyin_and_initials(
    database: Database, beginning: str
) -> None:
    with database.reading() as session:
        assert complete(session, beginning, "330102").names == ["河坊街"]


def test_the_nearest_address_comes_with_its_distance(database: Database) -> None:
    with database.reading() as session:
        (near,) = find_nearest(session, Point(120.1651, 30.24))
    assert str(near.address.elements.number) == "88号"
    assert near.metres == pytest.approx(9.6, abs=0.2)
