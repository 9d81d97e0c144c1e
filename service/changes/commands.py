"""Writes the change feed: every change once, numbered without gaps in commit order.

The last thing before commit, a writer takes the feed's transaction-level advisory lock, numbers
its rows from the counter row, inserts them and commits. A sequence would skip late commits and
transaction ids would reverse two changes of one row; this does neither.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes.events import Action, Subject
from service.changes.registers import REGISTERS
from service.core.bulk_copy import copy_rows
from service.core.database import at_the_end

__all__ = [
    "CHANNEL",
    "FEED_LOCK",
    "Action",
    "ChangeNote",
    "Subject",
    "announce",
    "keep_feed",
    "record",
]

FEED_LOCK = 0x6D656E70
"""The advisory lock of the feed and the audit chain ("menp")."""

CHANNEL = "menpai_changes"
_PRESENT = {
    subject: text(
        f"select {one.own.key} as key, max(r.version) as version, "  # noqa: S608 - our own
        f"coalesce(max({one.division}), '') as division "
        f"from {one.own.table} r where {one.own.of} and {one.present} group by 1"
    )
    for subject, one in REGISTERS.items()
}
_PENDING = "menpai_pending_changes"


class ChangeNote(NamedTuple):
    """One change to announce: of which record, what happened, and in which division (12 digits).

    What the caller does not say is read when positions are given out: the division, where it is
    "", and the ``version`` of the record's row. A row that was just inserted has version 1.
    """

    subject: Subject
    key: str
    action: Action
    division: str = ""
    version: int | None = None


def record(session: Session, notes: Iterable[ChangeNote]) -> None:
    """Announce changes; they get their positions when the transaction commits."""
    session.info.setdefault(_PENDING, []).extend(notes)
    at_the_end(session, "zz_changes", write_pending)


def announce(session: Session, subject: Subject, action: Action, keys: Iterable[object]) -> None:
    """Announce that the same happened to records that are still there, by their keys."""
    record(session, [ChangeNote(subject, str(key), action) for key in keys])


def keep_feed(session: Session, kept_days: int) -> tuple[int, int]:
    """Open the partitions of this and the next two months, and drop those that are too old.

    Returns how many were opened and dropped. A month without a partition stops nobody: its changes
    are written to the default partition, and moved when it is opened.
    """
    opened = session.execute(text("select open_change_partitions()")).scalar_one()
    values = {"days": kept_days}
    dropped = session.execute(text("select drop_change_partitions(:days)"), values).scalar_one()
    return opened, dropped


def write_pending(session: Session) -> None:
    """Number and insert what was announced; wake whoever listens with the last position.

    Raises:
        ValueError: something is announced that the feed has no word for.
    """
    pending: list[ChangeNote] = session.info.pop(_PENDING, [])
    notes = _told_once(pending)
    if not notes:
        return
    _require_words(notes)
    notes = _complete(session, notes)
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": FEED_LOCK})
    last = session.execute(text("select take_change_positions(:n)"), {"n": len(notes)}).scalar_one()
    first = last - len(notes) + 1
    copy_rows(
        session,
        "change",
        ("position", "subject", "key", "action", "division", "version"),
        (
            (place, note.subject, note.key, note.action, note.division, note.version)
            for place, note in enumerate(notes, start=first)
        ),
    )
    session.execute(text("select pg_notify(:c, :p)"), {"c": CHANNEL, "p": str(last)})


def _require_words(notes: Iterable[ChangeNote]) -> None:
    """Readers know the words of ``events``, and no others are ever written."""
    for subject, action in {(note.subject, note.action) for note in notes}:
        Subject(subject), Action(action)


def _told_once(pending: Iterable[ChangeNote]) -> list[ChangeNote]:
    """Each change once; of a record that is new, what else became of it is no news."""
    notes = dict.fromkeys(pending)
    new = {(note.subject, note.key) for note in notes if note.action is Action.NEW}
    also = {
        record
        for note in notes
        if note.action is not Action.NEW and (record := (note.subject, note.key)) in new
    }
    if not also:
        return list(notes)
    return [
        note._replace(version=None) if note.action is Action.NEW else note
        for note in notes
        if note.action is Action.NEW or (note.subject, note.key) not in also
    ]


def _complete(session: Session, notes: Sequence[ChangeNote]) -> list[ChangeNote]:
    """Say of notes what their callers left open, by one statement a subject."""
    wanted: dict[Subject, set[str]] = {}
    for note in notes:
        if note.version is None or not note.division:
            wanted.setdefault(note.subject, set()).add(note.key)
    if not wanted:
        return list(notes)
    found: dict[tuple[Subject, str], tuple[int, str]] = {}
    for subject, keys in wanted.items():
        rows = session.execute(_PRESENT[subject], {"keys": sorted(keys)})
        found |= {(subject, row.key): (row.version, row.division) for row in rows}
    return [_completed(note, *found.get((note.subject, note.key), (None, ""))) for note in notes]


def _completed(note: ChangeNote, version: int | None, division: str) -> ChangeNote:
    if version is None:
        return note  # its caller has said all, or the record is gone
    return ChangeNote(note.subject, note.key, note.action, note.division or division, version)
