"""A line to the database over which one hears what writers say when they commit, and asks back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import sql

from service.core.async_pool import conninfo_of

_HOST_S = 2
"""So long each host of a URL that names several may take to let us in."""

_ALIVE_S = 30
"""A connection that nobody answers on is given up by the system after so long."""


class ListenConnection:
    """A connection that listens to one channel."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection

    async def wait(self, seconds: float) -> str:
        """The next thing that is said, or "" when nothing was said for so long.

        What is said while rows are fetched is kept for the next time.
        """
        async for note in self._connection.notifies(timeout=seconds, stop_after=1):
            return note.payload
        return ""

    async def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask for rows (``%s`` for each value)."""
        cursor = await self._connection.execute(statement.encode(), values)
        return await cursor.fetchall()


@asynccontextmanager
async def listening(url: str, channel: str) -> AsyncIterator[ListenConnection]:
    """Hear all that is said on a channel from the moment the block begins.

    A broken line may be silent: whoever must not miss anything asks for rows now and then.
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
