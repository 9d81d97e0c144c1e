from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry
from address_model.work import WorkKind
from service.audit.commands import write_pending
from service.auth.permissions import Role
from service.changes.commands import write_pending as write_changes
from service.changes.queries import list_changes
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import AccountNotFound, BadRequest, Conflict, Outdated
from service.plates.queries import get_plate
from service.worklists.commands import (
    assign_item,
    cancel_item,
    change_items,
    finish_item,
    note_item,
    open_item,
    postpone_item,
)
from service.worklists.commands.orders import MOST_CHANGED
from service.worklists.drafts import WorkAct, WorkDraft, WorkOrder
from service.worklists.queries import (
    WorkFilter,
    count_items,
    get_item,
    list_items,
    list_workers,
)
from tests.factories import make_plates
from tests.factories.office import COUNTIES, insert_account

OFFICER = Actor("staff", "officer")
EVERYWHERE = ("",)


@pytest.fixture
def later() -> date:
    """A day that comes."""
    return today() + timedelta(days=20)


@pytest.fixture
def items(session: Session) -> list[int]:
    """Four plates to be hung; the crews li of the county and zhou of another one."""
    insert_account(session, "li", Role.CREW, COUNTIES["own"])
    insert_account(session, "zhou", Role.CREW, COUNTIES["foreign"])
    insert_account(session, "reader", Role.VIEWER, COUNTIES["own"])
    tokens = make_plates(session, 4)
    codes = [get_plate(session, token).code for token in tokens]
    drafts = [WorkDraft(WorkKind.INSTALL, *pair) for pair in zip(codes, tokens, strict=True)]
    return [open_item(session, one, OFFICER) for one in drafts]


def told(session: Session) -> list[tuple[str, str]]:
    """The actions that the feed tells of work items, with their numbers."""
    write_changes(session)
    rows = list_changes(session, after=0, limit=1000)
    return [(row.action, row.key) for row in rows if row.subject == "work_item"]


def entries(session: Session) -> list[AuditEntry]:
    write_pending(session)
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.position)))


def test_an_item_is_given_to_somebody_who_works_there_and_to_nobody(
    session: Session, items: list[int]
) -> None:
    held = assign_item(session, items[0], "li", OFFICER, seen=1)
    assert (held.assignee, held.version) == ("li", 2)
    assert assign_item(session, items[0], "", OFFICER, seen=2).assignee == ""
    last = entries(session)[-1]
    assert (last.action, last.subject) == ("work_items:assign", str(items[0]))
    assert last.detail == {"before": "li", "to": ""}
    assert told(session)[-1] == ("assigned", str(items[0]))


@pytest.mark.parametrize("name", ["zhou", "reader"])
def test_nobody_is_given_work_where_they_do_not_work(
    session: Session, items: list[int], name: str
) -> None:
    with pytest.raises(Conflict):
        assign_item(session, items[0], name, OFFICER)
    assert get_item(session, items[0]).assignee == ""


def test_an_unknown_account_a_closed_item_and_an_older_version_are_refused(
    session: Session, items: list[int], later: date
) -> None:
    with pytest.raises(AccountNotFound):
        assign_item(session, items[0], "nobody-here", OFFICER)
    assign_item(session, items[0], "li", OFFICER)
    with pytest.raises(Outdated):
        assign_item(session, items[0], "", OFFICER, seen=1)
    with pytest.raises(Outdated):
        postpone_item(session, items[0], later, "", OFFICER, seen=1)
    with pytest.raises(Outdated):
        note_item(session, items[0], "路不通", OFFICER, seen=1)
    finish_item(session, items[0], "已安装", OFFICER)
    with pytest.raises(Conflict, match="已完成"):
        assign_item(session, items[0], "li", OFFICER)
    with pytest.raises(Conflict, match="已完成"):
        postpone_item(session, items[0], later, "", OFFICER)


def test_an_item_is_put_off_to_a_day_that_comes(
    session: Session, items: list[int], later: date
) -> None:
    held = postpone_item(session, items[1], later, "下雨", OFFICER, seen=1)
    assert held.due == later
    with pytest.raises(BadRequest) as refused:
        postpone_item(session, items[1], today() - timedelta(days=1), "", OFFICER)
    assert refused.value.field == "due"
    assert postpone_item(session, items[1], today(), "", OFFICER).due == today()
    assert told(session)[-1] == ("postponed", str(items[1]))


def test_a_note_stands_in_the_chain_and_changes_nothing(session: Session, items: list[int]) -> None:
    note_item(session, items[0], "  门口在修路 ", OFFICER, seen=1)
    assert get_item(session, items[0]).version == 1
    assert entries(session)[-1].detail == {"note": "门口在修路"}
    for wrong in (" ", "长" * 501):
        with pytest.raises(BadRequest):
            note_item(session, items[0], wrong, OFFICER)


