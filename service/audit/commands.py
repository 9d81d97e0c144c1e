"""Writes the audit chain, each entry bound to the one before, and its signed heads."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from address_model.tables import AuditEntry, ClientUsage
from service.audit.chain import BEGIN_HEADS, HEADS, KEYED, PLAIN, AuditNote, chain_hash
from service.audit.heads import (
    BEGIN,
    HEAD,
    ChainHead,
    DamagedHeads,
    append_head,
    find_last,
    list_valid,
    read_heads,
)
from service.audit.queries import ChainEnd, has_begun_heads, list_hashes, read_end
from service.core.actor import Actor
from service.core.clock import day_of, now_utc
from service.core.database import DATABASE, PENDING, Database, after_commit, at_the_end
from service.core.faults import EnvironmentFault
from service.core.folder_lock import hold_lock
from service.core.homes import make_home
from service.core.signing_keys import SigningKey

AUDIT_LOCK = 0x6D656E71
"""The advisory lock of the audit chain."""

HEAD_EVERY = timedelta(minutes=10)
"""The shortest interval between heads; the first of a day is written at once."""

_PENDING = f"{PENDING}_audit"
_PATIENCE_S = 5.0
logger = structlog.get_logger()


def record(session: Session, *, actor: Actor, action: str, subject: str, **detail: object) -> None:
    """Record an action (``resource:action``) of an actor; it is chained at commit."""
    note = AuditNote(actor, action, subject, detail)
    session.info.setdefault(_PENDING, []).append(note)
    at_the_end(session, "audit", write_pending)


def record_codes(
    session: Session, *, actor: Actor, action: str, codes: Sequence[object], **detail: object
) -> None:
    """Record bulk work in one entry: number of records, the first, the last, and a hash of all."""
    digest = hashlib.sha256("\n".join(map(str, codes)).encode()).hexdigest()
    subject = f"{codes[0]}…{codes[-1]}" if codes else "none"
    detail |= {"count": len(codes), "sha256": digest}
    record(session, actor=actor, action=action, subject=subject, **detail)


def add_usage(
    session: Session, client_id: int, call: str, day: date, *, count: int, rows: int
) -> None:
    """Add calls of a program on a day, and the rows it got, to what is counted already."""
    columns = ClientUsage.client_id, ClientUsage.call, ClientUsage.day
    made = insert(ClientUsage).values(
        client_id=client_id, call=call, day=day, count=count, rows=rows
    )
    session.execute(
        made.on_conflict_do_update(
            index_elements=columns,
            set_={
                "count": ClientUsage.count + made.excluded.count,
                "rows": ClientUsage.rows + made.excluded.rows,
            },
        )
    )


def record_export(
    session: Session, actor: Actor, subject: str, file: Path, count: int, **asked: object
) -> None:
    """Record an export to a file: its actor, the number of records, and the query."""
    detail = {"count": count} | {name: value for name, value in asked.items() if value}
    record(session, actor=actor, action=f"{subject}:export", subject=file.name, **detail)


def write_pending(session: Session) -> None:
    """Chain and insert the recorded actions, under the lock of the chain; a head follows the
    commit.

    A trigger of the table counts the entries and refuses one that does not follow the last.

    Raises:
        EnvironmentFault: the chain is keyed, and no key is set here.
    """
    notes: list[AuditNote] = session.info.pop(_PENDING, [])
    if not notes:
        return
    database: Database | None = session.info.get(DATABASE)
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": AUDIT_LOCK})
    now: datetime = session.execute(text("select clock_timestamp()")).scalar_one()
    end = read_end(session)
    position, chain, key = end.position, end.hash, None
    if database is not None and database.audit_keys is not None:
        key = database.audit_keys.current
    elif end.key_id:
        raise EnvironmentFault(
            "the audit chain has a key, and none is set here: nothing was written",
            hint="set MENPAI_SECRET_KEY to that of the service",
        )
    for note in notes:
        position += 1
        chain = chain_hash(key, chain, position, note, now)
        session.add(
            AuditEntry(
                position=position,
                actor=str(note.actor),
                action=note.action,
                subject=note.subject,
                detail=note.detail,
                at=now,
                hash=chain,
                scheme=KEYED if key else PLAIN,
                key_id=key.id if key else "",
            )
        )
    session.flush()
    if database and any(note.subject != HEADS for note in notes):
        after_commit(session, partial(write_head, database))


def write_head(database: Database) -> ChainHead | None:
    """Write a signed head of the chain, if one is due; returns it, or None.

    The first time, that is recorded in the chain. If the file is missing later, it is not silently
    recreated: an operator must find out why, then call ``begin_heads``.

    Raises:
        DamagedHeads, EnvironmentFault: the file cannot be read, or another process holds it.
    """
    file, keys = database.audit_heads, database.audit_keys
    if file is None or keys is None or not _is_due(find_last(file)):
        return None
    make_home(file.parent)
    with hold_lock(file.with_suffix(".lock"), seconds=_PATIENCE_S):
        last = find_last(file)
        if not _is_due(last):
            return None
        with database.reading() as session:
            end, begun = read_end(session), has_begun_heads(session)
        if last is None and begun:
            logger.error("audit_heads_missing", file=str(file))
            return None
        if last is not None and end.position <= last.position:
            return None
        if last is None:
            return _begin(database, file, Actor("system", "audit"), "")
        return _append(file, HEAD, end, keys.current)


def begin_heads(database: Database, actor: Actor, reason: str) -> list[str]:
    """Restart the heads after a restore or loss of the file; returns notes on what no longer holds.

    Heads that match the chain stay valid; the first that does not, and all after it, stay in the
    file but are no longer checked. A damaged file is set aside.

    Raises:
        EnvironmentFault: the file cannot be written, another process holds it, or no key is set.
    """
    file, keys = database.audit_heads, database.audit_keys
    if file is None or keys is None:
        raise EnvironmentFault("the audit chain has no key", hint="set MENPAI_SECRET_KEY")
    make_home(file.parent)
    with hold_lock(file.with_suffix(".lock"), seconds=_PATIENCE_S):
        try:
            read_heads(file, keys)
        except DamagedHeads:
            file.replace(file.with_suffix(f".{now_utc():%Y%m%dT%H%M%S%f}.damaged"))
        _begin(database, file, actor, reason)
        return list_valid(read_heads(file, keys))[1]


def _begin(database: Database, file: Path, actor: Actor, reason: str) -> ChainHead:
    keys = database.audit_keys
    assert keys is not None  # noqa: S101 - checked by both callers
    valid, _ = list_valid(read_heads(file, keys))
    with database.session() as session:
        detail = {"reason": reason} if reason else {}
        record(session, actor=actor, action=BEGIN_HEADS, subject=HEADS, **detail)
        # the last of the leading heads that match the chain
        held = list_hashes(session, [head.position for head in valid])
        common = ChainEnd(0, b"", "")
        for head in valid:
            found = held.get(head.position)
            if found is None or found.hex() != head.hash:
                break
            common = ChainEnd(head.position, found, head.key_id)
    with database.reading() as session:
        end = read_end(session)
    _append(file, BEGIN, common, keys.current, reason)
    return _append(file, HEAD, end, keys.current)


def _append(file: Path, kind: str, end: ChainEnd, key: SigningKey, reason: str = "") -> ChainHead:
    now = now_utc()
    day, at = day_of(now).isoformat(), now.isoformat(timespec="seconds")
    head = ChainHead(0, kind, day, at, end.position, end.hash.hex(), reason, "", "")
    try:
        append_head(file, head, key)
    except OSError as error:
        raise EnvironmentFault(
            f"the head of the audit chain cannot be written to {file}: {error.strerror or error}",
            hint="make room on the disk, or let Menpai's user write to that folder",
        ) from None
    return replace(head, key_id=key.id)


def _is_due(last: ChainHead | None) -> bool:
    """Whether a head is due; also when the clock was set back."""
    if last is None:
        return True
    now = now_utc()
    since = abs(now - datetime.fromisoformat(last.at))
    return day_of(now).isoformat() != last.day or since >= HEAD_EVERY
