from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.inspections import CheckInAnswer, Finding
from address_model.positions import Accuracy, Position, PositionKind
from address_model.tables import CheckInReview, Plate
from service.addresses.commands import PositionDraft, retire_address, set_position
from service.addresses.queries import get_address
from service.auth.permissions import Role
from service.core.actor import Actor
from service.core.errors import Conflict, NotFound, Outdated
from service.plates.commands import (
    accept_check_in,
    confirm_plate,
    follow_addresses,
    install_plate,
    refuse_check_in,
    repeat_check_in,
    report_plate,
    take_down_plate,
)
from service.plates.commands.check_ins import spot_text
from service.plates.queries import get_plate
from service.plates.queries.events import find_event, list_far_events
from service.plates.queries.locked_plates import see_plate
from service.worklists.queries import list_items_of
from tests.factories import make_plates, make_visit
from tests.factories.office import COUNTIES, insert_account
from tests.factories.plates import metres_north

CREW, OFFICER = Actor("staff", "li"), Actor("staff", "officer")
DECISIONS: list[Callable[..., None]] = [accept_check_in, repeat_check_in, refuse_check_in]


@pytest.fixture
def hung(session: Session) -> tuple[str, str]:
    """A plate that 李 hung 80 m from its door, and the event."""
    insert_account(session, "li", Role.CREW, COUNTIES["own"])
    (token,) = make_plates(session)
    visit = make_visit(metres_north(80))
    install_plate(session, token, visit, CREW)
    return token, visit.id


def open_work(session: Session, token: str) -> list[tuple[str, str]]:
    return [(i.kind, i.assignee) for i in list_items_of(session, token, state="open")]


def test_a_true_check_in_moves_the_address_there(session: Session, hung: tuple[str, str]) -> None:
    token, event = hung
    seen = see_plate(session, token)
    accept_check_in(
        session,
        token,
        event,
        OFFICER,
        note="点位偏了",
        seen=seen.version,
        spot=spot_text(seen.point),
    )
    code = get_plate(session, token).code
    assert get_address(session, code).point == metres_north(80)
    assert get_plate(session, token).status == "in_use"
    found = find_event(session, token, event)
    assert found is not None
    assert found.review is not None
    assert found.review.line == "属实移点（officer）：点位偏了"
    assert list_far_events(session) == []
    assert [one.event.id for one in list_far_events(session, reviewed=True)] == [event]
    assert open_work(session, token) == []


def test_a_check_in_to_be_repeated_is_given_to_the_same_person(
    session: Session, hung: tuple[str, str]
) -> None:
    token, event = hung
    repeat_check_in(session, token, event, OFFICER, note="照片太暗")
    assert open_work(session, token) == [("inspect", "li")]
    (item,) = list_items_of(session, token, state="open")
    assert item.reason == "请到门前重新拍照、打卡（上次离登记位置约 80 米）：照片太暗"
    assert get_plate(session, token).status == "in_use"


def test_a_refused_check_in_gives_the_plate_its_former_state_and_the_work_again(
    session: Session, hung: tuple[str, str]
) -> None:
    token, event = hung
    refuse_check_in(session, token, event, OFFICER, note="挂错了楼")
    assert get_plate(session, token).status == "to_install"
    assert session.scalar(select(Plate.installed_at).where(Plate.token == token)) is None
    assert open_work(session, token) == [("install", "li")]
    install_plate(session, token, make_visit(), CREW)
    assert get_plate(session, token).status == "in_use"


def test_a_refused_finding_takes_its_work_along(session: Session, hung: tuple[str, str]) -> None:
    token, first = hung
    accept_check_in(session, token, first, OFFICER)
    visit = make_visit(metres_north(300))
    report_plate(session, token, Finding.LOST, visit, CREW)
    assert open_work(session, token) == [("replace", "")]
    refuse_check_in(session, token, visit.id, OFFICER)
    assert get_plate(session, token).status == "in_use"
    assert open_work(session, token) == [("inspect", "li")]


def test_what_has_happened_since_stays(session: Session, hung: tuple[str, str]) -> None:
    token, event = hung
    report_plate(session, token, Finding.BROKEN, make_visit(), CREW)
    refuse_check_in(session, token, event, OFFICER)
    assert get_plate(session, token).status == "damaged"


def test_the_work_of_somebody_who_left_is_given_to_nobody(session: Session) -> None:
    (token,) = make_plates(session)
    visit = make_visit(metres_north(80))
    install_plate(session, token, visit, Actor("staff", "gone"))
    repeat_check_in(session, token, visit.id, OFFICER)
    assert open_work(session, token) == [("inspect", "")]


@pytest.mark.parametrize("again", DECISIONS)
@pytest.mark.parametrize("first", DECISIONS)
def test_a_check_in_is_decided_about_once(
    session: Session,
    hung: tuple[str, str],
    first: Callable[..., None],
    again: Callable[..., None],
) -> None:
    token, event = hung
    first(session, token, event, OFFICER)
    with pytest.raises(Conflict) as refused:
        again(session, token, event, Actor("staff", "other"))
    assert refused.value.zh.startswith("officer 已在")
    (review,) = session.scalars(select(CheckInReview))
    assert review.answer in set(CheckInAnswer)


def test_a_plate_that_changed_and_a_point_that_moved_are_refused(
    session: Session, hung: tuple[str, str]
) -> None:
    token, event = hung
    seen = see_plate(session, token)
    report_plate(session, token, Finding.BROKEN, make_visit(), CREW)
    for decide in DECISIONS:
        with pytest.raises(Outdated):
            decide(session, token, event, OFFICER, seen=seen.version)
    with pytest.raises(Conflict, match="moved meanwhile"):
        accept_check_in(session, token, event, OFFICER, spot=spot_text(metres_north(5)))


def test_a_near_event_and_one_that_is_none_are_refused(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    visit = make_visit()
    confirm_plate(session, token, visit, CREW)
    with pytest.raises(Conflict, match="register's point"):
        refuse_check_in(session, token, visit.id, OFFICER)
    with pytest.raises(NotFound):
        repeat_check_in(session, token, "nothing", OFFICER)


def test_a_check_in_measured_from_an_entrance_moves_no_point(
    session: Session, hung: tuple[str, str]
) -> None:
    token, event = hung
    code = get_plate(session, token).code
    position = Position(PositionKind.ENTRANCE, metres_north(20), Accuracy.UNKNOWN)
    set_position(session, PositionDraft(code, position), OFFICER)
    with pytest.raises(Conflict, match="entrance"):
        accept_check_in(session, token, event, OFFICER)


def test_at_an_ended_address_a_check_in_is_only_refused_and_opens_nothing(
    session: Session, hung: tuple[str, str]
) -> None:
    token, event = hung
    code = get_plate(session, token).code
    before = get_address(session, code)
    retire_address(session, code, OFFICER, reason="拆除")
    follow_addresses(session, [before], OFFICER)
    work = open_work(session, token)
    for decide in (accept_check_in, repeat_check_in):
        with pytest.raises(Conflict):
            decide(session, token, event, OFFICER)
    taken = make_visit(metres_north(90))
    take_down_plate(session, token, taken, CREW)
    with pytest.raises(Conflict, match="has ended by this check-in"):
        refuse_check_in(session, token, taken.id, OFFICER)
    assert work == [("take_down", "")]
    refuse_check_in(session, token, event, OFFICER)
    assert get_plate(session, token).status == "void"
    assert open_work(session, token) == []
