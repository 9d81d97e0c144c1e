"""Imports address lists: reads and places all rows, judges their places, then stores them.

Before the first code is issued, the places of the whole list are judged under a lock on its
counties, held until the last row is stored. So the result depends neither on the order of the rows
nor on the number of processes.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

from address_model.coordinates import CoordinateSystem
from service.addresses import commands as addresses
from service.addresses.place_index import PlaceCollector, PlaceIndex, PlaceQuestion
from service.core.actor import Actor
from service.core.database import Database
from service.core.memory import collection_paused
from service.core.sheets import ErrorsFile, RowFault, RowSource
from service.divisions import queries as divisions
from service.imports.commands.row_store import SeenRows, open_seen_rows, store_rows
from service.imports.commands.waiting_rows import keep_waiting
from service.imports.decisions import Decisions, PlacedRow
from service.imports.placed_chunks import (
    ChunkPlacer,
    PlacedChunk,
    ReadRow,
    RowSpool,
    open_spool,
    place_chunks,
)
from service.imports.points import CountyBorders
from service.imports.queries import find_known
from service.imports.register_comparison import decide
from service.imports.reports import ImportReport, list_left_out
from service.imports.row_cells import mask_row
from service.imports.row_log import RowLog
from service.imports.row_placement import RowPlacer
from service.imports.rows import RowReader
from service.imports.rules import Rule, rule_of
from service.placenames.commands import hold_counties

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The officer's declarations about a file."""

    source: str
    system: CoordinateSystem = CoordinateSystem.CGCS2000
    dry_run: bool = False
    is_sample: bool = False
    with_parents: bool = False
    """Register the missing units, buildings and doors that rooms of the list lie in."""
    reuse_texts: bool = False
    """Register a text as a new address even if another address formerly had it."""
    division: str = ""
    """The division (12 digits, their beginning, or a name) of rows that do not name theirs."""
    reach: str = ""
    """The beginning of the codes of divisions whose addresses may be changed; "" is everywhere."""


@dataclass
class _Import:
    """The state of a running import."""

    database: Database
    chunks: ChunkPlacer
    options: ImportOptions
    actor: Actor
    report: ImportReport = field(default_factory=ImportReport)
    faults: dict[int, tuple[RowFault, ...]] = field(default_factory=dict)
    parents: dict[tuple[object, ...], PlacedRow] = field(default_factory=dict)
    places: PlaceCollector = field(default_factory=PlaceCollector)
    index: PlaceIndex = field(default_factory=PlaceIndex)
    growth: addresses.PlaceGrowth = field(default_factory=addresses.PlaceGrowth)
    seen: SeenRows | None = None
    log: RowLog | None = None


@collection_paused()  # rows create many objects and no reference cycles
def import_addresses(
    database: Database,
    source: RowSource,
    reader: RowReader,
    options: ImportOptions,
    actor: Actor,
    *,
    errors: ErrorsFile | None = None,
    advance: Callable[[int], None] = lambda _: None,
    placer: RowPlacer | None = None,
    log: RowLog | None = None,
    processes: int | None = None,
) -> ImportReport:
    """Import the rows of a file; refused rows go to the errors file with reason and hint.

    ``log`` is told what becomes of each row, in the transaction that stores its chunk. Rows of a
    long list are placed by ``processes`` (default: one per available processor).

    A chunk is stored completely or not at all, and importing the same file again changes nothing:
    an interrupted import is simply repeated.

    Raises:
        Busy: another import holds one of the counties.
    """
    placer = placer or build_placer(database, options)
    work = _Import(database, ChunkPlacer(reader, placer), options, actor, log=log)
    if not options.with_parents:
        work.seen = open_seen_rows(database, placer, reader.columns, options)
    with ExitStack() as stack:
        # rows that name their estate's gate go first, so that others match them by either key
        above, gated, plain = (stack.enter_context(open_spool()) for _ in range(3))
        unseen = _list_unseen(work, source, advance)
        for chunk in place_chunks(work.chunks, unseen, processes):
            _note_placed(work, chunk)
            for placed in chunk.rows:
                (gated if placed.draft.names_gate else plain).add(placed)
        if not options.dry_run:
            stack.enter_context(hold_counties(database, work.places.counties()))
        for parent in work.parents.values():
            work.places.add(parent.draft)
            above.add(parent)
        _judge_places(work)
        for spool in (above, gated, plain):
            _store_spool(work, spool, are_parents=spool is above)
    work.report.left_out = list_left_out(reader.columns)
    if errors is not None and work.faults:
        for row in source:
            if row.number in work.faults:
                errors.add(mask_row(row, reader.columns), work.faults[row.number])
    return work.report


def build_placer(database: Database, options: ImportOptions) -> RowPlacer:
    """Load the registers needed to place rows."""
    with collection_paused(), database.reading() as session:
        register = divisions.load_register(session)
        boundaries = divisions.list_county_boundaries(session)
        gazetteer = divisions.gazetteer_of(session)
        within = None
        if options.division:
            named = divisions.get_division_by_text(session, options.division)
            within = register.find(named.code)
    return RowPlacer(
        divisions=register,
        gazetteer=gazetteer,
        borders=CountyBorders(boundaries),
        source=options.source,
        system=options.system,
        is_sample=options.is_sample,
        within=within,
    )


