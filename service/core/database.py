"""Engines and sessions; the only file that commits.

One request, command or chunk is one transaction: ``Database.session()`` opens it, the caller's
code runs, the finalizers run last (the feed takes its lock there, so that it holds it briefly),
and the session commits or rolls back whole.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import orjson
import psycopg
import structlog
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, configure_mappers

from service.core.array_dumper import use_array_dumper
from service.core.connection_urls import connect_timeout_of
from service.core.errors import DatabaseFull, DatabaseUnreachable, UnstorableValue
from service.core.signing_keys import KeyRing

__all__ = [
    "DATABASE",
    "DATABASE_ERRORS",
    "HIGH_WATER",
    "LARGEST_NUMBER",
    "Database",
    "Finalizer",
    "Session",
    "Work",
    "after_commit",
    "at_the_end",
    "discard",
    "finish",
    "release",
]
"""``Session`` is named here for those who are handed one and may not know SQLAlchemy."""

HIGH_WATER = "menpai_high_water"
"""Where a session carries its database's high-water file."""

DATABASE = "menpai_database"
"""Where a session that commits carries its database, for what is to be done after the commit."""

DATABASE_ERRORS = (SQLAlchemyError,)
"""What the database may raise, for those above the floor who report it."""

STATEMENT_SECONDS = 20
"""So long a statement of a server may take; those of commands may take as long as they need."""

LARGEST_NUMBER = 2**31 - 1
"""The largest number that a key of a table has."""

_VALUE_ERRORS = (DataError, psycopg.DataError)
"""What it raises on a value that no column holds: a NUL in a text, a number out of its range."""

_LOST_ERRORS = (OperationalError, PoolTimeoutError, psycopg.OperationalError)
"""What it raises when a connection breaks, or a statement or a lock takes too long."""

_OURS = psycopg.errors.DeadlockDetected
"""Of those, what is a fault of our own: locks are taken in one order."""

_READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
"""What a standby answers to whoever would write."""

_SET_READ_ONLY = text("set transaction read only")
"""Not the driver's way: the next transaction would begin as one that writes; no standby has it."""


Work = Callable[[Session], None]
"""What is done within a session."""

Finalizer = Work
_FINALIZERS = "menpai_finalizers"
_AFTER = "menpai_after_commit"
logger = structlog.get_logger()


@dataclass(frozen=True)
class Database:
    """A database by its URL (``postgresql+psycopg://…``), with one pool of connections.

    ``high_water`` is the file outside the database that keeps how far each county's codes went.
    ``audit_keys`` key the audit chain, and ``audit_heads`` is the file outside the database that
    keeps how far it went; without them it has no key, as a chain of before had none. A statement
    may take ``statement_seconds``, and wait a quarter of it for a lock; 0: as long as it takes.
    """

    url: str
    pool_size: int = 10
    statement_seconds: int = 0
    high_water: Path | None = None
    audit_keys: KeyRing | None = None
    audit_heads: Path | None = None

    @cached_property
    def engine(self) -> Engine:
        """The pool; connections are tested before use, so that a restart is survived.

        The mappers are worked out with it, a tenth of a second that else the first request pays.
        """
        configure_mappers()
        engine = create_engine(
            self.url,
            pool_size=self.pool_size,
            max_overflow=self.pool_size * 2,
            pool_pre_ping=True,
            pool_timeout=5,
            connect_args={"connect_timeout": connect_timeout_of(self.url)},
            json_deserializer=orjson.loads,
            hide_parameters=True,
        )
        event.listen(engine, "connect", lambda connection, _: use_array_dumper(connection))
        if self.statement_seconds:
            event.listen(engine, "connect", self._limit)
        return engine

    def _limit(self, connection: psycopg.Connection[tuple[object, ...]], _: object) -> None:
        most_ms = self.statement_seconds * 1000
        connection.execute(f"set statement_timeout = {most_ms}")
        connection.execute(f"set lock_timeout = {most_ms // 4}")
        connection.execute(f"set idle_in_transaction_session_timeout = {most_ms * 6}")
        connection.commit()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a transaction that commits when the block ends well and rolls back otherwise.

        Raises:
            DatabaseUnreachable: the server cannot be connected to.
            UnstorableValue: a value was given that no column holds.
        """
        session = Session(self.engine, expire_on_commit=False)
        session.info |= {HIGH_WATER: self.high_water, DATABASE: self}
        try:
            _connect(session)
            yield session
            finish(session)
            session.commit()
        except BaseException as error:
            _roll_back(session)
            _translate(error, writes=True)
            raise
        finally:
            session.close()
        _run_after(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that only reads; nothing is committed.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``session``.
        """
        with _reading(self.engine) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open a session that sees the database as it is at its first statement, to its end.

        What it reads belongs together, however many statements that takes; the change feed's last
        position, read in it, is the one it is true for (``service.changes.queries``).

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``session``.
        """
        with _reading(self._snapshots) as session:
            session.execute(_SET_READ_ONLY)
            yield session

    @cached_property
    def _snapshots(self) -> Engine:
        """The same pool, for transactions that see one moment."""
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def for_serving(self, connections: int) -> "Database":
        """The same with a pool for a server process, whose statements are bounded."""
        return replace(self, pool_size=-(-connections // 3), statement_seconds=STATEMENT_SECONDS)

    def dispose(self) -> None:
        """Close the pool."""
        self.engine.dispose()


def at_the_end(session: Session, name: str, finalizer: Finalizer) -> None:
    """Run a finalizer just before commit, once, however often it is asked for by that name.

    Finalizers run in the order of their names, so that their locks are always taken in one order.
    """
    session.info.setdefault(_FINALIZERS, {}).setdefault(name, finalizer)


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Run an action when the transaction has been committed; never when it is rolled back.

    Should it fail, that is logged, and the next one runs.
    """
    session.info.setdefault(_AFTER, []).append(action)


