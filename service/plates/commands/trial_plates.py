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
_HOLD = text(
    "select p.token from plate p join plate_batch b on b.id = p.batch_id "
    "where b.is_trial and p.code = any(:codes) and p.status not in ('replaced', 'void') "
    "order by p.token for no key update of p"
)
_END = text("update plate set status = 'void', status_reason = :reason where token = any(:tokens)")
_MOVE = text(
    "update plate_batch set payload_prefix = :prefix where payload_prefix <> :prefix "
    "and is_trial and status = 'issued' returning id"
)


def hold_trial_plates(session: Session, codes: Sequence[str]) -> list[str]:
    """Lock the living trial plates of addresses, and work on them; return their tokens."""
    tokens = list(session.scalars(_HOLD, {"codes": list(codes)}))
    if tokens:
        worklists.hold_items(session, tokens)
    return tokens


def end_trial_plates(session: Session, tokens: Sequence[str], actor: Actor) -> None:
    """Void held trial plates whose addresses get a real one, and cancel work on them."""
    if not tokens:
        return
    session.execute(_END, {"tokens": list(tokens), "reason": ENDED})
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
