"""A copy of every register that is made of a snapshot and kept up by the feed, in a file.

As a program (``python -m tests.replica URL FILE``) it follows until it is killed, and goes on from
its position when it is started again. All it knows of a record it reads again by its key.
"""

import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from service.changes.events import Subject
from service.changes.queries import get_last_position, list_changes
from service.changes.registers import REGISTERS, Rows
from service.core.database import Database, Session

PAGE = 200
Record = tuple[str, str]
"""A table and a key of the feed."""

Contents = dict[Record, list[str]]
"""The rows of every record, as JSON, in order."""


def all_tables() -> dict[str, Rows]:
    """Every table that the feed tells of, by name."""
    return {rows.table: rows for one in REGISTERS.values() for rows in one.tables}


def read_rows(session: Session, rows: Rows, keys: Iterable[str] | None = None) -> Contents:
    """The rows of a table by their keys; of all keys, or of some."""
    where = "" if keys is None else f"where {rows.of}"
    statement = text(
        f"select {rows.key} as key, to_jsonb(r)::text as held from {rows.table} r {where}"  # noqa: S608
        " order by 1, 2"
    )
    wanted = {} if keys is None else {"keys": sorted(keys)}
    found: Contents = {}
    for key, held in session.execute(statement, wanted):
        found.setdefault((rows.table, key), []).append(held)
    return found


def read_registers(session: Session) -> Contents:
    """Everything, as it is now."""
    found: Contents = {}
    for rows in all_tables().values():
        found |= read_rows(session, rows)
    return found


class Replica:
    """The copy in its file; what a turn has read is written whole, with its position, or not."""

    def __init__(self, file: Path) -> None:
        self._held = sqlite3.connect(file, isolation_level=None)
        self._held.execute("create table if not exists held (tbl, key, row)")
        self._held.execute("create index if not exists of_key on held (tbl, key)")
        self._held.execute("create table if not exists reached (position integer)")

    def close(self) -> None:
        self._held.close()

    @property
    def position(self) -> int | None:
        """The position it is true for; None before the first snapshot."""
        found = self._held.execute("select position from reached").fetchone()
        return found[0] if found else None

    def contents(self) -> Contents:
        found: Contents = {}
        for table, key, row in self._held.execute("select * from held order by 1, 2, 3"):
            found.setdefault((table, key), []).append(row)
        return {record: sorted(rows) for record, rows in found.items()}

    def turn(self, database: Database) -> bool:
        """Take a snapshot, or the next changes; whether there were any."""
        with database.snapshot() as session:
            if self.position is None:
                self._write([], read_registers(session), get_last_position(session))
                return True
            changes = list_changes(session, after=self.position, limit=PAGE)
            if not changes:
                return False
            stale = list(_records_of((Subject(one.subject), one.key) for one in changes))
            keys: dict[str, set[str]] = {}
            for table, key in stale:
                keys.setdefault(table, set()).add(key)
            fresh: Contents = {}
            for table, some in keys.items():
                fresh |= read_rows(session, all_tables()[table], some)
        self._write(stale, fresh, changes[-1].position)
        return True

    def _write(self, stale: list[Record], fresh: Contents, position: int) -> None:
        rows = [(*record, row) for record, some in fresh.items() for row in some]
        self._held.execute("begin immediate")
        self._held.executemany("delete from held where tbl = ? and key = ?", stale)
        self._held.executemany("insert into held values (?, ?, ?)", rows)
        self._held.execute("delete from reached")
        self._held.execute("insert into reached values (?)", (position,))
        self._held.execute("commit")


def _records_of(told: Iterable[tuple[Subject, str]]) -> Iterator[Record]:
    for subject, key in dict.fromkeys(told):
        for rows in REGISTERS[subject].tables:
            yield rows.table, key
        if subject is Subject.ADDRESS:  # who enters or moves an address links it, and tells of both
            yield from (("address_area", key), ("address_place_name", key))


if __name__ == "__main__":
    with closing(Replica(Path(sys.argv[2]))) as replica:
        register = Database(sys.argv[1])
        while True:
            if not replica.turn(register):
                time.sleep(0.02)