def discard(session: Session) -> None:
    """Roll back what a session did, and forget what was to follow it; it can be used anew."""
    session.rollback()
    for name in (_FINALIZERS, _AFTER):
        session.info.pop(name, None)


def release(session: Session) -> None:
    """Give the connection of a session that only read back to the pool; asked again, it has one."""
    session.rollback()


def finish(session: Session) -> None:
    """Flush and run the finalizers; ``Database.session`` calls it, tests may."""
    session.flush()
    finalizers: dict[str, Finalizer] = session.info.pop(_FINALIZERS, {})
    for name in sorted(finalizers):
        finalizers[name](session)


def _run_after(session: Session) -> None:
    """What is committed has happened, and whoever asked for it is told so, whatever follows."""
    for action in session.info.pop(_AFTER, []):
        try:
            action()
        except Exception as error:  # noqa: BLE001 - nothing of it undoes the commit
            logger.warning("after_commit_failed", error=type(error).__name__)


@contextmanager
def _reading(engine: Engine) -> Iterator[Session]:
    session = Session(engine)
    try:
        _connect(session)
        yield session
    except (SQLAlchemyError, psycopg.Error) as error:
        _translate(error)
        raise
    finally:
        _roll_back(session)
        session.close()


def _roll_back(session: Session) -> None:
    """Undo what was done; where the connection is lost nothing of it stays in any case."""
    with suppress(SQLAlchemyError):
        session.rollback()


def _translate(error: BaseException, *, writes: bool = False) -> None:
    """Say of an error about a value, or of a database that breaks off or waits too long, what is
    wrong; of any other, nothing.
    """
    origin = getattr(error, "orig", None)
    if writes and isinstance(origin, _READ_ONLY):
        raise DatabaseUnreachable(
            "the database takes no writes: it is a standby",
            hint="let MENPAI_DATABASE_URL find the primary: target_session_attrs=read-write",
        ) from error
    if isinstance(error, _LOST_ERRORS) and not isinstance(origin, _OURS):
        is_full = isinstance(origin or error, psycopg.errors.DiskFull)
        kind = DatabaseFull if is_full else DatabaseUnreachable
        raise kind(f"the database broke off: {_first_line(error)}", hint="ask again") from error
    if isinstance(error, _VALUE_ERRORS):
        raise UnstorableValue(
            f"the database refuses it: {_first_line(error)}",
            hint="leave out NUL characters, and shorten numbers and texts",
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(getattr(error, "orig", error)).strip().splitlines() or ["no answer"])[0]


def _connect(session: Session) -> None:
    try:
        session.connection()
    except (OperationalError, PoolTimeoutError) as error:
        session.close()
        raise DatabaseUnreachable(
            f"the database does not answer: {_first_line(error)}",
            hint="run `menpai check`; check MENPAI_DATABASE_URL, or unset it to use the "
            "private cluster",
        ) from error
