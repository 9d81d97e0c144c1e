"""Imports address lists: read, place, decide, store; chunk by chunk, each in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from address_model.codes import AddressCode
from address_model.coordinates import CoordinateSystem
from service.addresses import commands as addresses
from service.addresses.drafts import AddressDraft
from service.core.actor import Actor
from service.core.database import Database
from service.core.sheets import ErrorsFile, Row, RowFault, RowSource
from service.divisions import queries as divisions
from service.exchange.borders import CountyBorders
from service.exchange.deciding import Decisions, PlacedRow, Refusal, decide
from service.exchange.placing import Placer
from service.exchange.queries import find_known
from service.exchange.rows import RowReader
from service.linking.commands import link_addresses
from service.plates.commands import follow_addresses

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the officer declares about a file."""

    source: str
    system: CoordinateSystem = CoordinateSystem.CGCS2000
    dry_run: bool = False
    is_sample: bool = False
    reuse_texts: bool = False
    """Enter a text as a new address though another address had it once."""


@dataclass
class ImportReport:
    """What an import did, and why rows were refused.

    ``new``, ``changed``, ``same`` and ``conflicts`` count addresses; a row that names several
    plates is ``expanded`` into as many.
    """

    rows: int = 0
    expanded: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    conflicts: int = 0
    errors: int = 0
    warnings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def refused(self) -> int:
        """Rows that are not in the register as the file has them."""
        return self.conflicts + self.errors


@dataclass
class _Import:
    """One running import: what it reads with, where it stores and what it reports to."""

    database: Database
    reader: RowReader
    placer: Placer
    options: ImportOptions
    actor: Actor
    errors: ErrorsFile | None
    report: ImportReport


def import_addresses(
    database: Database,
    source: RowSource,
    reader: RowReader,
    options: ImportOptions,
    actor: Actor,
    *,
    errors: ErrorsFile | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> ImportReport:
    """Import the rows of a file; refused rows go to the errors file with reason and mend.

    A chunk is stored whole or not at all, and the same file imported again changes nothing; so an
    import that broke off is simply run again.
    """
    placer = build_placer(database, options)
    work = _Import(database, reader, placer, options, actor, errors, ImportReport())
    for chunk in _chunks(source):
        _import_chunk(work, chunk)
        advance(len(chunk))
    return work.report


def build_placer(database: Database, options: ImportOptions) -> Placer:
    """Read the registers that rows are placed with."""
    with database.reading() as session:
        register = divisions.load_register(session)
        boundaries = divisions.list_county_boundaries(session)
        gazetteer = divisions.gazetteer_of(session)
    return Placer(
        divisions=register,
        gazetteer=gazetteer,
        borders=CountyBorders(boundaries),
        source=options.source,
        system=options.system,
        is_sample=options.is_sample,
    )


def _chunks(source: RowSource) -> Iterator[list[Row]]:
    rows = iter(source)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _import_chunk(work: _Import, chunk: list[Row]) -> None:
    work.report.rows += len(chunk)
    placed: list[PlacedRow] = []
    by_number = {row.number: row for row in chunk}
    for row in chunk:
        found = _place(work, row)
        if isinstance(found, list):
            placed += found
            work.report.expanded += len(found) > 1
            work.report.warnings += bool(found[0].draft.point_note)
        else:
            _refuse(work, row, found)
    decisions = _store(work, placed)
    for refusal in (*decisions.conflicts, *decisions.errors):
        _refuse(work, by_number[refusal.row.number], (_named(work, _as_fault(refusal)),))
    work.report.errors -= len(decisions.conflicts)
    work.report.conflicts += len(decisions.conflicts)
    work.report.new += len(decisions.new)
    work.report.changed += len(decisions.changed) + len(decisions.identified)
    work.report.same += len(decisions.same)


def _place(work: _Import, row: Row) -> list[PlacedRow] | tuple[RowFault, ...]:
    """The plates of a row, each as a row of its own, or what is wrong with it."""
    read = work.reader.read(row)
    if isinstance(read, tuple):
        return read
    drafts = work.placer.place(read)
    if isinstance(drafts, RowFault):
        return (_named(work, drafts),)
    return [PlacedRow(row.number, read.code, draft) for draft in drafts]


def _store(work: _Import, placed: list[PlacedRow]) -> Decisions:
    reuse = work.options.reuse_texts
    if work.options.dry_run:
        with work.database.reading() as session:
            return decide(find_known(session, placed, reuse_texts=reuse), placed)
    with work.database.session() as session:
        decisions = decide(find_known(session, placed, reuse_texts=reuse), placed)
        entered: list[AddressCode] = []
        if decisions.new:
            drafts = [_coded(row) for row in decisions.new]
            entered = addresses.enter_addresses(session, drafts, work.actor)
        before = [
            addresses.correct_address(session, held, row.draft, work.actor)
            for held, row in decisions.changed
        ]
        for held, row in (*decisions.changed, *decisions.identified):
            given = ((held.code, identifier) for identifier in row.draft.identifiers)
            addresses.add_identifiers(session, given, work.actor)
        follow_addresses(session, before, work.actor)
        link_addresses(session, [code.digits for code in entered])
    return decisions


def _coded(row: PlacedRow) -> AddressDraft:
    """The draft of a new row, with the reserved code that the row brings, if any."""
    return replace(row.draft, code=row.code) if row.code else row.draft


def _named(work: _Import, fault: RowFault) -> RowFault:
    """Call the field by the list's own heading where it has one."""
    by_field = work.reader.columns.by_field
    return replace(fault, field=by_field.get(fault.field, by_field.get("text", fault.field)))


def _refuse(work: _Import, row: Row, faults: tuple[RowFault, ...]) -> None:
    work.report.errors += 1
    for fault in faults:
        work.report.reasons[fault.reason.split(";")[0]] += 1
    if work.errors is not None:
        work.errors.add(row, faults)


def _as_fault(refusal: Refusal) -> RowFault:
    return RowFault(refusal.row.number, refusal.field, refusal.reason, refusal.mend)