def test_many_are_given_at_once_and_what_changed_meanwhile_is_named_and_left(
    session: Session, items: list[int], later: date
) -> None:
    picked = dict.fromkeys(items, 1) | {10**8: 1}
    postpone_item(session, items[1], later, "", OFFICER)
    cancel_item(session, items[2], "重复开单", OFFICER)
    result = change_items(
        session, picked, WorkOrder(WorkAct.ASSIGN, "li"), OFFICER, scopes=EVERYWHERE
    )
    assert result.changed == (items[0], items[3])
    assert result.left[items[1]] == "刚刚有人改过"
    assert result.left[items[2]] == "已取消"
    assert "没有这件工单" in result.left[10**8]
    assert [get_item(session, n).assignee for n in items] == ["li", "", "", "li"]
    last = entries(session)[-1]
    assert (last.action, last.detail["to"], last.detail["count"]) == ("work_items:assign", "li", 2)
    assert told(session)[-2:] == [("assigned", str(items[0])), ("assigned", str(items[3]))]


def test_many_are_put_off_and_cancelled_at_once(
    session: Session, items: list[int], later: date
) -> None:
    order = WorkOrder(WorkAct.POSTPONE, due=later, reason="下雨")
    assert not change_items(
        session, dict.fromkeys(items, 1), order, OFFICER, scopes=EVERYWHERE
    ).left
    assert {get_item(session, n).due for n in items} == {later}
    order = WorkOrder(WorkAct.CANCEL, reason="另有安排")
    result = change_items(session, dict.fromkeys(items, 2), order, OFFICER, scopes=EVERYWHERE)
    assert result.changed == tuple(items)
    closed = [get_item(session, n) for n in items]
    assert {(i.state, i.outcome, i.closed_by) for i in closed} == {
        ("cancelled", "另有安排", "staff:officer")
    }


def test_what_lies_elsewhere_is_left_and_a_wrong_order_changes_nothing(
    session: Session, items: list[int]
) -> None:
    picked, order = dict.fromkeys(items, 1), WorkOrder(WorkAct.ASSIGN)
    result = change_items(session, picked, order, OFFICER, scopes=("330106",))
    assert (len(result.changed), set(result.left)) == (0, set(picked))
    past = WorkOrder(WorkAct.POSTPONE, due=today() - timedelta(days=1))
    with pytest.raises(BadRequest):
        change_items(session, picked, past, OFFICER, scopes=EVERYWHERE)
    with pytest.raises(Conflict):
        change_items(
            session, picked, WorkOrder(WorkAct.ASSIGN, "reader"), OFFICER, scopes=EVERYWHERE
        )
    left = change_items(
        session, picked, WorkOrder(WorkAct.ASSIGN, "zhou"), OFFICER, scopes=EVERYWHERE
    )
    assert left.changed == ()
    assert "不在zhou负责的区划内" in left.left.values()
    many = dict.fromkeys(range(1, MOST_CHANGED + 2), 1)
    with pytest.raises(BadRequest):
        change_items(session, many, order, OFFICER, scopes=EVERYWHERE)
    assert {get_item(session, n).version for n in items} == {1}


def test_workers_are_those_who_may_work_in_a_division_or_a_part_of_it(
    session: Session, items: list[int]
) -> None:
    insert_account(session, "wang", Role.OFFICER, "330000000000")
    insert_account(session, "zhao", Role.CREW, "330102001000")
    insert_account(session, "all", Role.CREW, "")

    def names(division: str) -> set[str]:
        return {worker.name for worker in list_workers(session, division)}

    assert names("330102000000") == {"li", "wang", "zhao", "all"}
    assert names("330106001000") == {"zhou", "wang", "all"}
    township = {w.name for w in list_workers(session, "330102000000") if w.works_in("330102002000")}
    assert township == {"li", "wang", "all"}


def test_items_are_filtered_counted_and_paged_by_street(
    session: Session, items: list[int], later: date
) -> None:
    assign_item(session, items[1], "li", OFFICER)
    postpone_item(session, items[0], later + timedelta(days=30), "", OFFICER)
    everything = WorkFilter(division="330102")
    assert count_items(session, everything, "open", most=3) == 3
    assert [i.id for i in list_items(session, WorkFilter(assignee=""))][-1] == items[0]
    overdue = WorkFilter(due_before=later + timedelta(days=1))
    assert {i.id for i in list_items(session, overdue)} == set(items[1:])
    walked, after = [], ""
    for _ in range(5):
        page = list_items(session, everything, by_street=True, after=after, limit=1)
        walked += [one.place for one in page]
        after = page[-1].cursor if page else after
    assert walked == ["河坊街1号", "河坊街2号", "河坊街3号", "河坊街4号"]
