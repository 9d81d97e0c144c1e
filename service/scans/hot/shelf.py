"""A bounded shelf of the plates that were scanned last, with the pages made of them.

What a change may have made wrong is not shown again as it was; but it stays at hand for the
minutes in which the database does not answer.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.scans.card import ScanCard
from service.scans.hot.registers import DayRegisters
from service.scans.hot.sending import Page
from service.scans.reader import Reader

KEPT_PLATES = 10_000
LONGEST_S = 300.0
"""So long a plate is kept at most: a new house shows in its neighbours' sketches after that."""

SHORTEST_S = 1.0
"""So long where nobody hears of changes, or where what is shown hangs on other plates too."""

_REMEMBERED = 10_000


@dataclass(slots=True)
class Kept:
    """One plate: its body or its card without what its areas add, and pages of ``registers``."""

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


class Shelf:
    """Kept plates by token; the one that was not asked for longest leaves first."""

    def __init__(self, size: int = KEPT_PLATES) -> None:
        self._size = size
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._tokens: dict[str, set[str]] = {}
        self._changed: dict[str, float] = {}
        self._order: deque[str] = deque()
        self._all_changed = time.monotonic()
        self._hears = False

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, token: str, now: float) -> Kept | None:
        """A plate as it still holds, or None."""
        kept = self._kept.get(token)
        if kept is None or now >= kept.until or kept.read_at <= self._all_changed:
            return None
        if not self._hears and now - kept.read_at > SHORTEST_S:
            return None
        self._kept.move_to_end(token)
        return kept

    def find_old(self, token: str) -> Kept | None:
        """A plate as it once was, for when there is nothing better."""
        return self._kept.get(token)

    def put(self, kept: Kept) -> None:
        """Keep a plate, unless it changed since it was read."""
        token, code = kept.token, kept.code
        if kept.read_at <= max(self._changed.get(key, 0.0) for key in (token, code)):
            kept.until = 0.0
        self._drop(token)
        self._kept[token] = kept
        self._tokens.setdefault(code, set()).add(token)
        if len(self._kept) > self._size:
            self._drop(next(iter(self._kept)))

    def forget(self, keys: Iterable[str]) -> None:
        """What is made of these records (tokens, codes) no longer holds."""
        now = time.monotonic()
        for key in keys:
            self._changed[key] = now
            self._order.append(key)
            for token in (key, *self._tokens.get(key, ())):
                if token in self._kept:
                    self._kept[token].until = 0.0
        while len(self._order) > _REMEMBERED:
            self._changed.pop(self._order.popleft(), None)

    def forget_all(self, *, hears: bool) -> None:
        """Nothing holds any more; ``hears`` says whether changes are told from now on."""
        self._all_changed, self._hears = time.monotonic(), hears

    def _drop(self, token: str) -> None:
        kept = self._kept.pop(token, None)
        if kept is None:
            return
        code = kept.code
        tokens = self._tokens.get(code, set())
        tokens.discard(token)
        if not tokens:
            self._tokens.pop(code, None)
