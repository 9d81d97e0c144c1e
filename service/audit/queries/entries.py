"""Reads the entries of the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it is read."""

    position: int
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: what is empty does not narrow; ``actors`` None is everybody's."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    actors: Sequence[str] | None = None


def list_entries(
    session: Session, wanted: EntryFilter, *, before: int | None = None, limit: int = 50
) -> list[EntryRow]:
    """Entries of the chain, newest first; ``before`` is the position of the last one seen."""
    statement = select(
        AuditEntry.position,
        AuditEntry.actor,
        AuditEntry.action,
        AuditEntry.subject,
        AuditEntry.detail,
        AuditEntry.at,
    )
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
