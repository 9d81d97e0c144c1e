"""Reads batches of plates: their state and their list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session, aliased

from address_model.approvals import ApprovalKind, Decision
from address_model.lifecycle import BATCH_STATUS_NAMES, BatchStatus
from address_model.tables import PlateBatch, PlateBatchItem, StaffAccount
from qr.public_host import find_host_fault, readable_address
from service.approvals.queries import latest_of
from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import LARGEST_NUMBER
from service.core.errors import NotFound
from service.core.records import Record

_LATEST = latest_of(ApprovalKind.PLATE_BATCH, cast(PlateBatch.id, String))
_LEFT_OUT = (
    select(func.count())
    .where(PlateBatchItem.batch_id == PlateBatch.id, PlateBatchItem.left_out != "")
    .correlate(PlateBatch)
    .scalar_subquery()
)


class BatchNotFound(NotFound):
    """There is no such batch."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch; ``author`` and ``approver`` are names of accounts, "" for none.

    ``plates`` is the length of its list, of which ``left_out`` are not made. The approval fields
    are those of its latest request; ``sent_back`` is the reason, until it is submitted again.
    """

    id: int
    name: str
    design: str
    payload_prefix: str
    is_trial: bool
    status: str
    reason: str
    division: str
    plates: int
    left_out: int
    choice: dict[str, object]
    print_options: dict[str, object]
    reprint_reason: str
    sent_back: str
    submitted_at: datetime | None
    submitter_id: int | None
    author_id: int | None
    author: str
    approver: str
    approved_at: datetime | None
    run_id: int | None
    maker: str
    handed_over_at: datetime | None
    received_at: datetime | None
    created_at: datetime
    version: int

    @property
    def record(self) -> Record:
        """The current batch, to show to whoever saw another version."""
        facts = {
            "状态": BATCH_STATUS_NAMES[BatchStatus(self.status)],
            "制作": f"{self.to_make:,} 块",
            "退回原因": self.sent_back,
            "制作单位": self.maker,
        }
        title = f"第 {self.id} 批“{self.name}”"
        return Record("batches", str(self.id), title, self.version, facts)

    @property
    def to_make(self) -> int:
        """How many plates are made: the list without those left out."""
        return self.plates - self.left_out

    @property
    def opens(self) -> str:
        """The address that a browser shows after a scan of one of its plates."""
        return readable_address(self.payload_prefix)

    @property
    def is_public(self) -> bool:
        """Whether the public can open it."""
        return find_host_fault(self.payload_prefix) is None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One address of a batch, with its plate and the position of that in the files."""

    place: int
    code: str
    text: str
    design: str
    token: str | None
    generation: int | None
    replaces: str | None
    left_out: str
    file: str
    page: int
    spot: int


def get_batch(session: Session, batch_id: int) -> BatchRow:
    """One batch.

    Raises:
        BatchNotFound: no batch has this number.
    """
    require_number(batch_id)
    row = session.execute(_select().where(PlateBatch.id == batch_id)).first()
    if row is None:
        raise _no_batch(batch_id)
    return BatchRow(*row)


def see_batch(
    session: Session, batch_id: int, member: StaffMember, permission: Permission
) -> BatchRow:
    """A batch that a person may read; any other is reported as not found.

    Raises:
        BatchNotFound: there is none, or this person may not read batches of its division.
        NotAllowed: this person may read it, but lacks the permission.
    """
    found = get_batch(session, batch_id)
    if not may(member, Permission.BATCHES_READ, found.division):
        raise _no_batch(batch_id)
    require(member, permission, found.division)
    return found


def require_number(batch_id: int) -> None:
    """Refuse a number out of the range of the database.

    Raises:
        BatchNotFound: no batch can have it.
    """
    if not 0 < batch_id <= LARGEST_NUMBER:
        raise _no_batch(batch_id)


def list_batches(
    session: Session,
    *,
    scopes: Sequence[str] = ("",),
    status: str = "",
    before: int = 0,
    limit: int = 50,
) -> list[BatchRow]:
    """Batches with a number below ``before``, newest first, in any of the division prefixes."""
    statement = _select().order_by(PlateBatch.id.desc()).limit(limit).where(_within(scopes))
    if status:
        statement = statement.where(PlateBatch.status == status)
    if before:
        statement = statement.where(PlateBatch.id < min(before, LARGEST_NUMBER))
    return [BatchRow(*row) for row in session.execute(statement)]


