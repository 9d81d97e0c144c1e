"""Reads the address register: one by code, many by division, names by key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, text, true
from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, format_code, parse_code
from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.elements import Elements
from address_model.lifecycle import ADDRESS_STATUS_NAMES, AddressStatus
from address_model.positions import Accuracy, Position, PositionKind, counting_position
from address_model.serialising import elements_from_plain
from address_model.tables import (
    Address,
    Division,
)
from service.addresses.queries.positions import (
    ENTRANCE,
    PositionRow,
    find_entrance_of,
    list_positions,
)
from service.core.errors import AddressNotFound, MalformedCode
from service.core.records import Record


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address of the register.

    ``point`` is its own (代表点), by which it lies in areas; ``position`` is what it is shown and
    found by.
    """

    code: str
    county: str
    division_id: int
    division_code: str
    standard_text: str
    elements: Elements
    level: str
    status: str
    status_reason: str
    successor_code: str | None
    parent_code: str | None
    point: Point | None
    point_note: str
    source: str
    is_sample: bool
    place_id: int | None = None
    second_place_id: int | None = None
    point_accuracy: Accuracy = Accuracy.UNKNOWN
    point_source: str = ""
    entrance: Position | None = None
    version: int = 1

    @property
    def record(self) -> Record:
        """The address as it stands, for whoever saw another."""
        facts = {
            "标准地址": self.standard_text,
            "状态": ADDRESS_STATUS_NAMES[AddressStatus(self.status)],
            "原因": self.status_reason,
        }
        for one in filter(None, (self.own_position, self.entrance)):
            facts[one.name] = f"{one.point.lon:.6f}, {one.point.lat:.6f}"
        title = f"地址 {format_code(self.code)}"
        return Record("addresses", self.code, title, self.version, facts)

    @property
    def own_position(self) -> Position | None:
        """Its own point, with what is known of it."""
        if self.point is None:
            return None
        return Position(PositionKind.CENTRE, self.point, self.point_accuracy)

    @property
    def position(self) -> Position | None:
        """Its entrance, else its own point."""
        return counting_position(self.own_position, self.entrance)


_LOCK = text(
    "select code from address where code = any(:codes) or parent_code = any(:codes) "
    "order by code for no key update"
)
"""What lies in an address finds its parent anew when that changes, so it is locked with it."""

_SUCCESSORS = text(
    "with recursive chain(origin, code) as ("
    "select code, code from address where code = any(:codes) union "
    "select c.origin, coalesce(s.successor_code, a.successor_code) from chain c "
    "join address a on a.code = c.code left join address_succession s on s.code = a.code "
    "where coalesce(s.successor_code, a.successor_code) is not null) "
    "select c.origin, c.code from chain c join address a on a.code = c.code "
    "where a.successor_code is null and c.code <> c.origin "
    "and not exists (select from address_succession s where s.code = a.code)"
)


def get_address(session: Session, code: str) -> AddressRow:
    """The address of a code, written as people write it.

    Raises:
        MalformedCode: this is no address code (length, check digits).
        AddressNotFound: the code is right in form and was never given out.
    """
    try:
        digits = parse_code(code).digits
    except InvalidCode as error:
        raise MalformedCode(str(error), mend="compare it with the plate, 4-4-4-4") from error
    row = session.execute(_select().where(Address.code == digits)).first()
    if row is None:
        raise AddressNotFound(
            f"no address has the code {digits}",
            mend="compare the code with the plate, digit by digit",
        )
    return _address_row(row)


def hold_addresses(session: Session, *codes: str) -> list[AddressRow]:
    """The addresses of these codes, locked until the transaction ends, as they are then.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
    """
    found = [get_address(session, code).code for code in codes]
    held = lock_addresses(session, found)
    return [held[code] for code in found]


def lock_addresses(session: Session, codes: Sequence[str]) -> dict[str, AddressRow]:
    """Addresses by their codes of 16 digits, locked in order of code, as they are then.

    What lies in them is locked too.
    """
    session.execute(_LOCK, {"codes": list(codes)})
    return find_addresses(session, codes)


def list_addresses(
    session: Session,
    *,
    division: str = "",
    status: str = "",
    after: str = "",
    limit: int = 100,
) -> list[AddressRow]:
    """Addresses in order of code; ``division`` is the beginning of a 12-digit division code."""
    statement = _select().where(Address.code > after).order_by(Address.code).limit(limit)
    if division:
        statement = statement.where(lies_in_division(division))
    if status:
        statement = statement.where(Address.status == status)
    return [_address_row(row) for row in session.execute(statement)]


