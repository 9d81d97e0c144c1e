"""A crew on a phone: ten plates hung by scanning them, a damaged one replaced."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page

from address_model.codes import format_code
from address_model.work import WorkKind
from qr.png import write_png
from service.app import create_app
from service.auth.permissions import Role
from service.batches.rendered_file import fonts_of
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import ReplacementRequest, confirm_plate, replace_plate
from service.plates.print_content import spec_of
from service.plates.queries import get_plate
from service.plates.queries.events import list_far_events
from service.worklists.commands import assign_items, open_item
from service.worklists.drafts import WorkDraft
from service.worklists.queries import WorkFilter, list_items
from tests.browser.axe import list_barriers
from tests.browser.conftest import PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.database import migrated_database
from tests.factories.hosts import PREFIX
from tests.factories.plates import make_plates, make_visit
from tests.factories.staff import COOKIE, make_account, open_session

AT_THE_DOOR = Geolocation(latitude=30.24, longitude=120.165, accuracy=8)
EIGHTY_METRES_OFF = {"latitude": 30.24072, "longitude": 120.165, "accuracy": 8}
LABELS_TOO_SMALL = """
() => [...document.querySelectorAll('main a, main button, main summary, main .choice, main .shoot')]
  .filter(e => e.offsetParent && getComputedStyle(e).display !== 'inline')
  .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, str, list[str]]]:
    """Ten plates waiting in 河坊街, the application over them, and the crew member 李."""
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, 10)
            for token in tokens:
                code = get_plate(session, token).code
                open_item(session, WorkDraft(WorkKind.INSTALL, code, token), COMMAND_LINE)
            assign_items(session, WorkFilter(division="330102"), "li", COMMAND_LINE)
        make_account(database, "li", (Role.CREW, "330102000000"))
        settings = Settings(home=tmp_path_factory.mktemp("home"))
        with serve(create_app(database, settings)) as url:
            yield database, url, tokens
        database.dispose()


def phone_of(browser: Browser, street: tuple[Database, str, list[str]], **more: object) -> Page:
    """A phone with 李 signed in."""
    database, url, _ = street
    secret = open_session(database, "li").secret
    context: BrowserContext = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]},
        has_touch=True,
        is_mobile=True,
        geolocation=AT_THE_DOOR,
        permissions=["geolocation"],
        **more,  # type: ignore[arg-type]
    )
    context.add_cookies([{"name": COOKIE, "value": secret, "url": url}])
    context.set_default_timeout(120_000)  # a machine under load is slow, not broken
    return context.new_page()


