"""Verifies the audit chain: recomputes every hash and compares with the signed heads."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry, FeedCounter
from service.audit.chain import KEYED, PLAIN, AuditNote, chain_hash
from service.audit.heads import ChainHead, DamagedHeads, list_valid, read_heads
from service.core.actor import Actor
from service.core.signing_keys import KeyRing

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """The result of verifying the chain.

    ``fault`` is one sentence, empty if nothing was changed, removed or cut off; ``first_broken`` is
    the first wrong position, if any; ``notes`` are remarks that are no faults; ``last_head`` is
    the newest head, which the chain matches.
    """

    entries: int
    fault: str = ""
    first_broken: int | None = None
    notes: tuple[str, ...] = ()
    last_head: ChainHead | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed or cut off."""
        return not self.fault


@dataclass(frozen=True, slots=True)
class _Broken(Exception):
    """The chain is broken at a position."""

    position: int
    what: str


def verify_chain(
    session: Session, keys: KeyRing | None = None, heads_file: Path | None = None
) -> ChainVerdict:
    """Recompute every hash, and compare the chain with its heads outside the database.

    Args:
        keys: the keys of entries and heads; without them only old unkeyed entries can be verified.
        heads_file: the file of heads; without it only the counter reveals a truncated tail.
    """
    notes: tuple[str, ...] = ()
    heads: list[ChainHead] = []
    if keys is not None and heads_file is not None:
        try:
            valid, remarks = list_valid(read_heads(heads_file, keys))
        except DamagedHeads as damaged:
            return ChainVerdict(0, damaged.what)
        heads, notes = valid, tuple(remarks)
    count, is_keyed = 0, False
    try:
        for entry in _walk(session, keys, heads):
            count, is_keyed = entry.position, entry.scheme != PLAIN
    except _Broken as broken:
        return ChainVerdict(count, broken.what, broken.position, notes)
    if is_keyed and not heads:
        fault = f"the chain has a key, but no head of it is kept in {heads_file}"
        return ChainVerdict(count, fault, None, notes)
    return ChainVerdict(count, "", None, notes, heads[-1] if heads else None)


def _walk(session: Session, keys: KeyRing | None, heads: list[ChainHead]) -> Iterator[AuditEntry]:
    """Yield the entries in order, each verified; finally check the end of the chain."""
    expected: dict[int, set[str]] = defaultdict(set)
    for head in heads:
        expected[head.position].add(head.hash)
    before, position, scheme = b"", 0, PLAIN
    rows = session.scalars(
        select(AuditEntry).order_by(AuditEntry.position).execution_options(yield_per=_AT_ONCE)
    )
    with closing(rows):
        for entry in rows:
            position += 1
            before = _prove(entry, before, position, scheme, keys)
            if expected.get(position, set()) - {before.hex()}:
                raise _Broken(position, f"entry {position} is not what a signed head says of it")
            scheme = entry.scheme
            yield entry
    last = session.scalar(select(FeedCounter.last).where(FeedCounter.name == "audit"))
    if last != position:
        raise _Broken(position + 1, f"the chain ends at entry {position}, its counter says {last}")
    if heads and heads[-1].position > position:
        newest = heads[-1]
        what = f"the head of {newest.day} says {newest.position} entries, there are {position}"
        raise _Broken(position + 1, what)


def _prove(
    entry: AuditEntry, before: bytes, position: int, scheme: int, keys: KeyRing | None
) -> bytes:
    """Verify an entry and return its recomputed hash.

    Raises:
        _Broken: it differs from the stored one.
    """
    key = keys.find(entry.key_id) if keys is not None and entry.scheme == KEYED else None
    if entry.position != position:
        raise _Broken(entry.position, f"the chain breaks at entry {entry.position}")
    if entry.scheme < scheme:
        raise _Broken(position, f"entry {position} has no key, but the one before it has")
    if entry.scheme == KEYED and key is None:
        what = (
            f"entry {position} was made with the key {entry.key_id}, which is not known here "
            "(MENPAI_SECRET_KEY, MENPAI_FORMER_SECRET_KEYS)"
        )
        raise _Broken(position, what)
    note = AuditNote(Actor.parse(entry.actor), entry.action, entry.subject, entry.detail)
    computed = chain_hash(key, before, position, note, entry.at)
    if computed != entry.hash:
        raise _Broken(position, f"the chain breaks at entry {position}")
    return computed
