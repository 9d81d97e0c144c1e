"""The roster by keyboard, a change-over at midnight, and a grid worker with the own contact."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Division, StaffAccount
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.auth.permissions import Role
from service.core import clock
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.browser.bureau import Bureau, enter
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_crew import require_fitting
from tests.browser.test_import_by_keyboard import go_by, skip_to_content, tab_to
from tests.database import migrated_database
from tests.factories.addresses import make_draft
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.hosts import PREFIX, PUBLIC_URL
from tests.factories.office import insert_account

COUNTY = "330102000000"
EVENING = datetime(2026, 11, 30, 15, 59, 30, tzinfo=UTC)
"""Half a minute before midnight in Shanghai."""


@dataclass
class Night:
    """A clock that tests move on."""

    now: datetime = EVENING

    def __call__(self) -> datetime:
        return self.now


def enter_grid(session: Session) -> str:
    """A grid of a community with 演示甲 as its worker, and one plate; its token."""
    place = make_place(session)
    county = session.scalars(select(Division.id).where(Division.code == COUNTY)).one()
    community = make_area(session, "community", "清河坊社区", division_id=county)
    grid = make_area(
        session, code="33010200100101", name="第一网格", division_id=county, parent_id=community.id
    )
    insert_account(session, "li.na", Role.OFFICER, "330102")
    insert_account(session, "wang.fang", Role.GRID_WORKER, "330102")
    account = session.scalars(select(StaffAccount).where(StaffAccount.name == "wang.fang")).one()
    account.display_name = "演示甲"
    late = date(2026, 6, 1)
    make_duty(session, grid, account_id=account.id, confirmed_at=late, organisation="清河坊社区")
    make_duty(
        session, community, "community_office", display_name="清河坊社区服务中心",
        phone="0571-00000002", confirmed_at=date(2026, 11, 20),
    )  # fmt: skip
    codes = [str(code) for code in enter_addresses(session, [make_draft(place)], COMMAND_LINE)]
    link_addresses(session, codes)
    batch = open_batch(
        session, name="t", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")[0]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> Night:
    made = Night()
    monkeypatch.setattr(clock, "now_utc", made)
    return made


@pytest.fixture
def grid(tmp_path: Path, night: Night) -> Iterator[tuple[Bureau, str]]:
    """The served grid on that evening, and the token of its plate."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            token = enter_grid(session)
        app = create_app(database, Settings(home=tmp_path, public_url=PUBLIC_URL))
        app.scans._registers._clock = lambda: night().timestamp()  # noqa: SLF001
        with serve(app) as url:
            yield Bureau(database, url, tmp_path), token
        database.dispose()