def photo_of(database: Database, token: str) -> dict[str, object]:
    """A photo of the plate on a wall, a little askew."""
    with database.reading() as session:
        order = spec_of(get_plate(session, token), authority="")
    data = write_png(order.design, order.content, dpi=90, fonts=fonts_of(None))
    with Image.open(BytesIO(data)) as image:
        face = image.convert("RGBA")
    face = face.rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
    wall = Image.new("RGB", (face.width + 400, face.height + 500), "#b9a892")
    wall.paste(face, (180, 240), face)
    out = BytesIO()
    wall.save(out, "JPEG", quality=75)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page to look at."""
    photograph(page, f"crew-{name}")


def require_fitting(page: Page) -> None:
    """Nothing is cut off or too small for a thumb, and nobody meets a barrier."""
    assert list_barriers(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]
    assert page.evaluate(LABELS_TOO_SMALL) == []


def test_ten_plates_are_hung_by_scanning_them_and_one_far_off_is_flagged(
    browser: Browser, street: tuple[Database, str, list[str]]
) -> None:
    database, url, tokens = street
    page = phone_of(browser, street)
    page.goto(f"{url}/crew?mine=1")
    assert page.locator(".pile-of li").count() == 10
    require_fitting(page)
    keep(page, "1-list")
    for number, token in enumerate(tokens):
        far = number == 6
        page.context.set_geolocation(EIGHTY_METRES_OFF if far else AT_THE_DOOR)  # type: ignore[arg-type]
        page.goto(f"{url}/crew")
        page.set_input_files("#shot", photo_of(database, token))  # type: ignore[arg-type]
        page.wait_for_url(f"**/crew/{token}?photo=*")
        page.wait_for_selector("#where.warn" if far else "#where.good")
        if number in (0, 6):
            require_fitting(page)
            keep(page, f"2-plate-{'far' if far else 'near'}")
        page.click("#send")
        page.wait_for_url("**?done=*")
        told = page.inner_text(".done")
        assert ("超过 50 米" in told) is far
        if number in (0, 6):
            require_fitting(page)
            keep(page, f"3-done-{'far' if far else 'near'}")
    page.goto(f"{url}/crew?mine=1")
    assert "没有派给您的工单" in page.inner_text("main")
    with database.reading() as session:
        assert [row.event.token for row in list_far_events(session)] == [tokens[6]]
        assert {get_plate(session, token).status for token in tokens} == {"in_use"}
    page.context.close()


def test_a_damaged_plate_is_replaced_and_the_old_code_leads_on(
    browser: Browser, street: tuple[Database, str, list[str]]
) -> None:
    database, url, tokens = street
    old = tokens[0]
    page = phone_of(browser, street)
    page.goto(f"{url}/crew/{old}")
    page.click(".choice >> text=破裂")
    page.click("summary")
    page.fill("#note", "左下角裂开")
    require_fitting(page)
    keep(page, "4-report")
    page.click("#send")
    page.wait_for_url("**?done=*")
    assert "更换" in page.inner_text(".job")
    keep(page, "5-reported")
    with database.session() as session:
        order = ReplacementRequest("破裂", PREFIX, approval_above=100)
        officer = Actor("staff", "officer")
        new = replace_plate(session, old, order, make_visit(None), officer).successor
    assert new
    page.goto(f"{url}/crew/{new}")
    page.wait_for_selector("#where.good")
    page.click("#send")
    page.wait_for_url("**?done=*")
    with database.reading() as session:
        assert list_items(session, WorkFilter(assignee="li")) == []
        assert get_plate(session, old).status == "replaced"
    page.goto(f"{url}/{old}")
    keep(page, "6-old-plate-scanned")
    assert "已经换成新的" in page.inner_text("main")
    page.click(f"main a[href='/{new}']")
    page.wait_for_url(f"{url}/{new}")
    assert page.context.cookies(url)[0]["name"] == COOKIE
    keep(page, "7-new-plate-scanned")
    page.goto(f"{url}/crew/{old}")
    keep(page, "8-old-plate-at-the-crew")
    page.context.close()


def test_a_plate_is_opened_by_what_is_printed_on_it(
    browser: Browser, street: tuple[Database, str, list[str]]
) -> None:
    database, url, tokens = street
    with database.reading() as session:
        code = get_plate(session, tokens[8]).code
    page = phone_of(browser, street)
    for typed in (format_code(code), f"https://mp.hangzhou.gov.cn/{tokens[8].lower()}?v=elder"):
        page.goto(f"{url}/crew")
        page.fill("#scanned", typed)
        page.click("button >> text=打开")
        page.wait_for_url(f"{url}/crew/{tokens[8]}")
    page.goto(f"{url}/crew")
    page.fill("#scanned", "河坊街")
    page.click("button >> text=打开")
    assert "16 位地址编码" in page.inner_text("[role=alert]")
    require_fitting(page)
    keep(page, "10-not-read")
    with database.session() as session:
        order = ReplacementRequest("褪色", PREFIX, approval_above=100)
        confirm_plate(session, tokens[8], make_visit(), Actor("staff", "li"))
        replace_plate(session, tokens[8], order, make_visit(None), Actor("staff", "officer"))
    page.goto(f"{url}/crew")
    page.fill("#scanned", code)
    page.click("button >> text=打开")
    page.wait_for_url(f"{url}/crew/{code}")
    require_fitting(page)
    keep(page, "11-which-plate")
    page.click(f"a[href='/crew/{tokens[8]}']")
    page.wait_for_url(f"{url}/crew/{tokens[8]}")
    page.context.close()


def test_a_plate_is_recorded_without_script(
    browser: Browser, street: tuple[Database, str, list[str]]
) -> None:
    _, url, tokens = street
    page = phone_of(browser, street, java_script_enabled=False)
    page.goto(f"{url}/crew")
    page.fill("#scanned", tokens[9].lower())
    page.click("button >> text=打开")
    assert page.url == f"{url}/crew/{tokens[9]}"
    keep(page, "9-without-script")
    page.click("#send")
    assert "已记下：巡查完好" in page.inner_text(".done")
    page.context.close()
