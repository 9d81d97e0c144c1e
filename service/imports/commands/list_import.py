"""Imports address lists: read and placed, judged as a whole, then stored chunk by chunk.

Before the first code is given, the places of the whole list are judged under a lock on its
counties, which is held until the last row is stored: the order of the rows and the number of
processes change nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from address_model.coordinates import CoordinateSystem
from service.addresses import commands as addresses
from service.addresses.place_index import PlaceCollector, PlaceIndex, PlaceQuestion
from service.core.actor import Actor
from service.core.database import Database
from service.core.memory import collection_paused
from service.core.sheets import ErrorsFile, RowFault, RowSource
from service.divisions import queries as divisions
from service.divisions.register import DivisionRegister, DivisionRow
from service.imports.borders import CountyBorders
from service.imports.commands.row_store import store_rows
from service.imports.commands.seen_rows import SeenRows, open_seen_rows
from service.imports.commands.waiting_rows import keep_waiting
from service.imports.decisions import Decisions, PlacedRow
from service.imports.placed_chunks import ChunkPlacer, PlacedChunk, ReadRow, place_chunks
from service.imports.queries import find_known
from service.imports.register_comparison import decide
from service.imports.reports import ImportReport, list_left_out
from service.imports.row_cells import mask_row
from service.imports.row_placement import RowPlacer
from service.imports.rows import RowReader
from service.imports.rules import Rule, rule_of
from service.imports.spool import RowSpool, open_spool
from service.placenames.commands import hold_counties

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the officer declares about a file."""

    source: str
    system: CoordinateSystem = CoordinateSystem.CGCS2000
    dry_run: bool = False
    is_sample: bool = False
    with_parents: bool = False
    """Enter the units, buildings and doors that rooms of the list lie in, if they are missing."""
    reuse_texts: bool = False
    """Enter a text as a new address though another address had it once."""
    division: str = ""
    """The division (12 digits or their beginning) that all rows lie in, where they do not say."""


@dataclass
class _Import:
    """One running import: what it reads with, where it stores and what it reports to."""

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


@collection_paused()  # a row makes much and no circles
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
) -> ImportReport:
    """Import the rows of a file; refused rows go to the errors file with reason and hint.

    A chunk is stored whole or not at all, and the same file imported again changes nothing; so an
    import that broke off is simply run again.

    Raises:
        Busy: another import holds one of the counties.
    """
    placer = placer or build_placer(database, options)
    work = _Import(database, ChunkPlacer(reader, placer), options, actor)
    if not options.with_parents:
        work.seen = open_seen_rows(database, placer, reader.columns, options)
    with ExitStack() as stack:
        # rows that name their estate's gate come first: what others name is then known by both
        above, gated, plain = (stack.enter_context(open_spool()) for _ in range(3))
        for chunk in place_chunks(work.chunks, _unseen(work, source, advance)):
            _report(work, chunk)
            for placed in chunk.rows:
                work.places.add(placed.draft)
                (gated if placed.draft.names_gate else plain).add(placed)
                if options.with_parents:
                    _add_parents(work, placed)
        if not options.dry_run:
            stack.enter_context(hold_counties(database, work.places.counties()))
        for parent in work.parents.values():
            work.places.add(parent.draft)
            above.add(parent)
        _judge(work)
        for spool in (above, gated, plain):
            _store_spool(work, spool, are_parents=spool is above)
    work.report.left_out = list_left_out(reader.columns)
    if errors is not None and work.faults:
        for row in source:
            if row.number in work.faults:
                errors.add(mask_row(row, reader.columns), work.faults[row.number])
    return work.report


def build_placer(database: Database, options: ImportOptions) -> RowPlacer:
    """Read the registers that rows are placed with."""
    with collection_paused(), database.reading() as session:
        register = divisions.load_register(session)
        boundaries = divisions.list_county_boundaries(session)
        gazetteer = divisions.gazetteer_of(session)
        within = _find_division(session, register, options.division)
    return RowPlacer(
        divisions=register,
        gazetteer=gazetteer,
        borders=CountyBorders(boundaries),
        source=options.source,
        system=options.system,
        is_sample=options.is_sample,
        within=within,
    )


