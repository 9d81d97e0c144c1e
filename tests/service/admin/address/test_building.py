"""A building is entered at its door: listed first, unticked, kept, approved, and told of."""

import re

import pytest

from address_model.elements import local_text
from service.addresses.queries import list_descendants
from service.core.settings import Settings
from tests.factories.hosts import PUBLIC_URL
from tests.factories.staff import SignedIn, open_browser, sign_in
from tests.service.admin.address.conftest import ROOMS, Desk
from tests.service.admin.address.test_pages import words

TOWERS = {"buildings": "1-3", "units": "", "floors": "1-18", "rooms": "01-04"}
SMALL = {"buildings": "7", "units": "东、西 单元", "floors": "1-2", "rooms": "01-02"}


def enter(desk: Desk, name: str, above: int) -> SignedIn:
    """A browser where changes of more addresses wait for a second person."""
    settings = Settings(address_approval_above=above, public_url=PUBLIC_URL)
    return sign_in(desk.database, name, open_browser(desk.database, settings))


def below(desk: Desk, door: int = 2) -> list[str]:
    with desk.database.reading() as session:
        found = list_descendants(session, [desk.codes[door - 1]], most=1000)
        return sorted(local_text(row.elements) for _, row in found)


def ticks(page: str) -> list[str]:
    return re.findall(r'name="cells" value="([^"]+)" checked', page)


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def listed(page: str) -> str:
    found = re.search(r'name="listed" value="([^"]*)"', page)
    assert found
    return found[1]


def test_three_towers_are_listed_and_then_entered_without_those_unticked(desk: Desk) -> None:
    officer = enter(desk, "officer", 500)
    path, seen = desk.path("build", 2), desk.row(2).version
    looked = officer.post(path, seen=seen, step="look", **TOWERS)
    assert looked.status_code == 200, words(looked.text)
    assert len(ticks(looked.text)) == 216
    assert "新登记219个地址" in words(looked.text)
    assert "3个（连同再下级共219个）" in words(looked.text)
    assert below(desk) == []
    wanted = [one for one in ticks(looked.text) if one not in ("1幢101室", "3幢1804室")]
    sent = {"cells": wanted, "listed": listed(looked.text)}
    answer = officer.post(path, seen=seen, **sent, **TOWERS)
    assert answer.status_code == 303, words(answer.text)
    found = below(desk)
    assert len(found) == 217
    assert "河坊街2号1幢101室" not in found
    assert "河坊街2号3幢1803室" in found
    assert "成栋登记：在本地址下新登记217个幢、单元、室" in words(desk.page(2))


def test_what_is_there_is_named_and_not_entered_again(desk: Desk) -> None:
    looked = desk.send("build", 1, step="look", buildings="1", floors="1-2", rooms="01-03")
    said = words(looked.text)
    for room in ROOMS:
        assert f"{room}室已有" in said
    assert sorted(ticks(looked.text)) == ["1幢103室", "1幢202室", "1幢203室"]
    assert "新登记3个地址" in said
    again = desk.send("build", 1, step="look", buildings="1", floors="1", rooms="01-02")
    assert again.status_code == 409
    assert "都已经登记了" in words(again.text)