def _list_unseen(
    work: _Import, source: RowSource, advance: Callable[[int], None]
) -> Iterator[list[ReadRow]]:
    """Yield the rows to read in chunks, each with its digest; count seen rows as the same.

    A chunk without rows to read is left out.
    """
    rows = iter(source)
    while chunk := list(islice(rows, CHUNK)):
        work.report.rows += len(chunk)
        digests = [b""] * len(chunk)
        if work.seen is not None:
            digests = work.seen.digest_rows(chunk)
        held = work.seen.find_seen(digests) if work.seen is not None else {}
        unread: list[ReadRow] = []
        for row, digest in zip(chunk, digests, strict=True):
            if digest in held:
                work.report.same += held[digest]
                work.report.expanded += held[digest] > 1
            else:
                unread.append((row, digest))
        if unread:
            yield unread
        advance(len(chunk))


def _note_placed(work: _Import, chunk: PlacedChunk) -> None:
    """Add the result of placing a chunk to the report, its places and each parent once."""
    for number, faults in chunk.refused.items():
        _refuse(work, number, faults)
    for kind, numbers in chunk.skipped.items():
        work.report.skipped.setdefault(kind, []).extend(numbers)
    work.report.expanded += chunk.expanded
    work.report.warnings += chunk.warnings
    work.report.taken += chunk.notes
    for row in chunk.rows:
        work.places.add(row.draft)
        parents = addresses.list_parent_drafts(row.draft) if work.options.with_parents else ()
        for draft in parents:
            key = draft.county, draft.township, draft.elements
            if key in work.parents:
                break  # its own parents are known as well
            work.parents[key] = PlacedRow(row.number, "", draft)


def _judge_places(work: _Import) -> None:
    """Judge the places of the whole list and, unless it is a dry run, register them."""
    counties = work.places.counties()
    if work.options.dry_run:
        with work.database.reading() as session:
            for county in counties:
                addresses.judge_places(session, work.places, county, work.index)
    else:
        with work.database.session() as session:
            for county in counties:
                addresses.judge_places(session, work.places, county, work.index)
                addresses.enter_places(
                    session,
                    work.places,
                    county,
                    work.index,
                    work.actor,
                    source=work.options.source,
                )
    work.growth.begun.update(work.index.ids.values())
    if work.seen is not None:
        with work.database.reading() as session:
            work.seen.forget_places(session, counties)
    work.report.notes = work.index.list_notes()


def _store_spool(work: _Import, spool: RowSpool, *, are_parents: bool) -> None:
    report = work.report
    for chunk in spool.chunks(CHUNK):
        ready: list[PlacedRow] = []
        waiting: list[tuple[PlacedRow, PlaceQuestion]] = []
        for row in chunk:
            found = work.index.assign(row.draft)
            if not isinstance(found, PlaceQuestion):
                ready.append(row._replace(draft=found))
            elif are_parents:
                continue  # reported for the row itself
            elif found.waits:
                waiting.append((row, found))
            else:
                level = "community" if found.township else "township"
                values = {"name": found.name, "why": found.reason}
                fault = Rule.PLACE_UNCLEAR.fault(row.number, level, **values)
                _refuse(work, row.number, (work.chunks.named(fault),))
        report.waiting += len(waiting)
        decisions = _store_rows(work, ready, waiting, log=None if are_parents else work.log)
        if are_parents:
            report.parents += len(decisions.new)
        else:
            for refusal in (*decisions.conflicts, *decisions.errors):
                _refuse(work, refusal.row.number, (work.chunks.named(refusal.fault),))
            report.errors -= len(decisions.conflicts)
            report.conflicts += len(decisions.conflicts)
            report.new += len(decisions.new)
            changed = (*decisions.changed, *decisions.identified, *decisions.gated)
            report.changed += len(changed)
            report.same += len(decisions.same)


def _store_rows(
    work: _Import,
    ready: list[PlacedRow],
    waiting: list[tuple[PlacedRow, PlaceQuestion]],
    *,
    log: RowLog | None,
) -> Decisions:
    reuse, reach = work.options.reuse_texts, work.options.reach
    waits = [row for row, _ in waiting]
    if work.options.dry_run:
        with work.database.reading() as session:
            known = find_known(session, ready, reuse_texts=reuse)
            decisions = decide(known, ready, reach=reach)
        if log is not None:
            with work.database.session() as session:
                log.add(session, decisions, waits)
        return decisions
    with work.database.session() as session:
        keep_waiting(session, waiting)
        decisions = store_rows(
            session,
            ready,
            work.actor,
            reuse_texts=reuse,
            reach=reach,
            growth=work.growth,
            seen=work.seen,
        )
        if log is not None:
            log.add(session, decisions, waits)
        return decisions


def _refuse(work: _Import, number: int, faults: tuple[RowFault, ...]) -> None:
    work.report.errors += 1
    for fault in faults:
        work.report.reasons[rule_of(fault)] += 1
    work.faults[number] = (*work.faults.get(number, ()), *faults)
