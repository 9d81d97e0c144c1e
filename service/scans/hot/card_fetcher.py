"""Makes cards of plates that nobody scanned today, of many plates with one query."""

from dataclasses import dataclass
from functools import partial

from anyio import to_thread

from address_model.masking import mask_record
from address_model.sensitivity import RESIDENT
from service.core.batcher import Batcher
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads, StatementSource
from service.scans.card import ScanCard, Successor
from service.scans.card_builder import build_card
from service.scans.queries.plates import PlateRecord, fetch_plates
from service.scans.queries.successors import read_successors

_MOST_CARDS = 24
"""So many are made in one turn: some ten milliseconds in which nobody else is answered."""


@dataclass(frozen=True, slots=True)
class FetchedCard:
    """A card without what its areas add, and the versions of the rows of plate and address."""

    card: ScanCard
    is_followed: bool
    versions: tuple[int, int]


class CardFetcher:
    """Fetches plates by token and makes their cards."""

    def __init__(self, reads: Reads, pool: StatementSource) -> None:
        self._reads = reads
        self._records = Batcher(partial(fetch_plates, pool), most_keys=_MOST_CARDS)

    async def fetch(self, token: str) -> FetchedCard:
        """Make the card of a plate.

        Raises:
            DatabaseUnreachable: it cannot be fetched, or is there no more.
        """
        record = await self._records.load(token)
        if record is None:
            raise DatabaseUnreachable("the plate was just taken away", hint="scan again")
        successors: tuple[Successor, ...] = ()
        if record.is_followed:
            successors = await to_thread.run_sync(self._read_successors, record)
        versions = record.plate_version, record.address_version
        card = build_card(record, successors)
        shown = mask_record(card, "card", RESIDENT, division=card.division)
        return FetchedCard(shown, record.is_followed, versions)

    async def warm(self) -> None:
        """Have the database plan what the first scans ask."""
        await self._records.load("")

    def _read_successors(self, record: PlateRecord) -> tuple[Successor, ...]:
        return self._reads.ask(lambda session: read_successors(session, record))
