"""How an entry of the audit chain is bound to the one before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import orjson

from service.core.actor import Actor
from service.core.signing_keys import SigningKey

PURPOSE = "audit"
"""What the keys of the chain and of its heads are derived for."""

HEADS, BEGIN_HEADS = "heads", "audit:begin_heads"
"""Subject and action of the entries that tell of a file of heads."""

PLAIN, KEYED = 1, 2
"""The schemes of ``audit_entry.scheme``: SHA-256, which whoever owns the tables can compute anew,
and HMAC-SHA256 with a key that is not in the database."""


@dataclass(frozen=True, slots=True)
class AuditNote:
    """One thing that was done, before it has a place in the chain."""

    actor: Actor
    action: str
    subject: str
    detail: dict[str, object]


def chain_hash(
    key: SigningKey | None, before: bytes, position: int, note: AuditNote, at: datetime
) -> bytes:
    """The 32 bytes that bind an entry: over the hash before and the entry as canonical JSON."""
    body = [position, str(note.actor), note.action, note.subject, note.detail, at.timestamp()]
    content = before + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return key.sign(content) if key else hashlib.sha256(content).digest()
