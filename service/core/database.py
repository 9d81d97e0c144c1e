"""Engines and sessions; the only module that commits.

One request, command or chunk is one transaction: ``Database.session()`` opens it, the caller's
code runs, then the finalizers (there the change feed takes its lock, to hold it only briefly), and
the session commits or rolls back as a whole.
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
"""``Session`` is exported for modules that take one and may not import SQLAlchemy."""

HIGH_WATER = "menpai_high_water"
"""The key in ``session.info`` of the database's high-water file."""

DATABASE = "menpai_database"
"""The key in ``session.info`` of its database, for work after the commit."""

DATABASE_ERRORS = (SQLAlchemyError,)
"""What the database may raise, for modules that report it and may not import SQLAlchemy."""

STATEMENT_SECONDS = 20
"""The statement timeout of servers, in seconds; commands have none."""

LARGEST_NUMBER = 2**31 - 1
"""The largest value of an integer key."""

_VALUE_ERRORS = (DataError, psycopg.DataError)
"""Raised for values that cannot be stored: a NUL in a text, a number out of range."""

_LOST_ERRORS = (OperationalError, PoolTimeoutError, psycopg.OperationalError)
"""Raised when a connection breaks, or a statement or a lock takes too long."""

_OURS = psycopg.errors.DeadlockDetected
"""The exception among those: a deadlock is a bug, as locks are taken in one order."""

_READ_ONLY = psycopg.errors.ReadOnlySqlTransaction
"""Raised by a standby when something is written."""

_SET_READ_ONLY = text("set transaction read only")
"""By statement: the driver's option would also set the next transaction back to read-write,
which a standby refuses."""


Work = Callable[[Session], None]
"""Work done within a session."""

Finalizer = Work
_FINALIZERS = "menpai_finalizers"
_AFTER = "menpai_after_commit"
PENDING = "menpai_pending"
"""What the keys in ``session.info`` of notes begin with that are written at the commit."""
logger = structlog.get_logger()


@dataclass(frozen=True)
class Database:
    """A database by its URL (``postgresql+psycopg://…``), with one pool of connections.

    ``high_water`` is the file outside the database that records the highest code counter of each
    county. ``audit_keys`` sign the audit chain, and ``audit_heads`` is the file outside the
    database with its signed heads; without them the chain is unkeyed, as old chains are. A
    statement may take ``statement_seconds``, and wait a quarter of it for a lock; 0: no limit.
    """

    url: str
    pool_size: int = 10
    statement_seconds: int = 0
    high_water: Path | None = None
    audit_keys: KeyRing | None = None
    audit_heads: Path | None = None

    @cached_property
    def engine(self) -> Engine:
        """The pool; connections are tested before use, to survive a restart of the server.

        Also configures the mappers: 0.1 s that the first request would pay otherwise.
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
        """Open a transaction that commits when the block succeeds and rolls back otherwise.

        Raises:
            DatabaseUnreachable: the server is down, or the connection broke.
            UnstorableValue: a value cannot be stored.
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
        for action in session.info.pop(_AFTER, []):
            try:
                action()
            except Exception as error:  # noqa: BLE001 - the commit stands
                logger.warning("after_commit_failed", error=type(error).__name__)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a read-only session; nothing is committed.

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``session``.
        """
        with _reading(self.engine) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Open a read-only session that sees one snapshot: the database at its first statement.

        The last position of the change feed, read in it, is the position of the snapshot
        (``service.changes.queries``).

        Raises:
            DatabaseUnreachable, UnstorableValue: as ``session``.
        """
        with _reading(self._snapshots) as session:
            session.execute(_SET_READ_ONLY)
            yield session

    @cached_property
    def _snapshots(self) -> Engine:
        """The same pool, for repeatable-read transactions."""
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def for_serving(self, connections: int) -> "Database":
        """The same database for a server process: its pool size, and a statement timeout."""
        return replace(self, pool_size=-(-connections // 3), statement_seconds=STATEMENT_SECONDS)

    def dispose(self) -> None:
        """Close the pool."""
        self.engine.dispose()


def at_the_end(session: Session, name: str, finalizer: Finalizer) -> None:
    """Run a finalizer just before commit, once per name.

    Finalizers run in order of their names, so that their locks are always taken in one order.
    """
    session.info.setdefault(_FINALIZERS, {}).setdefault(name, finalizer)


def after_commit(session: Session, action: Callable[[], object]) -> None:
    """Run an action after the transaction has committed; never after a rollback.

    If it fails, that is logged and the next one runs.
    """
    session.info.setdefault(_AFTER, []).append(action)


def discard(session: Session) -> None:
    """Roll back a session with its finalizers, notes and actions; it can be used again."""
    session.rollback()
    noted = [name for name in session.info if str(name).startswith(PENDING)]
    for name in (_FINALIZERS, _AFTER, *noted):
        session.info.pop(name, None)


def release(session: Session) -> None:
    """Return the connection of a read-only session to the pool; the next statement takes one."""
    session.rollback()


def finish(session: Session) -> None:
    """Flush and run the finalizers; ``Database.session`` calls it, tests may."""
    session.flush()
    finalizers: dict[str, Finalizer] = session.info.pop(_FINALIZERS, {})
    for name in sorted(finalizers):
        finalizers[name](session)


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
    """Roll back; with a lost connection the server does it."""
    with suppress(SQLAlchemyError):
        session.rollback()


def _translate(error: BaseException, *, writes: bool = False) -> None:
    """Raise our error for a value that cannot be stored, a lost connection or a timeout; return
    for any other.
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
        raise kind(f"the database broke off: {_first_line(error)}", hint="try again") from error
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
