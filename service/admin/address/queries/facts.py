"""Reads what the page of an address shows beside its row: neighbours, names, plates, work."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from address_model.elements import elements_from_plain
from address_model.lifecycle import ENDED, GONE, PlateStatus
from address_model.plate_standing import Standing, standing_of
from address_model.street_order import street_stretch
from address_model.tables import (
    Address,
    AddressIdentifier,
    AddressName,
    AddressSuccession,
    Plate,
    StaffAccount,
    WorkItem,
)
from service.addresses.queries import AddressRow
from service.addresses.queries.rows import address_row, select_addresses
from service.plates.faces import face_text
from service.worklists.queries import WorkRow, list_items_of

MOST_PLATES = 100
"""At most so many plates of one address are shown."""


class OtherAddress(NamedTuple):
    """Another address, as a link names it."""

    code: str
    standard_text: str
    level: str
    status: str


@dataclass(frozen=True, slots=True)
class NameLine:
    """A name an address has or had."""

    kind: str
    text: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class IdentifierLine:
    """An identifier of an address in another system."""

    scheme: str
    value: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The doors before and after an address in the order of its street; None at an end."""

    before: OtherAddress | None
    after: OtherAddress | None


@dataclass(frozen=True, slots=True)
class Extent:
    """How much hangs on an address: what lies in it, the live plates there, and open work.

    ``children`` lie directly in it, ``below`` counts theirs too; ``first`` is the first child in
    the order of the street. ``drawn`` counts its own plates that a file for the maker has already
    and that are not made yet, ``outdated`` its own live plates with another text, by state.
    """

    children: int
    below: int
    first: OtherAddress | None
    own_plates: dict[str, int]
    inner_plates: dict[str, int]
    open_work: dict[str, int]
    drawn: int = 0
    outdated: dict[str, int] = field(default_factory=dict)


def find_times(session: Session, code: str) -> tuple[datetime, datetime]:
    """When an address was registered, and when its row last changed."""
    statement = select(Address.created_at, Address.updated_at).where(Address.code == code)
    created, updated = session.execute(statement).one()
    return created, updated


def find_neighbours(session: Session, address: AddressRow) -> Neighbours:
    """The living addresses of the same level beside this one, on its place and at its parent."""
    own = select(Address.street_order, Address.code).where(Address.code == address.code)
    place, code = session.execute(own).one()
    stretch = street_stretch(address.division_code, address.elements)
    order = (Address.street_order, Address.code)
    beside = _others().where(
        Address.level == address.level,
        Address.county == address.county,
        Address.status.not_in(GONE),
        Address.parent_code.is_not_distinct_from(address.parent_code),
        Address.street_order.between(stretch, stretch + b"\xff"),
    )
    later = beside.where(Address.street_order >= place, tuple_(*order) > tuple_(place, code))
    earlier = beside.where(Address.street_order <= place, tuple_(*order) < tuple_(place, code))
    last = earlier.order_by(order[0].desc(), order[1].desc()).limit(1)
    following = session.execute(later.order_by(*order).limit(1)).first()
    before = session.execute(last).first()
    return Neighbours(
        OtherAddress(*before) if before else None, OtherAddress(*following) if following else None
    )


def list_beside(session: Session, address: AddressRow) -> list[AddressRow]:
    """The living addresses of the same level on its place, at its parent, in its lanes.

    Its own is among them; those of another township of the street are not.
    """
    statement = select_addresses().where(
        Address.county == address.county,
        Address.level == address.level,
        Address.place_id.is_not_distinct_from(address.place_id),
        Address.parent_code.is_not_distinct_from(address.parent_code),
        Address.status.not_in(GONE),
        Address.street_order.between(
            stretch := street_stretch(address.division_code, address.elements), stretch + b"\xff"
        ),
    )
    rows = [address_row(row) for row in session.execute(statement.order_by(*_ORDER))]
    return [row for row in rows if row.elements.lanes == address.elements.lanes]


def list_inner(
    session: Session, code: str, *, after: str = "", limit: int = 200
) -> list[OtherAddress]:
    """The direct children of an address in the order of the street.

    ``after`` is the code of the last one seen.
    """
    order = (Address.street_order, Address.code)
    statement = _others().where(Address.parent_code == code)
    if after:
        last = select(*order).where(Address.code == after)
        seen = session.execute(last).first() or (b"", "")
        statement = statement.where(tuple_(*order) > tuple_(*seen))
    rows = session.execute(statement.order_by(*order).limit(limit))
    return [OtherAddress(*row) for row in rows]


def list_successors(session: Session, address: AddressRow) -> list[OtherAddress]:
    """The addresses that directly took the place of an ended one."""
    divided = select(AddressSuccession.successor_code).where(AddressSuccession.code == address.code)
    codes = [address.successor_code] if address.successor_code else list(session.scalars(divided))
    statement = _others().where(Address.code.in_(codes)).order_by(*_ORDER).limit(50)
    return [OtherAddress(*row) for row in session.execute(statement)]


