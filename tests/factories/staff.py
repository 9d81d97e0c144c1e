"""Accounts of staff, and browsers in which they are signed in."""

import re
import time
from dataclasses import dataclass
from datetime import timedelta

from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from address_model.division_codes import division_prefix
from address_model.tables import RoleAssignment
from service.app import create_app
from service.auth import commands
from service.auth.members import Assignment
from service.auth.permissions import Role
from service.auth.queries import get_account
from service.auth.session_tokens import SessionToken
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from tests.web_client import open_client

COOKIE = "menpai_session"
COOKIES = (COOKIE, "__Host-menpai")
"""The names of the cookie for http and for https."""

_SEEN = re.compile(r'name="seen" value="(\d+)"')
_AGREED = re.compile(r'name="agreed" value="([0-9a-f]{64})"')
_PAGES = re.compile(
    r"(/admin/(?:batches|bulk-changes|imports|addresses|drafts|work-items|alarms|duties)/\d+"
    r"|/admin/(?:units|clients|grants)/U?\d+"
    r"|/admin/(?:service-items|facilities|datasets|webhooks)/\d+|/admin/streets/[^/]+/numbers"
    r"|/admin/reports/[0-9A-Z]{10})/.+"
    r"|(/crew/.+|/admin/imports/questions/.+|/admin/areas/\d+/.+|/admin/work-items/far/.+)"
)
"""The page of a versioned form, by the path that the form is sent to."""

FORM = re.compile(r'name="form_token" value="([0-9a-f]+)"')


def make_account(
    database: Database, name: str, *roles: tuple[Role, str], ready: bool = True
) -> str:
    """Create an account with roles; return its first password. Ready: no need to change it.

    Further roles are written past the command, which keeps duties apart (三员分立): a test may need
    somebody who can do everything.
    """
    assignments = [Assignment(role, division) for role, division in roles]
    with database.session() as session:
        password = commands.create_account(session, name, assignments[0], COMMAND_LINE)
        account = get_account(session, name)
        for one in assignments[1:]:
            where = one.division and division_prefix(one.division).ljust(12, "0")
            session.add(RoleAssignment(account_id=account.id, role=one.role, division=where))
        if ready:
            session.execute(
                text(
                    "update staff_account set must_change_password = false, "
                    "password_issued_at = null where name = :n"
                ),
                {"n": name},
            )
    return password


def open_browser(database: Database, settings: Settings | None = None) -> TestClient:
    """A browser at the application, with nobody signed in, and nobody counting its attempts.

    Counting belongs to a server that runs.
    """
    settings = settings or Settings()
    app = create_app(database, settings)
    app.fastapi.state.gate = None
    return open_client(app, settings.public_url or "http://testserver", accept="text/html")


@dataclass
class SignedIn:
    """A browser with a signed-in member of staff, and its form token."""

    browser: TestClient
    form_token: str

    def get(self, path: str) -> Response:
        """Read a page; again if there was no place for it, or its process was still starting."""
        for _ in range(5):
            answer = self.browser.get(path)
            if answer.status_code != 503:
                break
            time.sleep(int(answer.headers["retry-after"]))
        return answer

    def post(self, path: str, **fields: object) -> Response:
        """Send a form as its freshly opened page would."""
        hidden = {"form_token": self.form_token} | self.read_hidden_fields(path, *fields)
        return self.browser.post(path, data=hidden | fields)

    def read_hidden_fields(self, path: str, *given: str) -> dict[str, str]:
        """What the page of a form fills in beside its token: the version, the digest at 批准.

        Nothing is read for what is ``given``, and for forms without a version.
        """
        page = _PAGES.fullmatch(path)
        if page is None:
            return {}
        shown, hidden = page[1] or page[2], {}
        if shown.startswith("/admin/imports/") and path.endswith(("/approve", "/send-back")):
            shown += "/review"
        if "seen" not in given:
            hidden["seen"] = self.read_version(shown, path)
        if path.endswith("/approve") and "agreed" not in given:
            hidden["agreed"] = self.read_digest(shown)
        return hidden

    def read_version(self, path: str, sent_to: str = "") -> str:
        """The version in the form of a page that is sent to a path, else in its first form.

        1 if the page may not be opened.
        """
        page = self.get(path).text
        form = page.find(f'action="{sent_to}"') if sent_to else -1
        found = _SEEN.search(page, max(form, 0))
        return found[1] if found else "1"

    def read_digest(self, path: str) -> str:
        """The digest behind the button 批准 of a batch's page; zeros without that button."""
        return self.read_digest_of(self.get(path).text)

    def read_digest_of(self, page: str) -> str:
        """The same of a page as text."""
        found = _AGREED.search(page)
        return found[1] if found else "0" * 64


def open_session(database: Database, name: str) -> SessionToken:
    """Open a session of an account; return its token."""
    with database.session() as session:
        account = get_account(session, name)
        return commands.open_session(
            session, account.id, name, browser="test", lasts=timedelta(hours=1)
        )


def sign_in(database: Database, name: str, browser: TestClient | None = None) -> SignedIn:
    """Sign an account in without its password, which saves a hash."""
    token = open_session(database, name)
    browser = browser or open_browser(database)
    for cookie in COOKIES:
        browser.cookies.set(cookie, token.secret)
    return SignedIn(browser, token.form_token)
