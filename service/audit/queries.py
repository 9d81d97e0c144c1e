"""Reads and verifies the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry, FeedCounter
from service.audit.commands import AuditNote, chain_hash
from service.core.actor import Actor


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What a walk along the chain found: how many entries, and the first that is not right."""

    entries: int
    first_broken: int | None

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, left out or cut off."""
        return self.first_broken is None


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


def verify_chain(session: Session) -> ChainVerdict:
    """Walk the whole chain and compute every hash again."""
    before, count = b"", 0
    rows = session.scalars(
        select(AuditEntry).order_by(AuditEntry.position).execution_options(yield_per=5000)
    )
    for entry in rows:
        count += 1
        kind, _, name = entry.actor.partition(":")
        note = AuditNote(Actor(kind, name), entry.action, entry.subject, entry.detail)
        before = chain_hash(before, count, note, entry.at)
        if entry.position != count or before != entry.hash:
            rows.close()
            return ChainVerdict(count, entry.position)
    last = session.scalar(select(FeedCounter.last).where(FeedCounter.name == "audit"))
    return ChainVerdict(count, None if last == count else count + 1)
