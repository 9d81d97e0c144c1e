"""Makes cards of their records: one in a request's session, or many at once for scans."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from address_model.address_kinds import kind_of
from address_model.codes import AddressCode, format_code
from address_model.elements import local_text, standard_text
from address_model.lifecycle import GONE
from address_model.pinyin import romanise_address, spell_address, spell_name
from address_model.sensitivity import ANYBODY, RESIDENT, Viewer, cut_at_door, mask_record
from service.addresses.drafts import number_order
from service.addresses.queries import AddressRow, find_successors
from service.areas.queries import (
    AreaRegister,
    AreaRow,
    DutyRegister,
    load_area_register,
    load_duty_register,
)
from service.core.clock import day_of, now_utc
from service.datasets.queries import find_shown_fields
from service.datasets.register import ShownField
from service.heritage.queries import load_story_register
from service.heritage.stories import Story
from service.plates.faces import face_text
from service.plates.queries import find_plate
from service.scans.card import AddressState, CardStatus, ScanCard, Successor, spoken_divisions
from service.scans.contact import Contact, DutyRole, is_unconfirmed
from service.scans.queries.plates import PlateRecord, read_address, read_plate
from service.scans.sketch import door_at, draw_spots
from service.service_items.nearby import NearFacility
from service.service_items.queries import load_facility_register, load_service_register
from service.service_items.register import OfferedService

_STATUS = {
    "to_make": CardStatus.NOT_YET,
    "making": CardStatus.NOT_YET,
    "to_install": CardStatus.NOT_YET,
    "in_use": CardStatus.IN_USE,
    "damaged": CardStatus.DAMAGED,
    "lost": CardStatus.LOST,
    "replaced": CardStatus.REPLACED,
    "void": CardStatus.VOID,
}
_ADDRESS_STATE = {
    "replaced": AddressState.REPLACED,
    "retired": AddressState.RETIRED,
    "invalid": AddressState.INVALID,
}
_ROLES = {role.value: role for role in DutyRole}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the areas of an address contribute to its card."""

    community: str = ""
    grid: str = ""
    contacts: tuple[Contact, ...] = ()


def build_card(record: PlateRecord, successors: tuple[Successor, ...] = ()) -> ScanCard:
    """Build the card of a plate or an address, without areas and story."""
    position, elements, printed = record.position, record.elements, record.printed
    street, sketch = elements.street, None
    if position is not None:
        sketch = draw_spots(door_at(position.point, elements), record.spots)
    return ScanCard(
        code=AddressCode(record.code),
        standard_text=record.standard_text,
        elements=elements,
        status=_STATUS[record.plate_status],
        token=record.token,
        pinyin=spell_name(street).upper() if street else "",
        romanised=romanise_address(elements),
        spelled=spell_address(elements),
        division=record.division,
        payload=record.payload,
        address_state=_ADDRESS_STATE.get(record.address_status, AddressState.CURRENT),
        reason=record.plate_reason,
        successors=successors,
        printed=printed if printed and printed != face_text(elements) else "",
        position=position,
        sketch=sketch,
        is_demo=record.is_sample,
        is_trial=record.is_trial,
    )


def find_surroundings(areas: AreaRegister, duties: DutyRegister, area_ids: str) -> Surroundings:
    """The surroundings of comma-separated area ids, on the day of the registers."""
    found = areas.of(map(int, filter(None, area_ids.split(","))))
    shown = [duty for duty in duties.of([area.id for area in found]) if duty.role in _ROLES]
    contacts = tuple(
        Contact(
            role=_ROLES[duty.role],
            display_name=duty.display_name,
            phone=duty.phone,
            organisation=duty.organisation,
            confirmed_at=duty.confirmed_at,
            is_demo=duty.is_sample,
            is_unconfirmed=is_unconfirmed(duty.confirmed_at, duties.day),
        )
        for duty in shown
    )
    return Surroundings(_name_of(found, "community"), _name_of(found, "grid"), contacts)


def complete_card(
    card: ScanCard,
    about: Surroundings,
    *,
    story: Story | None,
    services: tuple[OfferedService, ...],
    nearby: tuple[NearFacility, ...],
    data: tuple[ShownField, ...] = (),
) -> ScanCard:
    """Return a card completed with what is not its own: surroundings, story, services, nearby,
    and the data of departments."""
    return replace(
        card,
        community=about.community,
        grid=about.grid,
        contacts=about.contacts,
        story=story,
        services=services,
        nearby=nearby,
        data=data,
    )


def _name_of(areas: Sequence[AreaRow], kind: str) -> str:
    return next((area.name for area in areas if area.kind == kind), "")


def find_card(
    session: Session,
    token: str,
    *,
    now: datetime | None = None,
    code_hosts: Collection[str] = (),
) -> ScanCard | None:
    """The card shown for a token, or None for an unknown token.

    ``code_hosts`` may be given the address code by links of datasets.
    """
    record = read_plate(session, token)
    if record is None:
        return None
    card = _card(session, record, read_successors(session, record), RESIDENT, now)
    data = find_shown_fields(session, [record.code], code_hosts=code_hosts)
    return replace(card, data=data[record.code])


def find_public_card(
    session: Session, code: str, *, now: datetime | None = None
) -> ScanCard | None:
    """The public card of a 16-digit code: cut at the door, without contacts; or None.

    Of a room that is shown as its door nothing is told that only the room has.
    """
    record = read_address(session, code)
    if record is None:
        return None
    successors = read_successors(session, record, to_door=ANYBODY.stops_at_the_door)
    cut = stop_at_door(record)
    card = _card(session, cut, successors, ANYBODY, now)
    return replace(card, data=find_shown_fields(session, [code])[code]) if cut is record else card


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
    bare = build_card(record, successors)
    services = load_service_register(session, today, bare.division)
    facilities = load_facility_register(session, today, bare.point, ids)
    card = complete_card(
        bare,
        about,
        story=story,
        services=services.of(bare.division, kind_of(bare.elements)),
        nearby=facilities.near(bare.code.digits, bare.point, record.area_ids),
    )
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
    found: dict[str, Successor] = {}
    rows = find_successors(session, [record.code]).get(record.code, [])
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
    if found or record.replaced_by is None:
        return tuple(found.values())
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


def _street_order(row: AddressRow) -> tuple[int, str]:
    """By number, then 之一 before 之二 before 之三."""
    return number_order(row.elements) or 0, local_text(row.elements).translate(_FIGURES)
