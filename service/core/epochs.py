"""Holds in memory what was read from the database, until it is told that this no longer holds."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Epoch = tuple[int, int]
"""How often everything, and this one value, were dropped."""


class EpochCache(Generic[K, V]):
    """Values by key; for threads and for one event loop alike.

    A value that is being read while it is dropped may be of before or after the change. So whoever
    reads takes the ``epoch`` of the key first and hands it to ``keep``: a drop has begun another
    epoch, and the value is not kept. That it is still None, or still the same object, would prove
    nothing: two drops, or a drop before the first reader, look like none.
    """

    def __init__(self) -> None:
        self._values: dict[K, V] = {}
        self._all_dropped = 0
        self._dropped: dict[K, int] = {}
        self._lock = Lock()

    def find(self, key: K) -> V | None:
        """The value that is held, or None."""
        return self._values.get(key)

    def epoch(self, key: K) -> Epoch:
        """The present epoch of a key; to be taken before its value is read."""
        return self._all_dropped, self._dropped.get(key, 0)

    def keep(self, key: K, value: V, epoch: Epoch) -> bool:
        """Hold a value whose reading began in an epoch; False, and nothing, if that has ended."""
        with self._lock:
            if self.epoch(key) != epoch:
                return False
            self._values[key] = value
            return True

    def drop(self, key: K) -> None:
        """The value of a key may be wrong, held or being read."""
        with self._lock:
            self._dropped[key] = self._dropped.get(key, 0) + 1
            self._values.pop(key, None)

    def drop_all(self) -> None:
        """Every value may be wrong."""
        with self._lock:
            self._all_dropped += 1
            self._dropped.clear()
            self._values.clear()
