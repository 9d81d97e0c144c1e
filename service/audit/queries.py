"""Reads and verifies the audit chain."""

from dataclasses import dataclass

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
