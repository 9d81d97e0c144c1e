"""A story: a resident without script follows a form's link, shows an address, and is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from menpai.client import Client
from service.app import create_app
from service.auth.permissions import Permission
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.departments.commands.address_requests import register_return_url
from service.plates.queries import get_plate
from tests.browser.axe import list_barriers
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS
from tests.database import TestDatabase
from tests.factories import make_plates, make_program

SIZES = ((360, 740), (1280, 800))
NAME = "示例县卫生健康局（演示）"


class FormPage(BaseHTTPRequestHandler):
    """The page of a department to which residents come back."""

    def do_GET(self) -> None:
        body = "<h1>办事网页</h1>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def served_form() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), FormPage)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/back"
    server.shutdown()
    server.server_close()


@pytest.fixture
def back() -> Iterator[str]:
    with served_form() as url:
        yield url


def look_at(page: Page, name: str) -> None:
    """Large type that stands out, no barriers, nothing cut off, and a picture of it."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, f"address-request-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    assert list_barriers(page) == [], name
    assert [one for one in page.evaluate(CONTRASTS) if one[0] < 7] == []
    smallest = "Math.min(...[...document.querySelectorAll('main *, footer *')].filter(e => "
    smallest += "e.innerText).map(e => parseFloat(getComputedStyle(e).fontSize)))"
    assert page.evaluate(smallest) >= 18
    small = page.eval_on_selector_all(
        "main a, main button, main input:not([type=hidden])",
        "all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)",
    )
    assert small == []


def test_a_resident_shows_the_address_of_a_plate(
    browser: Browser, fresh_database: TestDatabase, back: str
) -> None:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        (token,) = make_plates(session, status="in_use")
        plate = get_plate(session, token)
        key = make_program(session, NAME, {Permission.ADDRESSES_TOKEN}, "330102")
        register_return_url(session, NAME, back, COMMAND_LINE)
    settings = Settings(secret_key=SecretStr("of the tests: neither long nor secret"))
    # Axe is a script of the test; the page has none, and its policy would not let it in.
    context = browser.new_context(bypass_csp=False)
    page = context.new_page()
    try:
        with serve(create_app(database, settings)) as url:
            program = Client(url, key=str(key))
            asked = program.open_address_request("办理居住证", back, state="form-7")
            page.goto(f"{url}{urlsplit(asked['url']).path}")
            expect(page.get_by_role("heading", name=NAME)).to_be_visible()
            look_at(page, "asked")
            page.get_by_label("10 位短码").fill("河坊街1号")
            page.get_by_role("button", name="查看地址").click()
            expect(page.get_by_role("alert")).to_contain_text("没有认出短码")
            look_at(page, "mistyped")
            page.get_by_label("10 位短码").fill(f"https://city.example/{token.lower()}")
            page.get_by_role("button", name="查看地址").click()
            expect(page.get_by_text(plate.standard_text)).to_be_visible()
            look_at(page, "found")
            page.get_by_role("button", name="同意").click()
            page.wait_for_url(f"{back}?**")
            brought = parse_qs(urlsplit(page.url).query)
            handed = program.redeem_address_token(brought["address_token"][0])
            assert (handed["request"], handed["state"]) == (asked["id"], "form-7")
            assert (handed["code"], handed["standard_text"]) == (plate.code, plate.standard_text)
            page.goto(f"{url}{urlsplit(asked['url']).path}?lang=en")
            expect(page.get_by_role("heading", name="handed over")).to_be_visible()
            look_at(page, "done")
            page.goto(f"{url}/address-requests/nothing")
            look_at(page, "over")
            assert context.cookies() == []
    finally:
        context.close()
        database.dispose()
