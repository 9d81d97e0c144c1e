"""The desk that answers scans in a server process: it fetches, keeps, and forgets in time."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from anyio import to_thread

from service.changes.following import follow
from service.changes.queries import ChangeRow
from service.core import html
from service.core.batcher import Batcher
from service.core.clock import now_utc
from service.core.database import DATABASE_ERRORS, Database
from service.core.errors import DatabaseUnreachable
from service.core.lanes import Lanes
from service.scans.card import ScanCard, Site
from service.scans.hot.drawing import card_of
from service.scans.hot.queries import Scanned, find_doors, find_scanned
from service.scans.hot.registers import Clock, DayRegisters, Registers
from service.scans.hot.shelf import LONGEST_S, SHORTEST_S, Kept, Page, Shelf
from service.scans.pages import card_headers
from service.scans.plate_page import plate_pieces
from service.scans.queries import find_card
from service.scans.reader import Reader

_MOST_SKETCHES = 24
_OF_REGISTERS = {"area", "duty"}
_OF_PLATES = {"plate", "address", "address_area"}


class Desk:
    """Answers scans of one server process; ``start`` and ``close`` belong to its event loop."""

    def __init__(self, database: Database, site: Site, clock: Clock = now_utc) -> None:
        self.site = site
        self._database = database
        self._shelf = Shelf()
        self._registers = Registers(database, clock)
        self._lanes = Lanes(database.url)
        self._scanned = Batcher(lambda tokens: find_scanned(self._lanes, tokens))
        self._doors = Batcher(
            lambda codes: find_doors(self._lanes, codes), most_keys=_MOST_SKETCHES
        )
        self._following: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may be asked."""
        return self._following is not None

    def start(self) -> None:
        """Begin to follow the change feed."""
        self._following = asyncio.get_running_loop().create_task(follow(self._database, self))

    async def close(self) -> None:
        """End what was started."""
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
        await self._lanes.close()

    async def page(self, token: str, reader: Reader) -> Page | None:
        """The page of a plate; None when no plate carries the token.

        Without the database a plate that was scanned lately is shown as it was, but without
        contacts: those may have been withdrawn meanwhile.

        Raises:
            DatabaseUnreachable: the plate is not at hand and cannot be fetched.
        """
        kept = self._shelf.find(token, time.monotonic())
        registers = self._registers.current
        if kept is not None and kept.registers is registers is not None:
            page = kept.pages.get(reader)
            if page is not None:
                return page
        try:
            found = await self._find(token)
        except DatabaseUnreachable:
            return _page(self._old(token), self.site, reader, is_old=True)
        if found is None:
            return None
        kept, registers = found
        if kept.registers is not registers:
            kept.registers, kept.pages = registers, {}
        page = kept.pages[reader] = _page(_dressed(kept, registers), self.site, reader)
        return page

    async def card(self, token: str) -> ScanCard | None:
        """The card of a plate; the same as ``page`` otherwise."""
        try:
            found = await self._find(token)
        except DatabaseUnreachable:
            return self._old(token)
        return None if found is None else _dressed(*found)

    async def _find(self, token: str) -> tuple[Kept, DayRegisters] | None:
        kept = self._shelf.find(token, time.monotonic()) or await self._fetch(token)
        if kept is None:
            return None
        return kept, self._registers.current or await self._registers.read()

    async def _fetch(self, token: str) -> Kept | None:
        start = time.monotonic()
        scanned = await self._scanned.load(token)
        if scanned is None:
            return None
        card = await self._card(scanned)
        kept_for = SHORTEST_S if scanned.has_followers else LONGEST_S
        kept = Kept(card, scanned.area_ids, start + kept_for, start)
        self._shelf.put(kept)
        return kept

    async def _card(self, scanned: Scanned) -> ScanCard:
        if scanned.has_followers:
            card = await to_thread.run_sync(self._slow_card, scanned.token)
            return replace(card, community="", grid="", contacts=())
        doors = await self._doors.load(scanned.code) if scanned.point else None
        return card_of(scanned, doors)

    def _slow_card(self, token: str) -> ScanCard:
        """Plates and addresses that others followed: seldom scanned, so by the ordinary way."""
        try:
            with self._database.reading() as session:
                card = find_card(session, token)
        except DATABASE_ERRORS as error:
            raise DatabaseUnreachable("the database broke off", mend="scan again") from error
        if card is None:
            raise DatabaseUnreachable("the plate was just taken away", mend="scan again")
        return card

    def _old(self, token: str) -> ScanCard:
        kept = self._shelf.find_old(token)
        if kept is None:
            raise DatabaseUnreachable("the database does not answer", mend="scan again in a minute")
        return replace(_dressed(kept, kept.registers), contacts=())

    def follow(self) -> None:
        """Changes are told from now on."""
        self._drop(hears=True)

    def lose(self) -> None:
        """Changes are told no more."""
        self._drop(hears=False)

    def forget_all(self) -> None:
        """More has changed than is told."""
        self._drop(hears=True)

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Drop what is made of these records."""
        if any(one.subject == "division" or one.key == "*" for one in changes):
            self.forget_all()
            return
        if any(one.subject in _OF_REGISTERS for one in changes):
            self._registers.drop(hears=True)
        self._shelf.forget(one.key for one in changes if one.subject in _OF_PLATES)

    def _drop(self, *, hears: bool) -> None:
        self._shelf.forget_all(hears=hears)
        self._registers.drop(hears=hears)


def _dressed(kept: Kept, registers: DayRegisters | None) -> ScanCard:
    if registers is None:
        return kept.card
    about = registers.about(kept.area_ids)
    return replace(kept.card, community=about.community, grid=about.grid, contacts=about.contacts)


def _page(card: ScanCard, site: Site, reader: Reader, *, is_old: bool = False) -> Page:
    pieces = plate_pieces(card, site, reader)
    headers = html.PAGE_HEADERS | html.STANDING_HEADERS | card_headers(card, reader.view)
    if is_old:
        headers |= html.PRIVATE
    length = {"Content-Length": str(sum(map(len, pieces)))}
    headers |= length | {"Content-Type": "text/html; charset=utf-8"}
    tag = html.tag_of(pieces) if headers["Cache-Control"].startswith("public") else ""
    if tag:
        headers["ETag"] = tag
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Page(encoded, pieces, tag.encode())
