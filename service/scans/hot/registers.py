"""The small registers that every scan asks, held in memory: areas, duties and stories."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from anyio import to_thread

from service.areas.queries import (
    AreaRegister,
    DutyRegister,
    load_area_register,
    load_duty_register,
)
from service.core.clock import day_of, now_seconds, zone
from service.core.database import DATABASE_ERRORS, Database
from service.core.epochs import Epoch, EpochCache
from service.core.errors import DatabaseUnreachable
from service.heritage.queries import load_story_register
from service.heritage.stories import StoryRegister
from service.scans.card import Contact
from service.scans.queries import contacts_of, name_of

_UNHEARD_S = 1.0
"""So old may be what is shown: a contact that was withdrawn is gone a second later."""

_MOST_READINGS = 3
Clock = Callable[[], float]
"""Gives the moment in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the areas of an address add to its card."""

    community: str
    grid: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """What areas add to the body of a page: in its path, its list of contacts, its facts."""

    path: bytes
    contacts: bytes
    facts: bytes
    shows_contact: bool


class DayRegisters:
    """Areas and duties of one day, with what they say about each set of areas."""

    def __init__(
        self,
        areas: AreaRegister,
        duties: DutyRegister,
        stories: StoryRegister,
        *,
        ends: datetime,
        read_at: float,
    ) -> None:
        """Hold them until ``ends``; ``read_at`` is when reading began, by the monotonic clock."""
        self._areas, self._duties, self.ends = areas, duties, ends.timestamp()
        self.stories = stories
        self.read_at = read_at
        self._known: dict[str, Surroundings] = {}
        self.fillings: dict[str, Filling] = {}

    def about(self, area_ids: str) -> Surroundings:
        """What to show of areas, given by their ids parted by commas."""
        found = self._known.get(area_ids)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
                self.fillings.clear()
            found = self._known[area_ids] = self._look(area_ids)
        return found

    def _look(self, area_ids: str) -> Surroundings:
        areas = self._areas.of(map(int, filter(None, area_ids.split(","))))
        duties = self._duties.of([area.id for area in areas])
        contacts = contacts_of(duties, self._duties.day)
        return Surroundings(name_of(areas, "community"), name_of(areas, "grid"), contacts)


class Registers:
    """Today's registers: read again after a change in them, and at midnight where they hold.

    While nobody hears of changes they are read again every second.
    """

    def __init__(self, database: Database, clock: Clock = now_seconds) -> None:
        self._database, self._clock = database, clock
        self._held: EpochCache[None, DayRegisters] = EpochCache()
        self._hears = False
        self._reading: tuple[Epoch, asyncio.Task[DayRegisters]] | None = None

    @property
    def current(self) -> DayRegisters | None:
        """The registers as they hold now; None when they have to be read first."""
        held = self._held.find(None)
        if held is None or self._clock() >= held.ends:
            return None
        if not self._hears and time.monotonic() - held.read_at > _UNHEARD_S:
            return None
        return held

    async def read(self) -> DayRegisters:
        """The registers as they hold now, or did a second ago: read when they have to be.

        Raises:
            DatabaseUnreachable: they have to be read and cannot be, or change while they are read.
        """
        held = self.current
        for _ in range(_MOST_READINGS):
            held = held or await self._find_read()
        if held is None:
            raise DatabaseUnreachable("the registers take too long to read", mend="ask again")
        return held

    def drop(self, *, hears: bool) -> None:
        """What is held may be wrong; ``hears`` says whether changes are told from now on."""
        self._held.drop(None)
        self._hears = hears

    async def _find_read(self) -> DayRegisters | None:
        """Read with all who ask in this epoch; None when what was read is known to be too old.

        Whoever asks after a change does not share what was begun before it.
        """
        epoch = self._held.epoch(None)
        if self._reading is None or self._reading[0] != epoch or self._reading[1].done():
            self._reading = epoch, asyncio.ensure_future(self._load(epoch))
        made = await asyncio.shield(self._reading[1])
        is_young = time.monotonic() - made.read_at <= _UNHEARD_S
        return made if is_young or self._held.epoch(None) == epoch else None

    async def _load(self, epoch: Epoch) -> DayRegisters:
        today = day_of(datetime.fromtimestamp(self._clock(), UTC))
        made = await to_thread.run_sync(self._read_day, today)
        self._held.keep(None, made, epoch)
        return made

    def _read_day(self, today: date) -> DayRegisters:
        begun = time.monotonic()
        try:
            with self._database.reading() as session:
                areas = load_area_register(session, today)
                duties = load_duty_register(session, today)
                stories = load_story_register(session)
        except DATABASE_ERRORS as error:
            raise DatabaseUnreachable("the database broke off", mend="ask again") from error
        ends = _midnight_after(today)
        return DayRegisters(areas, duties, stories, ends=ends, read_at=begun)


def _midnight_after(day: date) -> datetime:
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone())
