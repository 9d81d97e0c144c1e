import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import Finding
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE, Actor
from service.core.errors import Conflict, DivisionNotFound
from service.plates.commands import (
    bind_blank_plate,
    install_plate,
    issue_blank_plates,
    open_batch,
    report_plate,
    void_plate,
)
from service.plates.queries import find_plate, get_plate
from service.scans.queries.cards import find_card
from tests.factories import make_draft, make_place, make_plates, make_visit
from tests.factories.hosts import PREFIX

CREW = Actor("staff", "crew")


def blanks(session: Session, count: int = 1, county: str = "330102") -> list[str]:
    batch = open_batch(
        session, name="blank", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    return issue_blank_plates(session, batch, county, count, COMMAND_LINE)


def door(session: Session, number: str = "88") -> str:
    drafts = [make_draft(make_place(session), number)]
    return str(enter_addresses(session, drafts, COMMAND_LINE)[0])


def test_a_blank_plate_stands_for_nothing_until_it_is_bound(session: Session) -> None:
    code = door(session)
    (token,) = blanks(session)
    assert find_plate(session, token) is None
    assert find_card(session, token) is None
    with pytest.raises(Conflict, match="blank"):
        install_plate(session, token, make_visit(), CREW)
    event = bind_blank_plate(session, token, code, make_visit(), CREW)
    assert (event.kind, event.after, event.code) == ("bound", "in_use", code)
    plate = get_plate(session, token)
    assert (plate.status, plate.generation, plate.code) == ("in_use", 1, code)


def test_a_blank_plate_is_bound_once(session: Session) -> None:
    place = make_place(session)
    codes = enter_addresses(session, [make_draft(place, n) for n in "12"], COMMAND_LINE)
    (token,) = blanks(session)
    visit = make_visit()
    first = bind_blank_plate(session, token, str(codes[0]), visit, CREW)
    assert bind_blank_plate(session, token, str(codes[0]), visit, CREW) == first
    with pytest.raises(Conflict, match="bound already"):
        bind_blank_plate(session, token, str(codes[1]), make_visit(), CREW)
    with pytest.raises(Conflict, match="a different event"):
        bind_blank_plate(session, token, str(codes[1]), visit, CREW)


def test_a_blank_plate_takes_the_place_of_a_broken_one(session: Session) -> None:
    (old,) = make_plates(session, status="in_use")
    code = get_plate(session, old).code
    (token,) = blanks(session)
    with pytest.raises(Conflict, match="in use"):
        bind_blank_plate(session, token, code, make_visit(), CREW)
    report_plate(session, old, Finding.BROKEN, make_visit(), CREW)
    bind_blank_plate(session, token, code, make_visit(), CREW)
    ended = get_plate(session, old)
    assert (ended.status, ended.replaced_by) == ("replaced", token)
    assert get_plate(session, token).generation == 2


def test_a_blank_plate_stays_in_its_county(session: Session) -> None:
    code = door(session)
    (token,) = blanks(session, county="330106")
    with pytest.raises(Conflict, match="county"):
        bind_blank_plate(session, token, code, make_visit(), CREW)


def test_a_void_blank_plate_is_never_bound(session: Session) -> None:
    code = door(session)
    (token,) = blanks(session)
    void_plate(session, token, "丢失", make_visit(None), CREW)
    with pytest.raises(Conflict, match="注销"):
        bind_blank_plate(session, token, code, make_visit(), CREW)


def test_blank_plates_need_a_county(session: Session) -> None:
    make_place(session)
    with pytest.raises(DivisionNotFound):
        blanks(session, county="990000")


def test_a_plate_without_address_and_county_cannot_be_stored(session: Session) -> None:
    make_plates(session)
    with pytest.raises(Exception, match="address_or_county"):
        session.execute(text("update plate set code = null"))
    session.rollback()
