"""What other rooms are told about work items, in the transaction that changes them."""

import pytest
from sqlalchemy.orm import Session

from address_model.work import WorkKind
from service.changes.events import Action
from service.plates.commands import install_plate
from service.plates.queries import get_plate
from service.worklists import subscribers
from service.worklists.commands import (
    assign_items,
    cancel_item,
    change_items,
    finish_item,
    open_item,
    reopen_item,
)
from service.worklists.drafts import WorkAct, WorkDraft, WorkOrder
from service.worklists.queries import WorkFilter
from service.worklists.subscribers import WorkChange, subscribe_to_work
from tests.factories import make_plates, make_visit
from tests.service.worklists.test_worklists import OFFICER


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[WorkChange]:
    """All that a room was told."""
    heard: list[WorkChange] = []
    monkeypatch.setattr(subscribers, "_subscribers", {})
    subscribe_to_work("nobody", lambda _, change: pytest.fail(f"it was replaced: {change}"))
    subscribe_to_work("nobody", lambda _, change: heard.append(change))
    return heard


def opened(session: Session) -> int:
    """An open work item."""
    (token,) = make_plates(session)
    draft = WorkDraft(WorkKind.REPAIR, get_plate(session, token).code, token)
    return open_item(session, draft, OFFICER)


def test_every_change_of_one_item_is_told(session: Session, told: list[WorkChange]) -> None:
    number = opened(session)
    assign_items(session, WorkFilter(numbers=(number,)), "li", OFFICER)
    finish_item(session, number, "修好", OFFICER)
    reopen_item(session, number, "没有办好", OFFICER)
    cancel_item(session, number, "重复开单", OFFICER)
    assert told == [
        WorkChange(Action.ASSIGNED, (number,), "li", OFFICER),
        WorkChange(Action.DONE, (number,), "修好", OFFICER),
        WorkChange(Action.OPENED, (number,), "没有办好", OFFICER),
        WorkChange(Action.CANCELLED, (number,), "重复开单", OFFICER),
    ]


def test_a_change_of_many_tells_of_those_that_were_changed(
    session: Session, told: list[WorkChange]
) -> None:
    number = opened(session)
    order = WorkOrder(WorkAct.CANCEL, reason="另有安排")
    change_items(session, {number: 1, 999_999_999: 1}, order, OFFICER, scopes=("",))
    assert told == [WorkChange(Action.CANCELLED, (number,), "另有安排", OFFICER)]


def test_a_hung_plate_is_told_whether_work_was_open_or_not(
    session: Session, told: list[WorkChange]
) -> None:
    token, other = make_plates(session, 2)
    code = get_plate(session, token).code
    number = open_item(session, WorkDraft(WorkKind.INSTALL, code, token), OFFICER)
    install_plate(session, token, make_visit(), OFFICER)
    (change,) = told
    assert (change.action, change.numbers, change.keys) == (Action.DONE, (number,), (token, code))
    assert WorkKind.REPLACE in change.kinds
    told.clear()
    install_plate(session, other, make_visit(), OFFICER)
    assert [(one.numbers, one.keys[0]) for one in told] == [((), other)]
