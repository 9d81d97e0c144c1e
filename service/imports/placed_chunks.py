"""Reads and places the rows of a list in chunks; long lists use several processes."""

import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import IO

from address_model.elements import standard_text
from service.core.pool import end_with_parent_process
from service.core.sheets import Row, RowFault
from service.imports.decisions import PlacedRow
from service.imports.row_placement import RowPlacer
from service.imports.rows import RowReader, SkippedRow

ReadRow = tuple[Row, bytes]
"""A row of a list and its digest."""

_LOCAL_CHUNKS = 2
"""How many chunks are placed in this process first: starting others would not pay earlier."""
_MAX_PROCESSES = 8


@dataclass
class PlacedChunk:
    """The result of placing a chunk, in the order of its rows.

    ``refused`` has the faults by row number, ``skipped`` the rows that are no addresses by kind.
    ``notes`` count what was accepted with reservations, ``warnings`` doubtful points, and
    ``expanded`` the rows that name several plates.
    """

    rows: list[PlacedRow] = field(default_factory=list)
    refused: dict[int, tuple[RowFault, ...]] = field(default_factory=dict)
    skipped: dict[str, list[int]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    expanded: int = 0
    warnings: int = 0


@dataclass(frozen=True, slots=True)
class ChunkPlacer:
    """Reads and places the rows of one list."""

    reader: RowReader
    placer: RowPlacer

    def place(self, rows: Iterable[ReadRow]) -> PlacedChunk:
        """Place each row, or note why it is refused."""
        chunk = PlacedChunk()
        for listed, digest in rows:
            row = self.reader.read(listed)
            if isinstance(row, SkippedRow):
                chunk.skipped.setdefault(str(row), []).append(listed.number)
                continue
            if isinstance(row, tuple):
                chunk.refused[listed.number] = row
                continue
            noted = self.placer.notes.total()
            drafts = self.placer.place(row)
            if isinstance(drafts, RowFault):
                chunk.refused[row.number] = (self.named(drafts),)
                continue
            chunk.expanded += len(drafts) > 1
            chunk.warnings += bool(drafts[0].point_note)
            texts = [row.text] * len(drafts)
            if row.plates and row.plates[0].township not in ("", drafts[0].elements.township):
                # the list names the township by its former name
                texts = [standard_text(plate) for plate in row.plates]
            # a note must appear in every report, so such a row is read every time
            is_noted = drafts[0].point_note or self.placer.notes.total() != noted
            kept = b"" if is_noted else digest
            chunk.rows += [
                PlacedRow(row.number, row.code, draft, written, kept, len(drafts))
                for draft, written in zip(drafts, texts, strict=True)
            ]
        chunk.notes = self.placer.take_notes()
        return chunk

    def named(self, fault: RowFault) -> RowFault:
        """Replace the field of a fault by the list's own heading, if it has one."""
        by_field = self.reader.columns.by_field
        return replace(fault, field=by_field.get(fault.field, by_field.get("text", fault.field)))


def place_chunks(
    placer: ChunkPlacer, chunks: Iterable[list[ReadRow]], processes: int | None = None
) -> Iterator[PlacedChunk]:
    """Yield placed chunks in order, using ``processes`` (default: one per available processor).

    If a process is killed, its chunk is placed in this process; no row is lost.
    """
    count = processes or min(len(os.sched_getaffinity(0)), _MAX_PROCESSES)
    open_chunks = iter(chunks)
    yield from map(placer.place, islice(open_chunks, _LOCAL_CHUNKS))
    following = next(open_chunks, None)
    if following is None:
        return
    rest = chain([following], open_chunks)
    if count == 1:
        yield from map(placer.place, rest)
        return
    # Forked processes share the registers of this one, which take a second to load. They only
    # compute, and never use the database connections they inherit.
    executor = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_start_child,
        initargs=(placer,),
    )
    pending: deque[tuple[list[ReadRow], Future[PlacedChunk] | None]] = deque()
    try:
        for chunk in rest:
            plain = [(Row(row.number, dict(row.values), row.fault), key) for row, key in chunk]
            try:
                pending.append((chunk, executor.submit(_place_in_child, plain)))
            except BrokenProcessPool:
                pending.append((chunk, None))
            if len(pending) > count + 1:
                yield _result(placer, *pending.popleft())
        while pending:
            yield _result(placer, *pending.popleft())
    finally:
        executor.shutdown(cancel_futures=True)


def _result(
    placer: ChunkPlacer, chunk: list[ReadRow], future: Future[PlacedChunk] | None
) -> PlacedChunk:
    try:
        return future.result() if future is not None else placer.place(chunk)
    except BrokenProcessPool:
        return placer.place(chunk)


_PLACER: list[ChunkPlacer] = []
"""The placer of a forked process."""


def _start_child(placer: ChunkPlacer) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process ends its children
    end_with_parent_process()
    _PLACER[:] = [placer]


def _place_in_child(rows: list[ReadRow]) -> PlacedChunk:
    return _PLACER[0].place(rows)


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
