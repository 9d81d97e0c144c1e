"""Keeps placed rows of a list, in memory and on disk, between the two passes of an import."""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO

from service.imports.decisions import PlacedRow

_BLOCK = 500
_IN_MEMORY = 50_000
"""How many rows (about 100 MB) are kept in memory; further rows go to the file."""


class RowSpool:
    """A first-in, first-out store of placed rows; its file is deleted with the process."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first: list[PlacedRow] = []
        self._block: list[PlacedRow] = []
        self._written = 0  # blocks in the file

    def add(self, row: PlacedRow) -> None:
        """Append a row."""
        if len(self._first) < _IN_MEMORY:
            self._first.append(row)
            return
        self._block.append(row)
        if len(self._block) >= _BLOCK:
            self._flush()

    def chunks(self, size: int) -> Iterator[list[PlacedRow]]:
        """Yield all rows in lists of ``size``."""
        self._flush()
        self._file.seek(0)
        blocks = (pickle.load(self._file) for _ in range(self._written))  # noqa: S301 - our own
        rows = chain(self._first, chain.from_iterable(blocks))
        while chunk := list(islice(rows, size)):
            yield chunk

    def _flush(self) -> None:
        if self._block:
            pickle.dump(self._block, self._file, pickle.HIGHEST_PROTOCOL)
            self._block = []
            self._written += 1


@contextmanager
def open_spool() -> Iterator[RowSpool]:
    """Open an empty spool in the temporary folder."""
    with tempfile.TemporaryFile(prefix="menpai-rows-") as file:
        yield RowSpool(file)
