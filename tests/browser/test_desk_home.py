"""The dashboard, the pick list and the rules in a browser: no barriers, keys, with script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.bureau import Bureau, enter, look_at, open_bureau

CITY_CLERK = "li.na"
TOWN = "330102001000"


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    home: Path = tmp_path_factory.mktemp("home")
    with open_bureau(
        home,
        approval_above=5,
        has_divisions=True,
    ) as made:
        yield made


@pytest.fixture
def clerk(browser: Browser, bureau: Bureau) -> Iterator[Page]:
    page = enter(browser, bureau, CITY_CLERK)
    yield page
    page.context.close()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("home", "/admin"),
        ("rules", "/admin/imports/rules"),
        ("divisions", "/admin/divisions?to=/admin/imports"),
        ("missing", "/admin/nothing"),
    ],
)
def test_new_pages_have_no_barriers(clerk: Page, bureau: Bureau, name: str, path: str) -> None:
    clerk.goto(bureau.url + path)
    look_at(clerk, f"desk-{name}")


def test_picking_a_township_opens_its_communities_and_keeps_what_was_typed(
    clerk: Page, bureau: Bureau
) -> None:
    clerk.goto(f"{bureau.url}/admin/batches/new")
    clerk.fill("#name", "清波街道第一批")
    lists = clerk.locator("select[name=division]")
    assert lists.count() == 1
    lists.first.focus()
    lists.first.select_option(TOWN)
    lists.nth(1).wait_for()
    assert lists.first.input_value() == TOWN
    assert clerk.input_value("#name") == "清波街道第一批"
    assert clerk.evaluate("document.activeElement.name") == "division"
    with clerk.expect_response("**/admin/divisions?*"):
        lists.last.select_option(index=1)
    assert lists.last.input_value().startswith(TOWN[:9])
    lists.first.select_option("")
    lists.nth(1).wait_for(state="detached")


def test_the_first_key_leads_past_the_navigation(clerk: Page, bureau: Bureau) -> None:
    clerk.goto(f"{bureau.url}/admin")
    clerk.keyboard.press("Tab")
    assert clerk.evaluate("document.activeElement.className") == "skip"
    clerk.keyboard.press("Enter")
    assert clerk.evaluate("location.hash") == "#main"