def list_predecessors(session: Session, code: str) -> list[OtherAddress]:
    """The addresses that ended and of which this one directly took the place; at most 50."""
    divided = select(AddressSuccession.code).where(AddressSuccession.successor_code == code)
    ended = select(Address.code).where(Address.successor_code == code).union(divided)
    statement = _others().where(Address.code.in_(ended))
    return [OtherAddress(*row) for row in session.execute(statement.order_by(*_ORDER).limit(50))]


def list_names(session: Session, code: str) -> list[NameLine]:
    """All names of an address: present ones first, then by the day they ended."""
    statement = (
        select(
            AddressName.kind,
            AddressName.text,
            AddressName.source,
            AddressName.valid_from,
            AddressName.valid_to,
        )
        .where(AddressName.code == code)
        .order_by(
            AddressName.valid_to.desc().nulls_first(),
            (AddressName.kind != "standard"),
            AddressName.valid_from.desc(),
            AddressName.text,
        )
        .limit(200)
    )
    return [NameLine(*row) for row in session.execute(statement)]


def list_identifiers(session: Session, code: str) -> list[IdentifierLine]:
    """All identifiers of an address in other systems."""
    statement = (
        select(
            AddressIdentifier.scheme,
            AddressIdentifier.value,
            AddressIdentifier.valid_from,
            AddressIdentifier.valid_to,
        )
        .where(AddressIdentifier.code == code)
        .order_by(AddressIdentifier.scheme, AddressIdentifier.value)
        .limit(200)
    )
    return [IdentifierLine(*row) for row in session.execute(statement)]


def list_tokens(session: Session, code: str) -> list[str]:
    """The tokens of all plates of an address, newest first."""
    statement = select(Plate.token).where(Plate.code == code).order_by(Plate.created_at.desc())
    return list(session.scalars(statement.limit(MOST_PLATES)))


def list_work(session: Session, code: str, tokens: list[str]) -> list[WorkRow]:
    """The work at an address and at its plates: open items first, then the newest."""
    rows = list_items_of(session, code, *tokens)
    return sorted(rows, key=lambda row: (row.state != "open", -row.id))


def measure_extent(session: Session, code: str, tokens: list[str]) -> Extent:
    """Count what hangs on an address; ``tokens`` are those of its plates."""
    inside = select(Address.code).where(Address.parent_code == code, Address.status.not_in(GONE))
    children = session.scalar(select(func.count()).select_from(inside.subquery())) or 0
    tree = inside.cte("below", recursive=True)
    tree = tree.union(
        select(Address.code).where(Address.parent_code == tree.c.code, Address.status.not_in(GONE))
    )
    below = session.scalar(select(func.count()).select_from(tree)) or 0
    own = _count_plates(session, select(Plate.status).where(Plate.code == code))
    inner = _count_plates(session, select(Plate.status).where(Plate.code.in_(select(tree.c.code))))
    statement = (
        select(WorkItem.kind, func.count())
        .where(WorkItem.key.in_([code, *tokens]), WorkItem.state == "open")
        .group_by(WorkItem.kind)
    )
    work = dict(session.execute(statement).all())
    living = _others().where(Address.parent_code == code, Address.status.not_in(GONE))
    first = session.execute(living.order_by(*_ORDER).limit(1)).first()
    drawn, outdated = _read_faces(session, code)
    heir = OtherAddress(*first) if first else None
    return Extent(children, below, heir, own, inner, work, drawn, outdated)


def find_display_names(session: Session, names: set[str]) -> dict[str, str]:
    """The display names of accounts by name; accounts without one are left out."""
    statement = select(StaffAccount.name, StaffAccount.display_name).where(
        StaffAccount.name.in_(names), StaffAccount.display_name != ""
    )
    return dict(session.execute(statement).all())


_ORDER = (Address.street_order, Address.code)


def _others() -> Select[str, str, str, str]:
    return select(Address.code, Address.standard_text, Address.level, Address.status)


def _read_faces(session: Session, code: str) -> tuple[int, dict[str, int]]:
    """The plates to make that are drawn in a file, and by state the live plates out of date."""
    statement = (
        select(Plate.status, Plate.printed_text, Address.status, Address.elements)
        .join(Address, Address.code == Plate.code)
        .where(Plate.code == code, Plate.status.not_in(ENDED), Plate.printed_text.is_not(None))
    )
    drawn, outdated = 0, Counter[str]()
    for status, printed, stands, elements in session.execute(statement):
        drawn += status == PlateStatus.TO_MAKE
        face = face_text(elements_from_plain(elements))
        if standing_of(stands, printed, face) is Standing.OTHER_TEXT:
            outdated[status] += 1
    return drawn, dict(outdated)


def _count_plates(session: Session, statement: Select[str]) -> dict[str, int]:
    plates = statement.where(Plate.status.not_in(ENDED)).subquery()
    counted = select(plates.c.status, func.count()).group_by(plates.c.status)
    return dict(session.execute(counted).all())
