from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from address_model.inspections import Finding
from address_model.tables import AddressArea
from address_model.work import WorkKind
from service.addresses.commands import retire_address
from service.core.actor import Actor
from service.core.errors import AddressNotFound, Conflict, WorkItemNotFound
from service.plates.commands import confirm_plate, report_plate
from service.plates.queries import get_plate
from service.worklists.commands import (
    assign_items,
    cancel_item,
    finish_item,
    open_inspections,
    open_item,
    reopen_item,
)
from service.worklists.drafts import InspectionPlan, WorkDraft
from service.worklists.queries import (
    WorkFilter,
    WorkRow,
    get_item,
    list_area_loads,
    list_items,
    list_items_of,
)
from tests.factories import make_area, make_plates, make_visit
from tests.factories.streets import enter_doors, golden_doors

OFFICER = Actor("staff", "officer")
DUE = date(2026, 12, 31)
PLAN = InspectionPlan(2026, "330102", DUE)


def draft(session: Session, token: str, **more: object) -> WorkDraft:
    values: dict[str, object] = {"kind": WorkKind.REPAIR, "token": token, "reason": "松动"}
    return WorkDraft(code=get_plate(session, token).code, **values | more)  # type: ignore[arg-type]


def test_no_work_is_opened_at_an_ended_address_but_taking_its_plate_down(session: Session) -> None:
    (token,) = make_plates(session)
    code = get_plate(session, token).code
    number = open_item(session, WorkDraft(WorkKind.INSPECT, code, reason="查看"), OFFICER)
    cancel_item(session, number, "重复", OFFICER)
    retire_address(session, code, OFFICER, reason="拆除")
    with pytest.raises(Conflict, match="已终止"):
        open_item(session, WorkDraft(WorkKind.INSPECT, code, reason="查看"), OFFICER)
    with pytest.raises(Conflict, match="已终止"):
        reopen_item(session, number, "误销", OFFICER)
    assert open_item(session, WorkDraft(WorkKind.TAKE_DOWN, code, reason="取下"), OFFICER)


