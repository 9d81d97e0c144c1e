"""Files that appear whole or not at all: written beside their place and renamed at the end."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.core.sheets.faults import writing_fault


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a new file beside ``path`` to write to; it takes the place of ``path`` at the end.

    When the body raises, nothing is left behind and an older file at ``path`` stays as it was.
    Raises DiskFull or FolderNotWritable for what the disk says here.
    """
    part = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise writing_fault(path, error) from error
    try:
        yield part
        _put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says while ``path`` is written into a fault with its hint."""
    try:
        yield
    except OSError as error:
        raise writing_fault(path, error) from error


def _put_in_place(part: Path, path: Path) -> None:
    with writing(path):
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(path)
