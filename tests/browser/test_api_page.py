from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from service.app import create_app
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.serving import serve
from tests.database import TestDatabase

REFUSED = """
window.refused = [];
document.addEventListener('securitypolicyviolation', event =>
  window.refused.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));
"""


@pytest.fixture
def url(database: TestDatabase) -> Iterator[str]:
    register = Database(database.app_url)
    with serve(create_app(register, Settings(env="demo"))) as url:
        yield url
    register.dispose()


def test_the_description_of_the_api_is_shown_and_opened_under_its_policy(
    browser: Browser, url: str
) -> None:
    page = browser.new_page()
    page.add_init_script(REFUSED)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{url}/docs")
    call = page.locator(".opblock-summary-path", has_text="/api/v1/divisions").first
    expect(call).to_be_visible(timeout=20_000)
    call.click()
    expect(page.get_by_role("button", name="Try it out").first).to_be_visible()
    assert page.evaluate("window.refused") == []
    assert errors == []
    page.close()