def iterate_addresses(session: Session, *, division: str = "") -> Iterator[AddressRow]:
    """All addresses of a division (12 digits or their beginning) in order of code, streamed."""
    for page in _pages(session, division):
        yield from page


def iterate_positions(
    session: Session, *, division: str = ""
) -> Iterator[tuple[AddressRow, list[PositionRow]]]:
    """The same addresses, each with its typed positions."""
    for page in _pages(session, division):
        found = list_positions(session, [row.code for row in page])
        for row in page:
            yield row, found.get(row.code, [])


def _pages(session: Session, division: str) -> Iterator[list[AddressRow]]:
    after = ""
    while page := list_addresses(session, division=division, after=after, limit=5000):
        yield page
        after = page[-1].code


def find_addresses(session: Session, codes: Sequence[str]) -> dict[str, AddressRow]:
    """The addresses of these codes; a code that does not exist is left out."""
    rows = session.execute(_select().where(Address.code == func.any(list(codes))))
    return {row.code: _address_row(row) for row in rows}


def find_successors(session: Session, codes: Sequence[str]) -> dict[str, list[AddressRow]]:
    """What took the place of addresses, at the end of each chain; those with none are left out."""
    ends: dict[str, list[str]] = {}
    for origin, code in session.execute(_SUCCESSORS, {"codes": list(codes)}):
        ends.setdefault(origin, []).append(code)
    rows = find_addresses(session, sorted({code for found in ends.values() for code in found}))
    return {origin: [rows[code] for code in sorted(found)] for origin, found in ends.items()}


def list_children(
    session: Session, code: str, *, after: str = "", limit: int = 100
) -> list[AddressRow]:
    """What lies directly in an address (16 digits), in order of code."""
    statement = _select().where(Address.parent_code == code, Address.code > after)
    rows = session.execute(statement.order_by(Address.code).limit(limit))
    return [_address_row(row) for row in rows]


def count_addresses(session: Session) -> int:
    """How many addresses the register holds."""
    return session.scalar(select(func.count()).select_from(Address)) or 0


STREET_ORDER = (Address.street_order, Address.code)
"""What every list of addresses, plates or work is ordered by: the order of the street."""


def lies_in_division(division: str) -> ColumnElement[bool]:
    """A filter on ``Address``: lies in the division of this code (12 digits or their beginning).

    Whole counties are found by the address's own column, what is smaller by its divisions.
    """
    prefix = division_prefix(division)
    if len(prefix) == 6:
        return Address.county == prefix
    if len(prefix) < 6:
        return Address.county.startswith(prefix)
    inside = select(Division.id).where(Division.code.startswith(prefix))
    return Address.division_id.in_(inside)


def lies_on_stretch(division: str) -> ColumnElement[bool]:
    """As ``lies_in_division``, for lists in the order of the street: a stretch of its index."""
    prefix = division_prefix(division)
    first = prefix[:9].encode()
    stretch = Address.street_order.between(first, first + b"\xff")
    return stretch if len(prefix) <= 9 else and_(stretch, lies_in_division(division))


def _select() -> Select[*tuple[Any, ...]]:
    columns = select(
        Address.code,
        Address.county,
        Address.division_id,
        Division.code.label("division_code"),
        Address.standard_text,
        Address.elements,
        Address.level,
        Address.status,
        Address.status_reason,
        Address.successor_code,
        Address.parent_code,
        func.ST_X(Address.geom).label("lon"),
        func.ST_Y(Address.geom).label("lat"),
        Address.point_note,
        Address.source,
        Address.is_sample,
        Address.place_id,
        Address.second_place_id,
        Address.point_accuracy,
        Address.point_source,
        Address.version,
        *ENTRANCE.c,
    )
    return columns.join(Division, Division.id == Address.division_id).outerjoin(ENTRANCE, true())


def _address_row(row: Any) -> AddressRow:
    return AddressRow(
        code=row.code,
        county=row.county,
        division_id=row.division_id,
        division_code=row.division_code,
        standard_text=row.standard_text,
        elements=elements_from_plain(row.elements),
        level=row.level,
        status=row.status,
        status_reason=row.status_reason,
        successor_code=row.successor_code,
        parent_code=row.parent_code,
        point=None if row.lon is None else Point(row.lon, row.lat),
        point_note=row.point_note,
        source=row.source,
        is_sample=row.is_sample,
        place_id=row.place_id,
        second_place_id=row.second_place_id,
        point_accuracy=Accuracy(row.point_accuracy),
        point_source=row.point_source,
        entrance=find_entrance_of(row),
        version=row.version,
    )
