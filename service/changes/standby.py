"""Runs the standby of a server process, with the change feed by which it is judged."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from service.changes.follower import Follower
from service.changes.queries import ChangeRow
from service.core.reads import Reads


class _NoCache:
    """A listener that caches nothing."""

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Nothing is cached."""

    def forget_all(self) -> None:
        """Nothing is cached."""


@asynccontextmanager
async def standby_followed(reads: Reads) -> AsyncIterator[None]:
    """Use the standby while the block runs; no effect without one.

    Caches of what is read must use the same follower as the standby (``Reads.follow``); if there
    are none, the feed is followed for the standby alone.
    """
    standby, follower = reads.standby, None
    if standby is None:
        yield
        return
    if standby.feed is None:
        follower = Follower(reads.primary, _NoCache())
        reads.follow(follower)
        follower.start()
    standby.start()
    try:
        yield
    finally:
        await standby.close()
        if follower is not None:
            await follower.close()
