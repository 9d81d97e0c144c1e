"""Periodic background work of a server process."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from service.core.errors import DatabaseUnreachable

logger = structlog.get_logger()


async def repeat(work: Callable[[], Awaitable[object]], *, every: float) -> None:
    """Repeat work until cancelled, with a pause of ``every`` seconds; errors are logged.

    DatabaseUnreachable is not logged: everything that needs the database reports it.
    """
    while True:
        try:
            await work()
        except DatabaseUnreachable:
            pass
        except Exception as error:  # noqa: BLE001 - the work is repeated anyway
            name = type(error).__name__  # no more: messages may contain personal data
            logger.warning("background_work_failed", work=work.__qualname__, error=name)
        await asyncio.sleep(every)
