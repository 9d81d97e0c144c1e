"""Routes reads of residents and departments: to the standby while it has caught up, else the
primary.

Reads that fail on the standby, or that it has not replayed yet, go to the primary; while that is
down, the standby serves alone. Without a standby everything goes to the primary.
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
"""How long a scan waits for the standby before it asks the primary, in seconds."""

_ON_STANDBY = "menpai_on_standby"
_POSITION = text(POSITION)
_BESIDE = (
    "select counted.last, asked.* from feed_counter counted left join lateral (",
    ") asked on true where counted.name = 'change'",
)
"""Wraps a statement to also return the replayed feed position of the same snapshot."""


class StatementSource(Protocol):
    """Runs single statements."""

    async def rows(self, statement: str, *values: object) -> Rows:
        """Run a statement (``%s`` or ``%b`` for each value)."""


def is_on_standby(session: Session) -> bool:
    """Whether a read-only session is on the standby."""
    return _ON_STANDBY in session.info


class Reads:
    """The primary and the optional standby of a server process; thread-safe."""

    def __init__(self, primary: Database, standby: Standby | None = None) -> None:
        self.primary, self.standby = primary, standby

    @property
    def fault(self) -> str:
        """What is wrong with the standby, or ""; shown by /readyz."""
        return self.standby.fault if self.standby is not None else ""

    def follow(self, feed: Feed) -> None:
        """Set the feed by which the standby is judged; before that it is not read."""
        if self.standby is not None:
            self.standby.feed = feed

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session for one request.

        Raises:
            DatabaseUnreachable: neither is reachable, or the connection broke.
            UnstorableValue: as ``Database.reading``.
        """
        with ExitStack() as stack:
            sessions = self._on_standby(Database.reading), self.primary.reading()
            yield _enter_first(stack, *sessions)

    @contextmanager
    def identifying(self) -> Iterator[Session]:
        """Open a session to authenticate: on the primary, as a key may just have been revoked.

        While the primary is down, on the standby.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        sessions = [self.primary.reading()]
        if self.standby is not None:
            sessions.insert(1 if self.standby.hears else 0, self._on_standby(Database.reading))
        with ExitStack() as stack:
            yield _enter_first(stack, *sessions)

    @contextmanager
    def on_primary(self, session: Session) -> Iterator[Session]:
        """Yield a session on the primary: the given one if it is, else a new one.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        if not is_on_standby(session):
            yield session
            return
        with self.primary.reading() as other:
            yield other

    def ask(self, work: Callable[[Session], T]) -> T:
        """Run read-only work in a snapshot; if the standby fails, again on the primary.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``reading``.
        """
        with suppress(DatabaseUnreachable), self._on_standby(Database.snapshot) as session:
            return work(session)
        with self.primary.snapshot() as session:
            return work(session)

    def choose(self) -> Database:
        """The database to read from, for work that opens its own sessions."""
        standby = self.standby
        if standby is not None:
            with suppress(DatabaseUnreachable), self._on_standby(Database.reading):
                return standby.database
        return self.primary

    def pool(self, most: int = CONNECTIONS) -> "AsyncPool | ReadPool":
        """A pool for one event loop to either database."""
        primary = AsyncPool(self.primary.url, most)
        return ReadPool(primary, self.standby, most) if self.standby is not None else primary

    @contextmanager
    def _on_standby(self, opens: Open) -> Iterator[Session]:
        """Open a session on the standby if it has replayed the feed as far as this process knows
        it.

        Raises:
            DatabaseUnreachable: it has not, or the connection broke.
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
        except OperationalError as error:  # replay cancels queries, sometimes as a deadlock
            standby.note_failure()
            raise DatabaseUnreachable("the standby broke off", hint="ask again") from error


class ReadPool:
    """Runs single read-only statements, on the standby or else on the primary."""

    def __init__(self, primary: AsyncPool, standby: Standby, most: int = CONNECTIONS) -> None:
        self._primary, self._standby = primary, standby
        self._beside = AsyncPool(standby.database.url, most)

    async def rows(self, statement: str, *values: object) -> Rows:
        """Run a query whose first column is never null.

        Raises:
            DatabaseUnreachable: neither is reachable, or answers in time.
        """
        standby = self._standby
        if standby.is_usable:
            try:
                async with asyncio.timeout(STANDBY_PATIENCE_S):
                    rows = await self._beside.rows(statement.join(_BESIDE), *values)
            except (DatabaseUnreachable, TimeoutError, psycopg.Error):
                standby.note_failure()
            else:
                if rows and standby.has_replayed(rows[0][0]):
                    return [row[1:] for row in rows if row[1] is not None]
        return await self._primary.rows(statement, *values)

    async def close(self) -> None:
        """Close both pools."""
        await self._primary.close()
        await self._beside.close()


def _enter_first(stack: ExitStack, *sessions: AbstractContextManager[Session]) -> Session:
    """Enter the first context that does not raise DatabaseUnreachable."""
    for opened in sessions[:-1]:
        with suppress(DatabaseUnreachable):
            return stack.enter_context(opened)
    return stack.enter_context(sessions[-1])


def _not_now() -> DatabaseUnreachable:
    return DatabaseUnreachable("the standby has not caught up", hint="ask the primary")
