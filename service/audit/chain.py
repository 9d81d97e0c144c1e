"""The hash that binds an entry of the audit chain to the one before it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import orjson

from service.core.actor import Actor
from service.core.signing_keys import SigningKey

PURPOSE = "audit"
"""The purpose for which the keys of the chain and its heads are derived."""

HEADS, BEGIN_HEADS = "heads", "audit:begin_heads"
"""Subject and action of the entries about the file of heads."""

PLAIN, KEYED = 1, 2
"""The values of ``audit_entry.scheme``: SHA-256, which the owner of the tables can recompute, and
HMAC-SHA256 with a key outside the database."""


@dataclass(frozen=True, slots=True)
class AuditNote:
    """An action to be recorded, before it has a position in the chain."""

    actor: Actor
    action: str
    subject: str
    detail: dict[str, object]


def chain_hash(
    key: SigningKey | None, before: bytes, position: int, note: AuditNote, at: datetime
) -> bytes:
    """The 32-byte hash of an entry: over the previous hash and the entry as canonical JSON."""
    body = [position, str(note.actor), note.action, note.subject, note.detail, at.timestamp()]
    content = before + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    return key.sign(content) if key else hashlib.sha256(content).digest()
