"""Stories of officers at an address: what they do on its page, and what others see of it then."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address, list_children
from service.auth.commands import assign_role
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import photograph
from tests.factories.batches import make_street
from tests.factories.hosts import PREFIX
from tests.factories.office import insert_account

SIZES = ((360, 740), (1280, 800))
HOUSE, TOWER = 17, 25
"""Rooms of the first door, and of the second, which are more than one person may end."""


def fill_street(session: Session) -> None:
    """A street with points and plates; the first two doors have rooms."""
    codes = make_street(session, 6)
    session.execute(
        text(
            "update address set geom = ST_SetSRID(ST_MakePoint(120.165 + number_order * 0.0001, "
            "30.24 + number_order % 2 * 0.0002), 4490) where number_order > 0"
        )
    )
    for code, rooms in zip(codes, (HOUSE, TOWER), strict=False):
        held = get_address(session, code)
        inner = [held.elements._replace(room=Numbered(str(100 + n), "室")) for n in range(rooms)]
        enter_addresses(
            session, [replace(draft_of(held), elements=one) for one in inner], COMMAND_LINE
        )
    batch = open_batch(
        session, name="一", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    link_addresses(session, codes)
    insert_account(session, "wang.fang", Role.OFFICER, "330102")
    insert_account(session, "shen.ji", Role.AUDITOR, "")
    assign_role(session, "shen.ji", Assignment(Role.VIEWER, "330102"), COMMAND_LINE)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, fill_street, approval_above=20) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"journey-{name}-{width}")
        assert list_barriers(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def door(bureau: Bureau, number: int) -> str:
    with bureau.database.reading() as session:
        statement = text("select code from address where level = 'number' and number_order = :n")
        return str(session.scalars(statement, {"n": number}).one())


def sketch_of(browser: Browser, path: str, *, other_than: str = "") -> str:
    """The drawing that another resident sees, once the server has heard of the change."""
    for _ in range(60):
        context = browser.new_context()  # a phone of its own, with nothing kept
        page = context.new_page()
        page.goto(path)
        found = page.locator("svg.map").first.inner_html()
        photograph(page, "journey-moved-plate")
        context.close()
        if found != other_than:
            break
        time.sleep(0.5)
    return found


def test_a_door_is_moved_and_the_sketch_of_its_plate_moves_and_returns(
    browser: Browser, bureau: Bureau
) -> None:
    code = door(bureau, 3)
    with bureau.database.reading() as session:
        token = session.scalars(text("select token from plate where code = :c"), {"c": code}).one()
    before = sketch_of(browser, f"{bureau.url}/{token}")
    officer, home = enter(browser, bureau, "li.na"), f"{bureau.url}/admin/addresses/{code}"
    officer.goto(f"{home}?do=move")
    officer.fill("#lon", "120.1659")
    officer.fill("#lat", "30.2401")
    officer.fill("#reason", "大门改在南侧")
    officer.fill("#document", "现场核实记录 12 号")
    officer.click("text=先看结果")
    expect(officer.locator("#doing")).to_contain_text("移动")
    officer.click("text=确认移动")
    expect(officer.locator("#history")).to_contain_text("依据：现场核实记录 12 号")
    look_at(officer, "moved")
    moved = sketch_of(browser, f"{bureau.url}/{token}", other_than=before)
    assert moved != before
    officer.click("text=撤销，移回原位")
    expect(officer.locator("#history")).to_contain_text("移动")
    assert sketch_of(browser, f"{bureau.url}/{token}", other_than=moved) == before


def test_a_door_with_17_rooms_is_retired_and_its_rooms_are_told_of(
    browser: Browser, bureau: Bureau
) -> None:
    code = door(bureau, 1)
    officer, home = enter(browser, bureau, "li.na"), f"{bureau.url}/admin/addresses/{code}"
    officer.goto(home)
    officer.click("nav.actions >> text=注销")
    officer.check("text=房屋已不存在")
    officer.fill("#reason", "整幢拆除")
    officer.fill("#document", "拆字〔2026〕5号")
    officer.fill("#dated", "2026-11-20")
    officer.click("text=先看结果")
    effects = officer.locator("#doing")
    for told in ("17 个，如", "不再挂在本地址下", "取下 1 件"):
        expect(effects).to_contain_text(told)
    look_at(officer, "retire-17")
    officer.click("text=确认注销")
    expect(officer.locator("h1 .state")).to_have_text("消亡")
    expect(officer.locator("#history")).to_contain_text("依据：拆字〔2026〕5号（2026-11-20）")
    with bureau.database.reading() as session:
        assert list_children(session, code) == []
        rooms = session.scalar(text("select count(*) from address where level = 'room'"))
    assert rooms == HOUSE + TOWER

    auditor = enter(browser, bureau, "shen.ji")
    auditor.goto(f"{home}#history")
    history = auditor.locator("#history")
    expect(history).to_contain_text("li.na　注销：消亡（原为有效）")
    expect(history).to_contain_text("事由：整幢拆除")
    assert auditor.locator("nav.actions").count() == 0
    look_at(auditor, "auditor-history")
    auditor.goto(f"{bureau.url}/admin/audit?subject={code}")
    expect(auditor.locator("main")).to_contain_text("拆字〔2026〕5号")
    look_at(auditor, "auditor-chain")


def test_two_clerks_meet_at_one_address_and_the_later_sees_what_stands(
    browser: Browser, bureau: Bureau
) -> None:
    code = door(bureau, 4)
    home = f"{bureau.url}/admin/addresses/{code}"
    first, second = enter(browser, bureau, "li.na"), enter(browser, bureau, "wang.fang")
    for clerk in (first, second):
        clerk.goto(f"{home}?do=correct")
    first.fill("#text", "上城区清波街道河坊街40号")
    first.click("text=先看结果")
    first.click("text=确认更正")
    expect(first.locator("h1")).to_contain_text("河坊街40号")
    second.fill("#text", "上城区清波街道河坊街44号")
    second.click("text=先看结果")
    for told in ("河坊街4号", "河坊街40号", "li.na"):
        expect(second.locator("main")).to_contain_text(told)
    look_at(second, "two-clerks")
    with bureau.database.reading() as session:
        assert get_address(session, code).standard_text.endswith("河坊街40号")


def test_a_house_of_many_rooms_is_ended_by_two_people(browser: Browser, bureau: Bureau) -> None:
    code = door(bureau, 2)
    officer, home = enter(browser, bureau, "li.na"), f"{bureau.url}/admin/addresses/{code}"
    officer.goto(f"{home}?do=retire")
    officer.check("text=房屋已不存在")
    officer.fill("#reason", "整幢拆除")
    officer.click("text=存为草稿")
    look_at(officer, "draft-kept")
    officer.goto(f"{bureau.url}/admin/drafts")
    look_at(officer, "drafts")
    officer.click("text=接着填")
    assert officer.input_value("#reason") == "整幢拆除"
    officer.click("text=先看结果")
    expect(officer.locator("#doing")).to_contain_text("涉及 26 个地址")
    look_at(officer, "needs-second")
    officer.click("button:has-text('提交审批')")
    expect(officer.locator("h1")).to_contain_text("待审批")
    look_at(officer, "waiting")

    approver = enter(browser, bureau, "zhang.wei")
    approver.goto(f"{bureau.url}/admin")
    approver.click("main >> text=河坊街2号")
    look_at(approver, "to-approve")
    approver.click("button:has-text('批准')")
    expect(approver.locator("h1")).to_contain_text("草稿与审批")

    officer.reload()
    expect(officer.locator("main")).to_contain_text("zhang.wei")
    officer.click("button:has-text('办理')")
    expect(officer.locator("h1 .state")).to_have_text("消亡")
    assert re.search(r"li\.na\s*注销：消亡", officer.inner_text("#history"))
