"""Reads the entries of the audit chain, and its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
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


_READS = ("batches:download",)
"""Actions about a record that do not change it."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the chain."""

    position: int
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """A filter of entries; empty fields match all, ``actors`` None matches everybody."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    actors: Sequence[str] | None = None


def list_entries(
    session: Session, wanted: AuditFilter, *, before: int | None = None, limit: int = 50
) -> list[EntryRow]:
    """Entries of the chain, newest first, with positions below ``before``."""
    statement = _select()
    for column, value in (
        (AuditEntry.actor, wanted.actor),
        (AuditEntry.action, wanted.action),
        (AuditEntry.subject, wanted.subject),
    ):
        if value:
            statement = statement.where(column == value)
    if wanted.actors is not None:
        statement = statement.where(AuditEntry.actor.in_(wanted.actors))
    if before is not None:
        statement = statement.where(AuditEntry.position < before)
    rows = session.execute(statement.order_by(AuditEntry.position.desc()).limit(limit))
    return [EntryRow(*row) for row in rows]


def find_last_act(session: Session, resource: str, subject: str) -> EntryRow | None:
    """The newest entry about a possible change of a record (``batches``, ``17``), or None."""
    statement = (
        _select()
        .where(
            AuditEntry.subject == subject,
            AuditEntry.action.startswith(f"{resource}:", autoescape=True),
            AuditEntry.action.not_in(_READS),
        )
        .order_by(AuditEntry.position.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return EntryRow(*row) if row else None


def list_subjects_since(
    session: Session, actor: str, action: str, moment: datetime
) -> frozenset[str]:
    """The subjects on which an actor performed an action since a moment."""
    before = (
        select(AuditEntry.position)
        .where(AuditEntry.actor == actor, AuditEntry.at < moment)
        .order_by(AuditEntry.position.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = select(AuditEntry.subject).where(
        AuditEntry.actor == actor,
        AuditEntry.action == action,
        AuditEntry.position > func.coalesce(before, 0),
    )
    return frozenset(session.scalars(statement))


def _select() -> Select[int, str, str, str, dict[str, object], datetime]:
    return select(
        AuditEntry.position,
        AuditEntry.actor,
        AuditEntry.action,
        AuditEntry.subject,
        AuditEntry.detail,
        AuditEntry.at,
    )
