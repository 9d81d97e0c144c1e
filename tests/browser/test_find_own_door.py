"""A resident finds the own door by typing: on a phone, without script, in all views."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.axe import list_barriers
from tests.browser.serving import serve
from tests.database import database_with_divisions
from tests.factories.typed_town import CONTACT, TypedTown, make_typed_town

PHONE = {"width": 360, "height": 780}
VIEWS = ("", "v=elder", "lang=en", "v=elder&lang=en")
SMALL = """() => [...document.querySelectorAll('main a, main button, #q')]
  .filter(e => !e.closest('p, .list') && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
TYPED = ("人民路1号", "河坊街88号201室", "旧门街5号", "河坊街91号", "河坊街", "人民路", "无此路3号")


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[str, TypedTown]]:
    """The URL of a whole server, and what is registered there."""
    with database_with_divisions() as made:
        database = Database(made.app_url)
        with database.session() as session:
            codes = make_typed_town(session)
        app = create_app(
            database, Settings(env="demo", door_search_limit=10_000, code_lookup_limit=10_000)
        )
        with serve(app) as url:
            yield url, codes
        database.dispose()


def phone(browser: Browser, *, script: bool = False) -> Page:
    return browser.new_context(java_script_enabled=script, viewport=PHONE).new_page()  # type: ignore[arg-type]


def type_in(page: Page, text: str) -> None:
    page.fill("#q", text)
    page.click("button[type=submit]")


@pytest.mark.parametrize("view", VIEWS)
def test_a_resident_finds_the_own_door_by_typing(
    browser: Browser, town: tuple[str, TypedTown], view: str
) -> None:
    url, town_codes = town
    page = phone(browser)
    page.goto(f"{url}/?{view}")
    type_in(page, "人民路")
    page.click("text=王店镇")
    assert page.input_value("#q") == "嘉兴市秀洲区王店镇人民路"
    type_in(page, "嘉兴市秀洲区王店镇人民路1号")
    code = town_codes.codes["人民路1号 王店"]
    assert page.url == f"{url}/a/{code}{'?' + view if view else ''}"
    text = page.inner_text("body")
    assert code[:4] in text
    assert CONTACT not in text
    page.context.close()


def test_a_namesake_is_chosen_by_its_town(browser: Browser, town: tuple[str, TypedTown]) -> None:
    url, town_codes = town
    page = phone(browser)
    page.goto(url)
    type_in(page, "人民路1号")
    assert page.locator(".who a").count() == 3
    page.click("text=义乌市")
    assert page.url == f"{url}/a/{town_codes.codes['人民路1号 城西']}"
    page.context.close()


def test_a_room_leads_to_its_door_and_says_so(
    browser: Browser, town: tuple[str, TypedTown]
) -> None:
    url, town_codes = town
    page = phone(browser)
    page.goto(url)
    type_in(page, "河坊街88号201室")
    assert "不显示门牌以内的幢、单元和室" in page.inner_text("main")
    page.click(".who a")
    assert page.url == f"{url}/a/{town_codes.codes['河坊街88号']}"
    assert "201" not in page.inner_text("main .plate")
    page.context.close()


def test_code_and_link_still_work_in_the_same_field(
    browser: Browser, town: tuple[str, TypedTown]
) -> None:
    url, town_codes = town
    code = town_codes.codes["河坊街2号"]
    page = phone(browser)
    for typed in (code, " ".join(code[at : at + 4] for at in range(0, 16, 4)), f"{url}/a/{code}"):
        page.goto(url)
        type_in(page, typed)
        assert page.url == f"{url}/a/{code}"
    page.goto(f"{url}/{code}")
    assert page.url == f"{url}/a/{code}"
    page.context.close()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("typed", TYPED)
def test_every_answer_fits_a_phone_and_axe_finds_nothing(
    browser: Browser, town: tuple[str, TypedTown], typed: str, view: str
) -> None:
    page = phone(browser, script=True)
    page.goto(f"{town[0]}/?q={typed}&{view}")
    assert list_barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(SMALL) == []
    page.context.close()
