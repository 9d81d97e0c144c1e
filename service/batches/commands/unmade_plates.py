"""Plates of a batch before they are made: locked in order, and voided if they are not made."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.batches.queries.batches import require_number
from service.changes.events import Action
from service.plates.commands.notices import announce_plates

_LOCK_PLATES = text(
    "with own as (select token from plate_batch_item where batch_id = :batch "
    "and token is not null and :code in ('', code)) "
    "select token from plate where token in (select token from own) "
    "or replaced_by in (select token from own) order by token for no key update"
)
_LOCK_ADDRESSES = text(
    "select a.code from address a join plate p on p.code = a.code where p.batch_id = :batch "
    "order by a.code for no key update of a"
)
_LOCK_DRAWN = text(
    "select token from plate where batch_id = :batch order by token for no key update"
)
_FREE = text(
    "update plate set replaced_by = null where replaced_by = any(:tokens) "
    "and status not in ('replaced', 'void') returning token"
)
_VOID = text(
    "update plate set status = 'void', status_reason = :reason "
    "where token = any(:tokens) and status = 'to_make' returning token"
)


def hold_unmade(session: Session, batch_id: int, code: str = "") -> None:
    """Lock the plates of a batch, or of one address in it, and the plates they replace."""
    require_number(batch_id)
    session.execute(_LOCK_PLATES, {"batch": batch_id, "code": code})


def hold_drawn(session: Session, batch_id: int) -> None:
    """Lock the plates of a batch, their addresses first, so that what they say stays as it is."""
    require_number(batch_id)
    session.execute(_LOCK_ADDRESSES, {"batch": batch_id})
    session.execute(_LOCK_DRAWN, {"batch": batch_id})


def void_unmade(session: Session, tokens: list[str], reason: str) -> None:
    """Void plates that were never made; the plates they were to replace stay."""
    values = {"tokens": tokens, "reason": reason}
    announce_plates(session, session.scalars(_FREE, values), Action.LED_ON)
    announce_plates(session, session.scalars(_VOID, values), Action.VOIDED)
