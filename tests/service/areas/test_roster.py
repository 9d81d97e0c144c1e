"""One duty is changed at the desk: by whom, from when, for how long, and by whose account."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Area, AuditEntry, Division, Duty, StaffAccount
from service.areas.commands import roster
from service.areas.commands.duties import DutyFilter, DutyNotFound, hide_duties
from service.areas.queries import (
    RosterFilter,
    RosterView,
    count_roster,
    list_roster,
    load_duty_register,
)
from service.areas.rows import ListedDuty, ListedHandover
from service.auth.members import Assignment, StaffMember
from service.auth.permissions import Role
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE as ME
from service.core.database import finish
from service.core.errors import BadRequest, Conflict, Outdated
from tests.factories.areas import make_area, make_duty
from tests.factories.divisions import make_place
from tests.factories.office import insert_account

TODAY = date(2026, 11, 23)
NEXT = ListedHandover(1, "", "", "演示丙", date(2026, 12, 1))
STAND_IN = ListedDuty(
    1, "", "", "演示丁", "0571-00000007", date(2026, 12, 1), valid_to=date(2026, 12, 5)
)


@pytest.fixture
def grid(session: Session) -> Area:
    make_place(session)
    county = session.scalars(select(Division.id).where(Division.code == "330102000000")).one()
    return make_area(session, code="G1", name="示例网格 1", division_id=county)


@pytest.fixture
def duty(session: Session, grid: Area) -> Duty:
    made = make_duty(session, grid, organisation="示例街道")
    session.expire_all()
    return made


def shown(session: Session, area: Area, day: date) -> list[str]:
    return [one.display_name for one in load_duty_register(session, day, [area.id]).of([area.id])]


def actions(session: Session) -> list[str]:
    finish(session)
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.position)))


def test_a_new_holder_is_shown_from_midnight(session: Session, grid: Area, duty: Duty) -> None:
    new = roster.change_holder(session, duty.id, NEXT, ME, TODAY, seen=1)
    assert actions(session) == ["duties:replace"]
    assert shown(session, grid, date(2026, 11, 30)) == ["演示甲"]
    assert shown(session, grid, date(2026, 12, 1)) == ["演示丙"]
    [held] = list_roster(session, RosterFilter(numbers=(new,), view=None), TODAY)
    assert (held.phone, held.organisation, held.state) == ("0571-00000001", "示例街道", "to come")
    assert [c.action for c in list_changes(session, after=0)] == ["ended", "new"]


def test_a_change_over_on_a_day_before_the_duty_began_is_refused(
    session: Session, duty: Duty
) -> None:
    with pytest.raises(BadRequest) as refused:
        roster.change_holder(session, duty.id, replace(NEXT, begins=date(2026, 1, 1)), ME, TODAY)
    assert refused.value.field == "begins"
    assert actions(session) == []


def test_the_same_holder_from_the_same_day_is_a_conflict(session: Session, duty: Duty) -> None:
    roster.change_holder(session, duty.id, NEXT, ME, TODAY)
    with pytest.raises(Conflict):
        roster.change_holder(session, duty.id, NEXT, ME, TODAY)


def test_a_stand_in_is_shown_for_its_days_and_then_the_holder_again(
    session: Session, grid: Area, duty: Duty
) -> None:
    roster.appoint_stand_in(session, duty.id, STAND_IN, ME)
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 5), date(2026, 12, 6)]
    assert [shown(session, grid, day) for day in days] == [
        ["演示甲"],
        ["演示丁"],
        ["演示丁"],
        ["演示甲"],
    ]
    assert actions(session) == ["duties:stand_in"]


@pytest.mark.parametrize(
    ("order", "kind"),
    [
        (replace(STAND_IN, valid_from=date(2025, 12, 1)), BadRequest),
        (replace(STAND_IN, valid_to=date(2027, 12, 1)), BadRequest),
        (replace(STAND_IN, valid_from=date(2026, 11, 25)), Conflict),
    ],
)
def test_days_outside_the_duty_or_of_another_stand_in_are_refused(
    session: Session, duty: Duty, order: ListedDuty, kind: type[Exception]
) -> None:
    roster.limit_duty(session, duty.id, date(2026, 12, 31), ME)
    roster.appoint_stand_in(session, duty.id, STAND_IN, ME)
    with pytest.raises(kind):
        roster.appoint_stand_in(session, duty.id, order, ME)


def test_a_stand_in_has_no_stand_in_and_always_a_last_day(session: Session, duty: Duty) -> None:
    other = roster.appoint_stand_in(session, duty.id, STAND_IN, ME)
    with pytest.raises(BadRequest):
        roster.appoint_stand_in(session, other, STAND_IN, ME)
    with pytest.raises(BadRequest):
        roster.limit_duty(session, other, None, ME)


def test_a_contact_is_withheld_and_published_again(
    session: Session, grid: Area, duty: Duty
) -> None:
    roster.publish_duty(session, duty.id, ME, publish=False)
    assert shown(session, grid, TODAY) == []
    roster.publish_duty(session, duty.id, ME, publish=False)  # again changes nothing
    roster.publish_duty(session, duty.id, ME, publish=True)
    assert shown(session, grid, TODAY) == ["演示甲"]
    assert actions(session) == ["duties:withhold", "duties:publish"]


def test_without_a_telephone_nothing_is_published(session: Session, grid: Area) -> None:
    held = make_duty(session, grid, phone="", publish=False)
    with pytest.raises(BadRequest):
        roster.publish_duty(session, held.id, ME, publish=True)


def test_a_last_day_ends_stand_ins_too(session: Session, grid: Area, duty: Duty) -> None:
    other = roster.appoint_stand_in(session, duty.id, STAND_IN, ME)
    roster.limit_duty(session, duty.id, date(2026, 12, 2), ME)
    rows = list_roster(session, RosterFilter(view=None), TODAY)
    assert {row.id: row.valid_to for row in rows} == dict.fromkeys(
        (duty.id, other), date(2026, 12, 2)
    )
    assert shown(session, grid, date(2026, 12, 3)) == []


def test_who_saw_an_older_version_is_told(session: Session, duty: Duty) -> None:
    roster.publish_duty(session, duty.id, ME, publish=False, seen=1)
    for act in (
        lambda: roster.publish_duty(session, duty.id, ME, publish=True, seen=1),
        lambda: roster.limit_duty(session, duty.id, TODAY, ME, seen=1),
        lambda: roster.change_holder(session, duty.id, NEXT, ME, TODAY, seen=1),
        lambda: roster.appoint_stand_in(session, duty.id, STAND_IN, ME, seen=1),
        lambda: roster.bind_account(session, duty.id, "", ME, seen=1),
    ):
        with pytest.raises(Outdated):
            act()


def holder_of(session: Session, name: str, role: Role = Role.GRID_WORKER) -> StaffMember:
    insert_account(session, name, role, "330102000000")
    account = session.scalars(select(StaffAccount).where(StaffAccount.name == name)).one()
    return StaffMember(account.id, name, name, (Assignment(role, "330102000000"),))


def test_a_holder_confirms_and_hides_the_own_contact_and_no_other(
    session: Session, grid: Area, duty: Duty
) -> None:
    worker, other = holder_of(session, "worker"), holder_of(session, "other")
    roster.bind_account(session, duty.id, "worker", ME)
    with pytest.raises(DutyNotFound):
        roster.confirm_own_contact(session, duty.id, other, TODAY)
    with pytest.raises(DutyNotFound):
        roster.hide_own_contact(session, duty.id, other)
    roster.confirm_own_contact(session, duty.id, worker, TODAY)
    [row] = list_roster(session, RosterFilter(accounts=(worker.account_id,)), TODAY)
    assert (row.confirmed_at, row.account) == (TODAY, "worker")
    roster.hide_own_contact(session, duty.id, worker)
    assert shown(session, grid, TODAY) == []
    assert actions(session) == ["duties:bind", "duties:confirm", "duties:hide"]


@pytest.mark.parametrize("role", [Role.COMMUNITY_OFFICER, Role.OFFICER])
def test_an_account_without_the_role_of_the_duty_is_not_bound(
    session: Session, duty: Duty, role: Role
) -> None:
    holder_of(session, "someone", role)
    with pytest.raises(Conflict):
        roster.bind_account(session, duty.id, "someone", ME)


def test_an_office_is_nobodys_account(session: Session, grid: Area) -> None:
    office = make_duty(session, grid, role="community_office")
    holder_of(session, "someone")
    with pytest.raises(Conflict):
        roster.bind_account(session, office.id, "someone", ME)


def test_the_views_of_the_roster(session: Session, grid: Area) -> None:
    fresh, late = TODAY - timedelta(days=89), TODAY - timedelta(days=90)
    kinds: dict[str, dict[str, Any]] = {
        "fresh": {"confirmed_at": fresh},
        "late": {"confirmed_at": late},
        "never": {},
        "withheld": {"publish": False, "confirmed_at": fresh},
        "ending": {"valid_to": TODAY + timedelta(days=30), "confirmed_at": fresh},
        "ended": {"valid_to": TODAY - timedelta(days=1)},
        "to come": {"valid_from": TODAY + timedelta(days=1)},
        "hidden": {"confirmed_at": fresh},
    }
    for name, more in kinds.items():
        make_duty(session, grid, display_name=name, **more)
    [hidden] = list_roster(session, RosterFilter(text="hidden"), TODAY)
    hide_duties(session, DutyFilter((hidden.id,)), ME)
    names = {
        view: {row.display_name for row in list_roster(session, RosterFilter(view=view), TODAY)}
        for view in RosterView
    }
    assert names == {
        RosterView.PRESENT: {
            "fresh", "late", "never", "withheld", "ending", "to come", "hidden"
        },
        RosterView.UNCONFIRMED: {"late", "never"},
        RosterView.HIDDEN: {"hidden"},
        RosterView.WITHHELD: {"withheld"},
        RosterView.ENDING: {"ending"},
        RosterView.TO_COME: {"to come"},
        RosterView.ENDED: {"ended"},
    }  # fmt: skip
    unconfirmed = RosterFilter("3301", view=RosterView.UNCONFIRMED)
    assert count_roster(session, unconfirmed, TODAY) == 2
    assert count_roster(session, replace(unconfirmed, division="3302"), TODAY) == 0


def test_the_roster_is_paged_in_order(session: Session, grid: Area) -> None:
    community = make_area(session, "community", "清河坊社区", division_id=grid.division_id)
    grid.parent_id = community.id
    session.flush()
    for number in range(7):
        make_duty(session, grid, display_name=f"演示{number}")
    make_duty(session, community, role="community_office", display_name="服务中心")
    whole = list_roster(session, RosterFilter(), TODAY)
    assert {row.community for row in whole} == {"清河坊社区"}
    paged, after = [], 0
    while page := list_roster(session, RosterFilter(), TODAY, after=after, limit=3):
        paged += page
        after = page[-1].id
    assert paged == whole
    assert len(paged) == 8
    assert [row.display_name for row in list_roster(session, RosterFilter(text="服务"), TODAY)] == [
        "服务中心"
    ]
