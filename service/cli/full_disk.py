"""The message of a command that found a disk full: in Chinese first, and what to do."""

import tempfile
from contextlib import suppress
from pathlib import Path

from service.core.disk_room import find_full_folder, is_full
from service.core.errors import DatabaseFull, DatabaseUnreachable, FilesUnavailable
from service.core.faults import EnvironmentFault
from service.core.settings import get_settings
from service.core.sheets import DiskFull

_MAY_BE_FULL = (DatabaseUnreachable, FilesUnavailable, EnvironmentFault, OSError)
"""Errors that a full disk may cause although they do not say so."""


def explain_full_disk(error: BaseException) -> str:
    """The message for the shell; "" if no disk is full or that is not the reason."""
    if isinstance(error, DatabaseFull):
        return _words("数据库所在的磁盘", "the disk of the database")
    says_so = isinstance(error, DiskFull) or is_full(error)
    if not says_so and not isinstance(error, _MAY_BE_FULL):
        return ""
    # Menpai writes to the place of the error, its home, the file store and temporary files.
    name = getattr(error, "filename", None)
    folders = [Path(name)] if isinstance(name, str) else []
    with suppress(EnvironmentFault):
        settings = get_settings()
        folders.append(settings.home)
        if settings.files_url and "://" not in settings.files_url:
            folders.append(Path(settings.files_url))
    folder = find_full_folder(*folders, Path(tempfile.gettempdir()), Path.cwd())
    if folder is None and not says_so:
        return ""
    return (
        _words(f"{folder} 所在的磁盘", f"the disk of {folder}")
        if folder
        else _words("要写入的磁盘（或其配额）", "the disk that is written to, or its quota,")
    )


def _words(zh: str, en: str) -> str:
    return (
        f"{zh}已满，本次没有办完；此前已登记的内容不受影响。\n"
        "办法：在该磁盘上腾出空间，或换到别的磁盘，然后把同一条命令再执行一次。\n"
        f"{en[0].upper()}{en[1:]} is full; what was registered before stands.\n"
        "Hint: free some space there, or write to another disk, then run the same command again"
    )
