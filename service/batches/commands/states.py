"""The state of a batch: held, set, and moved along its transition table with a note of who did."""

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
    """One batch, held until the transaction ends; raises BatchNotFound.

    Plates are locked before their batch, and a batch before its run (DESIGN: order of locks).
    ``seen`` is its version as an officer saw it: Outdated says that another stands.
    """
    require_number(batch_id)
    session.execute(
        select(PlateBatch.id).where(PlateBatch.id == batch_id).with_for_update(key_share=True)
    )
    batch = get_batch(session, batch_id)
    require_seen(session, batch.record, seen)
    return batch


def set_status(session: Session, batch_id: int, status: BatchStatus, reason: str = "") -> None:
    """Set the state that a batch's run has brought it to."""
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
    """Bring a batch that is held into its next state, and note who did.

    Raises:
        Conflict: the transition table has no such step.
    """
    policies.require_batch_step(batch, status)
    set_status(session, batch.id, status)
    note_step(session, batch.id, actor, action, plates=batch.plates, **detail)
    return get_batch(session, batch.id)


def note_step(session: Session, batch_id: int, actor: Actor, action: str, **detail: object) -> None:
    """Note in the audit chain what was done with a batch."""
    audit.record(session, actor=actor, action=f"batches:{action}", subject=str(batch_id), **detail)
