"""Trial plates (试印): ended by a real plate, and moved when a demo changes its host."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.changes.commands import Action, Subject, announce
from service.core.actor import Actor
from service.plates.commands.notices import announce_plates
from service.worklists import commands as worklists

ENDED = "试印结束"
_END = text(
    "with trial as (select p.token from plate p join plate_batch b on b.id = p.batch_id "
    "where b.is_trial and p.code = any(:codes) and p.status not in ('replaced', 'void') "
    "order by p.token for no key update of p) "
    "update plate set status = 'void', status_reason = :reason "
    "where token in (select token from trial) returning token"
)
_MOVE = text(
    "update plate_batch set payload_prefix = :prefix where payload_prefix <> :prefix "
    "and is_trial and status = 'issued' returning id"
)


def end_trial_plates(session: Session, codes: Sequence[str], actor: Actor) -> None:
    """Void the trial plates of addresses that get a real one, and cancel work on them."""
    tokens = list(session.scalars(_END, {"codes": list(codes), "reason": ENDED}))
    if not tokens:
        return
    announce_plates(session, tokens, Action.VOIDED)
    audit.record_codes(session, actor=actor, action="plates:end_trial", codes=tokens)
    worklists.cancel_items_of(session, tokens, ENDED, actor)


def move_trial_batches(session: Session, payload_prefix: str, actor: Actor) -> int:
    """Change the payload prefix of trial batches issued without a list; return how many.

    For a demo that has moved to another host. Batches with a list stay as approved, and real
    plates keep their prefix.
    """
    moved = list(session.scalars(_MOVE, {"prefix": payload_prefix}))
    if moved:
        announce(session, Subject.BATCH, Action.CHANGED, moved)
        audit.record(session, actor=actor, action="batches:move_trial", subject=payload_prefix)
    return len(moved)
