"""A lock between processes, kept by the kernel: it is gone with the process that held it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.faults import EnvironmentFault


@contextmanager
def hold_lock(file: Path, *, seconds: float = 180) -> Iterator[int]:
    """Hold a file's lock for the length of a ``with``; yields the open file's number.

    Raises:
        EnvironmentFault: another process kept the lock for ``seconds``.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        _wait(handle, file, seconds)
        yield handle
    finally:
        os.close(handle)


def _wait(handle: int, file: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise EnvironmentFault(
                    f"another Menpai process has held {file} for {seconds:.0f} seconds",
                    hint="wait for it, or end it if it hangs: fuser shows its number",
                ) from None
            time.sleep(0.02)
        else:
            return
