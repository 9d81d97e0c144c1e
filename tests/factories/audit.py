"""Databases whose audit chain has a key and a file of heads."""

from pathlib import Path

from service.audit.chain import PURPOSE
from service.audit.commands import record
from service.audit.heads import path_for
from service.core.actor import COMMAND_LINE
from service.core.database import Database
from service.core.signing import KeyRing

SECRET = "t8Kq2ZrV0yWxLm5JdHh7Bn4PcGs9Ue3A"  # noqa: S105 - it guards nothing
KEYS = KeyRing.of((SECRET,), PURPOSE)


def keyed(url: str, home: Path, keys: KeyRing | None = KEYS) -> Database:
    """A database whose entries are keyed, with its heads in a home."""
    return Database(url, audit_keys=keys, audit_heads=path_for(home))


def write_entries(database: Database, count: int) -> None:
    """So many entries, each in a transaction of its own."""
    for number in range(count):
        with database.session() as session:
            record(session, actor=COMMAND_LINE, action="test:write", subject=str(number))
