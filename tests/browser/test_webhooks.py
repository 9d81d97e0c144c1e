"""A story: a department's receiver breaks down; the clerk sees it, and sends again later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.auth.permissions import Role
from tests.browser.axe import list_barriers
from tests.browser.bureau import Bureau, enter, open_bureau
from tests.browser.photographs import photograph
from tests.factories.batches import make_street
from tests.factories.office import insert_account
from tests.factories.receivers import opened_receiver
from tests.factories.webhooks import make_hook, make_sender, open_program, send_due, tell

SIZES = ((360, 740), (1280, 800))


def fill(session: Session) -> None:
    make_street(session, 2)
    insert_account(session, "wang.fang", Role.ADMINISTRATOR, "")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path, fill, approval_above=20) as one:
        yield one


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"webhooks-{name}-{width}")
        assert list_barriers(page) == [], (name, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def test_what_was_not_delivered_is_seen_and_sent_again(browser: Browser, bureau: Bureau) -> None:
    with opened_receiver() as receiver:
        with bureau.database.session() as session:
            program = open_program(session, "示例人口库")
            make_hook(session, program, receiver.url, subjects=("address", "plate"))
            make_hook(session, open_program(session, "示例水务"), area="")
        sender = make_sender(bureau.database)
        receiver.status = 503
        tell(bureau.database, "1", "2", subject="plate")
        for _ in range(10):
            send_due(sender)
            with bureau.database.session() as session:
                session.execute(text("update webhook_delivery set due_at = now()"))
        page = enter(browser, bureau, "wang.fang")
        page.goto(f"{bureau.url}/admin")
        page.get_by_role("link", name="示例人口库", exact=True).click()
        expect(page.get_by_text("对方没有收下（503）")).to_be_visible()
        look_at(page, "dead")
        receiver.status = 204
        page.get_by_role("button", name="全部重新投递").click()
        expect(page.get_by_text("待投递", exact=True)).to_be_visible()
        send_due(sender)
        page.reload()
        expect(page.get_by_text("已送达", exact=True)).to_be_visible()
        look_at(page, "delivered")
        assert [change["key"] for change in receiver.got[-1].said["changes"]] == ["1", "2"]
        page.get_by_role("button", name="停用").click()
        expect(page.get_by_text("已停用", exact=True)).to_be_visible()
        page.goto(f"{bureau.url}/admin/webhooks")
        expect(page.get_by_role("link", name="示例水务")).to_be_visible()
        look_at(page, "list")
        page.goto(f"{bureau.url}/admin")
        expect(page.get_by_role("link", name="示例人口库")).to_have_count(0)
