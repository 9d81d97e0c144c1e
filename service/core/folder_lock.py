"""A file lock between processes; the kernel releases it when its process ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.faults import EnvironmentFault


@contextmanager
def hold_lock(file: Path, *, seconds: float = 180) -> Iterator[int]:
    """Hold the lock of a file while the block runs; yields its file descriptor.

    Raises:
        EnvironmentFault: another process held the lock for ``seconds``.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EnvironmentFault(
                        f"another Menpai process has held {file} for {seconds:.0f} seconds",
                        hint="wait for it, or end it if it hangs: fuser shows its number",
                    ) from None
            time.sleep(0.02)
        yield handle
    finally:
        os.close(handle)
