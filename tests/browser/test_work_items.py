"""An officer gives out forty plates, a crew hangs them, and far check-ins are decided about."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Geolocation, Page

from address_model.work import WorkKind
from service.app import create_app
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.plates.queries import get_plate
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import WorkFilter, list_items, list_items_of
from tests.browser.axe import list_barriers
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.database import migrated_database
from tests.factories.plates import make_plates, metres_north
from tests.factories.staff import COOKIE, make_account, open_session

PLATES = 40


class Office:
    """Forty plates waiting in 河坊街; an officer, and the crew member li on a phone."""

    def __init__(self, database: Database, url: str, browser: Browser) -> None:
        self.database, self.url, self._browser = database, url, browser
        with database.session() as session:
            self.tokens = make_plates(session, PLATES)
            for token in self.tokens:
                code = get_plate(session, token).code
                open_item(session, WorkDraft(WorkKind.INSTALL, code, token), COMMAND_LINE)
        make_account(database, "officer", (Role.OFFICER, "330102000000"))
        make_account(database, "li", (Role.CREW, "330102000000"))

    def enter(self, name: str, size: tuple[int, int], **more: object) -> Page:
        """A browser window of a person; a phone tells where it is."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            permissions=["geolocation"],
            **more,  # type: ignore[arg-type]
        )
        secret = open_session(self.database, name).secret
        context.add_cookies([{"name": COOKIE, "value": secret, "url": self.url}])
        context.set_default_timeout(120_000)  # a machine under load is slow, not broken
        return context.new_page()


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Office]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with serve(create_app(database, Settings(home=tmp_path))) as url:
            yield Office(database, url, browser)
        database.dispose()


def at(metres: float) -> Geolocation:
    """Where the phone is: so many metres north of the doors."""
    point = metres_north(metres)
    return Geolocation(latitude=point.lat, longitude=point.lon, accuracy=8)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page to look at, and see that nobody meets a barrier on it."""
    photograph(page, f"work-items-{name}")
    assert list_barriers(page) == []


def hang(phone: Page, office: Office, token: str, metres: float) -> None:
    phone.context.set_geolocation(at(metres))
    phone.goto(f"{office.url}/crew/{token}")
    phone.wait_for_selector("#where.warn" if metres > 50 else "#where.good")
    phone.click("#send")
    phone.wait_for_url("**?done=*")


def test_forty_plates_are_given_out_in_the_browser_and_are_on_phone_and_paper(
    office: Office,
) -> None:
    desk = office.enter("officer", DESK)
    desk.goto(f"{office.url}/admin/work-items")
    assert "待办 40 件" in desk.inner_text(".counts")
    keep(desk, "1-list")
    desk.click("button >> text=办理全部 40 件")
    assert "将要办理 40 件：安装 40 件" in desk.inner_text(".notice")
    keep(desk, "2-many")
    desk.select_option("#assignee", "li")
    desk.click("button >> text=派单 40 件")
    assert "派单 40 件" in desk.inner_text("[role=status]")
    keep(desk, "3-done")
    desk.goto(f"{office.url}/admin/work-items?assignee=li")
    desk.click("text=打印现场清单")
    assert "共 40 件" in desk.inner_text("main")
    assert desk.locator(".printed .box").count() == PLATES
    desk.emulate_media(media="print")
    keep(desk, "4-printed")
    desk.emulate_media(media="screen")
    phone = office.enter("li", PHONE, geolocation=at(0))
    phone.goto(f"{office.url}/crew?mine=1")
    assert phone.locator(".pile-of li").count() == 30
    assert phone.locator(".pile-of b").first.inner_text() == "河坊街1号"
    keep(phone, "5-phone")
    phone.click("text=离我近的在前")
    phone.wait_for_url("**near=*")
    assert "离您近的在前" in phone.inner_text("main")
    keep(phone, "6-near")
    hang(phone, office, office.tokens[0], 3)
    desk.goto(f"{office.url}/admin/work-items?state=done")
    desk.click("tbody a >> nth=0")
    assert "办结：已安装" in desk.inner_text("#history")
    keep(desk, "7-item")
    for window in (desk, phone):
        window.context.close()


def test_far_check_ins_are_decided_about_each_of_three_ways(office: Office) -> None:
    phone = office.enter("li", PHONE, geolocation=at(80))
    tokens = office.tokens[:3]
    for token in tokens:
        hang(phone, office, token, 80)
    desk = office.enter("officer", DESK)
    desk.goto(f"{office.url}/admin")
    desk.click("a[href^='/admin/work-items/far']")
    keep(desk, "8-far")
    buttons = {"属实，移动点位": tokens[0], "请原来的人重拍": tokens[1], "退回": tokens[2]}
    for place, (button, token) in enumerate(buttons.items()):
        desk.goto(f"{office.url}/admin/work-items/far")
        desk.click(f"a[href^='/admin/work-items/far/{token}']")
        keep(desk, f"9-check-in-{place}")
        desk.click(f"main button >> text={button}")
        desk.wait_for_selector("[role=status]")
        keep(desk, f"9-decided-{place}")
    desk.goto(f"{office.url}/admin/work-items/far")
    assert "没有等待核实的位置异常的打卡" in desk.inner_text("main")
    with office.database.reading() as session:
        assert [get_plate(session, t).status for t in tokens] == ["in_use", "in_use", "to_install"]
        work = [list_items_of(session, t, state="open") for t in tokens]
        assert [[(i.kind, i.assignee) for i in one] for one in work] == [
            [],
            [("inspect", "li")],
            [("install", "li")],
        ]
        mine = list_items(session, WorkFilter(assignee="li"))
        assert {item.token for item in mine} == set(tokens[1:])
    moved = office.enter("li", PHONE, geolocation=at(80))
    moved.goto(f"{office.url}/crew/{tokens[0]}")
    moved.wait_for_selector("#where.good")
    assert "属实移点" in moved.inner_text(".history")
    keep(moved, "10-plate")
    for window in (desk, phone, moved):
        window.context.close()


def test_a_refused_form_of_the_phone_keeps_what_was_typed(office: Office) -> None:
    phone = office.enter("li", PHONE, geolocation=at(200_000))
    phone.goto(f"{office.url}/crew/{office.tokens[5]}")
    phone.wait_for_selector("#where.warn")
    assert "约 200 公里，多半不是这块门牌" in phone.inner_text("#where")
    phone.click("summary")
    phone.fill("#note", "左下角裂开")
    phone.fill("[name=lon]", "杭州")
    phone.click("#send")
    phone.wait_for_selector(".problem")
    assert phone.input_value("#note") == "左下角裂开"
    keep(phone, "11-refused")
    phone.click("text=重新拍二维码")
    phone.wait_for_url(f"{office.url}/crew")
    phone.context.close()
