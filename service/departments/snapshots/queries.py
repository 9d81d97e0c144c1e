"""Reads copies of registers: streams from one snapshot, with its position in the change feed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import orjson
from sqlalchemy.orm import Session

from service.changes.queries import get_last_position
from service.core.bulk_copy import raw_connection
from service.core.database import Database
from service.departments.snapshots.statements import CopyStatement, RowChoice

PART_BYTES = 1 << 18
LONGEST_S = 3600
"""How long one copy may take, in seconds: until then the database keeps old versions of rows."""

_LINES = "(format csv, quote e'\\x01', delimiter e'\\x02')"
"""Lines as they are: JSON contains neither of these characters, so nothing is quoted."""

_TABLE = "(format csv, header true)"


class CopyFormat(StrEnum):
    """The media types of a copy."""

    LINES = "application/x-ndjson"
    TABLE = "text/csv"


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
    form: CopyFormat,
    count: Callable[[int], None],
) -> OpenCopy:
    """Begin a copy; it ends when its parts have been read, or are dropped.

    Lines of JSON begin with one that names the register, the position and the columns. At the end
    ``count`` is told how many rows were sent.
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
    form: CopyFormat,
    count: Callable[[int], None],
) -> Iterator[bytes]:
    """The position, then the copy in parts of about ``PART_BYTES``."""
    is_lines = form is CopyFormat.LINES
    with copying(database) as (session, position):
        yield str(position).encode()
        held, size, rows = list[bytes](), 0, 0
        if is_lines:
            columns = [{"name": one.name, "type": one.type} for one in statement.columns]
            name = statement.register.name
            head = {"register": name, "position": position, "columns": columns}
            held.append(orjson.dumps(head) + b"\n")
        query = statement.lines(choice) if is_lines else statement.rows(choice)
        command = f"copy ({query}) to stdout {_LINES if is_lines else _TABLE}".encode()
        raw = raw_connection(session)
        try:
            with raw.cursor() as cursor, cursor.copy(command, statement.values) as copy:
                for row in copy:
                    held.append(bytes(row))
                    size += len(row)
                    if size > PART_BYTES:
                        yield b"".join(held)
                        rows, held, size = rows + len(held), [], 0
            yield b"".join(held)
            rows += len(held)
        finally:
            count(max(0, rows - 1))  # one is the line with the position, or the headings
