"""A crew without network: pages opened before are readable, forms wait and are sent once."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from address_model.work import WorkKind
from service.app import create_app
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE, Actor
from service.core.database import Database
from service.core.settings import Settings
from service.plates.commands import install_plate
from service.plates.queries import get_plate
from service.plates.queries.events import list_events
from service.worklists.commands import open_item
from service.worklists.drafts import WorkDraft
from tests.browser.conftest import PHONE
from tests.browser.serving import serve
from tests.browser.test_crew import keep, require_fitting
from tests.database import migrated_database
from tests.factories.plates import make_plates, make_visit
from tests.factories.staff import COOKIE, make_account, open_session

PLATES = 40
SLOW = 120_000
"""Milliseconds: a machine under load is slow, not broken."""
KEPT_PAGES = "caches.open('crew-pages').then(all => all.keys()).then(keys => keys.length)"


@dataclass(frozen=True)
class Street:
    """Plates that wait to be hung, and a server over them."""

    database: Database
    url: str
    tokens: list[str]

    def phone(self, browser: Browser) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True
        )
        context.set_default_timeout(SLOW)
        return context

    def sign_in(self, context: BrowserContext, name: str) -> None:
        secret = open_session(self.database, name).secret
        context.add_cookies([{"name": COOKIE, "value": secret, "url": self.url}])

    def events(self, token: str) -> list[tuple[str, str]]:
        with self.database.reading() as session:
            return [(event.kind, event.actor) for event in list_events(session, token)]

    def wait_for_event(self, page: Page, token: str) -> None:
        """Wait until something is recorded of a plate."""
        for _ in range(SLOW // 200):
            if self.events(token):
                return
            page.wait_for_timeout(200)
        raise AssertionError("nothing was sent")


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            tokens = make_plates(session, PLATES)
            for token in tokens:
                code = get_plate(session, token).code
                open_item(session, WorkDraft(WorkKind.INSTALL, code, token), COMMAND_LINE)
        for name in ("li", "hu"):
            make_account(database, name, (Role.CREW, "330102000000"))
        with serve(create_app(database, Settings(home=tmp_path))) as url:
            yield Street(database, url, tokens)
        database.dispose()


def keep_all(page: Page, street: Street) -> None:
    """Store the work list and the pages of its plates on the phone."""
    page.goto(f"{street.url}/crew")
    page.evaluate("navigator.serviceWorker.ready")
    for _ in range(2):  # two pages of the list
        page.click("text=存到手机")
        expect(page.locator(".keep")).to_contain_text("已存到手机")
        if page.locator("text=后面的").count():
            page.click("text=后面的")
    page.goto(f"{street.url}/crew")


def hang(page: Page, street: Street, token: str) -> None:
    page.goto(f"{street.url}/crew/{token}")
    page.click("#send")
    page.wait_for_url(f"{street.url}/crew")


def test_forty_plates_hung_without_network_are_sent_once(browser: Browser, street: Street) -> None:
    context = street.phone(browser)
    street.sign_in(context, "li")
    page = context.new_page()
    keep_all(page, street)
    keep(page, "20-kept")
    context.set_offline(True)
    for count, token in enumerate(street.tokens, start=1):
        hang(page, street, token)
        expect(page.locator(".count-of")).to_contain_text(f"等网络发送（{count} 条）")
    assert page.locator(".pile-of a.waits").count() == page.locator(".pile-of li").count()
    require_fitting(page)
    keep(page, "21-waiting")
    page.goto(f"{street.url}/crew/own/plates")
    expect(page.locator("h1")).to_have_text("没有网络")
    assert all(street.events(token) == [] for token in street.tokens)
    page.goto(f"{street.url}/crew")
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    page.reload()
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    assert {tuple(street.events(token)) for token in street.tokens} == {
        (("installed", "staff:li"),)
    }
    expect(page.locator("main")).to_contain_text("这里没有待办的工单")
    keep(page, "22-sent")
    context.close()


def test_what_was_not_sent_waits_for_its_person_and_goes_with_signing_out(
    browser: Browser, street: Street
) -> None:
    context = street.phone(browser)
    street.sign_in(context, "li")
    page = context.new_page()
    first, second = street.tokens[:2]
    for path in ("", f"/{first}", f"/{second}", ""):
        page.goto(f"{street.url}/crew{path}")
        page.evaluate("navigator.serviceWorker.ready")
        page.reload()
    context.set_offline(True)
    hang(page, street, first)
    hang(page, street, second)
    context.clear_cookies()
    street.sign_in(context, "hu")
    context.set_offline(False)
    page.goto(f"{street.url}/crew")
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    page.wait_for_timeout(1500)
    assert (street.events(first), street.events(second)) == ([], [])
    assert (
        page.evaluate("caches.open('crew-pages').then(all => all.keys()).then(a => a.length)") <= 2
    )
    context.clear_cookies()
    street.sign_in(context, "li")
    page.goto(f"{street.url}/crew")
    for token in (first, second):
        street.wait_for_event(page, token)
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    assert street.events(first) == street.events(second) == [("installed", "staff:li")]
    page.goto(f"{street.url}/crew/{second}")
    context.set_offline(True)
    page.click("summary")
    page.fill("#note", "再看一次")
    page.click("#send")
    page.wait_for_url(f"{street.url}/crew")
    expect(page.locator(".count-of")).to_contain_text("等网络发送（1 条）")
    told: list[str] = []

    def stay(dialog: Dialog) -> None:
        told.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.click("text=退出")
    for _ in range(50):  # it is asked once the phone has counted what waits
        if told:
            break
        page.wait_for_timeout(100)
    expect(page.locator(".count-of")).to_contain_text("等网络发送（1 条）")
    assert told == ["还有 1 条没有发送，退出后就没有了。仍要退出吗？"]
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    page.click("text=退出")
    page.wait_for_url("**/admin/sign-in")
    left = page.evaluate("caches.keys()")
    assert left == []
    context.close()


def test_what_cannot_be_recorded_any_more_is_said_and_can_be_dropped(
    browser: Browser, street: Street
) -> None:
    context = street.phone(browser)
    street.sign_in(context, "li")
    page = context.new_page()
    token = street.tokens[0]
    for path in ("", f"/{token}", ""):
        page.goto(f"{street.url}/crew{path}")
        page.evaluate("navigator.serviceWorker.ready")
        page.reload()
    context.set_offline(True)
    hang(page, street, token)
    with street.database.session() as session:
        install_plate(session, token, make_visit(), Actor("staff", "hu"))
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#waiting")).to_contain_text("没有办成：河坊街1号，门牌被别人改过")
    require_fitting(page)
    keep(page, "23-refused")
    page.click("text=不再发送")
    expect(page.locator("#waiting")).to_be_hidden(timeout=SLOW)
    assert street.events(token) == [("installed", "staff:hu")]
    context.close()
