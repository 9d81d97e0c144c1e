"""Where residents and departments read: on the standby while it has caught up, else on the primary.

Whatever breaks off on the standby, or is not yet there, is asked of the primary; while that is away
the standby alone is asked. Without a standby all of it is the primary.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from typing import Protocol, TypeVar

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.core.async_pool import CONNECTIONS, AsyncPool, Rows
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.standby import POSITION, Feed, Standby

T = TypeVar("T")
Open = Callable[[Database], AbstractContextManager[Session]]

STANDBY_PATIENCE_S = 1.0
"""So long a scan waits for the standby before the primary is asked."""

_ON_STANDBY = "menpai_on_standby"
_POSITION = text(POSITION)
_BESIDE = (
    "select counted.last, asked.* from feed_counter counted left join lateral (",
    ") asked on true where counted.name = 'change'",
)
"""Put about a statement, so that the very snapshot it reads says how far it has replayed."""


class StatementSource(Protocol):
    """Where rows are asked for, each statement by itself."""

    async def rows(self, statement: str, *values: object) -> Rows:
        """Ask for rows (``%s`` or ``%b`` for each value)."""


def is_on_standby(session: Session) -> bool:
    """Whether a session that only reads is one of a standby."""
    return _ON_STANDBY in session.info


class Reads:
    """The primary and the standby, if there is one, of a server process; for all threads."""

    def __init__(self, primary: Database, standby: Standby | None = None) -> None:
        self.primary, self.standby = primary, standby

    @property
    def fault(self) -> str:
        """What is wrong with the standby, or nothing; for whoever asks how the server is."""
        return self.standby.fault if self.standby is not None else ""

    def follow(self, feed: Feed) -> None:
        """Say by whom this process hears of changes; before that the standby is not read."""
        if self.standby is not None:
            self.standby.feed = feed

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads, for the length of a request.

        Raises:
            DatabaseUnreachable: neither can be connected to, or the one that was read breaks off.
            UnstorableValue: as ``Database.reading``.
        """
        with ExitStack() as stack:
            ways = self._on_standby(Database.reading), self.primary.reading()
            yield _enter_first(stack, *ways)

    @contextmanager
    def identifying(self) -> Iterator[Session]:
        """Open a session to ask who calls: on the primary, for a key may just have been revoked.

        While the primary is away the standby is asked.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        ways = [self.primary.reading()]
        if self.standby is not None:
            ways.insert(1 if self.standby.hears else 0, self._on_standby(Database.reading))
        with ExitStack() as stack:
            yield _enter_first(stack, *ways)

    @contextmanager
    def on_primary(self, session: Session) -> Iterator[Session]:
        """Give a session of the primary: this one where it is, else another.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        if not is_on_standby(session):
            yield session
            return
        with self.primary.reading() as other:
            yield other

    def ask(self, work: Callable[[Session], T]) -> T:
        """Do work that only reads in a snapshot; what breaks off on the standby begins anew.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        with suppress(DatabaseUnreachable), self._on_standby(Database.snapshot) as session:
            return work(session)
        with self.primary.snapshot() as session:
            return work(session)

    def choose(self) -> Database:
        """The database that work which opens its own sessions may read from now on."""
        standby = self.standby
        if standby is not None:
            with suppress(DatabaseUnreachable), self._on_standby(Database.reading):
                return standby.database
        return self.primary

    def pool(self, most: int = CONNECTIONS) -> "ReadPool":
        """Connections of one event loop to either."""
        return ReadPool(self, most)

    @contextmanager
    def _on_standby(self, opens: Open) -> Iterator[Session]:
        """Open a session of the standby that has replayed all that was heard.

        Raises:
            DatabaseUnreachable: there is none that has, or it breaks off.
        """
        standby, is_behind = self.standby, False
        if standby is None or not standby.is_usable:
            raise _not_now()
        try:
            with opens(standby.database) as session:
                is_behind = not standby.has_replayed(session.scalar(_POSITION))
                if is_behind:
                    raise _not_now()
                session.info[_ON_STANDBY] = True
                yield session
        except DatabaseUnreachable:
            if not is_behind:
                standby.note_failure()
            raise
        except OperationalError as error:  # recovery that needs a lock calls it a deadlock
            standby.note_failure()
            raise DatabaseUnreachable("the standby broke off", hint="ask again") from error


class ReadPool:
    """Connections that only read, each statement by itself, to the standby or else the primary."""

    def __init__(self, reads: Reads, most: int = CONNECTIONS) -> None:
        self._primary = AsyncPool(reads.primary.url, most)
        self._standby = reads.standby
        self._beside = AsyncPool(self._standby.database.url, most) if self._standby else None

    async def rows(self, statement: str, *values: object) -> Rows:
        """Ask for rows whose first column is never null.

        Raises:
            DatabaseUnreachable: neither can be connected to, or answers in time.
        """
        found = await self._of_standby(statement, values)
        return await self._primary.rows(statement, *values) if found is None else found

    async def close(self) -> None:
        """Close what is open."""
        await self._primary.close()
        if self._beside is not None:
            await self._beside.close()

    async def _of_standby(self, statement: str, values: tuple[object, ...]) -> Rows | None:
        standby, pool = self._standby, self._beside
        if standby is None or pool is None or not standby.is_usable:
            return None
        try:
            async with asyncio.timeout(STANDBY_PATIENCE_S):
                rows = await pool.rows(statement.join(_BESIDE), *values)
        except (DatabaseUnreachable, TimeoutError, psycopg.Error):
            standby.note_failure()
            return None
        if not rows or not standby.has_replayed(rows[0][0]):
            return None
        return [row[1:] for row in rows if row[1] is not None]


def _enter_first(stack: ExitStack, *ways: AbstractContextManager[Session]) -> Session:
    """Enter the first of these that can be entered."""
    for way in ways[:-1]:
        with suppress(DatabaseUnreachable):
            return stack.enter_context(way)
    return stack.enter_context(ways[-1])


def _not_now() -> DatabaseUnreachable:
    return DatabaseUnreachable("the standby has not caught up", hint="ask the primary")
