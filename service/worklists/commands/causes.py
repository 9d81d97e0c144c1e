"""Cancels work the system opened when its cause ends; moves open work with its address."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.worklists.subscribers import WorkChange, tell_subscribers

_END = text(
    "with held as (select id from work_item where state = 'open' and key = :key "
    "and cause = :cause order by id for no key update) "
    "update work_item w set state = 'cancelled', outcome = :outcome, closed_by = :actor, "
    "closed_at = clock_timestamp() from held where w.id = held.id returning w.id"
)
_HOLD = text(
    "select id from work_item where state = 'open' and key = any(:keys) "
    "order by id for no key update"
)
_MOVE = text(
    "update work_item w set division = n.division, area_id = n.area_id from ("
    "select a.code, d.code as division, (select min(l.area_id) from address_area l "
    "where l.code = a.code and l.kind = 'grid') as area_id "
    "from address a join division d on d.id = a.division_id where a.code = any(:codes)) n "
    "where w.state = 'open' and w.key = any(:keys) and n.code = w.code "
    "and (w.division, w.area_id) is distinct from (n.division, n.area_id) returning w.id"
)


def end_caused_items(
    session: Session, key: str, cause: str, outcome: str, actor: Actor
) -> list[int]:
    """Cancel the open items of a plate or address that have this cause; return their ids."""
    values = {"key": key, "cause": cause, "outcome": outcome, "actor": str(actor)}
    ended = list(session.execute(_END, values).scalars())
    if ended:
        announce(session, Subject.WORK_ITEM, Action.CANCELLED, ended)
        subject = ",".join(map(str, ended))
        audit.record(
            session, actor=actor, action="work_items:cancelled", subject=subject, outcome=outcome
        )
        tell_subscribers(session, WorkChange(Action.CANCELLED, tuple(ended), outcome, actor))
    return ended


def hold_items(session: Session, keys: Sequence[str]) -> None:
    """Lock the open work about plates (tokens) and addresses (codes) until the transaction ends."""
    session.execute(_HOLD, {"keys": list(keys)})


def move_items(session: Session, codes: Sequence[str], keys: Sequence[str], actor: Actor) -> None:
    """Move open work to the present division and grid of its address."""
    moved = tuple(session.scalars(_MOVE, {"codes": list(codes), "keys": list(keys)}))
    announce(session, Subject.WORK_ITEM, Action.MOVED, moved)
    tell_subscribers(session, WorkChange(Action.MOVED, moved, "", actor))
