"""Answers scans in a server process: fetches plates, caches them, and drops them in time."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from address_model.pinyin import spell_name
from service.changes.events import Action, Subject
from service.changes.follower import Follower
from service.changes.queries import ChangeRow
from service.core import html
from service.core.async_pool import AsyncPool
from service.core.batcher import Batcher
from service.core.clock import now_seconds
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads
from service.scans.card import ScanCard
from service.scans.card_builder import Surroundings, complete_card
from service.scans.hot.card_fetcher import CardFetcher
from service.scans.hot.fragment_writer import FragmentWriter
from service.scans.hot.fragments import Fragments
from service.scans.hot.plate_cache import LONGEST_S, SHORTEST_S, CacheEntry, PlateCache
from service.scans.hot.ready_page import Page, make_filled_page, make_page
from service.scans.hot.registers import Clock, DayRegisters, Filling, Registers
from service.scans.hot.scan_counter import ScanCounter
from service.scans.outcomes import ScanOutcome, outcome_of
from service.scans.plate_page import card_headers, plate_pieces
from service.scans.queries.page_cache import fetch_bare_plates, fetch_cached_plates
from service.scans.reader import PLAIN, Reader
from service.scans.site import Site

_OF_PLATES = {
    Subject.PLATE,
    Subject.ADDRESS,
    Subject.ADDRESS_AREA,
    Subject.ADDRESS_PLACE_NAME,
}
_NEW_ADDRESS = (Subject.ADDRESS, Action.NEW)


class ScanService:
    """Answers scans of one server process; ``start`` and ``close`` belong to its event loop."""

    def __init__(
        self,
        database: Database,
        site: Site,
        clock: Clock = now_seconds,
        *,
        counts_kept_days: int = 400,
        reads: Reads | None = None,
    ) -> None:
        """Answer from ``reads``, else from the database; counts and bodies are written there."""
        self.site = site
        self.follower = Follower(database, self)
        reads = reads or Reads(database)
        reads.follow(self.follower)
        self._plates = PlateCache(lambda: self.follower.hears)
        self._registers = Registers(reads, lambda: self.follower.hears, clock)
        self._pool, self._background_pool = reads.pool(), AsyncPool(database.url, 1)
        self._fragments = Fragments(site)
        self._writer = FragmentWriter(self._background_pool, self._fragments.made_by)
        self._keeps_bodies = reads.standby is None
        self._cached = Batcher(
            partial(fetch_cached_plates, self._pool, self._fragments.made_by)
            if self._keeps_bodies
            else partial(fetch_bare_plates, self._pool)
        )
        self._cards = CardFetcher(reads, self._pool)
        self.counter = ScanCounter(self._background_pool, counts_kept_days, clock)
        self._background: list[asyncio.Task[None]] = []
        self.is_open = False
        """Whether it may be asked."""

    def start(self) -> None:
        """Begin to follow the change feed, to keep what is made and to write what is counted."""
        self.follower.start()
        loop = asyncio.get_running_loop()
        work = (self._writer.work(), self.counter.work())
        self._background = [loop.create_task(one) for one in work]
        self.is_open = True

    async def warm(self) -> None:
        """Load what the first scans would otherwise wait for; without a database they wait."""
        spell_name("河坊街")
        with suppress(DatabaseUnreachable):
            await self._registers.read()
            for _ in range(2):  # on both connections
                await asyncio.gather(self._cached.load(""), self._cards.warm())

    async def finish(self) -> None:
        """Write what waits to be kept."""
        await self._writer.write()

    async def close(self) -> None:
        """End what was started, and write down what was counted."""
        background, self._background, self.is_open = self._background, [], False
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        try:
            with suppress(DatabaseUnreachable):
                await self.counter.write()
        finally:
            await self.follower.close()
            await self._pool.close()
            await self._background_pool.close()

    async def page(self, token: str, reader: Reader) -> Page | None:
        """The page of a plate; None when no plate carries the token.

        Without the database a plate that was scanned lately is shown as it was, but without
        contacts: those may have been withdrawn meanwhile.

        Raises:
            DatabaseUnreachable: the plate is not at hand and cannot be fetched.
        """
        kept = self._plates.find(token, time.monotonic())
        registers = self._registers.current
        if kept is not None and kept.registers is registers is not None:
            page = kept.pages.get(reader)
            if page is not None:
                return page
        again = kept is not None
        try:
            kept = kept or await self._fetch(token)
            if kept is None:
                return None
            # asked again: while a plate was fetched a contact may have been withdrawn
            registers = self._registers.current or await self._registers.read()
            page = await self._make(kept, registers, reader)
        except DatabaseUnreachable:
            return self._old_page(token, reader)
        if again and kept.registers is registers:  # most plates are scanned once in a while
            self._plates.hold(kept, reader, page)
        return page

    async def card(self, token: str) -> ScanCard | None:
        """The card of a plate; the same as ``page`` otherwise."""
        try:
            kept = self._plates.find(token, time.monotonic()) or await self._fetch(token)
            if kept is None:
                return None
            registers = self._registers.current or await self._registers.read()
            return _completed(await self._card_of(kept), kept, registers)
        except DatabaseUnreachable:
            kept = self._plates.find_old(token)
            if kept is None or kept.card is None:
                raise
            return replace(_completed(kept.card, kept, kept.registers), contacts=())

    async def _fetch(self, token: str) -> CacheEntry | None:
        start = time.monotonic()
        found = await self._cached.load(token)
        if found is None:
            return None
        code, areas, places = found.code, found.area_ids, found.places
        kept = CacheEntry(token, code, areas, places, start, start + LONGEST_S, found.body)
        if found.body is None:
            await self._card_of(kept)
            if kept.body is not None:
                kept.card = None  # a body is a tenth of it, and all that most scans need
        self._plates.put(kept)
        return kept

    async def _card_of(self, kept: CacheEntry) -> ScanCard:
        """The card of a plate, made when it is first needed, and its body with it."""
        if kept.card is not None:
            return kept.card
        fetched = await self._cards.fetch(kept.token)
        kept.card = fetched.card
        if fetched.is_followed:
            kept.until = kept.read_at + SHORTEST_S
        elif kept.body is None:
            kept.body = self._fragments.cut(fetched.card)
            if kept.body is not None and self._keeps_bodies:
                self._writer.add((kept.token, *fetched.versions, kept.body))
        return fetched.card

    async def _make(self, kept: CacheEntry, registers: DayRegisters, reader: Reader) -> Page:
        if kept.registers is not registers:
            kept.registers = registers
            kept.pages.clear()
        if kept.body is not None and reader == PLAIN:
            story = self._fragments.story(registers.stories.tell(kept.places))
            filling = self._filling(kept, registers)
            return self._filled(kept.body, filling, story, is_passing=registers.hides_contacts)
        card = _completed(await self._card_of(kept), kept, registers)
        pieces = plate_pieces(card, self.site, reader)
        headers = card_headers(card, reader.view)
        if registers.hides_contacts:
            headers |= html.PRIVATE
        return make_page(pieces, headers, outcome_of(card.state))

    def _filling(self, kept: CacheEntry, registers: DayRegisters) -> Filling:
        filling = registers.fillings.get(kept.area_ids)
        if filling is None:
            about = registers.about(kept.area_ids)
            filling = registers.fillings[kept.area_ids] = self._fragments.filling(about)
        return filling

    def _filled(
        self, body: bytes, filling: Filling, story: bytes, *, is_passing: bool = False
    ) -> Page:
        """``is_passing``: something is left out for the moment, so no cache may keep it."""
        text, outcome = self._fragments.fill(body, filling, story)
        return make_filled_page(text, outcome, is_private=filling.shows_contact or is_passing)

    def _old_page(self, token: str, reader: Reader) -> Page:
        """A page as it was at the last scan, without contacts, for no cache to keep."""
        kept = self._plates.find_old(token)
        if kept is not None and kept.body is not None and reader == PLAIN:
            about = kept.registers.about(kept.area_ids) if kept.registers else None
            about = replace(about, contacts=()) if about else Surroundings()
            told = kept.registers.stories.tell(kept.places) if kept.registers else None
            story = self._fragments.story(told)
            return self._filled(kept.body, self._fragments.filling(about), story, is_passing=True)
        if kept is None or kept.card is None:
            raise DatabaseUnreachable("the database does not answer", hint="scan again in a minute")
        card = replace(_completed(kept.card, kept, kept.registers), contacts=())
        headers = card_headers(card, reader.view) | html.PRIVATE
        pieces = plate_pieces(card, self.site, reader)
        return make_page(pieces, headers, outcome_of(card.state))

    def count(self, token: str, outcome: ScanOutcome) -> None:
        """Count a scan that was answered."""
        self.counter.add(token, outcome)

    def forget_all(self) -> None:
        """More has changed than is told."""
        self._plates.forget_all()
        self._registers.drop_all()

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Drop what is made of these records; of an address that is new nothing can be."""
        self._registers.forget(changes)
        self._plates.forget(
            one.key
            for one in changes
            if one.subject in _OF_PLATES and (one.subject, one.action) != _NEW_ADDRESS
        )


def _completed(card: ScanCard, kept: CacheEntry, registers: DayRegisters | None) -> ScanCard:
    if registers is None:
        return card
    about, story = registers.about(kept.area_ids), registers.stories.tell(kept.places)
    return complete_card(card, about, story)
