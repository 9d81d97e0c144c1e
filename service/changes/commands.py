"""Writes the change feed: every change once, numbered without gaps in commit order.

Just before commit, a writer takes the feed's transaction-level advisory lock, numbers its rows
from the counter row, inserts them and commits. A sequence would skip late commits and
transaction ids would reverse two changes of one row; this does neither. Many changed links
share rows, as blocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes.events import Action, Subject
from service.changes.registers import REGISTERS
from service.core.bulk_copy import copy_rows
from service.core.database import PENDING, at_the_end

__all__ = [
    "CHANNEL",
    "FEED_LOCK",
    "Action",
    "ChangeNote",
    "LinkChanges",
    "Subject",
    "announce",
    "keep_feed",
    "record",
    "record_links",
]

FEED_LOCK = 0x6D656E70
"""The advisory lock of the feed ("menp")."""

CHANNEL = "menpai_changes"

BLOCK = 500
"""The largest number of changes in one row; who reads one of them unfolds them all."""

_BLOCK_COLUMNS = (
    "position", "subject", "key", "action", "division", "version", "size", "keys", "versions"
)  # fmt: skip
_RAISED = text(
    "select key, max(version) from change "
    "where position > :seen and subject = 'address' and version is not null group by key"
)
_PRESENT = {
    subject: text(
        f"select {one.own.key} as key, max(r.version) as version, "  # noqa: S608 - our own
        f"coalesce(max({one.division}), '') as division "
        f"from {one.own.table} r where {one.own.of} and {one.present} group by 1"
    )
    for subject, one in REGISTERS.items()
}
_TAKE_LEFT = text(
    "delete from division_left where transaction = pg_current_xact_id()::text "
    "returning subject, key, division"
)
_PENDING = f"{PENDING}_changes"
_PENDING_LINKS = f"{PENDING}_link_changes"


class ChangeNote(NamedTuple):
    """A change to announce: the record, the action, and its division (12 digits).

    Both are read from the record's row before commit, so that a caller cannot be wrong about them;
    ``division`` counts where the row is gone, and beside the ``version`` 1 of a new row, which is
    not read. ``left`` is the division that a moved record lay in; it is noted by the database.
    """

    subject: Subject
    key: str
    action: Action
    division: str = ""
    version: int | None = None
    left: str = ""


@dataclass(frozen=True, slots=True)
class LinkChanges:
    """Changed links of many addresses, of the subject ``address_area`` or ``address_place_name``.

    ``by_division`` has the codes of the addresses, and their versions beside them, for each
    division (12 digits), as they were when the feed was at position ``seen`` or later. No other
    subject is told in blocks: the history of a record looks for single rows of its key.
    """

    subject: Subject
    by_division: Mapping[str, tuple[Sequence[str], Sequence[int]]]
    seen: int

    def __len__(self) -> int:
        return sum(len(codes) for codes, _ in self.by_division.values())


def record(session: Session, notes: Iterable[ChangeNote]) -> None:
    """Announce changes; they are numbered when the transaction commits."""
    session.info.setdefault(_PENDING, []).extend(notes)
    at_the_end(session, "zz_changes", write_pending)


def record_links(session: Session, links: LinkChanges) -> None:
    """Announce changed links of many addresses, as blocks; numbered when the transaction commits.

    Positions, order and what readers see are the same as with ``record``, at a tenth of the time.
    """
    session.info.setdefault(_PENDING_LINKS, []).append(links)
    at_the_end(session, "zz_changes", write_pending)


def announce(session: Session, subject: Subject, action: Action, keys: Iterable[object]) -> None:
    """Announce the same action on several existing records, by their keys."""
    record(session, [ChangeNote(subject, str(key), action) for key in keys])


def keep_feed(session: Session, kept_days: int) -> tuple[int, int]:
    """Create the partitions of this and the next two months, and drop expired ones.

    Returns how many were created and dropped. Changes of a month without a partition go to the
    default partition, and are moved when it is created.
    """
    opened = session.execute(text("select open_change_partitions()")).scalar_one()
    values = {"days": kept_days}
    dropped = session.execute(text("select drop_change_partitions(:days)"), values).scalar_one()
    return opened, dropped


def write_pending(session: Session) -> None:
    """Number and insert the announced changes; NOTIFY listeners of the last position.

    Raises:
        ValueError: a subject or action is not in ``service.changes.events``.
    """
    pending: list[ChangeNote] = session.info.pop(_PENDING, [])
    links: list[LinkChanges] = session.info.pop(_PENDING_LINKS, [])
    notes = _deduplicate(pending)
    count = len(notes) + sum(map(len, links))
    if not count:
        return
    for subject, action in {(note.subject, note.action) for note in notes}:
        Subject(subject), Action(action)  # readers know no other words
    left = {(row.subject, row.key): row.division for row in session.execute(_TAKE_LEFT)}
    notes = _complete(session, notes)
    if left:
        notes = [note._replace(left=left.get((note.subject, note.key), "")) for note in notes]
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": FEED_LOCK})
    last = session.execute(text("select take_change_positions(:n)"), {"n": count}).scalar_one()
    first = last - count + 1
    copy_rows(
        session,
        "change",
        ("position", "subject", "key", "action", "division", "version", "left_division"),
        (
            (place, note.subject, note.key, note.action, note.division, note.version, note.left)
            for place, note in enumerate(notes, start=first)
        ),
    )
    _write_blocks(session, links, first + len(notes) - 1)
    session.execute(text("select pg_notify(:c, :p)"), {"c": CHANNEL, "p": str(last)})


def _deduplicate(pending: Iterable[ChangeNote]) -> list[ChangeNote]:
    """Each change once; further changes of a new record are dropped."""
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
    """Fill in missing divisions and versions, with one statement per subject."""
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
    completed = []
    for note in notes:
        version, division = found.get((note.subject, note.key), (None, ""))
        if version is None:  # the caller gave everything, or the record is gone
            completed.append(note)
        else:
            completed.append(note._replace(division=division or note.division, version=version))
    return completed


def _write_blocks(session: Session, links: Sequence[LinkChanges], before: int) -> None:
    """Insert the changes at the positions after ``before``, under the feed's lock.

    An address that others have changed since it was seen is told with the version in the feed, so
    that no position has an older version of it than an earlier one.
    """
    rows: list[tuple[object, ...]] = []
    for one in links:
        raised: dict[str, int] = dict(session.execute(_RAISED, {"seen": one.seen}).all())
        for division, (codes, versions) in one.by_division.items():
            for start in range(0, len(codes), BLOCK):
                some = list(codes[start : start + BLOCK])
                told = list(versions[start : start + BLOCK])
                if raised:
                    told = [raised.get(*pair) for pair in zip(some, told, strict=True)]
                before += len(some)
                alike = (before, one.subject, some[0], Action.LINKED, division, told[0])
                own_versions = told if len(set(told)) > 1 else None
                rows.append((*alike, len(some), some, own_versions))
    copy_rows(session, "change", _BLOCK_COLUMNS, rows)
