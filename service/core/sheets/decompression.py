"""Bytes of a file, unpacked if it is a gzip, with a limit on what it unpacks to."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from service.core.sheets.faults import ArchiveBroken, SheetFault, SheetTooLarge, reading_fault

CHUNK = 1 << 20
MAX_RATIO = 200
"""A list of addresses packs 5 to 30 times; gzip's own bound is 1,032."""
RATIO_COUNTS_FROM = 64 << 20


def open_bytes(path: Path, *, packed: bool) -> IO[bytes]:
    """Open a file for reading, unpacked."""
    try:
        return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise reading_fault(path, error) from error


def read_chunks(path: Path, *, packed: bool) -> Iterator[bytes]:
    """Yield the unpacked bytes; raise SheetTooLarge for a packed file that never ends."""
    unpacked = 0
    with reading(path), open_bytes(path, packed=packed) as handle:
        limit = max(RATIO_COUNTS_FROM, path.stat().st_size * MAX_RATIO)
        while chunk := handle.read(CHUNK):
            unpacked += len(chunk)
            if packed and unpacked > limit:
                raise SheetTooLarge(
                    f"{path.name} unpacks to more than {MAX_RATIO} times its size",
                    "Unpack it yourself, look at it, and give the unpacked file",
                )
            yield chunk


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the disk and gzip raise into faults that name the file."""
    try:
        yield
    except SheetFault:
        raise
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ArchiveBroken(
            f"{path.name} is not a whole gzip file", "Copy or pack the file again"
        ) from error
    except OSError as error:
        raise reading_fault(path, error) from error
