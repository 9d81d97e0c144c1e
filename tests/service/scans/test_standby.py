"""Scans and look-ups beside a standby: what was withdrawn never comes back from it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from address_model.tables import Duty
from service.app import create_app
from service.auth.commands import revoke_keys_of
from service.changes.commands import Action, ChangeNote, Subject, record
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import Settings
from service.core.standby import Standby
from tests.database import TestDatabase, migrated_database
from tests.factories.programs import make_program
from tests.factories.towns import Town, make_town
from tests.standby import away, standby_of, write_beside

NUMBER, ON_STANDBY = "0571-00000001", "0571-00000002"
SOON_S = 10.0


@dataclass(frozen=True)
class Beside:
    """A served town with its standby, whose grid worker has another number, to tell it by."""

    primary: TestDatabase
    standby: TestDatabase
    town: Town
    client: TestClient
    key: str
    read_from: Standby

    @property
    def token(self) -> str:
        return self.town.all_tokens[20]

    def page(self, number: int = 20) -> str:
        found = self.client.get(f"/{self.town.all_tokens[number]}")
        assert found.status_code == 200, found.text
        return found.text

    def ask(self, path: str) -> int:
        return self.client.get(path, headers={"X-API-Key": self.key}).status_code

    def show_on_both(self) -> None:
        """Have both stand one change further, so that the contact is read again, on the standby."""
        until(lambda: self.read_from.is_usable)
        for database in (self.standby, self.primary):
            self.publish(shows=True, on=database)
        until(lambda: ON_STANDBY in self.page())

    def publish(self, *, shows: bool, on: TestDatabase, announced: bool = True) -> None:
        write_beside(on.app_url, lambda session: publish(session, self.town, shows, announced))


def publish(session: Session, town: Town, shows: bool, announced: bool) -> None:
    session.execute(update(Duty).where(Duty.id == town.duty_id).values(publish=shows))
    if announced:
        record(session, [ChangeNote(Subject.DUTY, str(town.duty_id), Action.CHANGED, "")])


@pytest.fixture
def beside() -> Iterator[Beside]:
    with migrated_database() as primary:
        made: list[object] = []

        def fill(session: Session) -> None:
            made.append(make_town(session, doors=24))
            made.append(str(make_program(session, "department")))

        write_beside(primary.app_url, fill)
        town, key = made
        assert isinstance(town, Town)
        with standby_of(primary) as standby:
            mark = update(Duty).values(phone=ON_STANDBY)
            write_beside(standby.app_url, lambda session: session.execute(mark))
            settings = Settings(read_database_url=standby.app_url)
            app = create_app(Database(primary.app_url), settings)
            with TestClient(app) as client:
                read_from = app.fastapi.state.reads.standby
                yield Beside(primary, standby, town, client, str(key), read_from)


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON_S
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_scans_are_read_on_the_standby_and_a_withdrawn_contact_never_comes_back(
    beside: Beside,
) -> None:
    beside.show_on_both()
    beside.publish(shows=False, on=beside.primary)
    until(lambda: ON_STANDBY not in beside.page())
    ends = time.monotonic() + 2
    while time.monotonic() < ends:
        for number in (20, 21, 22):
            page = beside.page(number)
            assert NUMBER not in page
            assert ON_STANDBY not in page
    told = beside.client.get("/readyz")
    assert told.status_code == 200
    assert "changes missing: 1" in told.text
    beside.publish(shows=False, on=beside.standby)  # it has caught up
    until(lambda: "missing" not in beside.client.get("/readyz").text)
    beside.show_on_both()


def test_without_the_primary_it_is_read_on_and_shows_no_contact(beside: Beside) -> None:
    beside.show_on_both()
    code = beside.town.codes[20]
    with away(beside.primary):
        until(lambda: ON_STANDBY not in beside.page())
        for number in (20, 22):  # scanned lately, and never yet
            found = beside.client.get(f"/{beside.town.all_tokens[number]}")
            assert "河坊街" in found.text
            assert found.headers["cache-control"] == "private, no-store"
            assert NUMBER not in found.text
            assert ON_STANDBY not in found.text
        headers = {"Accept": "application/json"}
        card = beside.client.get(f"/{beside.token}", headers=headers).json()
        assert card["contacts"] == []
        for path in (f"/api/v1/addresses/{code}", "/api/v1/addresses", "/api/v1/divisions"):
            assert beside.ask(path) == 200, path
        asked = beside.client.post(
            "/api/v1/resolve", json={"text": "河坊街21号"}, headers={"X-API-Key": beside.key}
        )
        assert asked.status_code == 200
        for path in (f"/a/{code}", "/heritage", "/readyz"):
            assert beside.ask(path) == 200, path
        assert "nothing can be written" in beside.client.get("/readyz").text
        event = {"kind": "well", "id": "well-1"}
        written = beside.client.post(
            f"/api/v1/plates/{beside.token}/events", json=event, headers={"X-API-Key": beside.key}
        )
        assert written.status_code == 503
        assert written.headers["retry-after"]
    until(lambda: ON_STANDBY in beside.page())
    until(lambda: "primary does not answer" not in beside.client.get("/readyz").text)


def test_without_the_standby_all_is_read_on_the_primary(beside: Beside) -> None:
    beside.show_on_both()
    with away(beside.standby):
        assert beside.ask("/api/v1/addresses") == 200
        told = beside.client.get("/readyz")
        assert (told.status_code, "standby does not answer" in told.text) == (200, True)
        beside.publish(shows=True, on=beside.primary)
        until(lambda: NUMBER in beside.page())


def test_a_key_that_was_revoked_is_no_key_on_a_standby_that_lags(beside: Beside) -> None:
    path = f"/api/v1/addresses/{beside.town.codes[20]}"
    until(lambda: beside.ask("/api/v1/divisions") == beside.ask(path) == 200)

    write_beside(
        beside.primary.app_url, lambda session: revoke_keys_of(session, "department", COMMAND_LINE)
    )
    until(lambda: beside.ask(path) == 401)
    assert beside.ask("/api/v1/addresses") == 401
