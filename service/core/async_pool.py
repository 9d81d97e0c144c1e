"""A pool of database connections for one event loop, for statements that many requests share.

The pool is psycopg's own; here it is opened when it is first needed, and its callers never wait
longer for a database that is down or stands still than a resident waits at a door.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from service.core.errors import DatabaseUnreachable

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Rows = list[tuple[Any, ...]]
CONNECTIONS = 2
PATIENCE_S = 4
"""So long a caller waits for its rows, its turn included; a resident stands at a door."""

_CONNECT_S = 3
_ALIVE_MS = 20_000
"""A connection whose other side does not answer is given up by the system after so long."""

_PAUSE_S = 0.3
_SCHEME = "postgresql+psycopg://"


def conninfo_of(url: str) -> str:
    """Return a SQLAlchemy URL of ours as libpq takes it."""
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
        """Ask for rows (``%s`` for each value); on a connection that broke, ask once more.

        Raises:
            DatabaseUnreachable: the server cannot be connected to, or does not answer in time.
        """
        if time.monotonic() < self._quiet_until:
            raise _unreachable(None)
        pool = await self._opened()
        asking = asyncio.ensure_future(self._ask(pool, statement, values))
        try:
            # Not cancelled when it is late: that would ask the server to cancel, and wait for it.
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
        """Close what is open, and what nobody waits for any more; asked again, it opens anew."""
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
        """Tell all who wait for a connection that there is none; for a moment nobody tries again,
        so that nothing piles up.
        """
        self._quiet_until = time.monotonic() + _PAUSE_S
        for task in self._waiting:
            task.cancel()

    async def _ask(
        self, pool: AsyncConnectionPool[Connection], statement: str, values: Sequence[object]
    ) -> Rows:
        for again in range(self._most, -1, -1):
            connection = await self._take(pool)
            try:
                return await _fetch(connection, statement, values)
            except psycopg.OperationalError as error:
                if not (again and connection.closed):
                    raise _unreachable(error) from error
            finally:
                await pool.putconn(connection)
        raise AssertionError  # the last turn returns or raises

    async def _take(self, pool: AsyncConnectionPool[Connection]) -> Connection:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - ``rows`` makes one
        self._waiting.add(task)
        try:
            return await pool.getconn()
        except (PoolTimeout, PoolClosed) as error:
            raise _unreachable(error) from error
        finally:
            self._waiting.discard(task)

    def _forget(self, asking: asyncio.Task[Rows]) -> None:
        self._left.discard(asking)
        if not asking.cancelled():
            asking.exception()  # nobody waits for it any more


async def _configure(connection: Connection) -> None:
    # Planned once: for a few keys planning anew would take longer than the answer.
    await connection.execute("set plan_cache_mode = force_generic_plan")
    connection.prepare_threshold = 0
    set_json_loads(orjson.loads, connection)


async def _fetch(connection: Connection, statement: str, values: Sequence[object]) -> Rows:
    cursor = await connection.execute(statement.encode(), values, binary=True)
    return await cursor.fetchall()


def _unreachable(error: BaseException | None) -> DatabaseUnreachable:
    reason = str(error).strip().splitlines()[0] if error and str(error).strip() else "no answer"
    return DatabaseUnreachable(
        f"the database does not answer: {reason}",
        hint="run `menpai check`; check MENPAI_DATABASE_URL, or unset it to use the "
        "private cluster",
    )
