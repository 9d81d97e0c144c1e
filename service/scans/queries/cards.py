"""Reads cards one at a time, in the session of a request: by the token of a plate, or by a code."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from address_model.masking import cut_at_door, mask_record
from address_model.rendering import standard_text
from address_model.sensitivity import ANYBODY, RESIDENT, Viewer
from service.areas.queries import load_area_register, load_duty_register
from service.core.clock import day_of, now_utc
from service.heritage.queries import load_story_register
from service.scans.card import ScanCard, Successor
from service.scans.card_builder import build_card, complete_card, find_surroundings
from service.scans.queries.plates import PlateRecord, read_address, read_plate
from service.scans.queries.successors import read_successors


def find_card(session: Session, token: str, *, now: datetime | None = None) -> ScanCard | None:
    """What the scan of a token shows, or None when no plate carries it."""
    record = read_plate(session, token)
    if record is None:
        return None
    return _card(session, record, read_successors(session, record), RESIDENT, now)


def find_public_card(
    session: Session, code: str, *, now: datetime | None = None
) -> ScanCard | None:
    """What anybody may see of a code (16 digits): down to the door plate, and no contact."""
    record = read_address(session, code)
    if record is None:
        return None
    successors = read_successors(session, record, to_door=ANYBODY.stops_at_the_door)
    return _card(session, stop_at_door(record), successors, ANYBODY, now)


def stop_at_door(record: PlateRecord) -> PlateRecord:
    """Cut what lies in a home: the way into it is nobody's business either."""
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
    story = load_story_register(session, [record.places]).tell(record.places)
    about = find_surroundings(areas, duties, record.area_ids)
    card = complete_card(build_card(record, successors), about, story)
    return mask_record(card, "card", viewer, division=card.division)
