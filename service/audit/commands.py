"""Writes the audit chain: who did what, each entry bound to the one before by SHA-256."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry
from service.core.actor import Actor
from service.core.database import at_the_end

AUDIT_LOCK = 0x6D656E71
"""The advisory lock of the audit chain."""

_PENDING = "menpai_pending_audit"


@dataclass(frozen=True, slots=True)
class AuditNote:
    """One thing that was done, before it has a place in the chain."""

    actor: Actor
    action: str
    subject: str
    detail: dict[str, object]


def record(session: Session, *, actor: Actor, action: str, subject: str, **detail: object) -> None:
    """Note that an actor did something (``resource:action``); it is chained at commit."""
    note = AuditNote(actor, action, subject, detail)
    session.info.setdefault(_PENDING, []).append(note)
    at_the_end(session, "audit", write_pending)


def write_pending(session: Session) -> None:
    """Chain and insert what was noted, under the lock of the chain."""
    notes: list[AuditNote] = session.info.pop(_PENDING, [])
    if not notes:
        return
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
    position, chain, now = session.execute(
        text("select last, last_hash, clock_timestamp() from feed_counter where name = 'audit'")
    ).one()
    for note in notes:
        position += 1
        chain = chain_hash(chain, position, note, now)
        session.add(
            AuditEntry(
                position=position,
                actor=str(note.actor),
                action=note.action,
                subject=note.subject,
                detail=note.detail,
                at=now,
                hash=chain,
            )
        )
    session.execute(
        text("update feed_counter set last = :p, last_hash = :h where name = 'audit'"),
        {"p": position, "h": chain},
    )
    session.flush()


def chain_hash(before: bytes, position: int, note: AuditNote, at: datetime) -> bytes:
    """SHA-256 over the hash before and the canonical JSON of the entry."""
    body = [position, str(note.actor), note.action, note.subject, note.detail, at.timestamp()]
    return hashlib.sha256(before + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()


def record_codes(session: Session, *, actor: Actor, action: str, codes: Sequence[object]) -> None:
    """Note bulk work in one entry: how many records, the first, the last, and a hash of all."""
    digest = hashlib.sha256("\n".join(map(str, codes)).encode()).hexdigest()
    subject = f"{codes[0]}…{codes[-1]}" if codes else "none"
    record(session, actor=actor, action=action, subject=subject, count=len(codes), sha256=digest)
