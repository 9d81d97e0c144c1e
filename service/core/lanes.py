"""A few database connections of one event loop, for reads that many requests share.

Each is opened when it is first needed, and again when it broke; its statements stay prepared.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads

from service.core.errors import DatabaseUnreachable

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
LANES = 2
PATIENCE_S = 4
"""So long a caller waits for its rows, its turn included; a resident stands at a door."""

_CONNECT_S = 3
_HOST_S = 2
"""So long each host of a URL that names several may take to let us in."""

_PAUSE_S = 0.3
_SCHEME = "postgresql+psycopg://"


def conninfo_of(url: str) -> str:
    """Return a SQLAlchemy URL of ours as libpq takes it."""
    return f"postgresql://{url.removeprefix(_SCHEME)}" if url.startswith(_SCHEME) else url


class Lanes:
    """Connections that only read, each statement by itself; never more than ``count``."""

    def __init__(self, url: str, count: int = LANES) -> None:
        self._conninfo = conninfo_of(url)
        self._free: list[Connection | None] = [None] * count
        self._turn = asyncio.Semaphore(count)
        self._quiet_until = 0.0
        self._left: set[asyncio.Task[tuple[Connection, list[tuple[Any, ...]]]]] = set()

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask for rows; a connection that broke meanwhile is replaced once.

        Raises:
            DatabaseUnreachable: the server cannot be connected to, or does not answer in time.
        """
        if time.monotonic() < self._quiet_until:
            raise _unreachable(None)
        try:
            async with asyncio.timeout(PATIENCE_S), self._turn:
                return await self._take_turn(statement, values)
        except TimeoutError as error:
            self._quiet_until = time.monotonic() + _PAUSE_S
            raise _unreachable(error) from error

    async def _take_turn(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Ask on a free lane; one that is not waited for any more ends by itself.

        To cancel it would ask the server to cancel, and wait for that.
        """
        asking = asyncio.ensure_future(self._ask(self._free.pop(), statement, values))
        kept: Connection | None = None
        try:
            kept, rows = await asyncio.shield(asking)
        except BaseException:
            if not asking.done():
                self._left.add(asking)
                asking.add_done_callback(self._end_left)
            raise
        finally:
            self._free.append(kept)
        return rows

    def _end_left(self, asking: "asyncio.Task[tuple[Connection, list[tuple[Any, ...]]]]") -> None:
        self._left.discard(asking)
        if not asking.cancelled() and asking.exception() is None:
            asking.result()[0].pgconn.finish()

    async def close(self) -> None:
        """Close what is open."""
        lanes, self._free = self._free, [None] * len(self._free)
        for lane in lanes:
            if lane is not None:
                await lane.close()

    async def _ask(
        self, lane: Connection | None, statement: str, values: Sequence[object]
    ) -> tuple[Connection, list[tuple[Any, ...]]]:
        if lane is not None and not lane.closed:
            try:
                return lane, await _fetch(lane, statement, values)
            except psycopg.Error:
                await lane.close()
            except BaseException:
                await lane.close()
                raise
        lane = await self._open()
        try:
            return lane, await _fetch(lane, statement, values)
        except psycopg.OperationalError as error:
            await lane.close()
            raise _unreachable(error) from error
        except BaseException:
            await lane.close()
            raise

    async def _open(self) -> Connection:
        """Connect; after a failure nobody tries again for a moment, so that nothing piles up."""
        try:
            async with asyncio.timeout(_CONNECT_S):
                lane = await psycopg.AsyncConnection.connect(
                    self._conninfo, autocommit=True, connect_timeout=_HOST_S
                )
        except (psycopg.Error, OSError, TimeoutError) as error:
            self._quiet_until = time.monotonic() + _PAUSE_S
            raise _unreachable(error) from error
        # Planned once: for a few keys planning anew would take longer than the answer.
        await lane.execute("set plan_cache_mode = force_generic_plan")
        lane.prepare_threshold = 0
        set_json_loads(orjson.loads, lane)
        return lane


async def _fetch(
    lane: Connection, statement: str, values: Sequence[object]
) -> list[tuple[Any, ...]]:
    cursor = await lane.execute(statement.encode(), values, binary=True)
    return await cursor.fetchall()


def _unreachable(error: BaseException | None) -> DatabaseUnreachable:
    reason = str(error).strip().splitlines()[0] if error and str(error).strip() else "no answer"
    return DatabaseUnreachable(
        f"the database does not answer: {reason}",
        mend="run `menpai check`; check MENPAI_DATABASE_URL, or unset it to use the "
        "private cluster",
    )
