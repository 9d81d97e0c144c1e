"""Reads copies of registers: streams from one snapshot, with its position in the change feed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from service.changes.queries import get_last_position
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.departments.snapshots.copy_forms import CopyForm
from service.departments.snapshots.statements import CopyStatement, RowChoice

LONGEST_S = 3600
"""How long one copy may take, in seconds: until then the database keeps old versions of rows."""


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """A copy that is being read: the position of its snapshot, and its bytes in parts."""

    position: int
    parts: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class BucketDigest:
    """The digest of the rows of one bucket."""

    bucket: str
    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class RegisterDigests:
    """The digests of a register at a position of the change feed."""

    position: int
    buckets: list[BucketDigest]


@contextmanager
def copying(database: Database) -> Iterator[tuple[Session, int]]:
    """A snapshot and its position; a copy in it may take an hour, unlike other requests."""
    with database.snapshot() as session:
        raw_connection(session).execute(f"set local statement_timeout = '{LONGEST_S}s'".encode())
        yield session, get_last_position(session)


def open_copy(
    database: Database,
    statement: CopyStatement,
    choice: RowChoice,
    form: CopyForm,
    count: Callable[[int], None],
) -> OpenCopy:
    """Begin a copy; it ends when its parts have been read, or are dropped.

    At the end ``count`` is told how many rows were sent.
    """
    parts = _read(database, statement, choice, form, count)
    position = int(next(parts))
    return OpenCopy(position, parts)


def read_digests(database: Database, statement: CopyStatement) -> RegisterDigests:
    """The digests of a register, for whoever keeps a copy of it."""
    with copying(database) as (session, position):
        rows = raw_connection(session).execute(statement.digests().encode(), statement.values)
        found = [BucketDigest(*cast("tuple[str, int, str]", row)) for row in rows]
    return RegisterDigests(position, found)


def _read(
    database: Database,
    statement: CopyStatement,
    choice: RowChoice,
    form: CopyForm,
    count: Callable[[int], None],
) -> Iterator[bytes]:
    """The position, then the copy in the parts of its form."""
    with copying(database) as (session, position):
        yield str(position).encode()
        yield form.head(statement, position)
        held, size, rows = list[bytes](), 0, -form.headings
        command = f"copy ({form.select(statement, choice)}) to stdout {form.options}".encode()
        raw = raw_connection(session)
        try:
            with raw.cursor() as cursor, cursor.copy(command, statement.values) as copy:
                for row in copy:
                    held.append(bytes(row))
                    size += len(row)
                    if size > form.part_bytes:
                        yield form.part(held)
                        rows, held, size = rows + len(held), [], 0
            yield form.part(held) + form.foot()
            rows += len(held)
        finally:
            count(max(0, rows))
