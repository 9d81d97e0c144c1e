"""The page of an address in the officer's words: what it says, and what can be done on it."""

import re
from dataclasses import replace

from sqlalchemy import text

from address_model.codes import format_code
from address_model.coordinates import CoordinateSystem, Point, convert, distance_m
from address_model.positions import Position, PositionKind
from service.addresses.commands import PositionDraft, enter_addresses, set_positions
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE, Actor
from service.divisions.queries import get_division
from tests.factories.office import insert_account
from tests.factories.staff import sign_in
from tests.service.admin.address.conftest import Desk
from tests.service.admin.test_refused_forms import contents


def words(page: str) -> str:
    """The text of a page without its tags and gaps."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def test_the_page_says_what_is_registered(desk: Desk) -> None:
    said = words(desk.page())
    for told in (
        "地址›浙江省›杭州市›上城区›清波街道",
        "河坊街1号",
        f"地址编码{words(format_code(desk.codes[0]))}",
        "类型门牌号",
        "120.165000,30.240000（CGCS2000）",
        "出入口没有登记",
        "来源test",
        "省浙江省",
        "街路巷河坊街",
        "门牌号1号",
        "楼幢1",
        "门牌1块",
        "在用",
        "网格示例网格1网格员演示甲0571-00000001",
        "下一号浙江省杭州市上城区清波街道河坊街2号",
        "登记：发给地址编码",
        "门牌：发放门牌",
        "命令行",
    ):
        assert told in said, told
    assert f'<a href="/{desk.token}">居民扫码所见</a>' in desk.page()
    assert "上一号浙江省" in words(desk.page(2))
    assert '<a href="/admin/addresses?division=330102001000">清波街道</a>' in desk.page()
    assert "division=330100000000" not in desk.page()  # not the officer's
    assert '<svg class="map"' in desk.page()


def test_children_lead_down_and_parents_up(desk: Desk) -> None:
    found = re.search(r'<a href="(/admin/addresses/\d+)">1幢</a>', desk.page())
    assert found
    building = desk.officer.get(found[1]).text
    assert "户室3" in words(building)
    assert "101室" in words(building)
    assert f'href="/admin/addresses/{desk.codes[0]}"' in building


def test_an_address_of_another_county_or_no_address_is_not_found(desk: Desk) -> None:
    with desk.database.session() as session:
        insert_account(session, "foreigner", Role.OFFICER, "330106")
    foreigner = sign_in(desk.database, "foreigner")
    assert foreigner.get(f"/admin/addresses/{desk.codes[0]}").status_code == 404
    assert foreigner.post(desk.path("freeze"), reason="x", seen=1).status_code == 404
    assert desk.officer.get("/admin/addresses/3301020000000000").status_code == 404
    assert desk.officer.get("/admin/addresses/abc").status_code == 404


def test_a_reader_sees_no_actions_and_may_do_none(desk: Desk) -> None:
    viewer = sign_in(desk.database, "viewer")
    page = viewer.get(f"/admin/addresses/{desk.codes[0]}?do=retire").text
    assert "?do=" not in page
    assert "怎样注销" not in page
    assert viewer.post(desk.path("freeze"), reason="x").status_code == 403


def test_a_correction_is_looked_at_done_and_undone(desk: Desk) -> None:
    assert "从县（市、区）写起" in desk.page(1, "?do=correct")
    typed = "上城区清波街道河坊街11号"
    looked = desk.send("correct", text=typed, step="look")
    assert looked.status_code == 200
    assert "浙江省杭州市上城区清波街道河坊街11号" in words(looked.text)
    assert "更换1件" in words(looked.text)
    assert desk.row().standard_text.endswith("河坊街1号")  # nothing was done yet
    assert desk.send("correct", text=typed).status_code == 303
    assert desk.row().standard_text.endswith("河坊街11号")
    said = words(desk.page())
    assert "李娜更正：“浙江省杭州市上城区清波街道河坊街1号”改为" in said
    assert "曾用名" in said
    assert "更换待办" in said
    entry = re.search(r'name="entry" value="(\d+)"', desk.page())
    assert entry
    assert desk.send("undo", entry=entry[1]).status_code == 303
    assert desk.row().standard_text.endswith("河坊街1号")
    assert desk.send("undo", entry=entry[1]).status_code == 422


def test_a_move_says_how_far_and_is_undone(desk: Desk) -> None:
    fields = {"lon": "120.1651", "lat": "30.24", "crs": "4490"}
    looked = desk.send("move", step="look", **fields)
    assert "移动9.6米" in words(looked.text)
    assert desk.send("move", **fields).status_code == 303
    assert "李娜移动：登记位置移动9.6米：由120.165000,30.240000到120.165100" in words(desk.page())
    entry = re.search(r'name="entry" value="(\d+)"', desk.page())
    assert entry
    assert desk.send("undo", entry=entry[1]).status_code == 303
    point = desk.row().point
    assert point is not None
    assert (point.lon, point.lat) == (120.165, 30.24)


REFUSED: list[tuple[str, dict[str, str], str, str]] = [
    ("correct", {"text": ""}, "请填写正确的地址", "text"),
    ("correct", {"text": "河坊街"}, "没有门牌号", "text"),
    ("correct", {"text": "上城区清波街道河坊街2号"}, "已经是", "text"),
    ("move", {"lon": "", "lat": ""}, "请填写经度和纬度", "lon"),
    ("move", {"lon": "30.24", "lat": "120.16"}, "填反", "lon"),
    ("move", {"lon": "121.9", "lat": "30.2"}, "界外", "lon"),
    ("freeze", {"reason": " "}, "请填写事由", "reason"),
    ("retire", {"ending": "", "reason": "拆除", "other": ""}, "请选择怎样注销", "ending"),
    ("retire", {"ending": "gone", "reason": ""}, "请填写事由", "reason"),
    (
        "retire",
        {"reason": "拆除", "ending": "successor", "other": ""},
        "请填写地址或16位地址编码",
        "other",
    ),
    (
        "retire",
        {"reason": "拆除", "ending": "successor", "other": "3301020000000000"},
        "逐位核对",
        "other",
    ),
    (
        "retire",
        {"reason": "拆除", "ending": "successor", "other": "上城区河坊街1号"},
        "不能接续它自己",
        "other",
    ),
    ("retire", {"reason": "拆除", "ending": "gone", "other": "河坊街2号"}, "请清空", "other"),
    ("merge", {"reason": "同一处", "other": "天上人间9号"}, "没有找到", "other"),
    ("name", {"text": ""}, "请填写名称", "text"),
    ("name", {"text": "老宅", "since": "去年"}, "填写日期", "since"),
    ("name", {"text": "宅", "since": "2020-01-02", "until": "2019-01-01"}, "早于", "until"),
    ("identify", {"scheme": "公安", "value": ""}, "请填写系统名称", "value"),
    ("unfreeze", {}, "没有冻结", "reason"),
]
"""Action, what is typed, what is told, and the field that it stands at."""


def test_a_refused_form_comes_back_as_typed_with_the_fault_beside_the_field(desk: Desk) -> None:
    for action, fields, told, field in REFUSED:
        answer = desk.send(action, **fields)
        assert answer.status_code in (409, 422), (action, fields)
        assert told in words(answer.text), (action, fields)
        assert f'id="{field}-fault"' in answer.text, (action, fields)
        for name, typed in fields.items():
            assert f'name="{name}"' in answer.text
            assert typed in answer.text
    assert desk.row().version == 1


def test_freezing_stops_changes_until_it_is_undone(desk: Desk) -> None:
    assert desk.send("freeze", reason="产权争议").status_code == 303
    page = desk.page()
    assert "冻结" in words(page)
    assert "事由：产权争议" in words(page)
    assert "?do=correct" not in page
    refused = desk.send("correct", text="上城区清波街道河坊街11号")
    assert refused.status_code == 409
    assert "请先解冻" in refused.text
    assert desk.send("unfreeze").status_code == 303
    assert "解冻：恢复有效" in words(desk.page())


def test_retiring_shows_what_follows_and_leads_to_the_successor(desk: Desk) -> None:
    fields = {"reason": "院门合并", "other": "上城区清波街道河坊街2号", "ending": "successor"}
    assert "1块" in words(desk.page(1, "?do=retire"))
    looked = words(desk.send("retire", step="look", **fields).text)
    assert "替换，由浙江省杭州市上城区清波街道河坊街2号接续" in looked
    assert "取下1件" in looked
    assert desk.row().status == "active"
    assert desk.send("retire", **fields).status_code == 303
    said = words(desk.page())
    assert "本地址已终止，现在是：浙江省杭州市上城区清波街道河坊街2号" in said
    assert "注销：被替换（原为有效），由浙江省杭州市上城区清波街道河坊街2号" in said
    assert "?do=retire" not in desk.page()


def test_merging_leads_to_the_address_that_stays(desk: Desk) -> None:
    answer = desk.send("merge", reason="同一处", other=desk.codes[1])
    assert answer.status_code == 303
    assert desk.row().successor_code == desk.codes[1]
    kept = words(desk.page(2))
    assert f"接续的旧地址：{desk.row().standard_text}" in kept


def test_names_and_identifiers_are_added(desk: Desk) -> None:
    named = {"text": "清河坊里院", "kind": "former", "until": "1999-12-31", "source": "老地图"}
    assert desk.send("name", **named).status_code == 303
    known = {"scheme": "公安", "value": "GA330102-0048"}
    assert desk.send("identify", **known).status_code == 303
    said = words(desk.page())
    assert "清河坊里院曾用名" in said
    assert "登记曾用名“清河坊里院”" in said
    assert "依据：老地图" in said
    assert "公安GA330102-0048" in said
    taken = desk.send("identify", 2, **known)
    assert taken.status_code == 409
    assert "已属于" in taken.text


def test_a_name_for_a_page_that_is_behind_is_refused(desk: Desk) -> None:
    with desk.database.session() as session:
        session.execute(
            text("update address set code = code where code = :c"), {"c": desk.codes[0]}
        )
    for action, fields in (("name", {"text": "里院"}), ("identify", {"scheme": "a", "value": "b"})):
        assert desk.officer.post(desk.path(action), seen=1, **fields).status_code == 412


def test_a_long_history_goes_on_page_by_page(desk: Desk) -> None:
    for number in range(33):
        assert desk.send("name", text=f"里院{number}").status_code == 303
    first = desk.page()
    assert first.count("登记别名") == 30
    older = re.search(r'href="([^"]+after=[^"#]+)#history">下一页', first)
    assert older
    rest = desk.officer.get(older[1].replace("&amp;", "&")).text
    assert rest.count("登记别名") == 3
    assert "登记：发给地址编码" in rest


def test_what_a_list_did_to_many_stands_in_the_history_of_each_with_who_did_it(desk: Desk) -> None:
    here = Position(PositionKind.ENTRANCE, Point(120.1651, 30.24), label="东门")
    for door in (1, 2):
        with desk.database.session() as session:
            draft = PositionDraft(desk.codes[door - 1], here)
            set_positions(session, [draft], Actor("staff", ("officer", "colleague")[door - 1]))
    assert "李娜批量设置了入口等位置" in words(desk.page())
    assert "colleague批量设置了入口等位置" in words(desk.page(2))
    assert "入口东门120.165100,30.240000" in words(desk.page())


def test_degrees_of_a_map_are_converted_before_they_are_stored(desk: Desk) -> None:
    typed = convert(Point(120.1652, 30.2401), CoordinateSystem.CGCS2000, CoordinateSystem.GCJ02)
    fields = {"lon": f"{typed.lon:.6f}", "lat": f"{typed.lat:.6f}", "crs": "gcj02"}
    assert desk.send("move", **fields).status_code == 303
    point = desk.row().point
    assert point is not None
    assert distance_m(point, Point(120.1652, 30.2401)) < 0.5


def test_looking_at_what_would_follow_leaves_every_table_as_it_was(desk: Desk) -> None:
    before = contents(desk.database)
    other = {"reason": "同一处", "other": desk.codes[1]}
    for action, fields in (
        ("correct", {"text": "上城区清波街道大井巷7号"}),
        ("move", {"lon": "120.17", "lat": "30.24"}),
        ("retire", other | {"ending": "successor"}),
        ("merge", other),
    ):
        assert desk.send(action, step="look", **fields).status_code == 200, action
    assert contents(desk.database) == before


def test_an_address_of_another_county_is_no_successor(desk: Desk) -> None:
    with desk.database.session() as session:
        held = get_address(session, desk.codes[0])
        draft = replace(
            draft_of(held),
            county="330106",
            division_id=get_division(session, "330106001000").id,
            division_code="330106001000",
            elements=held.elements._replace(county="西湖区", township="北山街道"),
            place_id=None,
        )
        (code,) = enter_addresses(session, [draft], COMMAND_LINE)
    for action in ("retire", "merge"):
        answer = desk.send(action, reason="并入", ending="successor", other=str(code))
        assert answer.status_code == 422
        assert "不在您负责的区划内" in answer.text
