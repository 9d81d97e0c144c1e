"""Tunes the garbage collector: objects loaded at the start are never scanned again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (10_000, 20, 100)
"""Higher than the defaults: most garbage has no cycles, and a full collection stops everything."""


def freeze_loaded_objects() -> None:
    """Exclude all current objects from later collections, and collect less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Disable collections while loading long-lived objects, which would be scanned repeatedly."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
