"""What a server process keeps of scans in memory: the small registers, and plates.

An entry that a change may have invalidated is not served again, except while the database is
unreachable.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from anyio import to_thread

from service.areas.queries import DutyRegister, load_area_register, load_duty_register
from service.changes.events import Subject
from service.changes.queries import ChangeRow
from service.core.clock import day_of, now_seconds, zone
from service.core.database import Session
from service.core.epochs import Epoch, EpochCache
from service.core.errors import DatabaseUnreachable
from service.core.reads import Reads, is_on_standby
from service.datasets.queries import load_dataset_register
from service.datasets.register import StoredRow
from service.heritage.queries import load_story_register
from service.scans.card import ScanCard
from service.scans.hot.day_registers import DayRegisters
from service.scans.hot.fragments import Offers
from service.scans.hot.page import Page
from service.scans.reader import Reader
from service.service_items.queries import load_facility_register, load_service_register

_MAX_AGE_S = 1.0
"""Maximum age in seconds while changes are not followed: a withdrawn contact is gone after that."""

_MOST_READINGS = 3
Clock = Callable[[], float]
"""Returns the current time in seconds since 1970."""

_Epochs = tuple[Epoch, ...]

LOADERS: dict[Subject, Callable[[Session, date], Any]] = {
    Subject.AREA: load_area_register,
    Subject.DUTY: load_duty_register,
    Subject.HERITAGE_ENTRY: lambda session, _: load_story_register(session),
    Subject.SERVICE_ITEM: load_service_register,
    Subject.FACILITY: load_facility_register,
    Subject.DATASET: load_dataset_register,
}
"""The loader of each register, by the change feed's subject of its records."""

_OF_FACILITIES = {Subject.ADDRESS, Subject.ADDRESS_AREA}


class _Part(NamedTuple):
    """One register as read: for which day, when reading began, and whether it is complete."""

    value: Any
    day: date
    read_at: float
    is_whole: bool


class Registers:
    """Today's registers: each reloaded after a change in it, all at local midnight.

    While changes are not followed they are reloaded every second.
    """

    def __init__(
        self, reads: Reads, is_following: Callable[[], bool], clock: Clock = now_seconds
    ) -> None:
        """``is_following``: whether all changes are currently being received."""
        self._reads, self._is_following, self._clock = reads, is_following, clock
        self._held: EpochCache[Subject, _Part] = EpochCache()
        self._current: DayRegisters | None = None
        self._reading: tuple[_Epochs, asyncio.Task[DayRegisters | None]] | None = None

    @property
    def current(self) -> DayRegisters | None:
        """The registers if still valid, else None."""
        registers = self._current
        if registers is None or self._clock() >= registers.ends:
            return None
        holds = self._is_following() and not registers.hides_contacts
        if not holds and time.monotonic() - registers.read_at > _MAX_AGE_S:
            return None
        return registers

    async def read(self) -> DayRegisters:
        """The registers, loaded if necessary, at most a second out of date.

        Raises:
            DatabaseUnreachable: they cannot be read, or keep changing while being read.
        """
        held = self.current
        for _ in range(_MOST_READINGS):
            if held is not None:
                break
            # A load is shared, but not by who comes after a change with one begun before it.
            epochs = tuple(map(self._held.epoch, LOADERS))
            if self._reading is None or self._reading[0] != epochs or self._reading[1].done():
                self._reading = epochs, asyncio.ensure_future(self._load(epochs))
            held = await asyncio.shield(self._reading[1])
        if held is None:
            raise DatabaseUnreachable("the registers take too long to read", hint="try again")
        return held

    def forget(self, changes: Iterable[ChangeRow]) -> None:
        """Invalidate the registers that contain one of these records.

        Of place names only those with a story matter, of addresses those with a facility. A
        division that is renamed or merged keeps the code by which its story is found.
        """
        stories = self._held.find(Subject.HERITAGE_ENTRY)
        facilities = self._held.find(Subject.FACILITY)
        parts: set[Subject] = set()
        for change in changes:
            subject = Subject(change.subject)
            if subject in LOADERS:
                parts.add(subject)
            elif subject is Subject.PLACE_NAME and (
                stories is None or change.key in stories.value.places
            ):
                parts.add(Subject.HERITAGE_ENTRY)
            elif subject in _OF_FACILITIES and (
                facilities is None or change.key in facilities.value.codes
            ):
                parts.add(Subject.FACILITY)
        self.drop(parts)

    def drop(self, parts: Iterable[Subject] = tuple(LOADERS)) -> None:
        """Invalidate registers, by default all."""
        for part in parts:
            self._held.drop(part)
            self._current = None

    async def _load(self, epochs: _Epochs) -> DayRegisters | None:
        """Load what is missing; None if the result is already too old."""
        today = day_of(datetime.fromtimestamp(self._clock(), UTC))
        held = {part: self._held.find(part) for part in LOADERS}
        missing, now = [], time.monotonic()
        for name, known in held.items():
            trusted = known is not None and known.is_whole and self._is_following()
            is_young = known is not None and now - known.read_at <= _MAX_AGE_S
            if known is None or known.day != today or not (trusted or is_young):
                missing.append(name)
        read = await to_thread.run_sync(self._read_parts, missing, today)
        parts = [read.get(part) or held[part] for part in LOADERS]
        holds = [
            self._held.keep(part, made, epoch) if made else False
            for part, made, epoch in zip(LOADERS, parts, epochs, strict=True)
        ]
        made = [part for part in parts if part is not None]
        areas, duties, *others = (part.value for part in made)
        names = ("stories", "services", "facilities", "datasets")
        registers = DayRegisters(
            areas,
            duties,
            **dict(zip(names, others, strict=True)),
            ends=datetime.combine(today + timedelta(days=1), datetime.min.time(), zone()),
            read_at=min(part.read_at for part in made),
            hides_contacts=not all(part.is_whole for part in made),
        )
        if all(holds):
            self._current = registers
            return registers
        oldest = min(part.read_at for part, h in zip(made, holds, strict=True) if not h)
        return registers if time.monotonic() - oldest <= _MAX_AGE_S else None

    def _read_parts(self, wanted: Sequence[Subject], today: date) -> dict[Subject, _Part]:
        """Read registers; duties that may have been withdrawn meanwhile are left out."""
        begun, is_following = time.monotonic(), self._is_following()

        def read(session: Session) -> dict[Subject, _Part]:
            found: dict[Subject, _Part] = {}
            for part in wanted:
                hides = part is Subject.DUTY and not is_following and is_on_standby(session)
                value = DutyRegister(today, {}, None) if hides else LOADERS[part](session, today)
                found[part] = _Part(value, today, begun, is_whole=not hides)
            return found

        return self._reads.ask(read)


