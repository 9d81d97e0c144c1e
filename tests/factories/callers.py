"""A served register and three callers: anonymous, a program, a member of staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from address_model.sensitivity import FieldClass
from address_model.tables import RoleAssignment, StaffAccount
from service.app import create_app
from service.auth.commands import create_client
from service.auth.permissions import Role
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from tests.database import migrated_database
from tests.factories.hosts import PUBLIC_URL
from tests.factories.office import Office, insert_account, make_office
from tests.factories.programs import make_program
from tests.factories.staff import SignedIn, sign_in
from tests.factories.webhooks import hook_settings
from tests.web_client import open_client


@dataclass(frozen=True)
class Served:
    """A register that is served, its description, and how each caller names itself.

    ``key`` has every grant, ``narrow_key`` every permission for public fields down to the door in
    one county, ``bare_key`` no grant; ``officer`` has every role. ``client`` has a session;
    ``anybody`` none.
    """

    office: Office
    anybody: TestClient
    client: TestClient
    key: dict[str, str]
    narrow_key: dict[str, str]
    bare_key: dict[str, str]
    form_token: dict[str, str]
    officer: SignedIn
    document: dict[str, Any]

    @property
    def everything(self) -> dict[str, str]:
        """What opens every call: the key, and the form token of the session of ``client``."""
        return self.key | self.form_token


@contextmanager
def served_office() -> Iterator[Served]:
    """An office in a separate database, served without rate limits."""
    with migrated_database() as made:
        database = Database(made.app_url)
        office = make_office(database)
        with database.session() as session:
            key = str(make_program(session))
            public = {FieldClass.PUBLIC}
            narrow = str(
                make_program(session, "narrow", division="330102", classes=public, is_deep=False)
            )
            bare = str(create_client(session, "bare", COMMAND_LINE))
            insert_account(session, "everybody", Role.ADMINISTRATOR, "")
            number = session.scalars(select(StaffAccount.id)).one()
            rest = set(Role) - {Role.ADMINISTRATOR}
            session.add_all(RoleAssignment(account_id=number, role=r, division="") for r in rest)
        app = create_app(database, hook_settings(public_url=PUBLIC_URL))
        app.fastapi.state.gate = None
        anybody, client, browser = (open_client(app, PUBLIC_URL, raises=False) for _ in range(3))
        browser.headers["accept"] = "text/html"
        officer = sign_in(database, "everybody", browser)
        token = sign_in(database, "everybody", client).form_token
        yield Served(
            office,
            anybody,
            client,
            {"X-API-Key": key},
            {"X-API-Key": narrow},
            {"X-API-Key": bare},
            {"X-Form-Token": token},
            officer,
            app.fastapi.openapi(),
        )
        database.dispose()
