"""The state of a batch: locked, set, and moved along its transition table with an audit entry."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from address_model.lifecycle import BatchStatus
from address_model.tables import PlateBatch
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.batches import policies
from service.batches.queries.batches import BatchRow, get_batch, require_number
from service.core.actor import Actor
from service.plates.commands.notices import announce_batch


def hold_batch(session: Session, batch_id: int, seen: int | None = None) -> BatchRow:
    """Lock one batch until the transaction ends, and return it.

    Plates are locked before their batch, and a batch before its run (DESIGN: order of locks).

    Raises:
        BatchNotFound: no batch has this number.
        Outdated: its version is not ``seen``, the one that the officer saw.
    """
    require_number(batch_id)
    session.execute(
        select(PlateBatch.id).where(PlateBatch.id == batch_id).with_for_update(key_share=True)
    )
    batch = get_batch(session, batch_id)
    require_seen(session, batch.record, seen)
    return batch


def set_status(session: Session, batch_id: int, status: BatchStatus, reason: str = "") -> None:
    """Set the state of a batch as its run progresses; transitions are not checked."""
    session.execute(
        update(PlateBatch).where(PlateBatch.id == batch_id).values(status=status, reason=reason)
    )
    announce_batch(session, batch_id)


def move_batch(
    session: Session,
    batch: BatchRow,
    status: BatchStatus,
    actor: Actor,
    action: str,
    **detail: object,
) -> BatchRow:
    """Move a batch, which is held, to its next state, and audit it.

    Raises:
        Conflict: the transition table has no such step.
    """
    policies.require_batch_step(batch, status)
    set_status(session, batch.id, status)
    note_step(session, batch.id, actor, action, plates=batch.plates, **detail)
    return get_batch(session, batch.id)


def note_step(session: Session, batch_id: int, actor: Actor, action: str, **detail: object) -> None:
    """Record a step of a batch in the audit chain."""
    audit.record(session, actor=actor, action=f"batches:{action}", subject=str(batch_id), **detail)
