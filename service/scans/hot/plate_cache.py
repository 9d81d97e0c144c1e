"""A bounded cache of the plates that were scanned last, with the pages made of them.

What a change may have made wrong is not shown again as it was; but it stays at hand for the
minutes in which the database does not answer.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from service.scans.card import ScanCard
from service.scans.hot.ready_page import Page
from service.scans.hot.registers import DayRegisters
from service.scans.reader import Reader

KEPT_PLATES = 50_000
MOST_PAGES = 512
"""So many pages are at hand as they are sent, the last that were made; 17 KB each, while a packed
body is less than one."""

LONGEST_S = 300.0
"""So long a plate is kept at most: a new house shows in its neighbours' sketches after that."""

SHORTEST_S = 1.0
"""So long where nobody hears of changes, or where what is shown hangs on other plates too."""

_REMEMBERED = 50_000
"""So many changes are told apart; what was read before an older one is read again."""


@dataclass(slots=True)
class CacheEntry:
    """One plate: its packed body, or its card without what its areas add.

    ``pages`` are those made last, of ``registers``.
    """

    token: str
    code: str
    area_ids: str
    places: str
    read_at: float
    until: float
    body: bytes | None = None
    card: ScanCard | None = None
    registers: DayRegisters | None = None
    pages: dict[Reader, Page] = field(default_factory=dict)


class PlateCache:
    """CacheEntry plates by token; the one that was not asked for longest leaves first."""

    def __init__(self, hears: Callable[[], bool], size: int = KEPT_PLATES) -> None:
        """``hears`` says whether all that has changed is told."""
        self._hears, self._size = hears, size
        self._kept: OrderedDict[str, CacheEntry] = OrderedDict()
        self._with_pages: deque[CacheEntry] = deque()
        self._changed: dict[str, float] = {}
        self._all_changed = time.monotonic()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, token: str, now: float) -> CacheEntry | None:
        """A plate as it still holds, or None."""
        kept = self._kept.get(token)
        if kept is None or now >= kept.until or kept.read_at <= self._changed_at(kept):
            return None
        if not self._hears() and now - kept.read_at > SHORTEST_S:
            return None
        self._kept.move_to_end(token)
        return kept

    def find_old(self, token: str) -> CacheEntry | None:
        """A plate as it once was, for when there is nothing better."""
        return self._kept.get(token)

    def put(self, kept: CacheEntry) -> None:
        """Keep a plate; should it have changed since it was read, it is not found."""
        self._kept[kept.token] = kept
        self._kept.move_to_end(kept.token)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)

    def hold(self, kept: CacheEntry, reader: Reader, page: Page) -> None:
        """Have a page at hand as it is sent, until as many others were made."""
        kept.pages[reader] = page
        self._with_pages.append(kept)
        if len(self._with_pages) > MOST_PAGES:
            self._with_pages.popleft().pages.clear()

    def forget(self, keys: Iterable[str]) -> None:
        """What is made of these records (tokens, codes) no longer holds."""
        now = time.monotonic()
        for key in keys:
            self._changed.pop(key, None)
            self._changed[key] = now  # last in order
        while len(self._changed) > _REMEMBERED:
            oldest = next(iter(self._changed))
            self._all_changed = max(self._all_changed, self._changed.pop(oldest))

    def forget_all(self) -> None:
        """Nothing holds any more."""
        self._all_changed = time.monotonic()

    def _changed_at(self, kept: CacheEntry) -> float:
        """When last something changed that may have been a record of this plate."""
        changed, last = self._changed, self._all_changed
        if not changed:
            return last
        return max(last, changed.get(kept.token, 0.0), changed.get(kept.code, 0.0))
