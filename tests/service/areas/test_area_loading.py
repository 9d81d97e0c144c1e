from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Area, AuditEntry
from service.areas.commands.areas import LoadedAreas, load_areas
from service.areas.queries import list_held_areas, load_area_register
from service.areas.rows import ListedArea
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from tests.factories import make_place
from tests.factories.areas import box, make_listed

TODAY = date(2026, 11, 23)
G1 = make_listed("G1", box(0, 0, 1, 1))
G2 = make_listed("G2", box(1, 0, 2, 1), row=2)


def load(session: Session, *listed: ListedArea, day: date = TODAY, **more: bool) -> LoadedAreas:
    done = load_areas(session, listed, COMMAND_LINE, day, **more)
    finish(session)
    return done


def versions(session: Session, code: str) -> list[tuple[str, date, date | None]]:
    """Name, first and last day of every version of a grid, the oldest first."""
    rows = session.execute(
        select(Area.name, Area.valid_from, Area.valid_to)
        .where(Area.code == code)
        .order_by(Area.valid_from)
    )
    return [(name, first, last) for name, first, last in rows]


def test_new_areas_are_stored_announced_and_audited(session: Session) -> None:
    done = load(session, G1, G2)
    assert (done.new, done.changed, done.same, done.faults) == (2, 0, 0, [])
    assert [(area.code, area.valid_from) for area in list_held_areas(session)] == [
        ("G1", TODAY),
        ("G2", TODAY),
    ]
    noted = [(c.subject, c.key, c.action) for c in list_changes(session, after=0)]
    assert noted == [("area", "grid:G1", "new"), ("area", "grid:G2", "new")]
    assert session.scalars(select(AuditEntry.action)).all() == ["areas:load"]


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    load(session, G1, G2)
    done = load(session, G1, G2, day=TODAY + timedelta(days=9))
    assert (done.new, done.changed, done.same, done.edits) == (0, 0, 2, [])
    assert len(versions(session, "G1")) == 1
    assert len(list_changes(session, after=0)) == 2


def test_a_changed_border_makes_a_version_and_the_area_keeps_its_id(session: Session) -> None:
    load(session, G1)
    [before] = list_held_areas(session)
    later = TODAY + timedelta(days=30)
    done = load(session, replace(G1, shape=box(0, 0, 1, 2)), day=later)
    [after] = list_held_areas(session)
    assert after.id == before.id
    assert versions(session, "G1") == [
        ("G1", TODAY, later - timedelta(days=1)),
        ("G1", later, None),
    ]
    [edit] = done.edits
    assert (edit.before, edit.after) == (before.shape, after.shape)


def test_a_new_name_makes_a_version_and_moves_no_border(session: Session) -> None:
    load(session, G1)
    later = TODAY + timedelta(days=1)
    done = load(session, replace(G1, name="清波门网格 1"), day=later)
    assert (done.changed, done.edits) == (1, [])
    assert [name for name, _, _ in versions(session, "G1")] == ["G1", "清波门网格 1"]


def test_two_changes_on_one_day_leave_one_version_of_that_day(session: Session) -> None:
    load(session, G1)
    load(session, replace(G1, name="first try"))
    load(session, replace(G1, name="second try"))
    assert versions(session, "G1") == [("second try", TODAY, None)]


def test_a_change_may_have_begun_on_an_earlier_day_of_the_file(session: Session) -> None:
    load(session, replace(G1, valid_from=date(2026, 1, 1)))
    load(session, replace(G1, name="new", valid_from=date(2026, 7, 1)))
    assert versions(session, "G1") == [
        ("G1", date(2026, 1, 1), date(2026, 6, 30)),
        ("new", date(2026, 7, 1), None),
    ]


def test_a_change_that_begins_later_is_refused_until_its_day(session: Session) -> None:
    load(session, replace(G1, valid_from=date(2026, 1, 1)))
    done = load(session, replace(G1, name="new", valid_from=date(2027, 1, 1)))
    [fault] = done.faults
    assert (fault.row, fault.field) == (1, "valid_from")
    assert "2027-01-01" in fault.hint
    assert [name for name, _, _ in versions(session, "G1")] == ["G1"]


