"""Reads batches with living real plates whose QR codes the public cannot open."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Plate, PlateBatch
from qr.public_host import find_host_fault


@dataclass(frozen=True, slots=True)
class DeadBatch:
    """A batch, its payload prefix, and how many of its plates are living."""

    id: int
    name: str
    prefix: str
    plates: int


def list_dead_batches(session: Session) -> list[DeadBatch]:
    """Batches that are not for trial, with living plates under a host that is not public."""
    prefixes = session.scalars(
        select(PlateBatch.payload_prefix).where(~PlateBatch.is_trial).distinct()
    )
    dead = [prefix for prefix in prefixes if find_host_fault(prefix) is not None]
    statement = (
        select(PlateBatch.id, PlateBatch.name, PlateBatch.payload_prefix, func.count())
        .join(Plate, Plate.batch_id == PlateBatch.id)
        .where(
            ~PlateBatch.is_trial,
            PlateBatch.payload_prefix.in_(dead),
            Plate.status.not_in(("replaced", "void")),
        )
        .group_by(PlateBatch.id)
        .order_by(PlateBatch.id)
    )
    return [DeadBatch(*row) for row in session.execute(statement)] if dead else []
