"""Two colleagues at a served application over a street without plates."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page
from sqlalchemy.orm import Session

from service.app import create_app
from service.auth.permissions import Role
from service.core.database import Database
from service.core.settings import Settings
from tests.browser.axe import list_barriers
from tests.browser.conftest import DESK, PHONE
from tests.browser.photographs import photograph
from tests.browser.serving import serve
from tests.browser.test_accessibility import CONTRASTS
from tests.database import database_with_divisions, migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import insert_account
from tests.factories.staff import COOKIES, open_session


@dataclass(frozen=True)
class Bureau:
    """A served application over a street without plates, and the home of its worker."""

    database: Database
    url: str
    home: Path


@contextmanager
def open_bureau(
    home: Path,
    enter_doors: Callable[[Session], object] | None = None,
    *,
    approval_above: int,
    import_approval_above: int = 5000,
    has_divisions: bool = False,
) -> Iterator[Bureau]:
    """Serve the doors that are entered, with an officer li.na and an approver zhang.wei.

    ``has_divisions``: all shipped divisions are there before.
    """
    with database_with_divisions() if has_divisions else migrated_database() as made:
        database = Database(made.app_url)
        with database.session() as session:
            if enter_doors:
                enter_doors(session)
            insert_account(session, "li.na", Role.OFFICER, "330102")
            insert_account(session, "zhang.wei", Role.APPROVER, "330102")
        settings = Settings(
            home=home,
            operator="示例市地名管理部门",
            batch_approval_above=approval_above,
            import_approval_above=import_approval_above,
            address_approval_above=approval_above,
            public_url=PUBLIC_URL,
        )
        with serve(create_app(database, settings)) as url:
            yield Bureau(database, url, home)
        database.dispose()


def enter(browser: Browser, bureau: Bureau, name: str, *, scripts: bool = True) -> Page:
    """A browser of somebody who is signed in; without scripts if so said."""
    secret = open_session(bureau.database, name).secret
    context = browser.new_context(accept_downloads=True, java_script_enabled=scripts)
    name, host = COOKIES[1], "127.0.0.1"
    context.add_cookies(
        [{"name": name, "value": secret, "domain": host, "path": "/", "secure": True}]
    )
    context.set_default_timeout(120_000)  # a machine under load is slow, not broken
    return context.new_page()


def look_at(page: Page, name: str) -> None:
    """No barriers, nothing cut off, and a picture, on a phone and at a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        shown = FloatRect(x=0, y=0, width=size[0], height=1500)
        photograph(page, f"batches-{name}-{size[0]}", clip=shown)
        assert list_barriers(page) == [], (name, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, size
        assert [one for one in page.evaluate(CONTRASTS) if one[0] < 4.5] == [], (name, size)
