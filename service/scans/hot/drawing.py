"""Makes the card of a scan from what was fetched, without what its areas add to it."""

from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread

from address_model.codes import AddressCode
from address_model.pinyin import romanise_address, spell_address, spell_name
from service.core.batcher import Batcher
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import DatabaseUnreachable
from service.core.lanes import Lanes
from service.scans.card import AddressState, ScanCard
from service.scans.hot.queries import Scanned, find_scanned
from service.scans.queries import SHOWN_STATE, SHOWN_STATUS, find_card, printed_otherwise
from service.scans.sketch import door_at, draw_spots

_MOST_CARDS = 24
"""So many are made in one turn: some ten milliseconds in which nobody else is answered."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card without what its areas add, and the versions of the rows it was made of."""

    card: ScanCard
    has_followers: bool
    versions: tuple[int, int]


class Drawing:
    """Makes cards of plates that nobody scanned today."""

    def __init__(self, database: Database, lanes: Lanes) -> None:
        self._database = database
        self._scanned = Batcher(partial(find_scanned, lanes), most_keys=_MOST_CARDS)

    async def draw(self, token: str) -> Drawn:
        """Make the card of a plate.

        Raises:
            DatabaseUnreachable: it cannot be fetched, or is there no more.
        """
        scanned = await self._scanned.load(token)
        if scanned is None:
            raise _gone()
        versions = scanned.plate_version, scanned.address_version
        if scanned.has_followers:
            card = await to_thread.run_sync(self._find, token)
            bare = replace(card, community="", grid="", contacts=())
            return Drawn(bare, True, versions)
        return Drawn(card_of(scanned), False, versions)

    async def warm(self) -> None:
        """Have the database plan what the first scans ask."""
        await self._scanned.load("")

    def _find(self, token: str) -> ScanCard:
        """Plates and addresses that others followed: seldom scanned, so by the ordinary way."""
        try:
            with self._database.reading() as session:
                card = find_card(session, token)
        except DATABASE_ERRORS as error:
            raise DatabaseUnreachable("the database broke off", mend="scan again") from error
        if card is None:
            raise _gone()
        return card


def _gone() -> DatabaseUnreachable:
    return DatabaseUnreachable("the plate was just taken away", mend="scan again")


def card_of(scanned: Scanned) -> ScanCard:
    """Return the card of a plate that nothing came in place of."""
    position, elements = scanned.position, scanned.elements
    street, sketch = elements.street, None
    if position is not None:
        sketch = draw_spots(door_at(position.point, elements), scanned.spots)
    return ScanCard(
        code=AddressCode(scanned.code),
        standard_text=scanned.standard_text,
        elements=elements,
        status=SHOWN_STATUS[scanned.plate_status],
        token=scanned.token,
        pinyin=spell_name(street).upper() if street else "",
        romanised=romanise_address(elements),
        spelled=spell_address(elements),
        division=scanned.division,
        payload=scanned.payload_prefix + scanned.token,
        address_state=SHOWN_STATE.get(scanned.address_status, AddressState.CURRENT),
        reason=scanned.plate_reason,
        printed=printed_otherwise(scanned.printed, elements),
        position=position,
        sketch=sketch,
        is_demo=scanned.is_sample,
        is_trial=scanned.is_trial,
    )
