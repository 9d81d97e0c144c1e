"""Entrances of an address are set, moved and withdrawn on its page."""

import html
import re

from service.addresses.queries import list_positions
from tests.service.admin.address.conftest import Desk
from tests.service.admin.address.test_pages import words

EAST = {"spot": "entrance", "label": "东门", "accuracy": "B", "crs": "4490"}


def held(desk: Desk) -> list[tuple[str, str, float, str]]:
    with desk.database.reading() as session:
        rows = list_positions(session, desk.codes[:1]).get(desk.codes[0], [])
    return [(str(row.kind), row.label, row.point.lon, str(row.accuracy)) for row in rows]


def test_an_entrance_is_set_moved_and_withdrawn_with_its_history(desk: Desk) -> None:
    assert "出入口没有登记" in words(desk.page())
    assert desk.send("entrance", lon="120.1651", lat="30.24", **EAST).status_code == 303
    assert held(desk) == [("entrance", "东门", 120.1651, "B")]
    page = desk.page()
    assert "入口东门120.165100,30.240000大比例尺图，误差2.5米以内" in words(page)
    move, withdraw = (
        html.unescape(found)
        for found in re.findall(r'href="[^"]+(\?do=(?:entrance|withdraw)&amp;spot=[^"#]+)#', page)
    )
    opened = desk.page(1, move)
    assert 'value="东门"' in opened
    assert 'value="120.165100"' in opened
    assert desk.send("entrance", lon="120.1652", lat="30.24", **EAST).status_code == 303
    assert held(desk) == [("entrance", "东门", 120.1652, "B")]
    assert '<option value="entrance:东门" selected>入口东门' in desk.page(1, withdraw)
    gone = {"spot": "entrance:东门", "reason": "已封"}
    assert desk.send("withdraw", **gone).status_code == 303
    assert held(desk) == []
    said = words(desk.page())
    assert "设置入口东门到120.165100,30.240000" in said
    assert "撤销入口东门，原在120.165200,30.240000事由：已封" in said
    assert "没有这个出入口" in words(desk.send("withdraw", **gone).text)


def test_the_main_entrance_is_where_the_address_is_shown(desk: Desk) -> None:
    typed = EAST | {"label": "", "lon": "120.1655", "lat": "30.2401"}
    assert desk.send("entrance", **typed).status_code == 303
    position = desk.row().position
    assert position is not None
    assert (position.point.lon, position.point.lat) == (120.1655, 30.2401)
    own = desk.row().point
    assert own is not None
    assert (own.lon, own.lat) == (120.165, 30.24)  # it stays


def test_what_is_no_entrance_here_is_refused_beside_its_field(desk: Desk) -> None:
    here = EAST | {"lon": "120.1651", "lat": "30.24"}
    for fields, told, field in (
        ({"spot": "centre"}, "请选择是哪一种", "spot"),
        ({"label": "东" * 21}, "不超过20个字", "label"),
        ({"accuracy": "X"}, "请选择精度", "accuracy"),
        ({"lon": "", "lat": ""}, "请填写经度和纬度", "lon"),
        ({"lon": "120.2651"}, "公里，请核对经纬度", "lon"),
    ):
        answer = desk.send("entrance", **here | fields)
        assert answer.status_code in (409, 422), fields
        assert told in words(answer.text), fields
        assert f'id="{field}-fault"' in answer.text
    assert "请填写事由" in desk.send("withdraw", spot="entrance:东门").text
    assert held(desk) == []
