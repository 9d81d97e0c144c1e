"""Reads the end of the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry, FeedCounter
from service.audit.chain import BEGIN_HEADS, HEADS


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last entry: its position (0 in an empty chain), its hash, and its key id."""

    position: int
    hash: bytes
    key_id: str


def read_end(session: Session) -> ChainEnd:
    """The end of the chain, according to its counter."""
    statement = (
        select(FeedCounter.last, FeedCounter.last_hash, AuditEntry.key_id)
        .outerjoin(AuditEntry, AuditEntry.position == FeedCounter.last)
        .where(FeedCounter.name == "audit")
    )
    row = session.execute(statement).one()
    return ChainEnd(row.last, bytes(row.last_hash), row.key_id or "")


def has_begun_heads(session: Session) -> bool:
    """Whether the chain has an entry about the start of a file of heads."""
    statement = select(AuditEntry.position).where(
        AuditEntry.subject == HEADS, AuditEntry.action == BEGIN_HEADS
    )
    return session.scalar(statement.limit(1)) is not None


def list_hashes(session: Session, positions: Sequence[int]) -> dict[int, bytes]:
    """The hashes of the existing entries at some positions, by position."""
    statement = select(AuditEntry.position, AuditEntry.hash).where(
        AuditEntry.position.in_(positions)
    )
    return {row.position: bytes(row.hash) for row in session.execute(statement)}