KEPT_PLATES = 50_000
MOST_PAGES = 4_096
"""At most this many ready pages, the most recent; 6 KB each, while a packed body is under 1 KB."""

SHORTEST_S = 1.0
"""The same while changes are not followed, and for pages that depend on other plates."""

_REMEMBERED = 50_000
"""How many changes are tracked one by one; plates read before older ones are read again."""


@dataclass(slots=True)
class CacheEntry:
    """One plate: its packed body, or its card without surroundings and story.

    ``rows`` are those of datasets, if they were read: they also end with changes of the codes they
    were pushed for. ``pages`` are the ready pages and ``offers`` what is filled in, valid with
    these ``registers``.
    """

    token: str
    code: str
    area_ids: str
    places: str
    read_at: float
    until: float
    body: bytes | None = None
    card: ScanCard | None = None
    rows: tuple[StoredRow, ...] | None = None
    registers: DayRegisters | None = None
    offers: Offers | None = None
    pages: dict[Reader, Page] = field(default_factory=dict)


class PlateCache:
    """Plates by token; the least recently used is evicted first."""

    def __init__(self, is_following: Callable[[], bool], size: int = KEPT_PLATES) -> None:
        """``is_following``: whether all changes are currently being received."""
        self._is_following, self._size = is_following, size
        self._kept: OrderedDict[str, CacheEntry] = OrderedDict()
        self._with_pages: deque[CacheEntry] = deque()
        self._changed: dict[str, float] = {}
        self._all_changed = time.monotonic()

    def find(self, token: str, now: float) -> CacheEntry | None:
        """A valid entry, or None."""
        entry = self._kept.get(token)
        if entry is None or now >= entry.until:
            return None
        changed = self._changed
        last = max(self._all_changed, changed.get(token, 0.0), changed.get(entry.code, 0.0))
        if entry.rows:
            last = max(last, *[changed.get(row.code, 0.0) for row in entry.rows])
        if entry.read_at <= last:
            return None
        if not self._is_following() and now - entry.read_at > SHORTEST_S:
            return None
        self._kept.move_to_end(token)
        return entry

    def find_old(self, token: str) -> CacheEntry | None:
        """An entry that may be outdated, for when the database is unreachable."""
        return self._kept.get(token)

    def put(self, entry: CacheEntry) -> None:
        """Cache a plate; ``find`` checks whether it has changed since it was read."""
        self._kept[entry.token] = entry
        self._kept.move_to_end(entry.token)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def hold(self, entry: CacheEntry, reader: Reader, page: Page) -> None:
        """Cache a ready page, until ``MOST_PAGES`` newer ones have been added."""
        entry.pages[reader] = page
        self._with_pages.append(entry)
        if len(self._with_pages) > MOST_PAGES:
            self._with_pages.popleft().pages.clear()

    def forget(self, keys: Iterable[str]) -> None:
        """Invalidate the plates with these keys (tokens, address codes)."""
        now = time.monotonic()
        for key in keys:
            self._changed.pop(key, None)
            self._changed[key] = now  # last in order
        while len(self._changed) > _REMEMBERED:
            oldest = next(iter(self._changed))
            self._all_changed = max(self._all_changed, self._changed.pop(oldest))

    def forget_all(self) -> None:
        """Invalidate everything."""
        self._all_changed = time.monotonic()
