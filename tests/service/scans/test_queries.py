from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Numbered
from address_model.tables import Address, Plate
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, open_batch
from service.scans.card import CardState, CardStatus, ScanCard
from service.scans.contact import DutyRole
from service.scans.queries.cards import find_card, find_public_card
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements
from tests.factories.areas import make_area, make_duty
from tests.factories.hosts import PREFIX

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hang_plates(session: Session) -> list[tuple[str, str]]:
    place = make_place(session)
    drafts = [
        make_draft(place, str(n), point=Point(120.164 + n / 10_000, 30.24 + n % 2 / 5000))
        for n in range(1, 21)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix=PREFIX, actor=COMMAND_LINE
    )
    tokens = issue_plates(session, batch, codes, COMMAND_LINE, status="in_use")
    return list(zip(tokens, codes, strict=True))


def scan(session: Session, token: str, now: datetime = NOON) -> ScanCard:
    card = find_card(session, token, now=now)
    assert card is not None
    return card


def test_a_scan_puts_address_areas_duties_and_sketch_together(session: Session) -> None:
    token, code = hang_plates(session)[7]
    make_duty(session, make_area(session))
    make_area(session, "community", "示例社区 1")
    card = scan(session, token)
    assert card.code.digits == code
    assert card.local_text == "河坊街8号"
    assert card.status is CardStatus.IN_USE
    assert card.community == "示例社区 1"
    assert [contact.role for contact in card.contacts] == [DutyRole.GRID_WORKER]
    assert card.sketch is not None
    assert (card.sketch.caption.street, card.sketch.caption.near[0].label) == ("河坊街", "10")
    assert card.division.startswith("330102")
    assert card.romanised.startswith("No. 8 Hefang Jie, ")
    assert card.payload == f"{PREFIX}{token}"


def test_a_contact_is_gone_at_midnight_of_its_last_day_in_china(session: Session) -> None:
    token, _ = hang_plates(session)[0]
    make_duty(session, make_area(session), valid_to=date(2026, 11, 23))
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert scan(session, token, midnight - timedelta(seconds=1)).contacts
    assert not scan(session, token, midnight).contacts


def test_no_plate_no_card(session: Session) -> None:
    assert find_card(session, "0000000000", now=NOON) is None
    assert find_public_card(session, "3301061234567833") is None


def test_the_card_of_a_code_has_no_contacts(session: Session) -> None:
    _, code = hang_plates(session)[0]
    make_duty(session, make_area(session))
    card = find_public_card(session, code)
    assert card is not None
    assert card.contacts == ()
    assert card.token == ""


def test_the_card_of_a_room_code_stops_at_the_door_plate(session: Session) -> None:
    place = make_place(session)
    room = make_elements("88", unit=Numbered("2", "单元"), room=Numbered("501", "室"))
    (code,) = enter_addresses(session, [make_draft(place, elements=room)], COMMAND_LINE)
    card = find_public_card(session, str(code))
    assert card is not None
    assert card.standard_text == "浙江省杭州市上城区清波街道河坊街88号"
    assert "501" not in repr(card.elements)


def change_plate(session: Session, token: str, **values: object) -> None:
    session.execute(update(Plate).where(Plate.token == token).values(**values))


def change_address(session: Session, code: str, **values: object) -> None:
    session.execute(update(Address).where(Address.code == code).values(**values))


def test_a_replaced_plate_leads_to_the_last_of_its_successors(session: Session) -> None:
    (first, _), (second, _), (third, _), *_ = hang_plates(session)
    change_plate(session, first, status="replaced", replaced_by=second, status_reason="破损")
    change_plate(session, second, status="replaced", replaced_by=third)
    card = scan(session, first)
    assert card.state is CardState.REPLACED
    assert card.reason == "破损"
    assert card.successor is not None
    assert card.successor.path == f"/{third}"
    assert card.successor.since is not None


def test_plates_that_replace_each_other_in_a_ring_end_somewhere(session: Session) -> None:
    (first, _), (second, _), *_ = hang_plates(session)
    change_plate(session, first, status="replaced", replaced_by=second)
    change_plate(session, second, status="replaced", replaced_by=first)
    successor = scan(session, first).successor
    assert successor is not None
    assert successor.path == f"/{second}"


def test_a_replaced_address_leads_to_the_last_of_its_successors(session: Session) -> None:
    (token, old), (_, middle), (_, new), *_ = hang_plates(session)
    change_address(session, old, status="replaced", successor_code=middle)
    change_address(session, middle, status="replaced", successor_code=new)
    card = scan(session, token)
    assert card.state is CardState.ADDRESS_REPLACED
    assert card.successor is not None
    assert card.successor.path == f"/a/{new}"
    assert card.successor.code.replace(" ", "") == new
    assert card.successor.spoken == "杭州市上城区清波街道"


def test_a_void_plate_is_void_whatever_its_address_is(session: Session) -> None:
    (token, code), *_ = hang_plates(session)
    change_plate(session, token, status="void")
    change_address(session, code, status="retired")
    assert scan(session, token).state is CardState.VOID


def test_the_card_of_a_code_does_not_die_with_a_plate(session: Session) -> None:
    (token, code), *_ = hang_plates(session)
    change_plate(session, token, status="void")
    card = find_public_card(session, code)
    assert card is not None
    assert card.state is CardState.NOT_YET


def test_a_contact_is_unconfirmed_from_the_181st_day_on(session: Session) -> None:
    token, _ = hang_plates(session)[0]
    make_duty(session, make_area(session), confirmed_at=date(2026, 5, 27))
    (contact,) = scan(session, token).contacts
    assert not contact.is_unconfirmed
    (contact,) = scan(session, token, NOON + timedelta(days=1)).contacts
    assert contact.is_unconfirmed
