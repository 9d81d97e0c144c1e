"""The database of a replica: PostgreSQL, SQLite or DuckDB, written with the same SQL.

Each is used by its own DB-API driver. What is noted of the copy is written in the transaction of
the rows it speaks of, so the copy can be killed at any moment.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import psycopg

from service.core.faults import EnvironmentFault
from service.replication.register_server import ReplicatedRegister, Row

AT_ONCE = 200
"""How many rows or keys one statement has: SQLite takes 32,766 parameters."""

_TYPES = {
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "date": "date",
}
_STATE = (
    "create table if not exists menpai_replica "
    "(url text not null, division text not null, position bigint)",
    "create table if not exists menpai_register (name text not null, columns text not null, "
    "copied_to text not null, is_complete boolean not null)",
    "create table if not exists menpai_gap "
    "(first bigint not null, last bigint not null, healed_at text not null)",
)


@dataclass(frozen=True, slots=True)
class CopiedSoFar:
    """How far the first copy of a register has come: the last key, and whether it is complete."""

    copied_to: str
    is_complete: bool


class ReplicaDatabase:
    """An open database of a replica."""

    def __init__(self, url: str) -> None:
        """Open ``postgresql://…``, ``sqlite:///…`` or ``duckdb:///…``, and make its tables.

        Raises:
            EnvironmentFault: it cannot be opened, or its driver is not installed.
        """
        kind, _, path = url.partition(":///")
        self._marks = "?"
        self.is_indexed = kind != "duckdb"  # whose indexes refuse a row deleted and written again
        try:
            if kind == "sqlite":
                self._connection: Any = sqlite3.connect(path, isolation_level=None)
            elif kind == "duckdb":
                self._connection = import_module("duckdb").connect(path)
            elif re.match(r"postgres(ql)?(\+psycopg)?://", url):
                self._marks = "%s"
                plain = "postgresql://" + url.partition("://")[2]
                self._connection = psycopg.connect(plain, autocommit=True)
            else:
                raise EnvironmentFault(
                    f"no database of a replica: {url.partition(':')[0]}",
                    hint="name postgresql://…, sqlite:///FILE or duckdb:///FILE",
                )
        except ModuleNotFoundError as error:
            raise EnvironmentFault(
                "the driver of DuckDB is not installed", hint="pip install 'menpai[duckdb]'"
            ) from error
        except (psycopg.Error, sqlite3.Error, OSError) as error:
            raise EnvironmentFault(
                f"the replica's database cannot be opened: {error}", hint="check --into"
            ) from error
        self._cursor = self._connection.cursor()  # of DuckDB each has transactions of its own
        with self.transaction():
            for statement in _STATE:
                self.ask(statement)

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything in the block, or nothing."""
        self.ask("begin")
        try:
            yield
        except BaseException:
            self.ask("rollback")
            raise
        self.ask("commit")

    def ask(self, statement: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Run a statement with ``?`` for each value; the rows it returns, if any."""
        cursor = self._cursor
        cursor.execute(statement.replace("?", self._marks), list(values))
        return iter(()) if cursor.description is None else map(tuple, cursor.fetchall())

    def make_table(self, register: ReplicatedRegister) -> None:
        """Make the table of a register anew, empty, and note that nothing is copied yet."""
        columns = ", ".join(
            f'"{one.name}" {_TYPES.get(one.type, "text")}' for one in register.columns
        )
        self.ask(f'drop table if exists "{register.name}"')
        self.ask(f'create table "{register.name}" ({columns})')
        if self.is_indexed:
            for column in {register.key, *(column for _, column in register.follows)}:
                name = f"ix_{register.name}_{column}"
                self.ask(f'create index "{name}" on "{register.name}" ("{column}")')
        self.ask("delete from menpai_register where name = ?", [register.name])
        self.ask(
            "insert into menpai_register values (?, ?, '', false)",
            [register.name, _layout_of(register)],
        )

    def find_copied(self, register: ReplicatedRegister) -> CopiedSoFar | None:
        """How far a register is copied; None if its columns are others than those noted."""
        asked = "select copied_to, is_complete from menpai_register where name = ? and columns = ?"
        for copied_to, is_complete in self.ask(asked, [register.name, _layout_of(register)]):
            return CopiedSoFar(str(copied_to), bool(is_complete))
        return None

    def note_copied(
        self, register: ReplicatedRegister, copied_to: str, *, is_complete: bool
    ) -> None:
        """Note how far a register is copied."""
        self.ask(
            "update menpai_register set copied_to = ?, is_complete = ? where name = ?",
            [copied_to, is_complete, register.name],
        )

    def insert(self, register: ReplicatedRegister, rows: Sequence[Row]) -> None:
        """Insert rows."""
        one = f"({', '.join('?' * len(register.columns))})"
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            marks = ", ".join([one] * len(some))
            self.ask(
                f'insert into "{register.name}" values {marks}',  # noqa: S608
                [value for row in some for value in row],
            )

    def delete(self, register: ReplicatedRegister, column: str, keys: Iterable[object]) -> None:
        """Delete the rows with one of these keys in a column."""
        found = list(keys)
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            marks = ", ".join("?" * len(some))
            self.ask(f'delete from "{register.name}" where "{column}" in ({marks})', some)  # noqa: S608

    def rows_of(self, register: ReplicatedRegister) -> Iterator[Row]:
        """All rows of a register, read as they are needed; nothing else is asked meanwhile."""
        columns = ", ".join(f'"{one.name}"' for one in register.columns)
        statement = f'select {columns} from "{register.name}"'  # noqa: S608
        cursor = self._cursor
        if isinstance(cursor, psycopg.Cursor):
            yield from cursor.stream(statement.encode())
            return
        cursor.execute(statement)
        while rows := cursor.fetchmany(1000):
            yield from map(tuple, rows)

    @property
    def position(self) -> int | None:
        """The position of the feed that is reached; None before the first copy."""
        for (position,) in self.ask("select position from menpai_replica"):
            return None if position is None else int(str(position))
        return None

    def note_position(self, position: int | None) -> None:
        """Note the position that is reached."""
        self.ask("update menpai_replica set position = ?", [position])

    def note_gap(self, first: int, last: int, moment: str) -> None:
        """Note changes that did not come at first."""
        self.ask("insert into menpai_gap values (?, ?, ?)", [first, last, moment])

    def count_gaps(self) -> int:
        """How many times changes did not come at first."""
        ((count,),) = self.ask("select count(*) from menpai_gap")
        return int(str(count))

    def belong_to(self, url: str, division: str) -> None:
        """Note whose copy this is.

        Raises:
            EnvironmentFault: it is a copy of another service, or of another division.
        """
        noted = list(self.ask("select url, division from menpai_replica"))
        if not noted:
            self.ask("insert into menpai_replica values (?, ?, null)", [url, division])
        elif noted != [(url, division)]:
            raise EnvironmentFault(
                f"this database is a copy of {noted[0][0]} {noted[0][1]}".rstrip(),
                hint="take another database, or the same URL and division",
            )


def _layout_of(register: ReplicatedRegister) -> str:
    """The columns of a register as one text, to notice when they become others."""
    return ", ".join(f"{one.name} {one.type}" for one in register.columns)
