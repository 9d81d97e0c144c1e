"""Reads single cards in a request's session, by token or by code, and successors."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from address_model.codes import AddressCode, format_code
from address_model.lifecycle import GONE
from address_model.masking import cut_at_door, mask_record
from address_model.rendering import local_text, standard_text
from address_model.sensitivity import ANYBODY, RESIDENT, Viewer
from service.addresses.drafts import number_order
from service.addresses.queries import AddressRow, find_successors
from service.areas.queries import load_area_register, load_duty_register
from service.core.clock import day_of, now_utc
from service.heritage.queries import load_story_register
from service.plates.queries import find_plate
from service.scans.card import ScanCard, Successor, spoken_divisions
from service.scans.card_builder import build_card, complete_card, find_surroundings
from service.scans.queries.plates import PlateRecord, read_address, read_plate


def find_card(session: Session, token: str, *, now: datetime | None = None) -> ScanCard | None:
    """The card shown for a token, or None for an unknown token."""
    record = read_plate(session, token)
    if record is None:
        return None
    return _card(session, record, read_successors(session, record), RESIDENT, now)


def find_public_card(
    session: Session, code: str, *, now: datetime | None = None
) -> ScanCard | None:
    """The public card of a 16-digit code: cut at the door, without contacts; or None."""
    record = read_address(session, code)
    if record is None:
        return None
    successors = read_successors(session, record, to_door=ANYBODY.stops_at_the_door)
    return _card(session, stop_at_door(record), successors, ANYBODY, now)


def stop_at_door(record: PlateRecord) -> PlateRecord:
    """Cut unit, floor and room for privacy, and the entrance with them."""
    elements = cut_at_door(record.elements)
    if elements == record.elements:
        return record
    return replace(
        record,
        elements=elements,
        standard_text=standard_text(elements),
        position=record.own,
    )


def _card(
    session: Session,
    record: PlateRecord,
    successors: tuple[Successor, ...],
    viewer: Viewer,
    now: datetime | None,
) -> ScanCard:
    today, ids = day_of(now or now_utc()), [int(one) for one in record.area_ids.split(",") if one]
    areas = load_area_register(session, today, ids)
    duties = load_duty_register(session, today, ids)
    story = load_story_register(session, [record.places]).find_by_key(record.places)
    about = find_surroundings(areas, duties, record.area_ids)
    card = complete_card(build_card(record, successors), about, story)
    return mask_record(card, "card", viewer, division=card.division)


_LONGEST_CHAIN = 20
_FIGURES = str.maketrans("一二三四五六七八九", "123456789")


def read_successors(
    session: Session, record: PlateRecord, *, to_door: bool = False
) -> tuple[Successor, ...]:
    """The successors: the latest addresses, else the newest plate, else none.

    ``to_door`` cuts rooms at their door, and lists each door once.
    """
    if not record.is_followed:
        return ()
    addresses = _read_addresses(session, record.code, to_door=to_door)
    if addresses or record.replaced_by is None:
        return addresses
    newest = None
    following: str | None = record.replaced_by
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
    for row in sorted(rows, key=_street_order):
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


def _street_order(row: AddressRow) -> tuple[int, str]:
    """By number, then 之一 before 之二 before 之三."""
    return number_order(row.elements) or 0, local_text(row.elements).translate(_FIGURES)
