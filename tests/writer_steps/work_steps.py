"""Commands of work items as `menpai worklists` gives them, over shared items."""

from datetime import date, timedelta

from address_model.work import WorkKind
from service.core.actor import COMMAND_LINE as ME
from service.core.clock import today
from service.worklists import commands as worklists
from service.worklists.drafts import InspectionPlan, WorkAct, WorkDraft, WorkOrder
from service.worklists.queries import WorkFilter, get_item
from tests.writer_steps.hand import Hand


def open_item(hand: Hand) -> None:
    _open(hand, hand.code())


def finish_item(hand: Hand) -> None:
    with hand.database.session() as session:
        worklists.finish_item(session, _some(hand), "完好", ME)


def cancel_item(hand: Hand) -> None:
    with hand.database.session() as session:
        worklists.cancel_item(session, _some(hand), "重复", ME)


def reopen_item(hand: Hand) -> None:
    (code,) = hand.town.enter()
    number = _open(hand, code)
    with hand.database.session() as session:
        worklists.cancel_item(session, number, "重复", ME)
    with hand.database.session() as session:
        worklists.reopen_item(session, number, "误销", ME)


def assign_items(hand: Hand) -> None:
    to = hand.drawn.choice(("crew-1", "crew-2", ""))
    some = hand.drawn.sample(hand.pool.items, min(3, len(hand.pool.items)))
    wanted = hand.drawn.choice((WorkFilter(division="330102"), WorkFilter(numbers=tuple(some))))
    with hand.database.session() as session:
        worklists.assign_items(session, wanted, to, ME)


def assign_item(hand: Hand) -> None:
    with hand.database.session() as session:
        worklists.assign_item(session, _some(hand), "", ME)


def postpone_item(hand: Hand) -> None:
    due = today() + timedelta(days=hand.drawn.randrange(30))
    with hand.database.session() as session:
        worklists.postpone_item(session, _some(hand), due, "下雨", ME)


def note_item(hand: Hand) -> None:
    with hand.database.session() as session:
        worklists.note_item(session, _some(hand), "门口在修路", ME)


def change_items(hand: Hand) -> None:
    some = hand.drawn.sample(hand.pool.items, min(4, len(hand.pool.items)))
    if not some:
        return
    with hand.database.reading() as session:
        picked = {number: get_item(session, number).version for number in some}
    order = hand.drawn.choice(
        (
            WorkOrder(WorkAct.ASSIGN),
            WorkOrder(WorkAct.POSTPONE, due=today() + timedelta(days=9)),
            WorkOrder(WorkAct.CANCEL, reason="重复开单"),
        )
    )
    with hand.database.session() as session:
        worklists.change_items(session, picked, order, ME, scopes=("",))


def open_inspections(hand: Hand) -> None:
    year = hand.drawn.randrange(2026, 2100)
    plan, after = InspectionPlan(year, "330102", date(year, 12, 31)), ""
    while True:
        with hand.database.session() as session:
            _, last = worklists.open_inspections(session, plan, ME, after=after, limit=50)
        if last is None:
            return
        after = last


def _some(hand: Hand) -> int:
    """An item that others work with too; every third is a fresh one."""
    if hand.pool.items and hand.drawn.random() < 0.66:
        return hand.drawn.choice(hand.pool.items)
    return _open(hand, *hand.town.enter())


def _open(hand: Hand, code: str) -> int:
    with hand.database.session() as session:
        draft = WorkDraft(WorkKind.INSPECT, code, reason="查看")
        return hand.share(hand.pool.items, worklists.open_item(session, draft, ME))
