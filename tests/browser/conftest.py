"""One Chromium for all browser tests, and pages that are opened once and filled often."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from service.core.web import _reading, _reading_anywhere
from service.scans import pages
from service.scans.card import ScanCard
from service.scans.reader import Reader
from tests.browser.serving import serve
from tests.chromium import CHROMIUM
from tests.factories.cards import PLATE
from tests.factories.pages import SITE, card_named, document

PHONE, NARROW, DESK, ZOOMED = (360, 740), (320, 640), (1280, 800), (640, 400)
Filled = Callable[[str, Reader], Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    assert CHROMIUM, "no Chromium: run make install-test"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module", autouse=True)
def _pages_are_closed(browser: Browser) -> Iterator[None]:
    """Close what the tests of a module opened: each page left open is a process at work."""
    before = {id(context) for context in browser.contexts}
    yield
    for context in browser.contexts:
        if id(context) not in before | KEPT:
            context.close()


KEPT: set[int] = set()
"""The contexts of the whole session."""


def _kept_page(context: BrowserContext) -> Page:
    KEPT.add(id(context))
    return context.new_page()


@pytest.fixture(scope="session")
def plain_page(browser: Browser) -> Page:
    """A page without script and network."""
    return _kept_page(browser.new_context(java_script_enabled=False, offline=True))


@pytest.fixture(scope="session")
def scripted_page(browser: Browser) -> Page:
    """A page with script and without network."""
    return _kept_page(browser.new_context(offline=True))


def fill(page: Page, name: str, reader: Reader, size: tuple[int, int], text: int = 100) -> Page:
    """Show a document in a window of this size, its text enlarged by the host to so many percent.

    The elder view starts from 125 %, so that the host's own factor is laid upon it.
    """
    page.set_viewport_size({"width": size[0], "height": size[1]})
    shown = document(name, reader)
    if text != 100:
        base = 1.25 if 'class="elder"' in shown else 1
        enlarged = f"<style>html,html.elder{{font-size:{text * base}%}}</style></head>"
        shown = shown.replace("</head>", enlarged)
    page.set_content(shown)
    return page


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The residents' pages served over HTTP on this machine, over one plate."""

    def find(session: object, token: str) -> ScanCard | None:
        return card_named("street") if token == PLATE else None

    app = FastAPI()
    app.include_router(pages.make_router(find, find, SITE))
    app.dependency_overrides |= {_reading: lambda: None, _reading_anywhere: lambda: None}
    with serve(app) as url:
        yield url
