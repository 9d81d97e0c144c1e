"""Work of a server process that is done again and again, whatever became of it the last time."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from service.core.errors import DatabaseUnreachable

logger = structlog.get_logger()


async def repeat(work: Callable[[], Awaitable[object]], *, every: float) -> None:
    """Do it until cancelled, with a pause of so many seconds between; an error is logged.

    Without a database there is nothing to say: all that needs it says so.
    """
    while True:
        try:
            await work()
        except DatabaseUnreachable:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it was, the next turn comes
            name = type(error).__name__  # no more: what failed may name people
            logger.warning("background_work_failed", work=work.__qualname__, error=name)
        await asyncio.sleep(every)
