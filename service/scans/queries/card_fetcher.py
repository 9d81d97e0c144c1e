"""Fetches the cards of scans: many plates in one query, built in turns of the event loop."""

from dataclasses import dataclass
from functools import partial

from anyio import to_thread

from address_model.sensitivity import RESIDENT, mask_record
from service.core.async_pool import Batcher
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads, StatementSource
from service.scans.card import ScanCard, Successor
from service.scans.queries.cards import build_card, read_successors
from service.scans.queries.plates import fetch_plates

_MOST_CARDS = 24
"""At most this many are built in one turn: some 10 ms during which the event loop is blocked."""


@dataclass(frozen=True, slots=True)
class FetchedCard:
    """A card without surroundings and story, and the row versions of plate and address."""

    card: ScanCard
    is_followed: bool
    versions: tuple[int, int]


class CardFetcher:
    """Fetches plates by token and builds their cards."""

    def __init__(self, reads: Reads, pool: StatementSource) -> None:
        self._reads = reads
        self._records = Batcher(partial(fetch_plates, pool), most_keys=_MOST_CARDS)

    async def fetch(self, token: str) -> FetchedCard:
        """Fetch a plate and build its card.

        Raises:
            DatabaseUnreachable: the query fails, or the plate has just been deleted.
        """
        record = await self._records.load(token)
        if record is None:
            raise DatabaseUnreachable("the plate was just deleted", hint="scan again")
        successors: tuple[Successor, ...] = ()
        if record.is_followed:
            successors = await to_thread.run_sync(
                self._reads.ask, lambda session: read_successors(session, record)
            )
        versions = record.plate_version, record.address_version
        card = build_card(record, successors)
        shown = mask_record(card, "card", RESIDENT, division=card.division)
        return FetchedCard(shown, record.is_followed, versions)

    async def warm(self) -> None:
        """Have the database plan the statement of the first scans."""
        await self._records.load("")
