"""Answers the scans of a server process: fetches, caches and invalidates plates."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from address_model.address_kinds import kind_of
from address_model.datasets.fields import THE_PUBLIC
from address_model.pinyin import spell_name
from service.changes.events import Action, Subject
from service.changes.follower import Follower
from service.changes.queries import ChangeRow
from service.core import html
from service.core.async_pool import AsyncPool, Batcher
from service.core.clock import now_seconds
from service.core.database import Database
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads
from service.datasets.queries import fetch_rows
from service.datasets.register import ShownField
from service.scans.card import ScanCard, ScanOutcome
from service.scans.hot.day_registers import DayRegisters
from service.scans.hot.fragments import (
    Body,
    Fragments,
    FragmentWriter,
    Offers,
)
from service.scans.hot.memory import SHORTEST_S, CacheEntry, Clock, PlateCache, Registers
from service.scans.hot.page import Page, make_page
from service.scans.hot.scan_counter import ScanCounter
from service.scans.plate_page import card_headers, plate_pieces
from service.scans.queries.card_fetcher import CardFetcher
from service.scans.queries.cards import Surroundings, complete_card
from service.scans.queries.plates import fetch_bare_plates, fetch_cached_plates
from service.scans.reader import PLAIN, Reader
from service.scans.site import Site
from service.service_items.links import CODE

LONGEST_S = 300.0
"""How long a plate is cached, in seconds: a new house appears in its neighbours' sketches then."""

_OF_PLATES = {
    Subject.PLATE,
    Subject.ADDRESS,
    Subject.ADDRESS_AREA,
    Subject.ADDRESS_PLACE_NAME,
    Subject.DATASET_ROW,
}
_NEW_ADDRESS = (Subject.ADDRESS, Action.NEW)


