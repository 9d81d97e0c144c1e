from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty
from service.areas.commands.handovers import HandoverReport, hand_over
from service.areas.queries import load_duty_register
from service.areas.rows import ListedHandover
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from tests.factories.areas import make_area, make_duty

TODAY = date(2026, 11, 23)
FIRST_OF_DECEMBER = date(2026, 12, 1)
ROW = ListedHandover(2, "G1", "grid_worker", "演示丙", FIRST_OF_DECEMBER)


@pytest.fixture
def area(session: Session) -> Area:
    """A grid in whose post 演示甲 has been since January."""
    area = make_area(session, code="G1")
    make_duty(session, area, organisation="示例街道")
    return area


def carry_out(session: Session, *rows: ListedHandover) -> HandoverReport:
    report = hand_over(session, rows, COMMAND_LINE, TODAY)
    finish(session)
    return report


def shown(session: Session, area: Area, day: date) -> list[tuple[str, str]]:
    duties = load_duty_register(session, day, [area.id]).of([area.id])
    return [(duty.display_name, duty.phone) for duty in duties]


def test_the_old_contact_is_shown_to_the_last_evening_and_the_new_from_the_first_morning(
    session: Session, area: Area
) -> None:
    assert carry_out(session, replace(ROW, phone="0571-00000005")).handed_over == 1
    assert shown(session, area, date(2026, 11, 30)) == [("演示甲", "0571-00000001")]
    assert shown(session, area, FIRST_OF_DECEMBER) == [("演示丙", "0571-00000005")]
    assert [c.action for c in list_changes(session, after=0)] == ["ended", "new"]


def test_what_a_row_leaves_empty_stays_as_it_was(session: Session, area: Area) -> None:
    carry_out(session, ROW)
    assert shown(session, area, FIRST_OF_DECEMBER) == [("演示丙", "0571-00000001")]
    new = session.scalars(select(Duty).where(Duty.display_name == "演示丙")).one()
    assert (new.organisation, new.publish, new.confirmed_at) == ("示例街道", True, TODAY)


def test_the_same_sheet_again_changes_nothing(session: Session, area: Area) -> None:
    carry_out(session, ROW)
    again = carry_out(session, ROW)
    assert (again.handed_over, again.vacant, again.same) == (0, 0, 1)
    assert len(session.scalars(select(Duty.id).where(Duty.area_id == area.id)).all()) == 2


def test_a_vacant_post_keeps_the_telephone_of_its_last_holder(session: Session) -> None:
    area = make_area(session, code="G1")
    make_duty(session, area, valid_to=date(2026, 10, 31))
    report = carry_out(session, ROW)
    assert (report.handed_over, report.vacant) == (0, 1)
    assert shown(session, area, FIRST_OF_DECEMBER) == [("演示丙", "0571-00000001")]


def test_a_post_nobody_ever_held_needs_a_telephone(session: Session) -> None:
    make_area(session, code="G1")
    [fault] = carry_out(session, ROW).faults
    assert (fault.row, fault.field) == (2, "phone")


def test_with_two_holders_the_row_names_who_hands_over(session: Session, area: Area) -> None:
    make_duty(session, area, display_name="演示乙", phone="0571-00000002")
    [fault] = carry_out(session, ROW).faults
    assert "演示甲、演示乙" in fault.hint
    assert carry_out(session, replace(ROW, instead_of="演示乙")).handed_over == 1
    names = [name for name, _ in shown(session, area, FIRST_OF_DECEMBER)]
    assert names == ["演示甲", "演示丙"]
    [fault] = carry_out(session, replace(ROW, display_name="演示丁", instead_of="演示乙")).faults
    assert fault.field == "instead_of"


def test_a_stand_in_ends_with_the_duty_it_replaces(session: Session, area: Area) -> None:
    [old] = session.scalars(select(Duty)).all()
    stand_in: dict[str, Any] = {"stand_in_for": old.id, "valid_to": date(2026, 12, 31)}
    running = make_duty(session, area, display_name="演示乙", valid_from=TODAY, **stand_in)
    make_duty(session, area, display_name="演示戊", valid_from=date(2026, 12, 5), **stand_in)
    carry_out(session, ROW)
    assert running.valid_to == date(2026, 11, 30)
    assert [name for name, _ in shown(session, area, date(2026, 12, 6))] == ["演示丙"]
    assert "withdrawn" in [c.action for c in list_changes(session, after=0)]


def test_a_duty_is_not_handed_over_on_its_first_day(session: Session) -> None:
    area = make_area(session, code="G1")
    make_duty(session, area, valid_from=FIRST_OF_DECEMBER)
    [fault] = carry_out(session, ROW).faults
    assert (fault.row, fault.field) == (2, "from")
    assert (
        carry_out(session, replace(ROW, begins=FIRST_OF_DECEMBER + timedelta(days=1))).faults == []
    )


def test_a_refused_row_leaves_the_others_whole(session: Session, area: Area) -> None:
    report = carry_out(session, replace(ROW, row=3, area="nowhere"), ROW)
    assert (report.handed_over, [fault.row for fault in report.faults]) == (1, [3])
