"""The memory of this machine and this process: database share, malloc, garbage collector."""

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIB = 1024 * 1024
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_ARENAS = 2


def return_memory_early() -> None:
    """Make malloc return large blocks to the system as soon as they are freed.

    By default glibc keeps them, separately for each of many threads (mallopt(3)). No effect with
    another C library.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
        mallopt(_M_MMAP_THRESHOLD, MIB)


def available_bytes(limits: tuple[str, ...] = _CGROUP_LIMITS) -> int:
    """Return the machine's memory, or the container's limit when that is smaller."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in limits:
        try:
            text = Path(limit).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total


def shared_buffers_mib(total: int) -> int:
    """Return a quarter of the memory, between 32 MiB and 8 GiB (more does not help)."""
    return max(32, min(8192, total // 4 // MIB))


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