class ScanService:
    """Answers the scans of one server process; ``start`` and ``close`` run in its event loop."""

    def __init__(
        self,
        database: Database,
        site: Site,
        clock: Clock = now_seconds,
        *,
        reads: Reads | None = None,
    ) -> None:
        """Read from ``reads``, by default the database; counts and bodies go to the database."""
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
        self._rows = Batcher(partial(fetch_rows, self._pool))
        self._cards = CardFetcher(reads, self._pool)
        self.counter = ScanCounter(self._background_pool, clock)
        self._background: list[asyncio.Task[None]] = []
        self.is_open = False
        """Whether it accepts scans."""

    def start(self) -> None:
        """Start following the change feed, and writing bodies and counts."""
        self.follower.start()
        loop = asyncio.get_running_loop()
        work = (self._writer.work(), self.counter.work())
        self._background = [loop.create_task(one) for one in work]
        self.is_open = True

    async def warm(self) -> None:
        """Preload what the first scans need; without a database, do nothing."""
        spell_name("河坊街")
        with suppress(DatabaseUnreachable):
            await self._registers.read()
            for _ in range(2):  # on both connections
                await asyncio.gather(self._cached.load(""), self._cards.warm())

    async def finish(self) -> None:
        """Write the queued bodies."""
        await self._writer.write()

    async def close(self) -> None:
        """Stop everything that was started, and write the counts."""
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
        """The page of a plate; None for an unknown token.

        While the database is unreachable, a cached plate is shown as it was but without contacts,
        which may have been withdrawn since.

        Raises:
            DatabaseUnreachable: the plate is not cached and cannot be fetched.
        """
        entry = self._plates.find(token, time.monotonic())
        registers = self._registers.current
        if entry is not None and entry.registers is registers is not None:
            page = entry.pages.get(reader)
            if page is not None:
                return page
        was_cached = entry is not None
        try:
            entry = entry or await self._fetch(token)
            if entry is None:
                return None
            # again: a contact may have been withdrawn while the plate was fetched
            registers = self._registers.current or await self._registers.read()
            page = await self._make_page(entry, registers, reader)
        except DatabaseUnreachable:
            return self._old_page(token, reader)
        if was_cached and entry.registers is registers:  # most plates are not scanned twice
            self._plates.hold(entry, reader, page)
        return page

    async def card(self, token: str) -> ScanCard | None:
        """The card of a plate, otherwise like ``page``."""
        try:
            entry = self._plates.find(token, time.monotonic()) or await self._fetch(token)
            if entry is None:
                return None
            registers = self._registers.current or await self._registers.read()
            await self._read_rows(entry, registers)
            return self._complete(await self._card_of(entry), entry, registers)
        except DatabaseUnreachable:
            entry = self._plates.find_old(token)
            if entry is None or entry.card is None:
                raise
            return replace(self._complete(entry.card, entry, entry.registers), contacts=())

    async def _fetch(self, token: str) -> CacheEntry | None:
        start = time.monotonic()
        found = await self._cached.load(token)
        if found is None:
            return None
        code, areas, places = found.code, found.area_ids, found.places
        entry = CacheEntry(token, code, areas, places, start, start + LONGEST_S, found.body)
        if found.body is None:
            await self._card_of(entry)
            if entry.body is not None:
                entry.card = None  # the body is a tenth of its size, and enough for most scans
        self._plates.put(entry)
        return entry

    async def _card_of(self, entry: CacheEntry) -> ScanCard:
        """The card of an entry, built together with its body when first needed."""
        if entry.card is not None:
            return entry.card
        fetched = await self._cards.fetch(entry.token)
        entry.card = fetched.card
        if fetched.is_followed:
            entry.until = entry.read_at + SHORTEST_S
        elif entry.body is None:
            entry.body = self._fragments.cut(fetched.card)
            if entry.body is not None and self._keeps_bodies:
                self._writer.add((entry.token, *fetched.versions, entry.body))
        return fetched.card

    async def _make_page(self, entry: CacheEntry, registers: DayRegisters, reader: Reader) -> Page:
        if entry.registers is not registers:
            entry.registers, entry.offers = registers, None
            entry.pages.clear()
        await self._read_rows(entry, registers)
        if entry.body is not None and reader == PLAIN:
            filling = registers.fillings.get(entry.area_ids)
            if filling is None:
                about = registers.about(entry.area_ids)
                filling = registers.fillings[entry.area_ids] = self._fragments.filling(about)
            body, hides = self._fragments.unpack(entry.body), registers.hides_contacts
            if entry.offers is None:
                entry.offers = self._offers(entry, body, registers)
            return self._fragments.fill(body, filling, entry.offers, is_passing=hides)
        card = self._complete(await self._card_of(entry), entry, registers)
        pieces = plate_pieces(card, self.site, reader)
        headers = card_headers(card, reader.view)
        if registers.hides_contacts:
            headers |= html.PRIVATE
        return make_page(pieces, headers, card.outcome)

    def _offers(self, entry: CacheEntry, body: Body, registers: DayRegisters) -> Offers:
        """What the registers contribute to the page of a plate."""
        found = registers.facilities.near(entry.code, body.point, entry.area_ids)
        key = (body.division, body.kind)
        services = registers.service_lists.get(key)
        if services is None:
            services = self._fragments.services(registers.services.of(*key))
            registers.service_lists[key] = services
        return Offers(
            self._fragments.nearby(found, registers.facility_rows),
            self._fragments.story(registers.stories.find_by_key(entry.places)),
            services.replace(CODE.encode(), entry.code.encode()),
            registers.data_lists.of(
                entry.code, entry.rows or (), self._fragments, self.site.code_hosts
            ),
        )

    async def _read_rows(self, entry: CacheEntry, registers: DayRegisters) -> None:
        """Read what datasets have about an address, if any shows the public something."""
        if entry.rows is None and registers.datasets.has_public:
            entry.rows = tuple(await self._rows.load(entry.code) or ())

    def _data(self, entry: CacheEntry, registers: DayRegisters) -> tuple[ShownField, ...]:
        rows, hosts = entry.rows, self.site.code_hosts
        return registers.datasets.show(entry.code, rows, THE_PUBLIC, hosts) if rows else ()

    def _complete(
        self, card: ScanCard, entry: CacheEntry, registers: DayRegisters | None
    ) -> ScanCard:
        if registers is None:
            return card
        return complete_card(
            card,
            registers.about(entry.area_ids),
            story=registers.stories.find_by_key(entry.places),
            services=registers.services.of(card.division, kind_of(card.elements)),
            nearby=registers.facilities.near(entry.code, card.point, entry.area_ids),
            data=self._data(entry, registers),
        )

    def _old_page(self, token: str, reader: Reader) -> Page:
        """The page as of the last scan, without contacts and marked private."""
        entry = self._plates.find_old(token)
        if entry is not None and entry.body is not None and reader == PLAIN:
            about = entry.registers.about(entry.area_ids) if entry.registers else None
            about = replace(about, contacts=()) if about else Surroundings()
            body, offers = self._fragments.unpack(entry.body), Offers()
            if entry.registers is not None:
                offers = entry.offers or self._offers(entry, body, entry.registers)
            filling = self._fragments.filling(about)
            return self._fragments.fill(body, filling, offers, is_passing=True)
        if entry is None or entry.card is None:
            raise DatabaseUnreachable("the database does not answer", hint="scan again in a minute")
        card = replace(self._complete(entry.card, entry, entry.registers), contacts=())
        headers = card_headers(card, reader.view) | html.PRIVATE
        pieces = plate_pieces(card, self.site, reader)
        return make_page(pieces, headers, card.outcome)

    def count(self, token: str, outcome: ScanOutcome) -> None:
        """Count an answered scan."""
        self.counter.add(token, outcome)

    def forget_all(self) -> None:
        """Invalidate everything: changes have been missed."""
        self._plates.forget_all()
        self._registers.drop()

    def forget(self, changes: Sequence[ChangeRow]) -> None:
        """Invalidate what depends on these records; nothing depends on a new address."""
        self._registers.forget(changes)
        self._plates.forget(
            one.key
            for one in changes
            if one.subject in _OF_PLATES and (one.subject, one.action) != _NEW_ADDRESS
        )