def list_to_approve(
    session: Session, account_id: int, scopes: Sequence[str], limit: int
) -> list[BatchRow]:
    """Batches that this account may approve: awaiting approval, by others, in its divisions."""
    return _list_oldest_first(
        session,
        limit,
        PlateBatch.status == BatchStatus.AWAITING_APPROVAL,
        PlateBatch.author_id != account_id,
        _LATEST.c.author_id != account_id,
        _within(scopes),
    )


def list_sent_back(session: Session, account_id: int, limit: int) -> list[BatchRow]:
    """Drafts of this account that an approver has sent back."""
    return _list_oldest_first(
        session,
        limit,
        PlateBatch.status == BatchStatus.DRAFT,
        PlateBatch.author_id == account_id,
        _LATEST.c.decision == Decision.SENT_BACK,
    )


def list_items(
    session: Session, batch_id: int, *, after: int = 0, limit: int = 200
) -> list[ItemRow]:
    """The addresses of a batch after a place, in plate order, with their plates."""
    statement = text(
        "select i.place, i.code, a.standard_text, i.design, i.token, p.generation, i.replaces, "
        "i.left_out, i.file, i.page, i.spot from plate_batch_item i "
        "join address a on a.code = i.code left join plate p on p.token = i.token "
        "where i.batch_id = :batch and i.place > :after order by i.place limit :limit"
    )
    rows = session.execute(statement, {"batch": batch_id, "after": after, "limit": limit})
    return [ItemRow(*row) for row in rows]


def iterate_items(session: Session, batch_id: int, page: int = 5000) -> Iterator[ItemRow]:
    """All addresses of a batch in plate order, streamed."""
    after = 0
    while rows := list_items(session, batch_id, after=after, limit=page):
        yield from rows
        after = rows[-1].place


def list_left_out(session: Session, batch_id: int, limit: int = 1000) -> list[tuple[str, str]]:
    """Code and reason of the addresses left out of a batch."""
    statement = (
        select(PlateBatchItem.code, PlateBatchItem.left_out)
        .where(PlateBatchItem.batch_id == batch_id, PlateBatchItem.left_out != "")
        .order_by(PlateBatchItem.place)
        .limit(limit)
    )
    return [(row.code, row.left_out) for row in session.execute(statement)]


def _no_batch(batch_id: int) -> BatchNotFound:
    return BatchNotFound(
        f"no batch has the number {batch_id}",
        hint="see `menpai plates batch list`",
        zh="没有这个编号的批次。",
    )


def _list_oldest_first(
    session: Session, limit: int, *conditions: ColumnElement[bool]
) -> list[BatchRow]:
    """The batches that meet these conditions, oldest first."""
    statement = _select().where(*conditions).order_by(PlateBatch.id).limit(limit)
    return [BatchRow(*row) for row in session.execute(statement)]


def _within(scopes: Sequence[str]) -> ColumnElement[bool]:
    """Batches in any of these division prefixes; no prefix matches none."""
    return or_(*(PlateBatch.division.startswith(prefix) for prefix in scopes), false())


def _select() -> Select[*tuple[Any, ...]]:
    author = aliased(StaffAccount)
    agreed = and_(_LATEST.c.decision == Decision.APPROVED, _LATEST.c.decider_id.is_not(None))
    return (
        select(
            PlateBatch.id,
            PlateBatch.name,
            PlateBatch.design,
            PlateBatch.payload_prefix,
            PlateBatch.is_trial,
            PlateBatch.status,
            PlateBatch.reason,
            PlateBatch.division,
            PlateBatch.plates,
            _LEFT_OUT,
            PlateBatch.choice,
            PlateBatch.print_options,
            PlateBatch.reprint_reason,
            case((_LATEST.c.decision == Decision.SENT_BACK, _LATEST.c.reason), else_=""),
            _LATEST.c.asked_at,
            _LATEST.c.author_id,
            PlateBatch.author_id,
            func.coalesce(author.name, ""),
            case((agreed, _LATEST.c.decider), else_=""),
            case((agreed, _LATEST.c.decided_at)),
            PlateBatch.run_id,
            PlateBatch.maker,
            PlateBatch.handed_over_at,
            PlateBatch.received_at,
            PlateBatch.created_at,
            PlateBatch.version,
        )
        .outerjoin(author, author.id == PlateBatch.author_id)
        .outerjoin(_LATEST, true())
    )
