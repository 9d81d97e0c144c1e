"""The small registers that every scan asks, held in memory: areas, duties and stories."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from anyio import to_thread

from address_model.masking import mask_record
from address_model.sensitivity import RESIDENT
from service.areas.queries import (
    AreaRegister,
    DutyRegister,
    load_area_register,
    load_duty_register,
)
from service.changes.events import Subject
from service.changes.queries import ChangeRow
from service.core.clock import day_of, now_seconds, zone
from service.core.database import Session
from service.core.epochs import Epoch, EpochCache
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads, is_on_standby
from service.heritage.queries import load_story_register
from service.heritage.stories import StoryRegister
from service.scans.card_builder import Surroundings, find_surroundings

_UNHEARD_S = 1.0
"""So old may be what is shown: a contact that was withdrawn is gone a second later."""

_MOST_READINGS = 3
Clock = Callable[[], float]
"""Gives the moment in seconds since 1970."""

_Epochs = tuple[Epoch, ...]

LOADERS: dict[Subject, Callable[[Session, date], Any]] = {
    Subject.AREA: load_area_register,
    Subject.DUTY: load_duty_register,
    Subject.HERITAGE_ENTRY: lambda session, _: load_story_register(session),
}
"""Each register by what the feed calls its records."""


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
        hides_contacts: bool = False,
    ) -> None:
        """Hold them until ``ends``; ``read_at`` is when reading began, by the monotonic clock.

        ``hides_contacts``: they were read on a standby while nobody heard of withdrawals.
        """
        self._areas, self._duties, self.ends = areas, duties, ends.timestamp()
        self.stories = stories
        self.read_at, self.hides_contacts = read_at, hides_contacts
        self._known: dict[str, Surroundings] = {}
        self.fillings: dict[str, Filling] = {}

    def about(self, area_ids: str) -> Surroundings:
        """What a resident is shown of areas, given by their ids parted by commas."""
        found = self._known.get(area_ids)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
                self.fillings.clear()
            found = find_surroundings(self._areas, self._duties, area_ids)
            found = self._known[area_ids] = mask_record(found, "card", RESIDENT)
        return found


class _Part(NamedTuple):
    """One register as it was read: of which day, when reading began, and whether it holds all."""

    value: Any
    day: date
    read_at: float
    is_whole: bool = True


class Registers:
    """Today's registers: each read again after a change in it, and all at midnight where they hold.

    While nobody hears of changes they are read again every second.
    """

    def __init__(self, reads: Reads, hears: Callable[[], bool], clock: Clock = now_seconds) -> None:
        """``hears`` says whether all that has changed is told."""
        self._reads, self._hears, self._clock = reads, hears, clock
        self._held: EpochCache[Subject, _Part] = EpochCache()
        self._whole: DayRegisters | None = None
        self._reading: tuple[_Epochs, asyncio.Task[DayRegisters | None]] | None = None

    @property
    def current(self) -> DayRegisters | None:
        """The registers as they hold now; None when they have to be read first."""
        whole = self._whole
        if whole is None or self._clock() >= whole.ends:
            return None
        holds = self._hears() and not whole.hides_contacts
        if not holds and time.monotonic() - whole.read_at > _UNHEARD_S:
            return None
        return whole

    async def read(self) -> DayRegisters:
        """The registers as they hold now, or did a second ago: read when they have to be.

        Raises:
            DatabaseUnreachable: they have to be read and cannot be, or change while they are read.
        """
        held = self.current
        for _ in range(_MOST_READINGS):
            held = held or await self._find_read()
        if held is None:
            raise DatabaseUnreachable("the registers take too long to read", hint="ask again")
        return held

    def drop_all(self) -> None:
        """Whatever is held may be wrong."""
        self._drop(LOADERS)

    def forget(self, changes: Iterable[ChangeRow]) -> None:
        """Drop the registers that hold one of these records."""
        self._drop({part for change in changes if (part := self._find_part(change))})

    def _find_part(self, change: ChangeRow) -> Subject | None:
        """The register that a change touches, or None.

        Of place names only those are held that have a story. A division that is renamed or goes up
        in another keeps the code by which its story is found.
        """
        subject = Subject(change.subject)
        if subject is Subject.PLACE_NAME:
            stories = self._held.find(Subject.HERITAGE_ENTRY)
            is_held = stories is None or change.key in stories.value.places
            return Subject.HERITAGE_ENTRY if is_held else None
        return subject if subject in LOADERS else None

    def _drop(self, parts: Iterable[Subject]) -> None:
        for part in parts:
            self._held.drop(part)
            self._whole = None

    def _epochs(self) -> _Epochs:
        return tuple(map(self._held.epoch, LOADERS))

    async def _find_read(self) -> DayRegisters | None:
        """Read with all who ask in these epochs; None when what was read is too old by now.

        Whoever asks after a change does not share what was begun before it.
        """
        epochs = self._epochs()
        if self._reading is None or self._reading[0] != epochs or self._reading[1].done():
            self._reading = epochs, asyncio.ensure_future(self._load(epochs))
        return await asyncio.shield(self._reading[1])

    async def _load(self, epochs: _Epochs) -> DayRegisters | None:
        today = day_of(datetime.fromtimestamp(self._clock(), UTC))
        held = {part: self._held.find(part) for part in LOADERS}
        missing = [part for part in LOADERS if not self._holds(held[part], today)]
        read = await to_thread.run_sync(self._read_parts, missing, today)
        parts = [read.get(part) or held[part] for part in LOADERS]
        holds = [
            self._held.keep(part, made, epoch) if made else False
            for part, made, epoch in zip(LOADERS, parts, epochs, strict=True)
        ]
        made = [part for part in parts if part is not None]
        whole = DayRegisters(
            *(part.value for part in made),
            ends=_midnight_after(today),
            read_at=min(part.read_at for part in made),
            hides_contacts=not all(part.is_whole for part in made),
        )
        if all(holds):
            self._whole = whole
            return whole
        oldest = min(part.read_at for part, h in zip(made, holds, strict=True) if not h)
        return whole if time.monotonic() - oldest <= _UNHEARD_S else None

    def _holds(self, part: _Part | None, today: date) -> bool:
        if part is None or part.day != today:
            return False
        if self._hears() and part.is_whole:
            return True
        return time.monotonic() - part.read_at <= _UNHEARD_S

    def _read_parts(self, wanted: Sequence[Subject], today: date) -> dict[Subject, _Part]:
        begun, is_heard = time.monotonic(), self._hears()

        def read(session: Session) -> dict[Subject, _Part]:
            hides = is_on_standby(session) and not is_heard
            return {part: _read_part(session, part, today, begun, hides=hides) for part in wanted}

        return self._reads.ask(read)


def _read_part(session: Session, part: Subject, today: date, begun: float, *, hides: bool) -> _Part:
    """Read a register; duties that may have been withdrawn meanwhile are not read at all."""
    if hides and part is Subject.DUTY:
        return _Part(DutyRegister(today, {}, None), today, begun, is_whole=False)
    return _Part(LOADERS[part](session, today), today, begun)


def _midnight_after(day: date) -> datetime:
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone())
