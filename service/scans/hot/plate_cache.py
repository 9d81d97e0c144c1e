"""A bounded LRU cache of plates, with ready-to-send pages of those scanned most recently.

An entry that a change may have invalidated is not served again, except while the database is
unreachable.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from service.core import html
from service.core.asgi import Headers
from service.scans.card import ScanCard
from service.scans.hot.registers import DayRegisters
from service.scans.reader import Reader
from service.scans.states import ScanOutcome

KEPT_PLATES = 50_000
MOST_PAGES = 512
"""At most this many ready pages, the most recent; 17 KB each, while a packed body is under 1 KB."""

LONGEST_S = 300.0
"""How long a plate is cached, in seconds: a new house appears in its neighbours' sketches then."""

SHORTEST_S = 1.0
"""The same while changes are not followed, and for pages that depend on other plates."""

_REMEMBERED = 50_000
"""How many changes are tracked one by one; plates read before older ones are read again."""


class Page(NamedTuple):
    """A ready-to-send page: ASGI headers and UTF-8 text.

    ``outcome`` is what a scan counts as; ``tag`` the ETag, empty on a private page.
    """

    headers: Headers
    text: bytes
    outcome: ScanOutcome
    tag: bytes = b""


def make_page(pieces: tuple[bytes, ...], headers: Mapping[str, str], outcome: ScanOutcome) -> Page:
    """A page with its own headers and the standard ones."""
    every = html.PAGE_HEADERS | html.STANDING_HEADERS | dict(headers)
    is_public = every["Cache-Control"].startswith("public")
    return _page(b"".join(pieces), _encoded(every), outcome, is_public=is_public)


def make_filled_page(text: bytes, outcome: ScanOutcome, *, is_private: bool) -> Page:
    """A plate's page in the default view, with prepared headers."""
    headers = _PRIVATE if is_private else _PUBLIC
    return _page(text, headers, outcome, is_public=not is_private)


def _page(text: bytes, headers: Headers, outcome: ScanOutcome, *, is_public: bool) -> Page:
    length = (b"content-length", b"%d" % len(text))
    if not is_public:
        return Page([*headers, length], text, outcome)
    tag = html.tag_of((text,)).encode()
    return Page([*headers, length, (b"etag", tag)], text, outcome, tag)


def _encoded(headers: Mapping[str, str]) -> Headers:
    typed = {**headers, "Content-Type": "text/html; charset=utf-8"}
    return [(name.lower().encode(), value.encode()) for name, value in typed.items()]


_EVERY = html.PAGE_HEADERS | html.STANDING_HEADERS | html.NOT_INDEXED
_PRIVATE = _encoded(_EVERY | html.PRIVATE)
_PUBLIC = _encoded(_EVERY | html.PUBLIC)


@dataclass(slots=True)
class CacheEntry:
    """One plate: its packed body, or its card without surroundings and story.

    ``pages`` are the ready pages, valid with these ``registers``.
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
    """Plates by token; the least recently used is evicted first."""

    def __init__(self, is_following: Callable[[], bool], size: int = KEPT_PLATES) -> None:
        """``is_following``: whether all changes are currently being received."""
        self._is_following, self._size = is_following, size
        self._kept: OrderedDict[str, CacheEntry] = OrderedDict()
        self._with_pages: deque[CacheEntry] = deque()
        self._changed: dict[str, float] = {}
        self._all_changed = time.monotonic()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, token: str, now: float) -> CacheEntry | None:
        """A valid entry, or None."""
        entry = self._kept.get(token)
        if entry is None or now >= entry.until:
            return None
        changed = self._changed
        last = max(self._all_changed, changed.get(token, 0.0), changed.get(entry.code, 0.0))
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
