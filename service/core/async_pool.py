"""Queries of the hot path in one event loop: a pool of connections, and look-ups asked together.

The pool wraps psycopg's: opened on first use, and no caller waits longer than ``PATIENCE_S`` for a
database that is down or hangs.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from service.core.errors import DatabaseUnreachable

V = TypeVar("V")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Rows = list[tuple[Any, ...]]
CONNECTIONS = 2
PATIENCE_S = 4
"""How long a caller waits for its rows, queueing included, in seconds."""

_CONNECT_S = 3
_ALIVE_MS = 20_000
"""TCP user timeout: the system drops a connection without acknowledgement after this long."""

_PAUSE_S = 0.3
_SCHEME = "postgresql+psycopg://"


def conninfo_of(url: str) -> str:
    """Return a SQLAlchemy URL in the form that libpq takes."""
    return f"postgresql://{url.removeprefix(_SCHEME)}" if url.startswith(_SCHEME) else url


class AsyncPool:
    """At most ``most`` connections, each statement in a transaction of its own."""

    def __init__(self, url: str, most: int = CONNECTIONS) -> None:
        self._conninfo, self._most = conninfo_of(url), most
        self._pool: AsyncConnectionPool[Connection] | None = None
        self._quiet_until = 0.0
        self._waiting: set[asyncio.Task[Any]] = set()
        self._left: set[asyncio.Task[Rows]] = set()

    async def rows(self, statement: str, *values: object) -> Rows:
        """Run a statement (``%s`` for each value); retried when the connection was broken.

        Raises:
            DatabaseUnreachable: the server is down or does not answer within ``PATIENCE_S``.
        """
        if time.monotonic() < self._quiet_until:
            raise _unreachable(None)
        pool = await self._opened()
        asking = asyncio.ensure_future(self._ask(pool, statement, values))
        try:
            # Not cancelled when late: that would send a cancel request to the server and wait.
            await asyncio.wait((asking,), timeout=PATIENCE_S)
        finally:
            if not asking.done():
                self._left.add(asking)
                asking.add_done_callback(self._forget)
        if not asking.done():
            self._quiet_until = time.monotonic() + _PAUSE_S
        if not asking.done() or asking.cancelled():
            raise _unreachable(None)
        return asking.result()

    async def close(self) -> None:
        """Close the pool and cancel abandoned statements; the next call opens it again."""
        pool, self._pool, self._quiet_until = self._pool, None, 0.0
        if pool is not None:
            await pool.close(timeout=_CONNECT_S)
        left = list(self._left)
        for asking in left:
            asking.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _opened(self) -> AsyncConnectionPool[Connection]:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                self._conninfo,
                kwargs={
                    "autocommit": True,
                    "connect_timeout": _CONNECT_S,
                    "tcp_user_timeout": _ALIVE_MS,
                },
                configure=_configure,
                min_size=0,
                max_size=self._most,
                num_workers=self._most,
                timeout=PATIENCE_S,
                reconnect_timeout=0,
                reconnect_failed=self._refuse,
                open=False,
            )
        if self._pool.closed:
            await self._pool.open()
        return self._pool

    def _refuse(self, _: object) -> None:
        """Fail everyone who waits for a connection, and everyone for the next ``_PAUSE_S``, so that
        requests do not pile up.
        """
        self._quiet_until = time.monotonic() + _PAUSE_S
        for task in self._waiting:
            task.cancel()

    async def _ask(
        self, pool: AsyncConnectionPool[Connection], statement: str, values: Sequence[object]
    ) -> Rows:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - ``rows`` makes one
        for again in range(self._most, -1, -1):
            self._waiting.add(task)
            try:
                connection = await pool.getconn()
            except (PoolTimeout, PoolClosed) as error:
                raise _unreachable(error) from error
            finally:
                self._waiting.discard(task)
            try:
                cursor = await connection.execute(statement.encode(), values, binary=True)
                return await cursor.fetchall()
            except psycopg.OperationalError as error:
                if not (again and connection.closed):
                    raise _unreachable(error) from error
            finally:
                await pool.putconn(connection)
        raise AssertionError  # the last attempt returns or raises

    def _forget(self, asking: asyncio.Task[Rows]) -> None:
        self._left.discard(asking)
        if not asking.cancelled():
            asking.exception()  # retrieved: nobody waits for it


async def _configure(connection: Connection) -> None:
    # Plan once: for a few keys planning takes longer than the query.
    await connection.execute("set plan_cache_mode = force_generic_plan")
    connection.prepare_threshold = 0
    set_json_loads(orjson.loads, connection)


def _unreachable(error: BaseException | None) -> DatabaseUnreachable:
    reason = str(error).strip().splitlines()[0] if error and str(error).strip() else "no answer"
    return DatabaseUnreachable(
        f"the database does not answer: {reason}",
        hint="run `menpai check`; check MENPAI_DATABASE_URL, or unset it to use the "
        "private cluster",
    )


IN_FLIGHT = 2
MOST_KEYS = 32
"""Keys per query: small enough that the next query overlaps with handling this one."""


class Batcher(Generic[V]):
    """Combines concurrent look-ups of one kind by key into one query, in one event loop.

    Look-ups that arrive while a query is running wait for the next one, which begins at its end or
    when it is full. So batches grow with the load, and a lone look-up does not wait.
    """

    def __init__(
        self,
        fetch: Callable[[list[str]], Awaitable[Mapping[str, V]]],
        *,
        in_flight: int = IN_FLIGHT,
        most_keys: int = MOST_KEYS,
    ) -> None:
        """``fetch`` takes keys and returns the values of those it found."""
        self._fetch = fetch
        self._most_in_flight, self._most_keys = in_flight, most_keys
        self._waiting: dict[str, list[asyncio.Future[V | None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._in_flight = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def load(self, key: str) -> asyncio.Future[V | None]:
        """The value of a key, or None; concurrent calls for the same key share the query.

        Awaiting it raises what ``fetch`` raised. Each caller has its own future, so cancelling
        one does not affect the others.
        """
        # Cached: before Python 3.12 getting the running loop is a system call.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        future: asyncio.Future[V | None] = loop.create_future()
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(future)
            return future
        self._waiting[key] = [future]
        is_full = len(self._waiting) >= self._most_keys
        if not self._in_flight or (is_full and self._in_flight < self._most_in_flight):
            self._in_flight += 1
            loop.call_soon(self._start)
        return future

    def _start(self) -> None:
        """Start after this iteration of the loop, so that all its look-ups go together."""
        task = asyncio.get_running_loop().create_task(self._work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while self._waiting:
                asked = self._waiting
                if len(asked) <= self._most_keys:
                    self._waiting = {}
                else:
                    asked = {key: asked.pop(key) for key in list(asked)[: self._most_keys]}
                try:
                    found = await self._fetch(list(asked))
                except Exception as error:  # noqa: BLE001 - passed on to those who wait
                    for future in _unanswered(asked):
                        future.set_exception(error)
                    continue
                except BaseException:
                    for future in _unanswered(asked):
                        future.cancel()
                    raise
                for key, futures in asked.items():
                    value = found.get(key)
                    for future in futures:
                        if not future.done():
                            future.set_result(value)
        finally:
            self._in_flight -= 1


def _unanswered(asked: Mapping[str, list[asyncio.Future[V]]]) -> Iterator[asyncio.Future[V]]:
    """The futures that are neither resolved nor cancelled."""
    return (future for futures in asked.values() for future in futures if not future.done())
