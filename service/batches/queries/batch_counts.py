"""Counts batches by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from address_model.lifecycle import BatchStatus
from address_model.tables import PlateBatch


@dataclass(frozen=True, slots=True)
class BatchCount:
    """The batches of one state: how many, with how many plates, and since when.

    ``id`` and ``name`` are those of the batch if there is only one.
    """

    count: int
    plates: int
    id: int
    name: str
    oldest: datetime


def count_by_status(
    session: Session, scopes: Sequence[str], statuses: Sequence[BatchStatus]
) -> dict[BatchStatus, BatchCount]:
    """The batches in these states in any of the division prefixes; no prefix matches none."""
    within = or_(false(), *(PlateBatch.division.startswith(prefix) for prefix in scopes))
    statement = (
        select(
            PlateBatch.status,
            func.count(),
            func.sum(PlateBatch.plates),
            func.min(PlateBatch.id),
            func.min(PlateBatch.name),
            func.min(PlateBatch.created_at),
        )
        .where(PlateBatch.status.in_(statuses), within)
        .group_by(PlateBatch.status)
    )
    rows = session.execute(statement)
    return {BatchStatus(row[0]): BatchCount(*row[1:]) for row in rows}
