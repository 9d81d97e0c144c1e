"""Opens, assigns, closes and reopens work items, each within the caller's transaction."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from address_model.work import DAYS_ALLOWED, WorkKind, WorkState
from service.addresses.queries import lock_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.core.clock import today
from service.core.errors import AddressNotFound, Conflict
from service.worklists.commands.causes import move_items
from service.worklists.drafts import WorkDraft
from service.worklists.policies import require_work_at, require_work_transition
from service.worklists.queries import WorkFilter, WorkRow, find_open_item, get_item
from service.worklists.subscribers import WorkChange, tell_subscribers

_OPEN = text(
    "insert into work_item (kind, subject, key, code, division, area_id, cause, reason, due, "
    "assignee, opened_by) select :kind, :subject, :key, a.code, d.code, g.area_id, :cause, "
    ":reason, :due, :assignee, :actor from address a join division d on d.id = a.division_id "
    "left join lateral (select min(l.area_id) as area_id from address_area l "
    "where l.code = a.code and l.kind = 'grid') g on true where a.code = :code "
    "on conflict (key, kind) where state = 'open' do nothing returning id"
)
_CLOSE_ALL = text(
    "with held as (select id, kind from work_item where state = 'open' and key = any(:keys) "
    "and kind = any(:kinds || cast('{report}' as text[])) order by id for no key update) "
    "update work_item w set state = :state, outcome = :outcome, closed_by = :actor, "
    "closed_at = clock_timestamp() from held where w.id = held.id and held.kind = any(:kinds) "
    "returning w.id"
)
"""Reports that the closed work has solved may end theirs, so that is locked in the same order."""
_SET_STATE = text(
    "update work_item set state = cast(:state as varchar), outcome = :outcome, "
    "closed_by = :closed_by, closed_at = case when cast(:state as varchar) = 'open' then null "
    "else clock_timestamp() end where id = :id"
)
_ACTIONS = {
    WorkState.OPEN: Action.OPENED,
    WorkState.DONE: Action.DONE,
    WorkState.CANCELLED: Action.CANCELLED,
}


def open_item(session: Session, draft: WorkDraft, actor: Actor) -> int:
    """Open a work item and return its number, or the number of the same open work.

    It gets the division and grid of its address.

    Raises:
        AddressNotFound: there is no such address.
        Conflict: the work is about the address itself, and that has ended.
    """
    if not draft.token:
        for address in lock_addresses(session, [draft.code]).values():
            require_work_at(address, draft.kind)
    values = {
        "kind": str(draft.kind),
        "subject": draft.subject,
        "key": draft.key,
        "code": draft.code,
        "cause": draft.cause,
        "reason": draft.reason,
        "due": draft.due or today() + timedelta(days=DAYS_ALLOWED[draft.kind]),
        "assignee": draft.assignee,
        "actor": str(actor),
    }
    made = session.scalar(_OPEN, values)
    if made is None:
        held = find_open_item(session, draft.key, draft.kind)
        if held is None:
            raise AddressNotFound(f"no address has the code {draft.code}")
        return held.id
    announce(session, Subject.WORK_ITEM, Action.OPENED, [made])
    audit.record(
        session,
        actor=actor,
        action="work_items:open",
        subject=str(made),
        kind=str(draft.kind),
        about=draft.key,
    )
    return int(made)


def finish_items_of(
    session: Session, keys: Sequence[str], kinds: Sequence[WorkKind], outcome: str, actor: Actor
) -> list[int]:
    """Complete the open items of these kinds, plates and addresses; return their ids."""
    return _close_all(session, keys, kinds, (WorkState.DONE, outcome), actor)


def cancel_items_of(
    session: Session,
    keys: Sequence[str],
    reason: str,
    actor: Actor,
    *,
    kinds: Sequence[WorkKind] = tuple(WorkKind),
) -> list[int]:
    """Cancel the open items of these plates and addresses, of some kinds; return their ids."""
    return _close_all(session, keys, kinds, (WorkState.CANCELLED, reason), actor)


def finish_item(
    session: Session, number: int, outcome: str, actor: Actor, *, seen: int | None = None
) -> WorkRow:
    """Complete one item; ``seen`` is the version the caller saw, None skips the check.

    Raises:
        Outdated: it has changed since.
        WorkItemNotFound, Conflict: there is none, or it is closed.
    """
    return _set_state(session, number, WorkState.DONE, (outcome, actor), seen)


def cancel_item(
    session: Session, number: int, reason: str, actor: Actor, *, seen: int | None = None
) -> WorkRow:
    """Cancel one item; raises as ``finish_item``."""
    return _set_state(session, number, WorkState.CANCELLED, (reason, actor), seen)


def reopen_item(
    session: Session, number: int, reason: str, actor: Actor, *, seen: int | None = None
) -> WorkRow:
    """Reopen a closed item, where its address lies now.

    Raises:
        WorkItemNotFound, Conflict: there is none, it is open, the same work is open elsewhere, or
            its address has ended.
    """
    item = get_item(session, number)
    address = lock_addresses(session, [item.code])[item.code]
    require_work_at(address, WorkKind(item.kind))
    _set_state(session, number, WorkState.OPEN, (reason, actor), seen)
    move_items(session, [item.code], [item.key], actor)
    return get_item(session, number)


def assign_items(session: Session, wanted: WorkFilter, assignee: str, actor: Actor) -> int:
    """Assign all open items of a filter to an account (``""``: to nobody); return how many.

    ``wanted`` may name items, a grid, a division, a kind, and the present assignee.
    """
    where, values = ["state = 'open'"], wanted.values()
    conditions = {
        "numbers": "id = any(:numbers)",
        "area_id": "area_id = :area_id",
        "division": "division like :division",
        "kind": "kind = :kind",
        "assignee": "assignee = :assignee",
    }
    where += [sql for name, sql in conditions.items() if name in values]
    statement = (
        f"with held as (select id from work_item where {' and '.join(where)} "  # noqa: S608
        "order by id for no key update) "
        "update work_item w set assignee = :to from held where w.id = held.id returning w.id"
    )
    assigned = list(session.scalars(text(statement), values | {"to": assignee}))
    announce(session, Subject.WORK_ITEM, Action.ASSIGNED, assigned)
    tell_subscribers(session, WorkChange(Action.ASSIGNED, tuple(assigned), assignee, actor))
    said = {name: str(value) for name, value in values.items()}
    audit.record(
        session,
        actor=actor,
        action="work_items:assign",
        subject=assignee or "nobody",
        count=len(assigned),
        items=said,
    )
    return len(assigned)


def _close_all(
    session: Session,
    keys: Sequence[str],
    kinds: Sequence[WorkKind],
    end: tuple[WorkState, str],
    actor: Actor,
) -> list[int]:
    state, outcome = end
    values = {
        "state": str(state),
        "outcome": outcome,
        "actor": str(actor),
        "keys": list(keys),
        "kinds": [str(kind) for kind in kinds],
    }
    closed = list(session.execute(_CLOSE_ALL, values).scalars())
    if closed:
        announce(session, Subject.WORK_ITEM, _ACTIONS[state], closed)
        action = f"work_items:{state}"
        subject = ",".join(map(str, closed))
        audit.record(session, actor=actor, action=action, subject=subject, outcome=outcome)
    told = WorkChange(_ACTIONS[state], tuple(closed), outcome, actor, tuple(keys), tuple(kinds))
    tell_subscribers(session, told)
    return closed


def _set_state(
    session: Session, number: int, after: WorkState, told: tuple[str, Actor], seen: int | None
) -> WorkRow:
    item, (outcome, actor) = get_item(session, number, lock=True), told
    require_seen(session, item.record, seen)
    require_work_transition(item, after)
    values = {"id": number, "state": str(after), "outcome": outcome}
    closed_by = "" if after is WorkState.OPEN else str(actor)
    try:
        with session.begin_nested():
            session.execute(_SET_STATE, values | {"closed_by": closed_by})
    except IntegrityError as error:
        raise Conflict(
            f"the same work is open already for {item.key}", hint="complete that item instead"
        ) from error
    announce(session, Subject.WORK_ITEM, _ACTIONS[after], [number])
    audit.record(
        session,
        actor=actor,
        action=f"work_items:{after}",
        subject=str(number),
        before=item.state,
        outcome=outcome,
    )
    tell_subscribers(session, WorkChange(_ACTIONS[after], (number,), outcome, actor))
    return get_item(session, number)
