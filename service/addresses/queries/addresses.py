"""Reads addresses: by code, by division, with successors and children; locks them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, false, func, or_, select, text, true
from sqlalchemy.orm import Session

from address_model.below_door import BELOW_DOOR
from address_model.codes import InvalidCode, parse_code
from address_model.division_codes import division_prefix
from address_model.sensitivity import Viewer
from address_model.tables import Address, Division
from service.addresses.queries.positions import PositionRow, list_positions
from service.addresses.queries.rows import (
    AddressColumns,
    AddressRow,
    address_row,
    select_addresses,
)
from service.core.errors import AddressNotFound, MalformedCode

_LOCK = text(
    "select code from address where code = any(:codes) or parent_code = any(:codes) "
    "order by code for no key update"
)
"""Children are locked too, because they get a new parent when the address changes."""

_FIRST_CHILDREN = text(
    "select a.code from unnest(cast(:codes as text[])) as p(code) cross join lateral ("
    "select code from address where parent_code = p.code order by code limit :each) a"
)
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
    """The address of a code, in any usual spelling.

    Raises:
        MalformedCode: not an address code (length, check digits).
        AddressNotFound: the code is well-formed but was never issued.
    """
    try:
        digits = parse_code(code).digits
    except InvalidCode as error:
        raise MalformedCode(str(error), hint="compare it with the plate, 4-4-4-4") from error
    row = session.execute(select_addresses().where(Address.code == digits)).first()
    if row is None:
        raise AddressNotFound(
            f"no address has the code {digits}",
            hint="compare the code with the plate, digit by digit",
        )
    return address_row(row)


def hold_addresses(session: Session, *codes: str) -> list[AddressRow]:
    """Lock the addresses of these codes until the transaction ends, and read them.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
    """
    found = [get_address(session, code).code for code in codes]
    held = lock_addresses(session, found)
    return [held[code] for code in found]


def lock_addresses(session: Session, codes: Sequence[str]) -> dict[str, AddressRow]:
    """Lock addresses (16 digits) and their children in order of code; return them by code.

    Unknown codes are left out.
    """
    session.execute(_LOCK, {"codes": list(codes)})
    return find_addresses(session, codes)


def list_addresses(
    session: Session,
    *,
    division: str = "",
    status: str = "",
    beginning: str = "",
    after: str = "",
    limit: int = 100,
) -> list[AddressRow]:
    """Addresses in order of code.

    ``division`` is the beginning of a 12-digit division code, ``beginning`` that of the codes.
    """
    stored = list_columns(
        session, division=division, status=status, beginning=beginning, after=after, limit=limit
    )
    return list(map(address_row, stored))


def list_columns(
    session: Session,
    *,
    division: str = "",
    status: str = "",
    beginning: str = "",
    after: str = "",
    limit: int = 100,
    viewer: Viewer | None = None,
) -> list[AddressColumns]:
    """As ``list_addresses``, as stored columns; only those that ``viewer`` sees, if given."""
    statement = select_addresses().where(Address.code > after).order_by(Address.code).limit(limit)
    if division:
        statement = statement.where(lies_in_division(division))
    if viewer is not None:
        statement = statement.where(lies_in_sight(viewer))
    if status:
        statement = statement.where(Address.status == status)
    if beginning:  # a range, which every collation can read from the index
        ends = beginning.ljust(16, "0"), beginning.ljust(16, "9")
        statement = statement.where(Address.code.between(*ends))
    return list(map(AddressColumns._make, session.execute(statement)))


def iterate_addresses(session: Session, *, division: str = "") -> Iterator[AddressRow]:
    """Yield all addresses of a division (12 digits or their beginning) in order of code."""
    for page in _pages(session, division):
        yield from page


def iterate_positions(
    session: Session, *, division: str = ""
) -> Iterator[tuple[AddressRow, list[PositionRow]]]:
    """As ``iterate_addresses``, each address with its typed positions."""
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
    """The addresses of these codes; unknown codes are left out."""
    rows = session.execute(select_addresses().where(Address.code == func.any(list(codes))))
    return {row.code: address_row(row) for row in rows}


def find_successors(session: Session, codes: Sequence[str]) -> dict[str, list[AddressRow]]:
    """The final successors of addresses, by code; addresses without any are left out."""
    ends: dict[str, list[str]] = {}
    for origin, code in session.execute(_SUCCESSORS, {"codes": list(codes)}):
        ends.setdefault(origin, []).append(code)
    rows = find_addresses(session, sorted({code for found in ends.values() for code in found}))
    return {origin: [rows[code] for code in sorted(found)] for origin, found in ends.items()}


def list_children(
    session: Session, code: str, *, after: str = "", limit: int = 100
) -> list[AddressRow]:
    """The direct children of an address (16 digits), in order of code."""
    statement = select_addresses().where(Address.parent_code == code, Address.code > after)
    rows = session.execute(statement.order_by(Address.code).limit(limit))
    return [address_row(row) for row in rows]


def list_first_children(
    session: Session, codes: Sequence[str], *, each: int
) -> dict[str, list[AddressRow]]:
    """The first direct children of each of some addresses (16 digits), by code."""
    found: dict[str, list[AddressRow]] = {}
    first = session.scalars(_FIRST_CHILDREN, {"codes": list(codes), "each": each}).all()
    statement = select_addresses().where(Address.code == func.any(list(first)))
    for row in map(address_row, session.execute(statement.order_by(Address.code))):
        found.setdefault(str(row.parent_code), []).append(row)
    return found


def count_addresses(session: Session) -> int:
    """The number of addresses in the register."""
    return session.scalar(select(func.count()).select_from(Address)) or 0


_AT_DOOR = and_(
    Address.level.not_in(BELOW_DOOR),
    or_(Address.level != "thing", Address.elements.op("->")("room").is_(None)),
)
"""As ``below_door.lies_below_door`` has it, the other way round."""

STREET_ORDER = (Address.street_order, Address.code)
"""Street order: the order of every list of addresses, plates or work."""


def lies_in_division(division: str) -> ColumnElement[bool]:
    """A filter on ``Address``: in the division of this code (12 digits or their beginning).

    Counties use the address's own column, smaller divisions their ids.
    """
    prefix = division_prefix(division)
    if len(prefix) == 6:
        return Address.county == prefix
    if len(prefix) < 6:
        return Address.county.startswith(prefix)
    inside = select(Division.id).where(Division.code.startswith(prefix))
    return Address.division_id.in_(inside)


def lies_in_sight(viewer: Viewer) -> ColumnElement[bool]:
    """A filter on ``Address``: those that a viewer sees by its grants; all if it has none."""
    if viewer.reaches is None:
        return true()
    seen = []
    for one in viewer.reaches:
        inside = lies_in_division(one.division) if one.division else true()
        seen.append(inside if one.is_deep else and_(inside, _AT_DOOR))
    return or_(false(), *seen)


def count_in_sight(session: Session, viewer: Viewer, *, most: int) -> int:
    """How many addresses a viewer sees, counted up to ``most``."""
    seen = select(Address.code).where(lies_in_sight(viewer)).limit(most)
    return session.scalar(select(func.count()).select_from(seen.subquery())) or 0


def lies_on_stretch(division: str) -> ColumnElement[bool]:
    """As ``lies_in_division``, for lists in street order: a range of the index."""
    prefix = division_prefix(division)
    first = prefix[:9].encode()
    stretch = Address.street_order.between(first, first + b"\xff")
    return stretch if len(prefix) <= 9 else and_(stretch, lies_in_division(division))
