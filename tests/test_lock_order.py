"""The watchman of locks reads statements rightly, and finds who locks out of order."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit.commands import AUDIT_LOCK
from service.changes.commands import FEED_LOCK
from service.placenames.commands.places import COUNTY_LOCK
from tests.lock_order import locks_of, watching

STATEMENTS = [
    ("select code from address where code = any(%s) order by code for no key update", ["address"]),
    ("select p.token from plate p join plate_batch b on true for no key update of p", ["plate"]),
    (
        "with own as (select token from plate_batch_item where true) "
        "select token from plate where token in (select token from own) for no key update",
        ["plate"],
    ),
    (
        "with held as (select id from work_item where true order by id for no key update) "
        "update work_item w set state = 'done' from held where w.id = held.id",
        ["work item"],
    ),
    ("UPDATE plate_batch SET status='x' WHERE id = 1 RETURNING plate_batch.id", ["batch"]),
    ("delete from address_area l using unnest(x) as gone(code) where true", ["link"]),
    ("insert into code_space (county) values ('x') on conflict do nothing", []),
    ("insert into place_space as s values (1) on conflict (c) do update set n = 2", ["place"]),
    ("insert into plate (token) select token from address where true", []),
    ("select count(*) from (select 1 from duty for update) d", ["duty"]),
    ("select 1 from address", []),
]


@pytest.mark.parametrize(("statement", "locks"), STATEMENTS)
def test_what_a_statement_locks_is_read_from_it(statement: str, locks: list[str]) -> None:
    assert locks_of(statement, {}) == locks


def test_advisory_locks_are_known_by_their_numbers() -> None:
    statement = "select pg_advisory_xact_lock(%(key)s)"
    assert locks_of(statement, {"key": AUDIT_LOCK}) == ["audit"]
    assert locks_of(statement, {"key": FEED_LOCK}) == ["feed"]
    both = "select pg_advisory_xact_lock(%(key)s, %(county)s)"
    assert locks_of(both, {"key": COUNTY_LOCK, "county": 330102}) == ["place"]
    with pytest.raises(KeyError):
        locks_of(statement, {"key": 7})


@pytest.fixture(autouse=True)
def _locks_in_one_order() -> None:
    """In place of that of every other test: here a command shall lock out of order."""


COMMAND = """
def command(session, *statements):
    for statement in statements:
        session.execute(text(statement))
"""


def test_a_command_that_locks_out_of_order_is_found_and_one_in_order_is_not(
    session: Session,
) -> None:
    planted: dict[str, object] = {"__name__": "service.planted.commands.late", "text": text}
    exec(COMMAND, planted)  # noqa: S102 - a command as the product has them
    command = planted["command"]
    assert callable(command)
    plate = "select token from plate for no key update"
    address = "select code from address for no key update"
    with watching() as watch:
        command(session, address, plate, address)
        command(session, plate)
        assert watch.faults == []
        command(session, plate, address)
    assert len(watch.faults) == 1
    assert "command locks address" in watch.faults[0]