def _find_division(
    session: Session, register: DivisionRegister, division: str
) -> DivisionRow | None:
    """The division that an officer names by its code, the beginning of it, or its name."""
    if not division:
        return None
    row = divisions.get_division_by_text(session, division)
    return register.find(row.code)


def _unseen(
    work: _Import, source: RowSource, advance: Callable[[int], None]
) -> Iterator[list[ReadRow]]:
    """The rows that must be read, each with its digest; those that were seen are the same.

    A chunk of which nothing must be read is left out.
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


def _report(work: _Import, chunk: PlacedChunk) -> None:
    """Add what became of a chunk's rows to the report."""
    for number, faults in chunk.refused.items():
        _refuse(work, number, faults)
    for kind, numbers in chunk.skipped.items():
        work.report.skipped.setdefault(kind, []).extend(numbers)
    work.report.expanded += chunk.expanded
    work.report.warnings += chunk.warnings
    work.report.taken += chunk.notes


def _add_parents(work: _Import, row: PlacedRow) -> None:
    """Note what a row lies in, once for all rows that lie in it."""
    for draft in addresses.list_parent_drafts(row.draft):
        key = draft.county, draft.township, draft.elements
        if key in work.parents:
            return
        work.parents[key] = PlacedRow(row.number, "", draft)


def _judge(work: _Import) -> None:
    """Judge the places of the whole list and, unless it is a dry run, enter them at once."""
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
    for chunk in spool.chunks(CHUNK):
        ready: list[PlacedRow] = []
        waiting: list[tuple[PlacedRow, PlaceQuestion]] = []
        for row in chunk:
            found = work.index.assign(row.draft)
            if not isinstance(found, PlaceQuestion):
                ready.append(row._replace(draft=found))
            elif are_parents:
                continue  # the row itself says why
            elif found.waits:
                waiting.append((row, found))
            else:
                _refuse(work, row.number, (work.chunks.named(_unclear(row, found)),))
        work.report.waiting += len(waiting)
        decisions = _store(work, ready, waiting)
        if are_parents:
            work.report.parents += len(decisions.new)
        else:
            _count(work, decisions)


def _store(
    work: _Import, ready: list[PlacedRow], waiting: list[tuple[PlacedRow, PlaceQuestion]]
) -> Decisions:
    reuse = work.options.reuse_texts
    if work.options.dry_run:
        with work.database.reading() as session:
            return decide(find_known(session, ready, reuse_texts=reuse), ready)
    with work.database.session() as session:
        keep_waiting(session, waiting)
        return store_rows(
            session, ready, work.actor, reuse_texts=reuse, growth=work.growth, seen=work.seen
        )


def _count(work: _Import, decisions: Decisions) -> None:
    for refusal in (*decisions.conflicts, *decisions.errors):
        _refuse(work, refusal.row.number, (work.chunks.named(refusal.fault),))
    work.report.errors -= len(decisions.conflicts)
    work.report.conflicts += len(decisions.conflicts)
    work.report.new += len(decisions.new)
    work.report.changed += len(decisions.changed) + len(decisions.identified)
    work.report.changed += len(decisions.gated)
    work.report.same += len(decisions.same)


def _refuse(work: _Import, number: int, faults: tuple[RowFault, ...]) -> None:
    work.report.errors += 1
    for fault in faults:
        work.report.reasons[rule_of(fault)] += 1
    work.faults[number] = (*work.faults.get(number, ()), *faults)


def _unclear(row: PlacedRow, question: PlaceQuestion) -> RowFault:
    field = "community" if question.township else "township"
    values = {"name": question.name, "why": question.reason}
    return Rule.PLACE_UNCLEAR.fault(row.number, field, **values)
