"""Reads the entries of the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry

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
