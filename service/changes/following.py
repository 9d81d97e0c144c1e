"""Follows the change feed in a server process, so that it can drop what it keeps in memory.

A writer's ``NOTIFY`` carries only the last position; the follower reads the rows after its own.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from service.changes.commands import CHANNEL
from service.changes.queries import ChangeRow, get_last_position, list_changes
from service.core.database import Database
from service.core.listening import listening
from service.core.threads import run_in_thread

MOST_CHANGES = 2000
"""So many at once are not looked at one by one: everything is dropped."""

_LOOK_EVERY_S = 5.0
_PAUSE_S = 0.5
logger = structlog.get_logger()


class Audience(Protocol):
    """Who keeps something in memory that changes may make wrong."""

    def follow(self) -> None:
        """From now on every change is told; what was kept before may be wrong."""

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """These records have changed."""

    def forget_all(self) -> None:
        """More has changed than is told."""

    def lose(self) -> None:
        """Changes are told no more, until ``follow``."""


async def follow(database: Database, audience: Audience) -> None:
    """Tell of every change until cancelled; listens anew whenever the line breaks.

    Whatever it is that broke: an audience that believes it hears, and does not, shows what has
    been withdrawn.
    """
    while True:
        try:
            await _listen(database, audience)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody hears now
            audience.lose()
            logger.warning("feed_lost", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_S)


async def _listen(database: Database, audience: Audience) -> None:
    async with listening(database.url, CHANNEL, every=_LOOK_EVERY_S) as said:
        position = await run_in_thread(_last, database)
        audience.follow()
        async for payload in said:
            if payload and int(payload) <= position:
                continue
            position = await _tell(database, audience, position)


async def _tell(database: Database, audience: Audience, position: int) -> int:
    changes = await run_in_thread(_read, database, position)
    if len(changes) > MOST_CHANGES:
        audience.forget_all()
        return await run_in_thread(_last, database)
    if changes:
        audience.forget(changes)
        return changes[-1].position
    return position


def _read(database: Database, position: int) -> list[ChangeRow]:
    with database.reading() as session:
        return list_changes(session, after=position, limit=MOST_CHANGES + 1)


def _last(database: Database) -> int:
    with database.reading() as session:
        return get_last_position(session)
