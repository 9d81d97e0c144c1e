"""Reads what came in place of a plate or of its address: seldom scanned, so not with the rest."""

from sqlalchemy.orm import Session

from address_model.codes import AddressCode, format_code
from address_model.lifecycle import GONE
from address_model.masking import cut_at_door
from address_model.rendering import local_text
from service.addresses.drafts import number_order
from service.addresses.queries import AddressRow, find_successors
from service.core.clock import day_of
from service.plates.queries import find_plate
from service.scans.card import Successor, spoken_divisions
from service.scans.queries.plates import PlateRecord

_LONGEST_CHAIN = 20
_FIGURES = str.maketrans("一二三四五六七八九", "123456789")


def read_successors(
    session: Session, record: PlateRecord, *, to_door: bool = False
) -> tuple[Successor, ...]:
    """What is there now: the addresses at the ends of all rows, else the last plate, else nothing.

    ``to_door`` shows rooms as their door, each door once.
    """
    if not record.is_followed:
        return ()
    addresses = _read_addresses(session, record.code, to_door=to_door)
    if addresses or record.replaced_by is None:
        return addresses
    return _read_newest_plate(session, record)


def _read_newest_plate(session: Session, record: PlateRecord) -> tuple[Successor, ...]:
    newest, following = None, record.replaced_by
    for _ in range(_LONGEST_CHAIN):
        newer = find_plate(session, following) if following else None
        if newer is None or newer.token == record.token:
            break
        newest, following = newer, newer.replaced_by
    if newest is None:
        return ()
    since = day_of(newest.created_at)
    return (Successor(f"/{newest.token}", local_text(newest.elements), since),)


def _read_addresses(session: Session, code: str, *, to_door: bool) -> tuple[Successor, ...]:
    found: dict[str, Successor] = {}
    rows = find_successors(session, [code]).get(code, [])
    for row in sorted(rows, key=_in_street_order):
        elements = cut_at_door(row.elements) if to_door else row.elements
        one = Successor(
            f"/a/{row.code}",
            local_text(elements),
            code=format_code(AddressCode(row.code)),
            spoken=spoken_divisions(elements),
            has_ended=row.status in GONE,
        )
        if to_door and not (held := found.get(one.local_text, one)).has_ended:
            one = held
        found[one.local_text if to_door else row.code] = one
    return tuple(found.values())


def _in_street_order(row: AddressRow) -> tuple[int, str]:
    """By number, then 之一 before 之二 before 之三."""
    return number_order(row.elements) or 0, local_text(row.elements).translate(_FIGURES)
