"""What programs learn of records below the door, and of data, by following and copying."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.app import create_app
from service.auth.permissions import Permission
from service.changes.commands import Action, Subject, announce
from service.core.actor import COMMAND_LINE
from service.core.settings import get_settings
from service.plates.commands import issue_plates, open_batch
from tests.factories.addresses import make_draft, make_elements
from tests.factories.divisions import Place
from tests.factories.hosts import PREFIX
from tests.factories.office import Office, opened_office
from tests.factories.programs import make_program

COPIES = ("addresses", "names", "plates")
_numbers = count()


@dataclass(frozen=True)
class Feed:
    """The office served; the code of a room in it, and the token of its plate."""

    office: Office
    client: TestClient
    room: str
    plate: str

    @property
    def door(self) -> str:
        return self.office.codes["own"]

    def ask(self, key: str, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}", headers={"X-API-Key": key})
        assert answer.status_code == 200, answer.text
        return answer

    def make(self, *others: Permission, is_deep: bool = True) -> str:
        with self.office.database.session() as session:
            needed = (Permission.CHANGES_READ, *others)
            name = f"program-{next(_numbers)}"
            return str(make_program(session, name, needed, is_deep=is_deep))


@pytest.fixture(scope="module")
def feed() -> Iterator[Feed]:
    with opened_office() as office:
        with office.database.session() as session:
            elements = make_elements("88", room=Numbered("501", "室"))
            ids = {
                row.code: row.id for row in session.execute(text("select code, id from division"))
            }
            draft = make_draft(Place(ids), elements=elements)
            (room,) = (str(one) for one in enter_addresses(session, [draft], COMMAND_LINE))
            batch = open_batch(
                session, name="room", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
            )
            (plate,) = issue_plates(session, batch, [room], COMMAND_LINE)
            codes = [room, office.codes["own"]]
            announce(session, Subject.DATASET_ROW, Action.CHANGED, codes)
            announce(session, Subject.ADDRESS_AREA, Action.LINKED, [room])
        with TestClient(create_app(office.database, get_settings())) as client:
            yield Feed(office, client, room, plate)


@pytest.mark.parametrize("path", ["changes", *(f"snapshots/{name}" for name in COPIES)])
def test_to_the_door_no_key_below_it_is_told(feed: Feed, path: str) -> None:
    deep = feed.ask(feed.make(), path).text
    assert feed.room in deep
    assert (feed.plate in deep) == (path in ("changes", "snapshots/plates"))
    shallow = feed.ask(feed.make(is_deep=False), path).text
    assert feed.door in shallow
    assert feed.room not in shallow
    assert feed.plate not in shallow


@pytest.mark.parametrize("name", COPIES)
def test_digests_to_the_door_are_without_the_room(feed: Feed, name: str) -> None:
    told = [
        feed.ask(feed.make(is_deep=depth), f"snapshots/{name}/digests").json()["buckets"]
        for depth in (False, True)
    ]
    door, deep = (sum(one["rows"] for one in buckets) for buckets in told)
    assert deep == door + 1


def test_the_position_is_that_of_the_feed_although_changes_are_hidden(feed: Feed) -> None:
    door, deep = feed.make(is_deep=False), feed.make()
    page = feed.ask(door, "changes?kind=address_area").json()
    assert (page["changes"], page["count"]) == ([], 0)
    assert page["next"] == feed.ask(deep, "changes").json()["next"]


def test_a_full_page_that_is_hidden_ends_the_wait(feed: Feed) -> None:
    answer = feed.ask(feed.make(is_deep=False), "changes?kind=address_area&limit=1&wait=30")
    assert answer.json()["changes"] == []
    assert answer.json()["next"] > 0
    assert 'rel="next"' in answer.headers["link"]


def test_changes_of_data_are_told_to_who_reads_data(feed: Feed) -> None:
    reads = Permission.DATASETS_READ
    told = [
        {one["key"] for one in feed.ask(key, "changes?kind=dataset_row").json()["changes"]}
        for key in (feed.make(), feed.make(reads), feed.make(reads, is_deep=False))
    ]
    assert told == [set(), {feed.room, feed.door}, {feed.door}]
