"""Services and facilities at the desk: entered, corrected, withdrawn; whose, and what is said."""

from collections.abc import Iterator

import pytest

from service.addresses.commands import retire_address
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.core.settings import Settings
from service.service_items.commands import add_facility, add_service_item
from service.service_items.queries import FacilityFilter, list_facilities, list_service_items
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import COUNTIES, Office, insert_account, opened_office
from tests.factories.services import CENTRE, RESIDENCE
from tests.factories.staff import SignedIn, open_browser, sign_in

OWN = COUNTIES["own"]


@pytest.fixture
def office() -> Iterator[Office]:
    with opened_office() as made:
        yield made


def enter(office: Office, role: Role = Role.OFFICER) -> SignedIn:
    with office.database.session() as session:
        insert_account(session, f"one-{role}", role, OWN)
    settings = Settings(public_url=PUBLIC_URL, code_link_hosts=("service.example.org",))
    return sign_in(office.database, f"one-{role}", open_browser(office.database, settings))


def test_a_service_is_entered_previewed_corrected_and_withdrawn(office: Office) -> None:
    officer = enter(office)
    fields = {
        "name": "演示：居住登记",
        "office": "示例中心",
        "phone": "0571-00000011",
        "link": "https://service.example.org/{code}",
        "for_number": "1",
        "for_room": "1",
        "rank": "5",
        "division": OWN,
    }
    answer = officer.post("/admin/service-items/new", **fields)
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    page = officer.get(path).text
    assert "适用：门牌、户牌" in page
    assert "https://service.example.org/3301023456783321" in page
    listed = officer.get(f"/admin/service-items?division={OWN}").text
    assert listed.count("演示：居住登记") == 2  # in the list, and as residents see it
    changed = {**fields, "name": "演示：新名", "seen": "1"}
    assert officer.post(f"{path}/correct", **changed).status_code == 303
    assert officer.post(f"{path}/withdraw", reason="停办", seen="2").status_code == 303
    assert "演示：新名" not in officer.get("/admin/service-items").text
    assert "已撤下" in officer.get(path).text
    assert "演示：新名" in officer.get("/admin/service-items?ended=1").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "演示"}, "链接和电话至少填一项"),
        ({"name": "演示", "link": "http://a.cn"}, "https://"),
        ({"name": "演示", "link": "https://a.cn/{code}"}, "没有设置允许把地址编码带给 a.cn"),
        ({"name": "演示", "phone": "110"}, "110"),
        ({"name": "", "phone": "12345"}, "请填写事项"),
        ({"name": "演示", "phone": "12345", "valid_to": "2020-01-01"}, "停用日早于起用日"),
    ],
)
def test_a_refused_service_is_told_in_its_form(
    office: Office, fields: dict[str, str], said: str
) -> None:
    answer = enter(office).post("/admin/service-items/new", division=OWN, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "新增办事服务" in answer.text
    with office.database.reading() as session:
        assert list_service_items(session, "", today()) == []


def test_a_service_of_the_province_is_listed_and_not_opened(office: Office) -> None:
    with office.database.session() as session:
        number = add_service_item(session, "330000000000", RESIDENCE, ME, today())
    officer = enter(office)
    page = officer.get("/admin/service-items").text
    assert RESIDENCE.name in page
    assert f"/admin/service-items/{number}" not in page
    assert officer.get(f"/admin/service-items/{number}").status_code == 404


def test_a_viewer_reads_and_has_no_form(office: Office) -> None:
    with office.database.session() as session:
        number = add_service_item(session, OWN, RESIDENCE, ME, today())
        facility = add_facility(session, office.codes["own"], CENTRE, ME, today())
    viewer = enter(office, Role.VIEWER)
    for path in (f"/admin/service-items/{number}", f"/admin/facilities/{facility}"):
        page = viewer.get(path).text
        assert "登记内容" in page
        assert f"{path}/correct" not in page


def test_a_facility_is_found_a_place_entered_and_withdrawn(office: Office) -> None:
    officer, code = enter(office), office.codes["own"]
    led = officer.get(f"/admin/facilities/new?q={code}")
    assert led.headers["location"] == f"/admin/facilities/at/{code}"
    assert "河坊街88号" in officer.get(led.headers["location"]).text
    none = officer.get("/admin/facilities/new?q=不存在的地方")
    assert none.status_code == 200
    answer = officer.post(f"/admin/facilities/at/{code}", kind="aed", name="演示AED")
    path = answer.headers["location"]
    assert "自动体外除颤器" in officer.get("/admin/facilities?kind=aed").text
    warned = {"kind": "aed", "name": "演示AED", "phone": "13800000000", "seen": "1"}
    assert officer.post(f"{path}/correct", **warned).status_code == 303
    assert "请确认它是单位的" in officer.get(path).text
    assert officer.post(f"{path}/withdraw", reason="搬走", seen="2").status_code == 303
    with office.database.reading() as session:
        assert list_facilities(session, FacilityFilter(), today()) == []


def test_a_facility_whose_address_has_ended_waits_on_the_dashboard(office: Office) -> None:
    with office.database.session() as session:
        number = add_facility(session, office.codes["own"], CENTRE, ME, today())
    officer = enter(office)
    assert CENTRE.name not in officer.get("/admin").text
    with office.database.session() as session:
        retire_address(session, office.codes["own"], ME, reason="拆除")
    home = officer.get("/admin").text
    assert f"/admin/facilities/{number}" in home
    assert "居民看不到" in home
    assert CENTRE.name in officer.get("/admin/facilities?trouble=1").text
    assert "请撤下，再登记到新的地址" in officer.get(f"/admin/facilities/{number}").text