def test_an_item_knows_its_address_division_and_grid(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    grid = make_area(session)
    code = get_plate(session, token).code
    session.add(AddressArea(code=code, area_id=grid.id, kind="grid", how="point"))
    session.flush()
    item = get_item(session, open_item(session, draft(session, token), OFFICER))
    assert (item.token, item.division, item.area, item.state) == (
        token,
        "330102001000",
        "示例网格 1",
        "open",
    )
    assert item.standard_text.endswith("河坊街1号")


def test_the_same_work_is_opened_once(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    first = open_item(session, draft(session, token), OFFICER)
    assert open_item(session, draft(session, token), OFFICER) == first
    finish_item(session, first, "修好", OFFICER)
    assert open_item(session, draft(session, token), OFFICER) != first


def test_work_at_a_door_without_a_plate_is_about_its_address(session: Session) -> None:
    (token,) = make_plates(session)
    code = get_plate(session, token).code
    number = open_item(session, WorkDraft(WorkKind.INSTALL, code, reason="漏"), OFFICER)
    item = get_item(session, number)
    assert (item.subject, item.key, item.token) == ("address", code, "")
    with pytest.raises(AddressNotFound):
        open_item(session, WorkDraft(WorkKind.INSTALL, "3301020000000000"), OFFICER)


def test_items_are_checked_off_cancelled_and_reopened(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    number = open_item(session, draft(session, token), OFFICER)
    done = finish_item(session, number, "拧紧", OFFICER)
    assert (done.state, done.outcome, done.closed_by) == ("done", "拧紧", "staff:officer")
    with pytest.raises(Conflict, match="已完成"):
        cancel_item(session, number, "不必", OFFICER)
    again = reopen_item(session, number, "又松了", OFFICER)
    assert (again.state, again.closed_by, again.closed_at) == ("open", "", None)
    with pytest.raises(WorkItemNotFound):
        finish_item(session, number + 1, "", OFFICER)


def test_an_item_is_not_reopened_beside_one_that_is_open(session: Session) -> None:
    (token,) = make_plates(session, status="in_use")
    first = open_item(session, draft(session, token), OFFICER)
    finish_item(session, first, "", OFFICER)
    open_item(session, draft(session, token), OFFICER)
    with pytest.raises(Conflict, match="open already"):
        reopen_item(session, first, "", OFFICER)


def test_a_years_inspection_lists_every_plate_in_use_once(session: Session) -> None:
    tokens = make_plates(session, 5, status="in_use")
    report_plate(session, tokens[0], Finding.LOST, make_visit(None), OFFICER)
    count, after = open_inspections(session, PLAN, OFFICER, limit=3)
    assert after is not None
    more, _ = open_inspections(session, PLAN, OFFICER, after=after, limit=3)
    assert count + more == 4
    assert open_inspections(session, PLAN, OFFICER)[0] == 0
    assert open_inspections(session, PLAN, OFFICER, after="ZZZZZZZZZZ") == (0, None)
    elsewhere = InspectionPlan(2026, "330106", DUE)
    assert open_inspections(session, elsewhere, OFFICER)[0] == 0


def test_what_a_crew_records_checks_off_the_inspection(session: Session) -> None:
    well, broken = make_plates(session, 2, status="in_use")
    open_inspections(session, PLAN, OFFICER)
    confirm_plate(session, well, make_visit(), OFFICER)
    report_plate(session, broken, Finding.BROKEN, make_visit(), OFFICER)
    assert [(i.state, i.outcome) for i in list_items_of(session, well)] == [("done", "完好")]
    kinds = {i.kind: i.state for i in list_items_of(session, broken)}
    assert kinds == {"inspect": "done", "replace": "open"}
    assert open_inspections(session, PLAN, OFFICER)[0] == 0


def test_lists_come_by_due_day_in_pages_that_neither_repeat_nor_skip(session: Session) -> None:
    tokens = make_plates(session, 7, status="in_use")
    for number, token in enumerate(tokens):
        due = DUE - timedelta(days=number % 3)
        open_item(session, draft(session, token, due=due, assignee="li"), OFFICER)
    for wanted in (WorkFilter(), WorkFilter(division="3301"), WorkFilter(assignee="li")):
        seen: list[date] = []
        keys: set[str] = set()
        after = ""
        while page := list_items(session, wanted, after=after, limit=2):
            seen += [item.due for item in page]
            keys |= {item.key for item in page}
            after = page[-1].cursor
        assert seen == sorted(seen)
        assert len(seen) == 7
        assert keys == set(tokens)
    assert list_items(session, WorkFilter(division="330106")) == []
    assert list_items(session, WorkFilter(kind=WorkKind.INSPECT)) == []


def test_what_is_due_on_one_day_comes_in_the_order_of_the_street(session: Session) -> None:
    codes = enter_doors(session, golden_doors())
    grid = make_area(session)
    session.add_all(AddressArea(code=c, area_id=grid.id, kind="grid", how="point") for c in codes)
    session.flush()
    for number, code in enumerate(sorted(codes)):
        due = DUE - timedelta(days=number % 2)
        open_item(session, WorkDraft(WorkKind.INSTALL, code, due=due, assignee="li"), OFFICER)
    for wanted in (WorkFilter("330102"), WorkFilter(area_id=grid.id), WorkFilter(assignee="li")):
        seen: list[WorkRow] = []
        while page := list_items(session, wanted, after=seen[-1].cursor if seen else "", limit=7):
            seen += page
        assert [(i.due, i.code) for i in seen] == [
            (i.due, i.code) for i in sorted(seen, key=lambda i: (i.due, codes.index(i.code)))
        ]
        assert {item.code for item in seen} == set(codes)


def test_a_grids_work_is_given_to_somebody_at_once(session: Session) -> None:
    tokens = make_plates(session, 3, status="in_use")
    grid = make_area(session)
    for token in tokens[:2]:
        code = get_plate(session, token).code
        session.add(AddressArea(code=code, area_id=grid.id, kind="grid", how="point"))
    session.flush()
    for token in tokens:
        open_item(session, draft(session, token), OFFICER)
    assert assign_items(session, WorkFilter(area_id=grid.id), "wang", OFFICER) == 2
    assert len(list_items(session, WorkFilter(assignee="wang"))) == 2
    loads = {(load.area, load.count) for load in list_area_loads(session, WorkFilter())}
    assert loads == {("示例网格 1", 2), ("", 1)}
    assert assign_items(session, WorkFilter(assignee="wang"), "", OFFICER) == 2
