from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import Area, AuditEntry, Duty
from service.areas.commands.duties import (
    DutyFilter,
    DutyNotFound,
    LoadedDuties,
    confirm_duties,
    hide_duties,
    load_duties,
    look_up_duties,
    show_duties,
)
from service.areas.queries import (
    PostFilter,
    list_posts,
    load_duty_register,
)
from service.areas.rows import ListedDuty
from service.changes.queries import list_changes
from service.core.actor import COMMAND_LINE
from service.core.database import finish
from service.core.errors import BadRequest
from tests.factories.areas import make_area, make_duty

TODAY = date(2026, 11, 23)
FIRST = ListedDuty(
    row=2, area="G1", role="grid_worker", display_name="演示甲", phone="0571-00000001",
    valid_from=date(2026, 1, 1), publish=True, is_sample=True,
)  # fmt: skip


def load(session: Session, *listed: ListedDuty) -> LoadedDuties:
    done = load_duties(session, listed, COMMAND_LINE)
    finish(session)
    return done


def shown(session: Session, area: Area, day: date = TODAY) -> list[str]:
    """The names that a scan shows, from the whole register and from that of one area alike."""
    whole, part = load_duty_register(session, day), load_duty_register(session, day, [area.id])
    assert whole.of([area.id]) == part.of([area.id])
    return [duty.display_name for duty in part.of([area.id])]


def states(session: Session, day: date = TODAY) -> dict[str, str]:
    """Why each duty is shown or not, as officers are told; what they are told is what is done."""
    posts = list_posts(session, PostFilter(with_ended=True), day)
    register = load_duty_register(session, day)
    shown = {duty.display_name for duties in register.by_area.values() for duty in duties}
    assert {post.display_name for post in posts if post.state == "shown"} == shown
    return {post.display_name: post.state for post in posts}


def test_a_sheet_of_duties_is_stored_once_announced_and_audited(session: Session) -> None:
    area = make_area(session, code="G1")
    assert load(session, FIRST).new == 1
    assert shown(session, area) == ["演示甲"]
    done = load(session, FIRST)
    assert (done.new, done.changed, done.same) == (0, 0, 1)
    assert [(c.subject, c.action) for c in list_changes(session, after=0)] == [("duty", "new")]
    assert session.scalars(select(AuditEntry.action)).all() == ["duties:load"]


def test_a_changed_telephone_changes_the_duty_and_not_its_number(session: Session) -> None:
    area = make_area(session, code="G1")
    load(session, FIRST)
    done = load(session, replace(FIRST, phone="0571-00000009"))
    assert done.changed == 1
    [duty] = load_duty_register(session, TODAY).of([area.id])
    assert duty.phone == "0571-00000009"
    assert len(session.scalars(select(Duty.id)).all()) == 1


def test_a_duty_of_no_area_or_of_several_kinds_refuses_its_row_only(session: Session) -> None:
    make_area(session, code="G1")
    make_area(session, "community", code="X")
    make_area(session, "police_beat", code="X")
    done = load(
        session,
        replace(FIRST, row=2, area="nowhere"),
        replace(FIRST, row=3, area="X"),
        replace(FIRST, row=4, area="X", area_kind="community"),
        replace(FIRST, row=5),
    )
    assert [(fault.row, fault.field) for fault in done.faults] == [(2, "area"), (3, "area")]
    assert "area_kind" in done.faults[1].hint
    assert done.new == 2


def test_only_what_is_to_be_published_is_shown(session: Session) -> None:
    area = make_area(session, code="G1")
    load(session, replace(FIRST, publish=False))
    assert shown(session, area) == []
    assert states(session) == {"演示甲": "not published"}


def test_a_contact_expires_by_itself_at_the_end_of_its_last_day(session: Session) -> None:
    area = make_area(session, code="G1")
    load(session, replace(FIRST, valid_to=TODAY))
    assert shown(session, area, TODAY) == ["演示甲"]
    assert load_duty_register(session, TODAY).turns_on == TODAY + timedelta(days=1)
    assert shown(session, area, TODAY + timedelta(days=1)) == []
    assert states(session, TODAY + timedelta(days=1)) == {"演示甲": "ended"}


def test_a_contact_begins_by_itself_on_its_first_day(session: Session) -> None:
    area = make_area(session, code="G1")
    load(session, replace(FIRST, valid_from=TODAY + timedelta(days=1)))
    assert shown(session, area, TODAY) == []
    assert states(session) == {"演示甲": "to come"}
    assert load_duty_register(session, TODAY).turns_on == TODAY + timedelta(days=1)
    assert shown(session, area, TODAY + timedelta(days=1)) == ["演示甲"]


def test_a_stand_in_is_shown_during_the_absence_only(session: Session) -> None:
    area = make_area(session, code="G1")
    stand_in = replace(
        FIRST, row=3, display_name="演示乙", stand_in_for="演示甲",
        valid_from=TODAY, valid_to=TODAY + timedelta(days=6),
    )  # fmt: skip
    load(session, stand_in, FIRST)  # the order of the rows does not matter
    assert shown(session, area, TODAY - timedelta(days=1)) == ["演示甲"]
    assert shown(session, area, TODAY) == ["演示乙"]
    assert states(session)["演示甲"] == "stood in for"
    assert shown(session, area, TODAY + timedelta(days=7)) == ["演示甲"]


