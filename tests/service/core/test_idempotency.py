"""A creating request that is sent again creates nothing more, and gets its first answer."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from pydantic import BaseModel
from sqlalchemy import text

from service.core.actor import Actor
from service.core.database import Database
from service.core.errors import Conflict
from service.core.idempotency import (
    CreatedAnswer,
    KeyReused,
    RequestKey,
    RequestRunning,
    answer_once,
    forget_keys,
)
from tests.database import TestDatabase

PROGRAM = Actor("client", "department")
OTHER = Actor("client", "another")
KEY = RequestKey("k1", b"one body")


class Made(BaseModel):
    number: int


@pytest.fixture
def database(fresh_database: TestDatabase) -> Iterator[Database]:
    made = Database(fresh_database.app_url, pool_size=4)
    yield made
    made.dispose()


class Maker:
    """Makes something, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> CreatedAnswer:
        self.made += 1
        return CreatedAnswer.of(Made(number=self.made), headers={"Location": f"/{self.made}"})


def send(
    database: Database, maker: Maker, key: RequestKey | None = KEY, actor: Actor = PROGRAM
) -> CreatedAnswer:
    with database.session() as session:
        return answer_once(session, key, actor, maker)


def test_the_same_request_again_gets_the_answer_it_got(database: Database) -> None:
    maker = Maker()
    first, again = send(database, maker), send(database, maker)
    assert (maker.made, first.is_replayed, again.is_replayed) == (1, False, True)
    assert (again.status, again.body, again.headers) == (201, '{"number":1}', {"Location": "/1"})
    assert again.response.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.response.headers


def test_another_body_under_the_key_is_refused(database: Database) -> None:
    maker = Maker()
    send(database, maker)
    with pytest.raises(KeyReused):
        send(database, maker, RequestKey("k1", b"another body"))
    assert maker.made == 1


def test_keys_are_those_of_a_caller_and_none_is_none(database: Database) -> None:
    maker = Maker()
    send(database, maker)
    send(database, maker, actor=OTHER)
    send(database, maker, None)
    send(database, maker, None)
    assert maker.made == 4


def test_a_refused_request_leaves_no_answer(database: Database) -> None:
    def refuse() -> CreatedAnswer:
        raise Conflict("not now")

    with suppress(Conflict), database.session() as session:
        answer_once(session, KEY, PROGRAM, refuse)
    maker = Maker()
    assert not send(database, maker).is_replayed
    assert maker.made == 1


def test_the_request_that_runs_is_said_to_run_or_waited_for(database: Database) -> None:
    maker, waited = Maker(), list[CreatedAnswer]()

    def wait() -> None:
        with database.session() as session:
            waited.append(answer_once(session, KEY, PROGRAM, maker, waits=True))

    with database.session() as session:
        answer_once(session, KEY, PROGRAM, maker)
        with pytest.raises(RequestRunning):
            send(database, maker)
        assert not send(database, maker, RequestKey("k2", b"")).is_replayed
        beside = threading.Thread(target=wait)
        beside.start()
        with database.reading() as reading:
            while not reading.scalar(
                text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            ):
                pass
    beside.join()
    assert [answer.is_replayed for answer in waited] == [True]
    assert maker.made == 2


def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    maker = Maker()
    send(database, maker)
    with database.session() as session:
        assert forget_keys(session) == 0
        aged = "update idempotency_key set created_at = created_at - interval '25 hours'"
        session.execute(text(aged))
    assert not send(database, maker).is_replayed
    with database.session() as session:
        session.execute(text(aged))
        assert forget_keys(session) == 1
    assert maker.made == 2
