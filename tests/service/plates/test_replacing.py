import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import Finding
from service.addresses.commands import retire_address
from service.core.actor import Actor
from service.core.errors import BadRequest, Conflict, MenpaiError
from service.plates.commands import (
    ReplacementRequest,
    install_plate,
    replace_plate,
    report_plate,
    void_plate,
)
from service.plates.queries import get_plate
from service.plates.queries.events import EventRow, list_events
from service.scans.card import CardStatus, ScanCard
from service.scans.queries.cards import find_card
from service.worklists.queries import list_items_of
from tests.factories import make_plates, make_visit
from tests.factories.hosts import PREFIX

CREW = Actor("staff", "crew")
OFFICER = Actor("staff", "officer")


def order(session: Session, token: str, reason: str = "二维码破损") -> str:
    what = ReplacementRequest(reason, PREFIX, approval_above=100)
    successor = replace_plate(session, token, what, make_visit(None), OFFICER).successor
    assert successor
    return successor


def hang(session: Session, token: str) -> EventRow:
    return install_plate(session, token, make_visit(), CREW)


def scan(session: Session, token: str) -> ScanCard:
    card = find_card(session, token)
    assert card
    return card


def leads_to(session: Session, token: str) -> str:
    successor = scan(session, token).successor
    return successor.path if successor else ""


def test_an_ordered_plate_is_the_next_generation_and_the_old_one_hangs_on(
    session: Session,
) -> None:
    (old,) = make_plates(session, status="in_use")
    report_plate(session, old, Finding.BROKEN, make_visit(), CREW)
    new = order(session, old)
    before, after = get_plate(session, old), get_plate(session, new)
    assert (before.status, before.replaced_by) == ("damaged", new)
    assert (after.status, after.generation, after.code) == ("to_make", 2, before.code)
    assert [item.kind for item in list_items_of(session, old, state="open")] == ["replace"]


def test_once_the_new_plate_hangs_the_old_one_leads_on(session: Session) -> None:
    (old,) = make_plates(session, status="in_use")
    new = order(session, old)
    hang(session, new)
    assert get_plate(session, old).status == "replaced"
    card = scan(session, old)
    assert (card.status, card.reason) == (CardStatus.REPLACED, "二维码破损")
    assert leads_to(session, old) == f"/{new}"
    assert [item.state for item in list_items_of(session, old)] == ["done"]
    assert [event.kind for event in list_events(session, old)] == ["replaced", "ordered"]


def test_every_generation_leads_to_the_plate_that_hangs_there_now(session: Session) -> None:
    (first,) = make_plates(session, status="in_use")
    tokens = [first]
    for _ in range(4):
        tokens.append(order(session, tokens[-1]))
        hang(session, tokens[-1])
    assert [get_plate(session, token).generation for token in tokens] == [1, 2, 3, 4, 5]
    assert {leads_to(session, token) for token in tokens[:-1]} == {f"/{tokens[-1]}"}
    assert scan(session, tokens[-1]).status is CardStatus.IN_USE


def test_a_plate_spoilt_before_it_was_hung_is_replaced_at_once(session: Session) -> None:
    (first,) = make_plates(session, status="in_use")
    second = order(session, first)
    third = order(session, second, "印错")
    assert get_plate(session, second).status == "void"
    assert get_plate(session, first).status == "in_use"
    hang(session, third)
    assert get_plate(session, first).status == "replaced"
    assert leads_to(session, first) == f"/{third}"


def test_an_order_whose_plate_is_void_can_be_given_again(session: Session) -> None:
    (old,) = make_plates(session, status="in_use")
    new = order(session, old)
    with pytest.raises(Conflict, match="already"):
        order(session, old)
    void_plate(session, new, "取消", make_visit(None), OFFICER)
    assert get_plate(session, old).replaced_by is None
    assert get_plate(session, order(session, old)).generation == 3


def test_a_replaced_plate_whose_successor_is_void_leads_to_the_next_that_is_hung(
    session: Session,
) -> None:
    (first,) = make_plates(session, status="in_use")
    second = order(session, first)
    hang(session, second)
    third = order(session, second)
    void_plate(session, second, "冒用", make_visit(None), OFFICER)
    assert scan(session, second).status is CardStatus.VOID
    hang(session, third)
    assert leads_to(session, first) == f"/{third}"


def test_a_lost_plate_is_replaced_and_its_finder_is_led_on(session: Session) -> None:
    (old,) = make_plates(session, status="in_use")
    report_plate(session, old, Finding.LOST, make_visit(None), CREW)
    assert scan(session, old).status is CardStatus.LOST
    new = order(session, old)
    hang(session, new)
    assert (scan(session, old).status, leads_to(session, old)) == (
        CardStatus.REPLACED,
        f"/{new}",
    )


@pytest.mark.parametrize("status", ["to_make", "making", "to_install", "in_use", "damaged", "lost"])
def test_a_void_plate_never_comes_back(session: Session, status: str) -> None:
    (token,) = make_plates(session, status=status)
    void_plate(session, token, "印制错误", make_visit(None), OFFICER)
    attempts = (
        lambda: hang(session, token),
        lambda: order(session, token),
        lambda: report_plate(session, token, Finding.BROKEN, make_visit(), CREW),
        lambda: void_plate(session, token, "again", make_visit(), OFFICER),
    )
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    assert get_plate(session, token).status == "void"


def test_not_even_the_database_lets_a_void_plate_come_back(session: Session) -> None:
    make_plates(session, status="void")
    with pytest.raises(Exception, match="never comes back"):
        session.execute(text("update plate set status = 'in_use'"))
    session.rollback()


def test_an_order_sent_twice_makes_one_plate(session: Session) -> None:
    (old,) = make_plates(session, status="in_use")
    what, visit = ReplacementRequest("褪色", PREFIX, approval_above=100), make_visit(None)
    first = replace_plate(session, old, what, visit, OFFICER)
    assert replace_plate(session, old, what, visit, OFFICER) == first
    with pytest.raises(Conflict, match="a different event"):
        replace_plate(
            session, old, ReplacementRequest("破损", PREFIX, approval_above=100), visit, OFFICER
        )


def test_orders_of_a_county_gather_in_one_batch_until_its_making_begins(session: Session) -> None:
    tokens = make_plates(session, 3, status="in_use")
    first, second = order(session, tokens[0]), order(session, tokens[1])
    batch = "select batch_id from plate where token = :t"

    def batch_of(token: str) -> int:
        return int(session.execute(text(batch), {"t": token}).scalar_one())

    assert batch_of(first) == batch_of(second)
    session.execute(text("update plate set status = 'making' where token = :t"), {"t": first})
    assert batch_of(order(session, tokens[2])) != batch_of(first)


def test_nothing_is_replaced_or_voided_without_a_reason(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    for attempt in (
        lambda: order(session, token, " "),
        lambda: void_plate(session, token, "", make_visit(), OFFICER),
    ):
        with pytest.raises(BadRequest):
            attempt()


def test_no_plate_is_hung_or_ordered_for_an_address_that_is_gone(session: Session) -> None:
    waiting, used = make_plates(session, 2)
    hang(session, used)
    for token in (waiting, used):
        code = get_plate(session, token).code
        retire_address(session, code, OFFICER, reason="拆除")
    with pytest.raises(MenpaiError, match="消亡"):
        hang(session, waiting)
    with pytest.raises(MenpaiError, match="消亡"):
        order(session, used)
