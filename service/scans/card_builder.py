"""Builds the card of a plate from its database record, for scans, codes and printed cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from address_model.codes import AddressCode
from address_model.pinyin import romanise_address, spell_address, spell_name
from service.areas.queries import AreaRegister, AreaRow, DutyRegister
from service.heritage.stories import Story
from service.plates.faces import face_text
from service.scans.card import (
    AddressState,
    CardStatus,
    Contact,
    DutyRole,
    ScanCard,
    Successor,
    is_unconfirmed,
)
from service.scans.queries.plates import PlateRecord
from service.scans.sketch import door_at, draw_spots

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


def complete_card(card: ScanCard, about: Surroundings, story: Story | None) -> ScanCard:
    """Return a card completed with its surroundings and its story."""
    return replace(
        card,
        community=about.community,
        grid=about.grid,
        contacts=about.contacts,
        story=story,
    )


def _name_of(areas: Sequence[AreaRow], kind: str) -> str:
    return next((area.name for area in areas if area.kind == kind), "")
