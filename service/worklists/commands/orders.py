"""Gives work to people, puts it off, notes something about it; several items in one command."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.work import WorkKind
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.auth.queries import hold_account
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import BadRequest
from service.worklists.drafts import WorkAct, WorkOrder, WorkResult
from service.worklists.policies import (
    UNKNOWN,
    PickedItem,
    find_obstacle,
    require_open,
    require_worker,
)
from service.worklists.queries import WorkRow, find_worker, get_item, list_holders
from service.worklists.subscribers import WorkChange, tell_subscribers

MOST_CHANGED = 2000
"""So many items are changed in one transaction."""

LONGEST_NOTE = 500

_ASSIGN = "update work_item set assignee = :assignee where id = any(:numbers)"
_POSTPONE = "update work_item set due = :due where id = any(:numbers)"
_CANCEL = (
    "update work_item set state = 'cancelled', outcome = :reason, closed_by = :actor, "
    "closed_at = clock_timestamp() where id = any(:numbers)"
)
_WRITES = {
    WorkAct.ASSIGN: (text(_ASSIGN), Action.ASSIGNED, "work_items:assign"),
    WorkAct.POSTPONE: (text(_POSTPONE), Action.POSTPONED, "work_items:postpone"),
    WorkAct.CANCEL: (text(_CANCEL), Action.CANCELLED, "work_items:cancelled"),
}
_HOLD = text(
    "select id, version, state, division from work_item where id = any(:numbers) "
    "order by id for no key update"
)


def assign_item(
    session: Session, number: int, assignee: str, actor: Actor, *, seen: int | None = None
) -> WorkRow:
    """Give one open item to an account that works in its division (``""``: to nobody).

    What residents report may also be given to whoever answers for an area of the address.

    Raises:
        WorkItemNotFound: there is no such item.
        Outdated: it has changed since ``seen``.
        Conflict: it is closed, or the person does not work in its division.
    """
    if assignee:
        hold_account(session, assignee)  # keeps its roles while they are judged
    item = get_item(session, number, lock=True)
    require_seen(session, item.record, seen)
    require_open(item)
    if assignee:
        worker = find_worker(session, assignee)
        if worker is None and item.kind == WorkKind.REPORT:
            worker = next(iter(list_holders(session, item.code, assignee)), None)
        require_worker(worker, assignee, item.division)
    values = {"numbers": [number], "assignee": assignee}
    session.execute(text(_ASSIGN), values)
    announce(session, Subject.WORK_ITEM, Action.ASSIGNED, [number])
    audit.record(
        session,
        actor=actor,
        action="work_items:assign",
        subject=str(number),
        before=item.assignee,
        to=assignee,
    )
    tell_subscribers(session, WorkChange(Action.ASSIGNED, (number,), assignee, actor))
    return get_item(session, number)


def postpone_item(
    session: Session,
    number: int,
    due: date,
    reason: str,
    actor: Actor,
    *,
    seen: int | None = None,
) -> WorkRow:
    """Give one open item another due day, from today on.

    Raises:
        WorkItemNotFound: there is no such item.
        Outdated: it has changed since ``seen``.
        Conflict: it is closed.
        BadRequest: the day is past.
    """
    item = get_item(session, number, lock=True)
    require_seen(session, item.record, seen)
    require_open(item)
    require_coming(due)
    session.execute(text(_POSTPONE), {"numbers": [number], "due": due})
    announce(session, Subject.WORK_ITEM, Action.POSTPONED, [number])
    audit.record(
        session,
        actor=actor,
        action="work_items:postpone",
        subject=str(number),
        before=item.due.isoformat(),
        after=due.isoformat(),
        reason=reason,
    )
    return get_item(session, number)


def note_item(
    session: Session, number: int, note: str, actor: Actor, *, seen: int | None = None
) -> None:
    """Note something about an item, open or closed; it stands in the audit chain alone.

    Raises:
        WorkItemNotFound: there is no such item.
        Outdated: it has changed since ``seen``.
        BadRequest: there is no note, or it has over ``LONGEST_NOTE`` characters.
    """
    item = get_item(session, number, lock=True)
    require_seen(session, item.record, seen)
    said = note.strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        raise BadRequest(
            f"a note has 1 to {LONGEST_NOTE} characters",
            zh=f"请填写备注，最多 {LONGEST_NOTE} 字。",
            field="note",
        )
    audit.record(session, actor=actor, action="work_items:note", subject=str(number), note=said)


def change_items(
    session: Session,
    picked: Mapping[int, int],
    order: WorkOrder,
    actor: Actor,
    *,
    scopes: tuple[str, ...],
) -> WorkResult:
    """Do the same to many open items; ``picked`` is the version seen of each by its number.

    Items that others have changed or closed meanwhile, that lie outside ``scopes`` (beginnings of
    the codes of divisions) or where the person does not work are left as they are, with the reason.
    One entry of the audit chain tells of all; the feed tells of each.

    Raises:
        AccountNotFound: there is no such account to give them to.
        Conflict: work cannot be given to that account.
        BadRequest: they are more than ``MOST_CHANGED``, or the day is past.
    """
    if len(picked) > MOST_CHANGED:
        raise BadRequest(
            f"at most {MOST_CHANGED} items are changed at once",
            zh=f"一次最多办理 {MOST_CHANGED:,} 件。",
        )
    worker = None
    if order.assignee:
        hold_account(session, order.assignee)
        worker = find_worker(session, order.assignee)
        require_worker(worker, order.assignee)
    if order.due is not None:
        require_coming(order.due)
    left = dict.fromkeys(picked, UNKNOWN)
    for number, version, state, division in session.execute(_HOLD, {"numbers": list(picked)}):
        seen = PickedItem(version, state, division, picked[number])
        left[number] = find_obstacle(seen, scopes, worker)
        if not left[number]:
            del left[number]
    changed = sorted(picked.keys() - left.keys())
    if changed:
        statement, told, action = _WRITES[order.act]
        values = {"numbers": changed, "assignee": order.assignee, "due": order.due}
        session.execute(statement, values | {"reason": order.reason, "actor": str(actor)})
        announce(session, Subject.WORK_ITEM, told, changed)
        audit.record_codes(session, actor=actor, action=action, codes=changed, **order.detail)
        tell_subscribers(session, WorkChange(told, tuple(changed), order.told, actor))
    return WorkResult(tuple(changed), left)


def require_coming(due: date) -> None:
    """Refuse a due day that is past.

    Raises:
        BadRequest: it is.
    """
    if due < today():
        raise BadRequest(
            f"{due} is past", hint="name a day from today on", zh="期限不能早于今天。", field="due"
        )
