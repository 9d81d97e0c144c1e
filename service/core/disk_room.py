"""Detects full disks: by operating system errors, and by free space."""

import errno
import shutil
from contextlib import suppress
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The errors for a full disk, a used-up quota or a file size limit."""

_TOO_LITTLE = 1 << 20


def is_full(error: BaseException) -> bool:
    """Whether an error, or one of its causes, means that the disk is full."""
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
