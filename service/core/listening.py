"""Listens to a channel of the database: what writers say there when they commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import sql

from service.core.lanes import conninfo_of

_ALIVE_S = 30


@asynccontextmanager
async def listening(url: str, channel: str, *, every: float) -> AsyncIterator[AsyncIterator[str]]:
    """Give what is said on a channel, from the moment the block begins.

    Something comes at least ``every`` seconds, "" when nothing was said, so that the listener can
    look for itself: a broken line may be silent.
    """
    connection = await psycopg.AsyncConnection.connect(
        conninfo_of(url), autocommit=True, connect_timeout=5, tcp_user_timeout=_ALIVE_S * 1000
    )
    async with connection:
        await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        yield _said(connection, every)


async def _said(
    connection: psycopg.AsyncConnection[tuple[object, ...]], every: float
) -> AsyncIterator[str]:
    while True:
        payload = ""
        async for note in connection.notifies(timeout=every, stop_after=1):
            payload = note.payload
        yield payload
