"""Puts together what a scan shows: plate, address, areas, duties, neighbours; nothing is copied."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from address_model.codes import AddressCode
from address_model.coordinates import Point
from address_model.pinyin import spell_name
from address_model.rendering import standard_text
from service.addresses.queries import (
    AddressRow,
    find_addresses,
    get_address,
    list_doors_near,
)
from service.areas.queries import AreaRow, DutyRow, list_areas_at, list_public_duties
from service.core.clock import today_in
from service.plates.queries import find_plate, list_plates_of
from service.scans.card import CardStatus, Contact, DutyRole, ScanCard
from service.scans.sketch import Sketch, door_at, draw_sketch

TIME_ZONE = ZoneInfo("Asia/Shanghai")

_SHOWN_STATUS = {
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


def find_card(session: Session, token: str, *, now: datetime | None = None) -> ScanCard | None:
    """What the scan of a token shows, or None when no plate carries it."""
    plate = find_plate(session, token)
    if plate is None:
        return None
    address = get_address(session, plate.code)
    card = _card(session, address, _SHOWN_STATUS[plate.status], today_in(TIME_ZONE, now))
    return replace(card, token=plate.token)


def find_public_card(
    session: Session, code: str, *, now: datetime | None = None
) -> ScanCard | None:
    """What anybody may see of a code (16 digits): down to the door plate, and no contact."""
    address = find_addresses(session, [code]).get(code)
    if address is None:
        return None
    plates = list_plates_of(session, code)
    status = _SHOWN_STATUS[plates[0].status] if plates else CardStatus.NOT_YET
    elements = replace(address.elements, unit=None, floor=None, room=None)
    card = _card(session, address, status, today_in(TIME_ZONE, now))
    return replace(
        card, elements=elements, standard_text=standard_text(elements), contacts=(), grid=""
    )


def _card(session: Session, address: AddressRow, status: CardStatus, today: date) -> ScanCard:
    point = address.point
    areas = list_areas_at(session, point, today) if point else []
    duties = list_public_duties(session, [area.id for area in areas], today)
    street = address.elements.street
    return ScanCard(
        code=AddressCode(address.code),
        standard_text=address.standard_text,
        elements=address.elements,
        status=status,
        community=_name_of(areas, "community"),
        grid=_name_of(areas, "grid"),
        pinyin=spell_name(street).upper() if street else "",
        contacts=tuple(_contact(duty) for duty in duties if duty.role in _ROLES),
        point=point,
        sketch=_sketch(session, address, point) if point else None,
        is_demo=address.is_sample,
    )


def _name_of(areas: list[AreaRow], kind: str) -> str:
    return next((area.name for area in areas if area.kind == kind), "")


def _contact(duty: DutyRow) -> Contact:
    return Contact(
        role=_ROLES[duty.role],
        display_name=duty.display_name,
        phone=duty.phone,
        organisation=duty.organisation,
        confirmed_at=duty.confirmed_at,
        is_demo=duty.is_sample,
    )


def _sketch(session: Session, address: AddressRow, point: Point) -> Sketch:
    others = [
        door_at(door.point, door.elements)
        for door in list_doors_near(session, point)
        if door.code != address.code and door.point != point
    ]
    return draw_sketch(door_at(point, address.elements), others)
