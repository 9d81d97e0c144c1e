"""What has changed, in commit order, each change once."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from menpai.client.answers import ChangeOut
from menpai.client.calls import Calls


class ChangeCalls(Calls):
    """Calls with the permission ``changes:read``."""

    def changes(self, after: int, **filters: object) -> Iterator[ChangeOut]:
        """All changes behind a position that there are now.

        Keep the ``position`` of the last one you have finished with.

        Raises:
            Gone: the position is older than what is kept; begin with a new copy.
        """
        return self._read(after, filters)

    def follow_changes(
        self, after: int, *, every_s: float = 5.0, **filters: object
    ) -> Iterator[ChangeOut]:
        """Changes behind a position without end: at the end of the feed it waits for more."""
        while True:
            after = yield from self._read(after, filters)
            self.connection.sleep(every_s)

    def _read(self, after: int, filters: dict[str, object]) -> Generator[ChangeOut, None, int]:
        """The changes to the end of the feed, and its position; a page before it may be empty."""
        while True:
            page = self.get("/changes", after=after, **filters)
            yield from page["changes"]
            if page["next"] == after:
                return after
            after = page["next"]
