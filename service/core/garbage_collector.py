"""The garbage collector of a process: what is loaded at its start is not looked at again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (10_000, 20, 100)
"""Servers and imports make and drop much that holds no circles; a full collection stops all."""


def freeze_loaded_objects() -> None:
    """Leave everything that is loaded now out of every later collection, and collect seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Load much that will stay: the collector would look at all of it again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
