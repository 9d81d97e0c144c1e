"""Imports position lists: each row is checked, then stored or refused with a reason."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy.orm import Session

from address_model.coordinates import CoordinateSystem, distance_m
from address_model.positions import Position, PositionKind
from service.addresses import commands as addresses
from service.addresses.commands import PointFacts, PositionDraft
from service.addresses.commands.positions import SAME_M
from service.addresses.queries import AddressRow, lock_addresses
from service.core.actor import Actor
from service.core.database import Database
from service.core.errors import Conflict
from service.core.sheets import ErrorsFile, Row, RowFault
from service.divisions import queries as divisions
from service.imports.points import CountyBorders, PointFault
from service.imports.position_rows import ImportPosition, PositionReader
from service.plates.commands import follow_addresses

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class PositionOptions:
    """The officer's declarations about a list of positions."""

    source: str
    system: CoordinateSystem = CoordinateSystem.CGCS2000
    dry_run: bool = False


@dataclass
class PositionReport:
    """The result of an import: rows by outcome (new, changed, same, refused), and reasons."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass
class _Chunk:
    """A chunk of rows being imported, and the faults of refused rows."""

    session: Session
    borders: CountyBorders
    options: PositionOptions
    actor: Actor
    faults: dict[int, list[RowFault]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def refuse(self, row: ImportPosition, name: str, reason: str, hint: str) -> None:
        """Note why a row is refused."""
        self.faults.setdefault(row.row, []).append(RowFault(row.row, name, reason, hint))


def import_positions(
    database: Database,
    source: Iterable[Row],
    reader: PositionReader,
    options: PositionOptions,
    actor: Actor,
    *,
    errors: ErrorsFile | None = None,
) -> PositionReport:
    """Store the positions of a list; refused rows go to the errors file with reason and hint.

    A chunk is stored completely or not at all; importing the same list again changes nothing. Rows
    of kind 代表点 move the address's own point. A dry run does the same and rolls it back.
    """
    report = PositionReport()
    with database.reading() as session:
        borders = CountyBorders(divisions.list_county_boundaries(session))
    rows = iter(source)
    while taken := list(islice(rows, CHUNK)):
        found = {row.number: reader.read(row) for row in taken}
        with database.reading() if options.dry_run else database.session() as session:
            chunk = _Chunk(session, borders, options, actor)
            chunk.faults |= {n: one for n, one in found.items() if isinstance(one, list)}
            _store_rows(chunk, [one for one in found.values() if isinstance(one, ImportPosition)])
        report.rows += len(taken)
        report.outcomes += chunk.outcomes
        report.outcomes["refused"] += len(chunk.faults)
        for row in taken:
            faults = chunk.faults.get(row.number, [])
            report.reasons.update(one.reason for one in faults)
            if faults and errors is not None:
                errors.add(row, faults)
    return report


def _store_rows(chunk: _Chunk, rows: Sequence[ImportPosition]) -> None:
    """Store the rows of a chunk with all its addresses locked."""
    held = lock_addresses(chunk.session, sorted({row.code for row in rows}))
    options = chunk.options
    placed: list[tuple[ImportPosition, PositionDraft]] = []
    for row in rows:
        address = held.get(row.code)
        if address is None:
            chunk.refuse(row, "code", f"没有地址编码 {row.code}", "对照门牌逐位核对")
            continue
        county, name = address.division_code[:6], address.elements.county
        place = chunk.borders.place(row.lon, row.lat, options.system, county, name)
        if isinstance(place, PointFault):
            fault = place.of_row(row.row)
            chunk.refuse(row, place.field, fault.reason, fault.hint)
            continue
        position = Position(row.kind, place[0], row.accuracy, row.label)
        source, note = row.source or options.source, row.note or place[1]
        placed.append((row, PositionDraft(row.code, position, source, note)))
    typed = [one for one in placed if one[1].position.kind is not PositionKind.CENTRE]
    outcomes = addresses.set_positions(chunk.session, [d for _, d in typed], chunk.actor)
    for (row, _), outcome in zip(typed, outcomes, strict=True):
        if isinstance(outcome, Conflict):
            chunk.refuse(row, "code", outcome.detail, outcome.hint)
        else:
            chunk.outcomes[outcome] += 1
    own = [one for one in placed if one[1].position.kind is PositionKind.CENTRE]
    _move_own_points(chunk, own, held)


def _move_own_points(
    chunk: _Chunk,
    own: Sequence[tuple[ImportPosition, PositionDraft]],
    held: Mapping[str, AddressRow],
) -> None:
    """Move the own points of addresses, and update the plates that depend on them."""
    moved: list[AddressRow] = []
    for row, draft in own:
        wanted, before = draft.position, held[row.code]
        known = (before.point_accuracy, before.point_source) == (wanted.accuracy, draft.source)
        if before.point and known and distance_m(before.point, wanted.point) <= SAME_M:
            chunk.outcomes["same"] += 1
            continue
        facts = PointFacts(wanted.accuracy, draft.source, draft.note)
        try:
            address = addresses.move_address(
                chunk.session, row.code, wanted.point, chunk.actor, facts=facts
            )
        except Conflict as refused:
            chunk.refuse(row, "code", refused.detail, refused.hint)
            continue
        moved.append(address)
        chunk.outcomes["changed" if before.point else "new"] += 1
    follow_addresses(chunk.session, moved, chunk.actor)