def test_a_room_that_may_be_there_without_its_unit_is_not_ticked(desk: Desk) -> None:
    typed = {"buildings": "1", "units": "1", "floors": "1", "rooms": "01-03"}
    looked = desk.send("build", 1, step="look", **typed)
    assert words(looked.text).count("已有不写单元的") == 2
    assert ticks(looked.text) == ["1幢1单元103室"]
    answer = desk.send("build", 1, cells=ticks(looked.text), listed=listed(looked.text), **typed)
    assert answer.status_code == 303
    assert "河坊街1号1幢1单元101室" not in below(desk, 1)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"rooms": "大厅"}, "rooms", "看不明白"),
        ({"rooms": ""}, "rooms", "至少填写"),
        ({"floors": "18-1", "rooms": "01"}, "floors", "从小到大"),
        ({"rooms": "101", "dated": "2026-01-02"}, "document", "哪份文件"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(
    desk: Desk, typed: dict[str, str], field: str, said: str
) -> None:
    refused = desk.send("build", 2, step="look", **typed)
    assert refused.status_code == 422
    assert said in words(refused.text)
    assert f'id="{field}-fault"' in refused.text
    assert below(desk) == []


def test_what_was_typed_after_the_list_was_made_asks_for_another_look(desk: Desk) -> None:
    looked = desk.send("build", 2, step="look", **SMALL)
    changed = SMALL | {"floors": "1-3"}
    refused = desk.send("build", 2, cells=ticks(looked.text), listed=listed(looked.text), **changed)
    assert refused.status_code == 422
    assert "请重新看结果" in words(refused.text)
    none = desk.send("build", 2, cells=["x"], listed=listed(looked.text), **SMALL)
    assert "一户也没有勾选" in words(none.text)
    assert below(desk) == []


def test_a_building_that_has_its_own_level_leaves_the_field_empty(desk: Desk) -> None:
    with desk.database.reading() as session:
        found = list_descendants(session, desk.codes[:1], most=9)
        tower = next(row for _, row in found if not row.elements.room)
    path = f"/admin/addresses/{tower.code}/build"
    refused = desk.officer.post(path, seen=tower.version, step="look", buildings="2", rooms="101")
    assert "这一栏请留空" in words(refused.text)
    done = desk.officer.post(path, seen=tower.version, units="2", rooms="901", names_floors="")
    assert done.status_code == 303
    assert "河坊街1号1幢2单元901室" in below(desk, 1)


def test_a_form_that_is_behind_keeps_its_choice(desk: Desk) -> None:
    looked = desk.send("build", 2, step="look", **SMALL)
    wanted = [one for one in ticks(looked.text) if one != "7幢东单元101室"]
    seen = desk.row(2).version
    moved = {"lon": "120.1651", "lat": "30.24", "crs": "4490"}
    assert desk.send("move", 2, **moved).status_code == 303
    path = desk.path("build", 2)
    behind = desk.officer.post(
        path, seen=seen, cells=wanted, listed=listed(looked.text), act="确认成栋登记", **SMALL
    )
    assert behind.status_code == 412
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', behind.text))
    assert desk.officer.browser.post(path, data=hidden).status_code == 303
    assert len(below(desk)) == 1 + 2 + 7
    assert "河坊街2号7幢东单元101室" not in below(desk)


def test_a_large_building_waits_for_a_second_person_and_is_entered_as_agreed(desk: Desk) -> None:
    officer, colleague = (enter(desk, name, 5) for name in ("officer", "colleague"))
    path = desk.path("build", 2)
    looked = officer.post(path, seen=desk.row(2).version, step="look", **SMALL)
    assert "须由另一位有审批权限的同事同意" in looked.text
    sent = officer.post(
        path,
        seen=desk.row(2).version,
        cells=[one for one in ticks(looked.text) if one != "7幢西单元202室"],
        listed=listed(looked.text),
        **SMALL,
    )
    draft = sent.headers["location"]
    page = colleague.get(draft).text
    assert "7幢西单元202室" in words(page).split("不登记的")[1][:40]
    digest = re.search(r'name="agreed" value="(\w+)"', page)
    assert digest
    approved = colleague.post(f"{draft}/approve", seen=seen_on(page), agreed=digest[1])
    assert approved.status_code == 303, words(approved.text)
    assert below(desk) == []
    carried = officer.post(f"{draft}/carry-out", seen=seen_on(officer.get(draft).text))
    assert carried.status_code == 303, words(carried.text)
    assert len(below(desk)) == 1 + 2 + 7


def test_a_draft_comes_back_as_it_was_chosen(desk: Desk) -> None:
    looked = desk.send("build", 2, step="look", **SMALL)
    kept = desk.send(
        "build", 2, step="keep", cells=ticks(looked.text)[1:], listed=listed(looked.text), **SMALL
    )
    assert ticks(looked.text)[0] == "7幢东单元201室"
    number = kept.headers["location"].rpartition("/")[2]
    page = desk.page(2, f"?do=build&draft={number}")
    assert 'value="东、西 单元"' in page
    assert 'name="left_out" value="7幢东单元201室"' in page


def test_the_way_to_a_building_begins_at_its_door(desk: Desk) -> None:
    assert "/admin/buildings/new" in desk.officer.get("/admin/addresses").text
    lost = desk.officer.get("/admin/buildings/new?at=上城区没有路1号")
    assert lost.status_code == 200
    assert "没有找到地址" in words(lost.text)
    found = desk.officer.get(f"/admin/buildings/new?at={desk.codes[1]}")
    assert found.headers["location"] == f"/admin/addresses/{desk.codes[1]}?do=build#doing"
