"""The format of a file, read from its name, and its bytes, decompressed within a limit."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from service.core.sheets.faults import (
    ArchiveBroken,
    EndingUnknown,
    SheetFault,
    SheetTooLarge,
    reading_fault,
)

KINDS = {".csv": "csv", ".tsv": "tsv", ".xlsx": "xlsx", ".ndjson": "ndjson", ".jsonl": "ndjson"}

_HINTS = {
    ".xls": "Open it in Excel or WPS and save it as .xlsx",
    ".xlsm": "Save it as .xlsx: workbooks with macros are not read",
    ".xlsb": "Save it as .xlsx",
    ".et": "Save it as .xlsx in WPS",
    ".ods": "Save it as .xlsx or as CSV UTF-8",
    ".txt": "Rename it to .csv (commas or semicolons) or .tsv (tabs)",
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    """``kind`` is csv, tsv, xlsx or ndjson; ``packed`` means gzipped."""

    kind: str
    packed: bool


def format_of(path: Path) -> FileFormat:
    """The format that a file name ends in; raises EndingUnknown for any other."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    last = suffixes[-2 if packed else -1 :][:1]
    suffix = last[0] if last else ""
    if suffix not in KINDS:
        known = ", ".join(KINDS)
        hint = _HINTS.get(suffix, f"Use a file that ends in {known}, with .gz behind it if packed")
        raise EndingUnknown(f"The format of {path.name} is not known", hint, suffix)
    return FileFormat(KINDS[suffix], packed)


CHUNK = 1 << 20
MAX_RATIO = 200
"""The largest decompression ratio read: address lists reach 5 to 30, gzip bombs 1,032."""
RATIO_COUNTS_FROM = 64 << 20


def open_bytes(path: Path, *, packed: bool) -> IO[bytes]:
    """Open a file for reading, decompressed."""
    try:
        return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise reading_fault(path, error) from error


def read_chunks(path: Path, *, packed: bool) -> Iterator[bytes]:
    """Yield the decompressed bytes in chunks; raises SheetTooLarge for a gzip bomb."""
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
    """Turn errors of the disk and of gzip into faults that name the file."""
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
