"""An auditor goes from the audit log to the history of one address, and changes nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.auth.permissions import Role
from tests.browser.bureau import Bureau, enter, look_at, open_bureau
from tests.factories.batches import make_street
from tests.factories.staff import make_account


def enter_street(session: Session) -> None:
    make_street(session, 3)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with open_bureau(tmp_path_factory.mktemp("home"), enter_street, approval_above=10) as one:
        roles = ((Role.AUDITOR, "330102"), (Role.VIEWER, "330102"))
        make_account(one.database, "chen.jing", *roles)
        yield one


def test_an_auditor_reads_who_changed_an_address_when_and_why(
    browser: Browser, bureau: Bureau
) -> None:
    with bureau.database.reading() as session:
        code = session.scalar(text("select code from address order by number_order limit 1"))
    officer = enter(browser, bureau, "li.na")
    officer.goto(f"{bureau.url}/admin/addresses/{code}?do=correct")
    officer.fill("#text", "上城区清波街道河坊街11号")
    officer.fill("#reason", "与门楼实物不符")
    officer.fill("#document", "上政办〔2026〕7号")
    officer.click("text=先看结果")
    officer.click("text=确认更正")
    expect(officer.locator("h1")).to_contain_text("河坊街11号")
    officer.context.close()

    auditor = enter(browser, bureau, "chen.jing")
    auditor.goto(f"{bureau.url}/admin")
    auditor.click("nav.subjects >> text=审计")
    first = auditor.locator("tbody tr", has_text="更正").first
    expect(first.get_by_title("staff:li.na")).to_have_text("li.na")
    expect(first).to_contain_text("与门楼实物不符")
    look_at(auditor, "audit-log")
    first.locator("a").click()
    history = auditor.locator("#history")
    for told in ("li.na", "更正", "河坊街1号", "河坊街11号", "与门楼实物不符", "上政办〔2026〕7号"):
        expect(history).to_contain_text(told)
    look_at(auditor, "audit-history")
    assert auditor.locator("main form[method=post]").count() == 0
    auditor.goto(f"{bureau.url}/admin/addresses/{code}?do=correct")
    assert auditor.locator("main form[method=post]").count() == 0
    auditor.context.close()
