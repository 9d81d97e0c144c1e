"""Reads and places the rows of a list chunk by chunk, in several processes where it is long."""

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from address_model.rendering import standard_text
from service.core.pool import end_with_parent_process
from service.core.sheets import Row, RowFault
from service.imports.decisions import PlacedRow
from service.imports.row_placement import RowPlacer
from service.imports.rows import ImportRow, RowReader, SkippedRow

ReadRow = tuple[Row, bytes]
"""A row of a list and its digest."""

_BEFORE = 2
"""So many chunks are placed here first: a short list is done before others have begun."""
_MOST = 8


@dataclass
class PlacedChunk:
    """What the rows of a chunk came to, in their order.

    ``refused`` has the faults of a row by its number, ``skipped`` the rows that are no addresses
    by their kind, ``notes`` counts what was taken though it is not quite right. ``expanded`` rows
    name several plates, and ``warnings`` count doubtful points.
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
        """The plates of each row, or why it is refused."""
        chunk = PlacedChunk()
        for row, digest in rows:
            read = self.reader.read(row)
            if isinstance(read, SkippedRow):
                chunk.skipped.setdefault(str(read), []).append(row.number)
            elif isinstance(read, tuple):
                chunk.refused[row.number] = read
            else:
                self._place(chunk, read, digest)
        chunk.notes = self.placer.take_notes()
        return chunk

    def _place(self, chunk: PlacedChunk, row: ImportRow, digest: bytes) -> None:
        noted = self.placer.notes.total()
        drafts = self.placer.place(row)
        if isinstance(drafts, RowFault):
            chunk.refused[row.number] = (self.named(drafts),)
            return
        chunk.expanded += len(drafts) > 1
        chunk.warnings += bool(drafts[0].point_note)
        texts = [row.text] * len(drafts)
        if row.plates and row.plates[0].township not in ("", drafts[0].elements.township):
            # the words of a township that has another name now
            texts = [standard_text(plate) for plate in row.plates]
        if drafts[0].point_note or self.placer.notes.total() != noted:
            digest = b""  # what is said of this row is said each time
        for draft, said in zip(drafts, texts, strict=True):
            placed = PlacedRow(row.number, row.code, draft, said, digest, len(drafts))
            chunk.rows.append(placed)

    def named(self, fault: RowFault) -> RowFault:
        """Call the field by the list's own heading where it has one."""
        by_field = self.reader.columns.by_field
        return replace(fault, field=by_field.get(fault.field, by_field.get("text", fault.field)))


def place_chunks(
    placer: ChunkPlacer, chunks: Iterable[list[ReadRow]], processes: int | None = None
) -> Iterator[PlacedChunk]:
    """Place chunks, in their order, in so many processes (one for each processor of ours).

    A process that is killed costs time and no row: what it had is placed here.
    """
    count = processes or min(len(os.sched_getaffinity(0)), _MOST)
    open_chunks = iter(chunks)
    yield from map(placer.place, islice(open_chunks, _BEFORE))
    following = next(open_chunks, None)
    if following is None:
        return
    rest = chain([following], open_chunks)
    if count == 1:
        yield from map(placer.place, rest)
        return
    with _started(placer, count) as executor:
        asked: deque[tuple[list[ReadRow], Future[PlacedChunk] | None]] = deque()
        for chunk in rest:
            asked.append((chunk, _ask(executor, chunk)))
            if len(asked) > count + 1:
                yield _answer(placer, *asked.popleft())
        while asked:
            yield _answer(placer, *asked.popleft())


def _ask(executor: ProcessPoolExecutor, chunk: list[ReadRow]) -> Future[PlacedChunk] | None:
    plain = [(Row(row.number, dict(row.values), row.fault), digest) for row, digest in chunk]
    try:
        return executor.submit(_place_there, plain)
    except BrokenProcessPool:
        return None


def _answer(
    placer: ChunkPlacer, chunk: list[ReadRow], asked: Future[PlacedChunk] | None
) -> PlacedChunk:
    try:
        return asked.result() if asked is not None else placer.place(chunk)
    except BrokenProcessPool:
        return placer.place(chunk)


@contextmanager
def _started(placer: ChunkPlacer, count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that hold the registers of this one: forked, as reading them takes a second.

    They compute and talk to nobody; the connections they inherit stay untouched.
    """
    executor = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_begin,
        initargs=(placer,),
    )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


_PLACER: list[ChunkPlacer] = []
"""In a forked process, what it places with."""


def _begin(placer: ChunkPlacer) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the importing process ends us
    end_with_parent_process()
    _PLACER[:] = [placer]


def _place_there(rows: list[ReadRow]) -> PlacedChunk:
    return _PLACER[0].place(rows)
