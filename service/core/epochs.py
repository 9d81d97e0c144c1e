"""A cache of values read from the database that is safe against concurrent invalidation."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Epoch = tuple[int, int]
"""How often all values, and the value of this key, were dropped."""


class EpochCache(Generic[K, V]):
    """Values by key; for threads and event loops.

    A value that is being read during a drop may be older than the change. So readers take the
    ``epoch`` of the key first and pass it to ``keep``, which rejects the value if a drop has begun
    another epoch. Comparing with the cached value would not do: two drops, or a drop before the
    first reader, go unnoticed.
    """

    def __init__(self) -> None:
        self._values: dict[K, V] = {}
        self._all_dropped = 0
        self._dropped: dict[K, int] = {}
        self._lock = Lock()

    def find(self, key: K) -> V | None:
        """The cached value, or None."""
        return self._values.get(key)

    def epoch(self, key: K) -> Epoch:
        """The current epoch of a key; take it before reading the value."""
        return self._all_dropped, self._dropped.get(key, 0)

    def keep(self, key: K, value: V, epoch: Epoch) -> bool:
        """Cache a value that was read in an epoch; False if that epoch has ended."""
        with self._lock:
            if self.epoch(key) != epoch:
                return False
            self._values[key] = value
            return True

    def drop(self, key: K) -> None:
        """Invalidate the value of a key, also one being read."""
        with self._lock:
            self._dropped[key] = self._dropped.get(key, 0) + 1
            self._values.pop(key, None)

    def drop_all(self) -> None:
        """Invalidate all values."""
        with self._lock:
            self._all_dropped += 1
            self._dropped.clear()
            self._values.clear()
