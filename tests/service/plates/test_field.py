from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.inspections import Finding
from address_model.work import WorkKind
from service.changes.queries import list_changes
from service.core.actor import Actor
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, PlateNotFound
from service.plates.commands import confirm_plate, install_plate, repair_plate, report_plate
from service.plates.event_report import EventReport
from service.plates.queries import get_plate
from service.plates.queries.events import list_events, list_far_events
from service.worklists.queries import list_items_of
from tests.factories import make_plates, make_visit
from tests.factories.plates import metres_north

CREW = Actor("staff", "crew")


def status(session: Session, token: str) -> str:
    return get_plate(session, token).status


def open_work(session: Session, key: str) -> list[str]:
    return [item.kind for item in list_items_of(session, key, state="open")]


def test_a_plate_is_in_use_once_it_is_checked_in_at_the_wall(session: Session) -> None:
    (token,) = make_plates(session)
    event = install_plate(session, token, make_visit(), CREW)
    assert (event.before, event.after, event.is_far) == ("to_install", "in_use", False)
    assert status(session, token) == "in_use"
    assert event.actor == "staff:crew"
    finish(session)
    assert ("plate", token, "installed", "330102001000") in [
        (c.subject, c.key, c.action, c.division) for c in list_changes(session, after=0)
    ]


def test_a_check_in_eighty_metres_off_counts_and_is_flagged(session: Session) -> None:
    near, far = make_plates(session, 2)
    install_plate(session, near, make_visit(metres_north(49.9)), CREW)
    event = install_plate(session, far, make_visit(metres_north(80)), CREW)
    assert event.is_far
    assert event.distance_m == pytest.approx(80, abs=0.1)
    assert status(session, far) == "in_use"
    assert [row.event.token for row in list_far_events(session)] == [far]
    assert list_far_events(session, division="330106") == []


def test_without_a_point_nothing_is_flagged(session: Session) -> None:
    (token,) = make_plates(session)
    event = install_plate(session, token, make_visit(None), CREW)
    assert (event.distance_m, event.is_far) == (None, False)


def test_a_visit_sent_twice_is_recorded_once(session: Session) -> None:
    (token,) = make_plates(session)
    visit = make_visit(note="左侧门柱")
    first = install_plate(session, token, visit, CREW)
    assert install_plate(session, token, visit, CREW) == first
    assert len(list_events(session, token)) == 1


def test_another_thing_under_the_same_id_is_refused(session: Session) -> None:
    (token,) = make_plates(session)
    visit = make_visit()
    install_plate(session, token, visit, CREW)
    with pytest.raises(Conflict, match="a different event"):
        confirm_plate(session, token, visit, CREW)
    with pytest.raises(Conflict, match="a different event"):
        install_plate(session, token, make_visit(id=visit.id, note="other"), CREW)


def test_a_plate_whose_delivery_nobody_recorded_can_be_hung(session: Session) -> None:
    (token,) = make_plates(session, status="making")
    assert install_plate(session, token, make_visit(), CREW).after == "in_use"


def test_a_plate_in_use_is_not_installed_again(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    with pytest.raises(Conflict, match="在用"):
        install_plate(session, token, make_visit(), CREW)


def test_an_unknown_plate_cannot_be_installed(session: Session) -> None:
    with pytest.raises(PlateNotFound):
        install_plate(session, "0000000000", make_visit(), CREW)


@pytest.mark.parametrize(
    ("finding", "after", "work"),
    [
        (Finding.DUPLICATE, "in_use", WorkKind.REPAIR),
        (Finding.WRONG, "lost", WorkKind.REPLACE),
        (Finding.MISSING, "lost", WorkKind.REPLACE),
        (Finding.DAMAGED, "damaged", WorkKind.REPAIR),
        (Finding.BROKEN, "damaged", WorkKind.REPLACE),
        (Finding.LOST, "lost", WorkKind.REPLACE),
        (Finding.COVERED, "in_use", WorkKind.REPAIR),
    ],
)
def test_a_finding_sets_the_state_and_opens_the_work(
    session: Session, finding: Finding, after: str, work: WorkKind
) -> None:
    (token,) = make_plates(session, status="in_use")
    report_plate(session, token, finding, make_visit(note="门柱"), CREW)
    assert status(session, token) == after
    assert open_work(session, token) == [work]


def test_a_plate_that_does_not_hang_yet_is_work_to_install(session: Session) -> None:
    (token,) = make_plates(session)
    report_plate(session, token, Finding.MISSING, make_visit(), CREW)
    assert status(session, token) == "to_install"
    assert open_work(session, token) == ["install"]
    install_plate(session, token, make_visit(), CREW)
    assert open_work(session, token) == []


def test_what_is_reported_again_opens_no_second_item(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    report_plate(session, token, Finding.BROKEN, make_visit(), CREW)
    report_plate(session, token, Finding.LOST, make_visit(), CREW)
    assert status(session, token) == "lost"
    assert open_work(session, token) == ["replace"]


def test_a_repair_brings_a_plate_back_and_checks_off_the_work(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    report_plate(session, token, Finding.DAMAGED, make_visit(), CREW)
    repair_plate(session, token, make_visit(), CREW)
    assert status(session, token) == "in_use"
    (item,) = list_items_of(session, token)
    assert (item.state, item.outcome, item.closed_by) == ("done", "已修复", "staff:crew")


def test_an_old_plate_that_still_hangs_is_reported_and_taken_down(session: Session) -> None:
    (token,) = make_plates(session, status="replaced")
    report_plate(session, token, Finding.DUPLICATE, make_visit(), CREW)
    assert open_work(session, token) == ["repair"]
    repair_plate(session, token, make_visit(), CREW)
    assert (status(session, token), open_work(session, token)) == ("replaced", [])
    with pytest.raises(Conflict, match="破"):
        report_plate(session, token, Finding.BROKEN, make_visit(), CREW)


def test_only_a_plate_in_use_is_found_well(session: Session) -> None:
    (token,) = make_plates(session)
    with pytest.raises(Conflict, match="not in use"):
        confirm_plate(session, token, make_visit(), CREW)
    with pytest.raises(Conflict, match="never installed"):
        repair_plate(session, token, make_visit(), CREW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": "x" * 65},
        {"note": "x" * 1001},
        {"note": "a\x00b"},
        {"at": datetime(2026, 11, 1)},
    ],
)
def test_a_visit_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        make_visit(**wrong)


@pytest.mark.parametrize("late", [timedelta(hours=1), timedelta(days=-400)])
def test_a_visit_of_another_time_is_refused(late: timedelta) -> None:
    with pytest.raises(BadRequest):
        make_visit(at=datetime.now(UTC) + late)


def test_a_visit_recorded_offline_keeps_its_time(session: Session) -> None:
    (token,) = make_plates(session)
    at = datetime.now(UTC) - timedelta(hours=5)
    event = install_plate(session, token, EventReport("1", at=at), CREW)
    assert event.at == at
    assert event.recorded_at > at


def test_what_happened_cannot_be_changed_afterwards(session: Session) -> None:
    (token,) = make_plates(session)
    install_plate(session, token, make_visit(), CREW)
    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("update plate_event set note = 'x'"))
