"""Looks after the standby of a server process, and tells it how far the change feed was heard."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from service.changes.follower import Follower
from service.changes.queries import ChangeRow
from service.core.reads import Reads


class _Nobody:
    """An audience that keeps nothing in memory."""

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Nothing is held of these records."""

    def forget_all(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def standby_followed(reads: Reads) -> AsyncIterator[None]:
    """Have the standby read while the block runs, where it has caught up; without one nothing is
    done.

    Whoever keeps in memory what is read must hear of changes by the same follower as the standby
    (``Reads.follow``); where nobody does, the feed is followed for the standby alone.
    """
    standby, follower = reads.standby, None
    if standby is None:
        yield
        return
    if standby.feed is None:
        follower = Follower(reads.primary, _Nobody())
        reads.follow(follower)
        follower.start()
    standby.start()
    try:
        yield
    finally:
        await standby.close()
        if follower is not None:
            await follower.close()
