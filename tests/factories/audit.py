"""Databases whose audit chain has a key and a file of heads."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from service.audit.chain import PURPOSE
from service.audit.commands import record
from service.audit.heads import ChainHead, path_for, read_heads
from service.audit.queries import ChainVerdict, verify_chain
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.signing_keys import KeyRing
from tests.database import TestDatabase

SECRET = "t8Kq2ZrV0yWxLm5JdHh7Bn4PcGs9Ue3A"  # noqa: S105 - it guards nothing
KEYS = KeyRing.of((SECRET,), PURPOSE)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

CUT = (
    "delete from audit_entry where position > {0}",
    "update feed_counter set last = {0}, last_hash = "
    "coalesce((select hash from audit_entry where position = {0}), '') where name = 'audit'",
)
"""Statements that cut off the end of the chain without a trace in the database."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def keyed(url: str, home: Path, keys: KeyRing | None = KEYS) -> Database:
    """A database whose entries are keyed, with its heads in a home."""
    return Database(url, audit_keys=keys, audit_heads=path_for(home))


def write_entries(database: Database, count: int) -> None:
    """Write N entries, each in its own transaction."""
    for number in range(count):
        with database.session() as session:
            record(session, actor=COMMAND_LINE, action="test:write", subject=str(number))


def as_owner(fresh: TestDatabase, *statements: str) -> None:
    owner = Database(fresh.owner_url)
    with owner.session() as session:
        for statement in statements:
            session.execute(text(statement))
    owner.dispose()


def verdict_of(database: Database, keys: KeyRing | None = KEYS) -> ChainVerdict:
    with database.reading() as session:
        return verify_chain(session, keys, database.audit_heads)


def heads_of(database: Database) -> list[ChainHead]:
    assert database.audit_heads
    return read_heads(database.audit_heads, KEYS)
