"""An officer at the page of an address, on a phone and at a desk, with each of its forms."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.addresses.drafts import draft_of
from service.addresses.queries import get_address
from service.core.actor import COMMAND_LINE
from service.linking.commands import link_addresses
from service.plates.commands import issue_plates, open_batch
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import photograph
from tests.browser.test_accessibility import CONTRASTS
from tests.factories.areas import make_area, make_duty
from tests.factories.batches import make_street
from tests.factories.hosts import PREFIX

SIZES = ((360, 740), (768, 1024), (1280, 800))
FORMS = (
    "correct",
    "move",
    "renumber",
    "entrance",
    "freeze",
    "retire",
    "merge",
    "split",
    "name",
    "identify",
)


def fill_street(session: Session) -> None:
    """A street with plates, of which the first door has a building with rooms, and a grid."""
    codes = make_street(session, 6)
    session.execute(
        text(
            "update address set geom = ST_SetSRID(ST_MakePoint(120.165 + number_order * 0.0001, "
            "30.24 + number_order % 2 * 0.0002), 4490) where number_order > 0"
        )
    )
    held = get_address(session, codes[0])
    building = held.elements._replace(building=Numbered("1", "幢"))
    rooms = [Numbered(f"{floor}0{n}", "室") for floor in (1, 2) for n in (1, 2, 3)]
    inner = [building, *(building._replace(room=room) for room in rooms)]
    drafts = [replace(draft_of(held), elements=one) for one in inner]
    enter_addresses(session, drafts, COMMAND_LINE)
    batch = open_batch(
        session, name="一", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    make_duty(session, make_area(session))
    link_addresses(session, codes)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("home"), fill_street, approval_above=1000) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone, a tablet and at a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"address-{name}-{width}")
        assert list_barriers(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
        assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == [], (name, width)


def test_an_officer_reads_an_address_and_changes_it(browser: Browser, bureau: Bureau) -> None:
    with bureau.database.reading() as session:
        statement = "select code from address where level = 'number' order by number_order"
        code = session.execute(text(statement)).scalars().first()
    officer, home = enter(browser, bureau, "li.na"), f"{bureau.url}/admin/addresses/{code}"
    officer.goto(home)
    look_at(officer, "read")
    for form in FORMS:
        officer.goto(f"{home}?do={form}")
        look_at(officer, form)
    officer.goto(f"{home}?do=correct")
    officer.fill("#text", "上城区清波街道河坊街11号")
    officer.click("text=先看结果")
    look_at(officer, "correct-looked")
    officer.click("text=确认更正")
    expect(officer.locator("h1")).to_contain_text("河坊街11号")
    officer.click("text=撤销，改回原文")
    expect(officer.locator("h1")).to_contain_text("河坊街1号")
    officer.click("nav.actions >> text=改号")
    officer.fill("#numbers", "1号 2号\n2号 1号")
    officer.fill("#reason", "门牌重编")
    officer.fill("#document", "上政办〔2026〕7号")
    officer.click("text=先看结果")
    look_at(officer, "renumber-looked")
    officer.click("text=确认改号")
    expect(officer.locator("h1")).to_contain_text("河坊街2号")
    look_at(officer, "renumbered")
    officer.click("text=撤销，整批改回原号")
    expect(officer.locator("h1")).to_contain_text("河坊街1号")
    officer.click("nav.actions >> text=拆分")
    officer.fill("#parts", "上城区清波街道河坊街1号\n上城区清波街道河坊街1号之一")
    officer.select_option("#heir", "2")
    officer.fill("#reason", "分户")
    officer.click("text=先看结果")
    look_at(officer, "split-looked")
    officer.goto(home)
    officer.click("nav.actions >> text=注销")
    officer.check("text=由另一个地址接续")
    officer.fill("#reason", "院门合并")
    officer.fill("#other", "天上人间9号")
    officer.click("text=先看结果")
    look_at(officer, "retire-refused")
    officer.fill("#other", "上城区清波街道河坊街2号")
    officer.click("text=先看结果")
    look_at(officer, "retire-looked")
    officer.click("text=确认注销")
    expect(officer.locator("h1 .state")).to_have_text("替换")
    look_at(officer, "retired")
