"""Issues plates directly, without a list: for doors that have none, and blank ones, in chunks.

No second person approves them, so each chunk counts towards its author's daily limit like a batch
that needs no approval. Trial plates (试印) do not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.approvals import ApprovalKind
from address_model.tables import PlateBatch
from service.approvals import commands as approvals
from service.approvals.drafts import Author, RequestDraft, digest_lines
from service.approvals.queries import find_author
from service.core.actor import Actor
from service.core.database import Database, Session
from service.plates import commands, queries

CHUNK = 2000
"""Plates issued in one transaction."""


@dataclass(frozen=True, slots=True)
class IssueRequest:
    """What an officer orders: name, design, payload prefix, division, and how many at most.

    ``approval_above`` is how many plates one person may issue per day without approval.
    """

    name: str
    design: str
    payload_prefix: str
    division: str = ""
    limit: int | None = None
    status: str = "to_make"
    is_trial: bool = False
    approval_above: int = 0


def issue_missing(database: Database, order: IssueRequest, actor: Actor) -> tuple[int, int | None]:
    """Issue a plate for every door without one; return their count, and the batch if any.

    Each chunk is one transaction: interrupted and run again, it continues where it stopped.
    Concurrent calls never give a door two plates.

    Raises:
        DeadHost: the public cannot open the QR codes, and the plates are not for trial.
        Conflict: they exceed what the actor may issue today without approval; none is issued.
    """
    if not order.is_trial:
        with database.session() as session:
            lacking = len(_list_doors(session, order, "", order.approval_above + 1))
            _require_room(session, order, actor, lacking)
    count, batch, after = 0, None, ""
    while order.limit is None or count < order.limit:
        size = CHUNK if order.limit is None else min(CHUNK, order.limit - count)
        with database.session() as session:
            author = approvals.hold_author(session, actor)
            codes = _list_doors(session, order, after, size)
            if not codes:
                break
            after = codes[-1]
            codes = commands.hold_doors_without_plate(session, codes, for_trial=order.is_trial)
            if not codes:
                continue
            batch = batch or _open(session, order, actor)
            _note_alone(session, batch, order, author, codes)
            commands.issue_plates(session, batch, codes, actor, status=order.status)
        count += len(codes)
    return count, batch.id if batch else None


def issue_blanks(
    database: Database, order: IssueRequest, county: str, count: int, actor: Actor
) -> int | None:
    """Issue ``count`` blank plates for a county (6 digits) as one batch; return its number.

    Raises:
        DivisionNotFound: there is no such county.
        DeadHost: the public cannot open the QR codes, and the plates are not for trial.
        Conflict: they exceed what the actor may issue today without approval; none is issued.
    """
    if not order.is_trial:
        with database.session() as session:
            _require_room(session, order, actor, count)
    left, batch = count, None
    while left:
        size = min(left, CHUNK)
        with database.session() as session:
            author = approvals.hold_author(session, actor)
            batch = batch or _open(session, order, actor)
            _note_alone(session, batch, order, author, [county] * size)
            commands.issue_blank_plates(session, batch, county, size, actor)
        left -= size
    return batch.id if batch else None


def _list_doors(session: Session, order: IssueRequest, after: str, limit: int) -> list[str]:
    most = limit if order.limit is None else min(limit, order.limit)
    return queries.list_doors_without_plate(
        session,
        division=order.division,
        after=after,
        for_trial=order.is_trial,
        limit=most,
    )


def _open(session: Session, order: IssueRequest, actor: Actor) -> PlateBatch:
    return commands.open_batch(
        session,
        name=order.name,
        design=order.design,
        payload_prefix=order.payload_prefix,
        actor=actor,
        is_trial=order.is_trial,
    )


def _require_room(session: Session, order: IssueRequest, actor: Actor, size: int) -> None:
    """Refuse the whole order before its first chunk, so that it is not issued in part."""
    kind, author = ApprovalKind.PLATE_BATCH, find_author(session, actor)
    approvals.require_room(session, kind, size, author, approval_above=order.approval_above)


def _note_alone(
    session: Session, batch: PlateBatch, order: IssueRequest, author: Author, lines: Sequence[str]
) -> None:
    """Count a chunk towards its author's daily limit; ``lines`` name a plate each."""
    if order.is_trial:
        return
    kind, size = ApprovalKind.PLATE_BATCH, len(lines)
    draft = RequestDraft(kind, str(batch.id), order.division, size, digest_lines(lines))
    approvals.go_on_alone(session, draft, author, approval_above=order.approval_above)
