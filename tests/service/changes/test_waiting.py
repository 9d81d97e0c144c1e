"""Whoever waits for a change hears of it and holds nothing meanwhile; kinds, moments, divisions."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from address_model.tables import Address
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.changes.commands import Action, ChangeNote, Subject, announce, record
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.settings import get_settings
from service.divisions.commands import load_divisions
from tests.database import TestDatabase
from tests.factories.addresses import make_draft
from tests.factories.divisions import make_place
from tests.factories.programs import make_program
from tests.town import HILLS, TOWNSHIP, TOWNSHIPS


@dataclass(frozen=True)
class Feed:
    database: Database
    client: TestClient
    key: dict[str, str]

    def tell(self, *notes: ChangeNote) -> None:
        with self.database.session() as session:
            record(session, notes)

    def ask(self, query: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/v1/changes?{query}", headers=self.key)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def keys(self, query: str) -> list[str]:
        return [one["key"] for one in self.ask(query)["changes"]]


@pytest.fixture
def feed(fresh_database: TestDatabase) -> Iterator[Feed]:
    database = Database(fresh_database.app_url)
    with database.session() as session:
        key = str(make_program(session, "department"))
    with TestClient(create_app(database, get_settings())) as client:
        yield Feed(database, client, {"X-API-Key": key})
    database.dispose()


def note(key: str, subject: Subject = Subject.PLATE, division: str = "330102001000") -> ChangeNote:
    return ChangeNote(subject, key, Action.CHANGED, division)


def test_a_page_has_its_kinds_and_reaches_behind_the_others(feed: Feed) -> None:
    feed.tell(note("a"), note("b", Subject.ADDRESS), note("c", Subject.AREA), note("d"))
    assert feed.keys("kind=address&kind=area") == ["b", "c"]
    page = feed.ask("kind=heritage_entry")
    assert (page["changes"], page["count"], page["next"]) == ([], 0, 4)
    assert feed.keys("kind=plate&division=330102") == ["a", "d"]


def test_the_changes_between_two_positions(feed: Feed) -> None:
    feed.tell(*map(note, "abcd"))
    page = feed.ask("after=1&before=4")
    assert [one["key"] for one in page["changes"]] == ["b", "c"]
    assert page["next"] == 3
    assert feed.keys("before=1") == []


def test_the_changes_between_two_moments(feed: Feed) -> None:
    feed.tell(note("a"))
    feed.tell(note("b"))
    feed.tell(note("c"))
    moments = [one["at"].replace("+", "%2B") for one in feed.ask("")["changes"]]
    assert feed.keys(f"since={moments[1]}") == ["b", "c"]
    assert feed.keys(f"until={moments[1]}") == ["a"]
    assert feed.keys(f"since={moments[1]}&until={moments[2]}") == ["b"]
    assert feed.keys(f"until={moments[0]}") == []


def test_a_waiting_request_ends_with_a_change(feed: Feed) -> None:
    started = threading.Event()

    def tell() -> None:
        started.wait(10)
        time.sleep(0.5)
        feed.tell(note("a"))

    teller = threading.Thread(target=tell)
    teller.start()
    started.set()
    page = feed.ask("wait=30")
    teller.join()
    assert [one["key"] for one in page["changes"]] == ["a"]
    assert page["next"] == 1


def test_without_a_change_it_ends_empty(feed: Feed) -> None:
    assert feed.ask("wait=1")["next"] == 0


def test_who_waits_holds_no_connection(feed: Feed) -> None:
    waiting = [threading.Thread(target=feed.ask, args=("wait=3",)) for _ in range(12)]
    for one in waiting:
        one.start()
    time.sleep(1.5)
    held = feed.database.engine.pool.checkedout()  # type: ignore[attr-defined]
    for one in waiting:
        one.join()
    assert held <= 1


def test_a_division_hears_of_a_record_that_has_left_it(feed: Feed) -> None:
    with feed.database.session() as session:
        place = make_place(session)
        load_divisions(session, TOWNSHIPS, "nbs", "2023")
        (code,) = map(str, enter_addresses(session, [make_draft(place)], COMMAND_LINE))
    after = feed.ask("")["next"]
    with feed.database.session() as session:
        session.get_one(Address, code)
        moved = "update address set division_id = (select id from division where code = :to)"
        session.execute(text(moved), {"to": HILLS})
        announce(session, Subject.ADDRESS, Action.MOVED, [code])
    for division in (TOWNSHIP, HILLS, ""):
        (change,) = feed.ask(f"after={after}&division={division}")["changes"]
        assert (change["key"], change["division"]) == (code, HILLS)
        assert change["left_division"] == TOWNSHIP
    assert feed.keys(f"after={after}&division=330106") == []
    with feed.database.reading() as session:
        assert session.scalar(text("select count(*) from division_left")) == 0