def keep(page: Page, name: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    photograph(page, f"duties-{name}-{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, size)


@pytest.mark.parametrize("scripts", [True, False], ids=["with script", "without script"])
def test_the_roster_is_kept_by_keyboard_alone(
    browser: Browser, grid: tuple[Bureau, str], scripts: bool
) -> None:
    bureau, _ = grid
    page = enter(browser, bureau, "li.na", scripts=scripts)
    page.goto(f"{bureau.url}/admin")
    keep(page, "home", DESK)
    skip_to_content(page)
    go_by(page, "A", "核对")
    expect(page.locator("tbody tr")).to_have_count(1)
    for size in (DESK, PHONE):
        keep(page, "unconfirmed", size)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    skip_to_content(page)
    go_by(page, "BUTTON", "确认")
    expect(page.locator("main")).to_contain_text("没有到期没有确认的责任人")
    skip_to_content(page)
    tab_to(page, "SELECT", "范围")
    page.keyboard.press("Home")
    go_by(page, "BUTTON", "查询")
    go_by(page, "A", "演示甲")
    expect(page.locator("h1")).to_contain_text("演示甲")
    for size in (DESK, PHONE):
        keep(page, "duty", size)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    skip_to_content(page)
    tab_to(page, "INPUT", "接任人")
    page.keyboard.type("演示乙")
    tab_to(page, "INPUT", "电话")
    page.keyboard.type("12")
    go_by(page, "BUTTON", "换人")
    expect(page.locator("[role=alert]").first).to_be_visible()
    keep(page, "refused", DESK)
    skip_to_content(page)
    tab_to(page, "INPUT", "电话")
    page.keyboard.press("Control+a")
    page.keyboard.type("0571-00000008")
    go_by(page, "BUTTON", "换人")
    expect(page.locator("h1")).to_contain_text("演示乙")
    page.goto(f"{bureau.url}/admin/duties/handover")
    skip_to_content(page)
    tab_to(page, "TEXTAREA", "粘贴")
    rows = "网格编码\\t角色\\t姓名\\t交接日期\\n33010200100101\\t网格员\\t演示丙\\t2026-12-20"
    page.keyboard.insert_text(rows.replace("\\t", "\t").replace("\\n", "\n"))
    go_by(page, "BUTTON", "先看结果")
    for size in (DESK, PHONE):
        keep(page, "handover", size)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    skip_to_content(page)
    go_by(page, "BUTTON", "办理 1 个")
    expect(page.locator("#result")).to_contain_text("已经办理")
    page.context.close()


def test_at_midnight_the_scan_shows_the_next_holder(
    browser: Browser, grid: tuple[Bureau, str], night: Night
) -> None:
    bureau, token = grid
    clerk = enter(browser, bureau, "li.na")
    clerk.goto(f"{bureau.url}/admin/duties")
    clerk.click("text=演示甲")
    clerk.fill("#display_name", "演示乙")
    clerk.fill("#begins", "2026-12-01")
    clerk.fill("#phone", "0571-00000008")
    clerk.click("button >> text=换人")
    expect(clerk.locator(".state").first).to_have_text("未上任")
    resident = browser.new_page()
    resident.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    resident.goto(f"{bureau.url}/{token}")
    expect(resident.locator("main")).to_contain_text("演示甲")
    expect(resident.locator("main")).not_to_contain_text("演示乙")
    keep(resident, "before-midnight", PHONE)
    night.now += timedelta(minutes=1)
    resident.goto(f"{bureau.url}/{token}")
    expect(resident.locator("main")).to_contain_text("演示乙")
    expect(resident.locator("main")).not_to_contain_text("演示甲")
    keep(resident, "after-midnight", PHONE)
    clerk.goto(f"{bureau.url}/admin/duties")
    expect(clerk.locator("tbody")).not_to_contain_text("演示甲")
    resident.close()
    clerk.context.close()


def test_a_grid_worker_confirms_and_hides_the_own_contact_on_a_phone(
    browser: Browser, grid: tuple[Bureau, str]
) -> None:
    bureau, token = grid
    phone = enter(browser, bureau, "wang.fang")
    phone.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    phone.goto(f"{bureau.url}/{token}")
    expect(phone.locator(".staff")).to_contain_text("第一网格")
    keep(phone, "scan", PHONE)
    require_fitting(phone)
    phone.click(".staff >> text=巡查")
    expect(phone.locator("h1")).to_contain_text("河坊街88号")
    phone.go_back()
    expect(phone.locator(".staff")).to_be_visible()
    phone.goto(f"{bureau.url}/crew")
    expect(phone.locator(".notice.warn")).to_contain_text("90 天没有确认了")
    require_fitting(phone)
    keep(phone, "own", PHONE)
    phone.click("text=还是我，确认")
    expect(phone.locator(".sign")).to_contain_text("11月30日确认")
    expect(phone.locator(".notice.warn")).to_have_count(0)
    for path, name in (("/crew/own/plates", "plates"), ("/crew/own/round", "round")):
        phone.goto(f"{bureau.url}{path}")
        expect(phone.locator(".pile-of li")).to_have_count(1)
        require_fitting(phone)
        keep(phone, name, PHONE)
    resident = browser.new_page()
    resident.goto(f"{bureau.url}/{token}")
    expect(resident.locator("main")).to_contain_text("演示甲")
    phone.goto(f"{bureau.url}/crew")
    phone.click("text=先隐藏")
    expect(phone.locator("main")).to_contain_text("居民现在看不到您的姓名和电话")
    require_fitting(phone)
    keep(phone, "hidden", PHONE)
    resident.wait_for_timeout(1000)
    resident.goto(f"{bureau.url}/{token}")
    expect(resident.locator("main")).not_to_contain_text("演示甲")
    assert "staff" not in resident.content()
    phone.goto(f"{bureau.url}/{token}")
    expect(phone.locator(".staff")).to_be_visible()
    phone.goto(f"{bureau.url}/privacy")
    phone.context.clear_cookies()
    phone.go_back()  # whoever holds the phone next: the page comes from no cache
    expect(phone.locator("main")).to_contain_text("河坊街")
    assert phone.locator(".staff").count() == 0
    resident.close()
    phone.context.close()
