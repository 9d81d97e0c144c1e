from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Numbered
from service.addresses.commands import enter_addresses
from service.core.actor import COMMAND_LINE
from service.plates.commands import issue_plates, open_batch
from service.scans.card import CardStatus, DutyRole, ScanCard
from service.scans.queries import find_card, find_public_card
from tests.factories import make_draft, make_place
from tests.factories.addresses import make_elements
from tests.factories.areas import make_area, make_duty

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def hang_plates(session: Session) -> list[tuple[str, str]]:
    place = make_place(session)
    drafts = [
        make_draft(place, str(n), point=Point(120.164 + n / 10_000, 30.24 + n % 2 / 5000))
        for n in range(1, 21)
    ]
    codes = [str(code) for code in enter_addresses(session, drafts, COMMAND_LINE)]
    batch = open_batch(
        session, name="test", design="medium", payload_prefix="http://x/", actor=COMMAND_LINE
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
    assert card.payload == f"http://x/{token}"


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
