"""Puts together what a scan shows: plate, address, areas, duties, neighbours; nothing is copied."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from address_model.codes import AddressCode, format_code
from address_model.coordinates import Point
from address_model.elements import Elements, door_of
from address_model.lifecycle import GONE
from address_model.pinyin import romanise_address, spell_address, spell_name
from address_model.rendering import local_text, standard_text
from service.addresses.drafts import number_order
from service.addresses.queries import (
    AddressRow,
    find_addresses,
    find_successors,
    get_address,
    list_doors_about,
)
from service.areas.queries import (
    AreaRow,
    DutyRow,
    list_areas_at,
    list_areas_of,
    list_public_duties,
)
from service.core.clock import day_of, now_utc
from service.heritage.queries import find_story
from service.linking.queries import list_area_ids
from service.plates.queries import PlateRow, find_plate, list_plates_of
from service.plates.wording import face_text
from service.scans.card import (
    AddressState,
    CardStatus,
    Contact,
    DutyRole,
    ScanCard,
    Successor,
    is_unconfirmed,
    spoken_divisions,
)
from service.scans.sketch import REACH, Sketch, door_at, draw_sketch

SHOWN_STATUS = {
    "to_make": CardStatus.NOT_YET,
    "making": CardStatus.NOT_YET,
    "to_install": CardStatus.NOT_YET,
    "in_use": CardStatus.IN_USE,
    "damaged": CardStatus.DAMAGED,
    "lost": CardStatus.LOST,
    "replaced": CardStatus.REPLACED,
    "void": CardStatus.VOID,
}
_ROLES = {role.value: role for role in DutyRole}
SHOWN_STATE = {
    "replaced": AddressState.REPLACED,
    "retired": AddressState.RETIRED,
    "invalid": AddressState.INVALID,
}
_DEAD = ("replaced", "void")
_LONGEST_CHAIN = 20
_FIGURES = str.maketrans("一二三四五六七八九", "123456789")


def find_card(session: Session, token: str, *, now: datetime | None = None) -> ScanCard | None:
    """What the scan of a token shows, or None when no plate carries it."""
    plate = find_plate(session, token)
    if plate is None:
        return None
    address = get_address(session, plate.code)
    card = _card(session, address, SHOWN_STATUS[plate.status], day_of(now or now_utc()))
    newer = _newer_plate(session, plate)
    return replace(
        card,
        token=plate.token,
        payload=plate.payload,
        reason=plate.status_reason,
        successors=card.successors or ((newer,) if newer else ()),
        printed=printed_otherwise(plate.printed_text, plate.elements),
        is_trial=plate.is_trial,
    )


def find_public_card(
    session: Session, code: str, *, now: datetime | None = None
) -> ScanCard | None:
    """What anybody may see of a code (16 digits): down to the door plate, and no contact."""
    address = find_addresses(session, [code]).get(code)
    if address is None:
        return None
    living = [plate for plate in list_plates_of(session, code) if plate.status not in _DEAD]
    shown = next((plate for plate in living if not plate.is_trial), next(iter(living), None))
    status = SHOWN_STATUS[shown.status] if shown else CardStatus.NOT_YET
    elements = door_of(address.elements)
    if elements != address.elements:
        address = replace(address, entrance=None)  # the way into a home is nobody's business
    card = _card(session, address, status, day_of(now or now_utc()))
    return replace(
        card,
        elements=elements,
        standard_text=standard_text(elements),
        romanised=romanise_address(elements),
        spelled=spell_address(elements),
        successors=_successors(session, address, only_door=True),
        contacts=(),
        grid="",
        is_trial=bool(shown and shown.is_trial),
    )


def _card(session: Session, address: AddressRow, status: CardStatus, today: date) -> ScanCard:
    position = address.position
    areas = _areas_of(session, address, today)
    duties = list_public_duties(session, [area.id for area in areas], today)
    street = address.elements.street
    return ScanCard(
        code=AddressCode(address.code),
        standard_text=address.standard_text,
        elements=address.elements,
        status=status,
        community=name_of(areas, "community"),
        grid=name_of(areas, "grid"),
        pinyin=spell_name(street).upper() if street else "",
        romanised=romanise_address(address.elements),
        spelled=spell_address(address.elements),
        division=address.division_code,
        address_state=SHOWN_STATE.get(address.status, AddressState.CURRENT),
        successors=_successors(session, address),
        contacts=contacts_of(duties, today),
        position=position,
        sketch=_sketch(session, address, position.point) if position else None,
        story=find_story(session, address.code),
        is_demo=address.is_sample,
    )


def _areas_of(session: Session, address: AddressRow, today: date) -> list[AreaRow]:
    """The areas the address is linked to; of one that nobody has linked yet, those about it."""
    linked = list_area_ids(session, [address.code]).get(address.code)
    if linked:
        return list_areas_of(session, linked, today)
    return list_areas_at(session, address.point, today) if address.point else []


def _newer_plate(session: Session, plate: PlateRow) -> Successor | None:
    """The last plate in the row of those that came in place of this one."""
    newest = plate
    for _ in range(_LONGEST_CHAIN):
        newer = find_plate(session, newest.replaced_by) if newest.replaced_by else None
        if newer is None or newer.token == plate.token:
            break
        newest = newer
    if newest is plate:
        return None
    since = day_of(newest.created_at)
    return Successor(f"/{newest.token}", local_text(newest.elements), since)


def _successors(
    session: Session, address: AddressRow, *, only_door: bool = False
) -> tuple[Successor, ...]:
    """All addresses at the ends of the rows of those that came in place of this one.

    ``only_door`` shows rooms as their door, each door once.
    """
    found: dict[str, Successor] = {}
    rows = find_successors(session, [address.code]).get(address.code, [])
    for row in sorted(rows, key=_in_street_order):
        elements = door_of(row.elements) if only_door else row.elements
        one = Successor(
            f"/a/{row.code}",
            local_text(elements),
            code=format_code(AddressCode(row.code)),
            spoken=spoken_divisions(elements),
            has_ended=row.status in GONE,
        )
        if only_door and not (held := found.get(one.local_text, one)).has_ended:
            one = held
        found[one.local_text if only_door else row.code] = one
    return tuple(found.values())


def _in_street_order(row: AddressRow) -> tuple[int, str]:
    """By number, then 之一 before 之二 before 之三."""
    return number_order(row.elements) or 0, local_text(row.elements).translate(_FIGURES)


def printed_otherwise(printed: str | None, elements: Elements) -> str:
    """What stands on a plate where a plate made now would say something else, else ""."""
    return printed if printed and printed != face_text(elements) else ""


def name_of(areas: list[AreaRow], kind: str) -> str:
    """The name of the first area of a kind, or ""."""
    return next((area.name for area in areas if area.kind == kind), "")


def contacts_of(duties: Sequence[DutyRow], today: date) -> tuple[Contact, ...]:
    """The duties of which a page can speak, as contacts."""
    return tuple(_contact(duty, today) for duty in duties if duty.role in _ROLES)


def _contact(duty: DutyRow, today: date) -> Contact:
    return Contact(
        role=_ROLES[duty.role],
        display_name=duty.display_name,
        phone=duty.phone,
        organisation=duty.organisation,
        confirmed_at=duty.confirmed_at,
        is_demo=duty.is_sample,
        is_unconfirmed=is_unconfirmed(duty.confirmed_at, today),
    )


def _sketch(session: Session, address: AddressRow, point: Point) -> Sketch:
    others = [
        door_at(door.point, door.elements)
        for door in list_doors_about(session, point, REACH)
        if door.code != address.code and door.point not in (point, address.point)
    ]
    return draw_sketch(door_at(point, address.elements), others)
