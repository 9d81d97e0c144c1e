"""How much memory this machine has, what a database server takes of it, and what is given back."""

import ctypes
import os
from pathlib import Path

MIB = 1024 * 1024
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_ARENAS = 2


def return_memory_early() -> None:
    """Have what large bodies took go back to the system when they are done with.

    Else glibc keeps it, and for each of many threads apart (mallopt(3)); another C library has
    no such knobs, and is left as it is.
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
    """Return a quarter of the memory, at least 32 MiB and at most 8 GiB (more brings nothing)."""
    return max(32, min(8192, total // 4 // MIB))