def test_areas_get_their_parents_in_any_order_of_the_file(session: Session) -> None:
    community = make_listed("C1", box(0, 0, 2, 1), row=3, kind="community")
    micro = make_listed("M1", box(0, 0, 0.5, 1), row=1, kind="micro_grid", parent="G1")
    load(session, micro, replace(G1, row=2, parent="C1"), community)
    held = {area.code: area for area in list_held_areas(session)}
    assert held["M1"].parent_id == held["G1"].id
    assert held["G1"].parent_id == held["C1"].id
    assert held["C1"].parent_id is None


def test_a_parent_that_is_missing_shared_or_below_the_area_refuses_its_row_only(
    session: Session,
) -> None:
    load(session, G1, replace(G2, parent="G1"))
    done = load(
        session,
        replace(G1, row=1, parent="G2"),
        make_listed("G3", box(2, 0, 3, 1), row=2, parent="nobody"),
        make_listed("G4", box(3, 0, 4, 1), row=3),
    )
    assert [(fault.row, fault.field) for fault in done.faults] == [(1, "parent"), (2, "parent")]
    assert "is already below" in done.faults[0].reason
    assert "there is no area nobody" in done.faults[1].reason
    assert done.new == 1
    shared = (
        make_listed("X", box(0, 0, 1, 1), row=1, kind="community"),
        make_listed("X", box(0, 0, 1, 1), row=2, kind="police_beat"),
        make_listed("G5", box(4, 0, 5, 1), row=3, parent="X"),
    )
    [fault] = load(session, *shared).faults
    assert "several areas (community, police_beat)" in fault.reason


def test_an_area_belongs_to_a_division_that_exists(session: Session) -> None:
    place = make_place(session)
    done = load(session, replace(G1, division="330102001"), replace(G2, division="330199"))
    [held] = list_held_areas(session)
    assert (held.code, held.division_id) == ("G1", place.township_id)
    [fault] = done.faults
    assert (fault.row, fault.field) == (2, "division")
    assert "menpai divisions find" in fault.hint


def test_a_complete_list_ends_missing_areas_in_its_divisions_only(session: Session) -> None:
    make_place(session)
    here: dict[str, Any] = {"division": "330102"}
    there: dict[str, Any] = {"division": "330106"}
    load(session, replace(G1, **here), replace(G2, **here))
    load(session, make_listed("W1", box(5, 0, 6, 1), **there))
    later = TODAY + timedelta(days=1)
    done = load(session, replace(G1, **here), day=later, end_missing=True)
    assert (done.ended, done.same) == (1, 1)
    assert [area.code for area in list_held_areas(session, living_on=later)] == ["G1", "W1"]
    assert versions(session, "G2") == [("G2", TODAY, TODAY)]
    assert done.edits[0].after is None
    again = load(session, replace(G1, **here), day=later, end_missing=True)
    assert again.ended == 0


def test_an_area_that_had_ended_comes_back_as_a_version(session: Session) -> None:
    load(session, replace(G1, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30)))
    done = load(session, replace(G1, valid_from=date(2026, 11, 1)))
    assert versions(session, "G1") == [
        ("G1", date(2026, 1, 1), date(2026, 6, 30)),
        ("G1", date(2026, 11, 1), None),
    ]
    assert done.edits[0].before is None


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2026, 6, 30), ["G1"]),
        (date(2026, 7, 1), ["G1", "G2"]),
        (date(2026, 12, 31), ["G1", "G2"]),
        (date(2027, 1, 1), ["G1"]),
    ],
)
def test_an_area_holds_from_its_first_day_to_the_end_of_its_last(
    session: Session, day: date, codes: list[str]
) -> None:
    load(session, replace(G1, valid_from=date(2026, 1, 1)))
    load(session, replace(G2, shape=box(0, 0, 1, 1), valid_from=date(2026, 7, 1),
                          valid_to=date(2026, 12, 31)))  # fmt: skip
    register = load_area_register(session, day)
    assert [area.code for area in register.of(list(register.by_id))] == codes
    for area in list_held_areas(session):
        found = load_area_register(session, day, [area.id]).of([area.id])
        assert [one.code for one in found] == [code for code in codes if code == area.code]


def test_the_register_of_areas_knows_the_day_on_which_it_changes(session: Session) -> None:
    load(session, replace(G1, valid_to=date(2026, 12, 31)))
    load(session, replace(G2, valid_from=date(2026, 12, 1)))
    assert load_area_register(session, TODAY).turns_on == date(2026, 12, 1)
    assert load_area_register(session, date(2026, 12, 1)).turns_on == date(2027, 1, 1)
    assert load_area_register(session, date(2027, 1, 1)).turns_on is None
