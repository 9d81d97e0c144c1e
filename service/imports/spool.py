"""Placed rows of a list on disk, between the two times an import goes through it."""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

from service.imports.decisions import PlacedRow

_BLOCK = 500
_IN_MEMORY = 50_000
"""So many rows (some 100 MB) are kept as they are; those behind them go to the file."""


class RowSpool:
    """Takes placed rows, and gives them back in order; the file goes with the process."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first: list[PlacedRow] = []
        self._block: list[PlacedRow] = []

    def add(self, row: PlacedRow) -> None:
        """Put a row behind the others."""
        if len(self._first) < _IN_MEMORY:
            self._first.append(row)
            return
        self._block.append(row)
        if len(self._block) >= _BLOCK:
            self._flush()

    def chunks(self, size: int) -> Iterator[list[PlacedRow]]:
        """All rows, in lists of a size."""
        self._flush()
        self._file.seek(0)
        rows = self._rows()
        while chunk := list(islice(rows, size)):
            yield chunk

    def _flush(self) -> None:
        if self._block:
            pickle.dump(self._block, self._file, pickle.HIGHEST_PROTOCOL)
            self._block = []

    def _rows(self) -> Iterator[PlacedRow]:
        yield from self._first
        while True:
            try:
                yield from pickle.load(self._file)  # noqa: S301 - our own, of this very process
            except EOFError:
                return


@contextmanager
def open_spool() -> Iterator[RowSpool]:
    """Open an empty spool in the system's folder for temporary files."""
    with tempfile.TemporaryFile(prefix="menpai-rows-") as file:
        yield RowSpool(file)
