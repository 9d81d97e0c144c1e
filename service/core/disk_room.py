"""Whether there is room left to write: what the operating system says, and what a disk has."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the operating system says when a disk, a quota or a file may grow no more."""

_TOO_LITTLE = 1 << 20


def is_full(error: BaseException) -> bool:
    """Whether an error, or one that it came from, says that there is no room."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in FULL:
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def find_full_folder(*folders: Path) -> Path | None:
    """The first of these folders whose disk has less than a megabyte left."""
    for folder in folders:
        there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        with suppress(OSError):
            if shutil.disk_usage(there).free < _TOO_LITTLE:
                return folder
    return None