def test_a_hidden_stand_in_leaves_the_post_to_its_holder(session: Session) -> None:
    area = make_area(session, code="G1")
    stand_in = replace(
        FIRST, display_name="演示乙", stand_in_for="演示甲", valid_from=TODAY, valid_to=TODAY
    )
    load(session, FIRST, stand_in)
    [number] = [p.id for p in list_posts(session, PostFilter(), TODAY) if p.state == "shown"]
    hide_duties(session, DutyFilter(ids=(number,)), COMMAND_LINE)
    assert shown(session, area) == ["演示甲"]


def test_a_stand_in_for_an_unknown_name_is_refused_with_the_known_names(session: Session) -> None:
    make_area(session, code="G1")
    [fault] = load(
        session,
        FIRST,
        replace(FIRST, row=3, display_name="演示乙", stand_in_for="演示丁", valid_to=TODAY),
    ).faults
    assert (fault.row, fault.field) == (3, "stand_in_for")
    assert "演示甲" in fault.hint


def test_hiding_takes_effect_at_once_survives_the_next_sheet_and_keeps_its_reason(
    session: Session,
) -> None:
    area = make_area(session, code="G1")
    load(session, FIRST)
    hidden = DutyFilter(area="G1", role="grid_worker")
    assert hide_duties(session, hidden, COMMAND_LINE, reason="threats") == 1
    finish(session)
    assert shown(session, area) == []
    load(session, replace(FIRST, phone="0571-00000009"))
    assert shown(session, area) == []
    assert states(session) == {"演示甲": "hidden"}
    last = session.scalars(select(AuditEntry).where(AuditEntry.action == "duties:hide")).one()
    assert last.detail["reason"] == "threats"
    assert [c.action for c in list_changes(session, after=0)] == ["new", "hidden", "changed"]
    assert show_duties(session, hidden, COMMAND_LINE) == 1
    assert shown(session, area) == ["演示甲"]


def test_all_duties_of_an_organisation_are_hidden_at_once(session: Session) -> None:
    area = make_area(session, code="G1")
    for name in ("演示甲", "演示乙"):
        make_duty(session, area, display_name=name, organisation="示例派出所 1")
    make_duty(session, area, display_name="演示丙", organisation="示例街道")
    wanted = DutyFilter(organisation="示例派出所1")
    assert hide_duties(session, wanted, COMMAND_LINE) == 2
    assert hide_duties(session, wanted, COMMAND_LINE) == 0
    assert shown(session, area) == ["演示丙"]


def test_an_empty_or_unmatched_filter_is_refused(session: Session) -> None:
    with pytest.raises(BadRequest, match="no duty is selected"):
        hide_duties(session, DutyFilter(role="grid_worker"), COMMAND_LINE)
    with pytest.raises(DutyNotFound, match="number 7") as caught:
        confirm_duties(session, DutyFilter(ids=(7,)), COMMAND_LINE, TODAY)
    assert "menpai duties list" in caught.value.hint


def test_a_confirmation_is_noted_and_never_goes_back(session: Session) -> None:
    make_area(session, code="G1")
    load(session, FIRST)
    assert [p.display_name for p in list_posts(session, PostFilter(unconfirmed_for=90), TODAY)]
    assert confirm_duties(session, DutyFilter(area="G1"), COMMAND_LINE, TODAY) == 1
    load(session, replace(FIRST, confirmed_at=date(2026, 3, 1)))
    [post] = list_posts(session, PostFilter(), TODAY)
    assert post.confirmed_at == TODAY
    assert list_posts(session, PostFilter(unconfirmed_for=90), TODAY) == []


def test_reading_contacts_is_audited(session: Session) -> None:
    make_area(session, code="G1")
    load(session, replace(FIRST, valid_to=TODAY + timedelta(days=5)))
    found = look_up_duties(session, PostFilter(area="G1", ending_within=30), COMMAND_LINE, TODAY)
    assert [post.display_name for post in found] == ["演示甲"]
    assert look_up_duties(session, PostFilter(ending_within=3), COMMAND_LINE, TODAY) == []
    finish(session)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "duties:read")).all()
    assert [entry.detail["count"] for entry in entries] == [1]


def test_an_area_is_found_by_its_name_in_any_spelling(session: Session) -> None:
    area = make_area(session, name="瀾灣網格 （东）", code="G1")
    make_duty(session, area)
    for called in ("G1", "澜湾网格 (东)", "瀾灣網格（東）"):
        assert len(list_posts(session, PostFilter(area=called), TODAY)) == 1, called
    for other in ("澜湾网格", "网格", "."):
        assert list_posts(session, PostFilter(area=other), TODAY) == [], other
    assert confirm_duties(session, DutyFilter(area="澜湾网格(东)"), COMMAND_LINE, TODAY) == 1
