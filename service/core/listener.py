"""LISTEN/NOTIFY: a connection that receives notifications and runs queries."""

from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql

from service.core.async_pool import conninfo_of

_HOST_S = 2
"""The connect timeout per host, in seconds."""

_ALIVE_S = 30
"""TCP user timeout: the system drops an unacknowledged connection after this many seconds."""


class ListenConnection:
    """A connection that listens to one channel."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self._heard: deque[str] = deque()

    async def wait(self, seconds: float) -> str:
        """The payload of the next notification, or "" if none came within ``seconds``.

        Notifications that arrive during a query, or together with another one, are kept.
        """
        if not self._heard:
            # Read to its end: what one packet of the server holds is given up with the iterator.
            async for note in self._connection.notifies(timeout=seconds, stop_after=1):
                self._heard.append(note.payload)
        return self._heard.popleft() if self._heard else ""

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a query (``%s`` for each value)."""
        cursor = await self._connection.execute(statement.encode(), values)
        return await cursor.fetchall()


@asynccontextmanager
async def listening(url: str, channel: str) -> AsyncIterator[ListenConnection]:
    """Listen to a channel while the block runs.

    A broken connection may go unnoticed: callers that must not miss anything also poll.
    """
    connection = await psycopg.AsyncConnection.connect(
        conninfo_of(url),
        autocommit=True,
        connect_timeout=_HOST_S,
        tcp_user_timeout=_ALIVE_S * 1000,
    )
    async with connection:
        await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        yield ListenConnection(connection)
