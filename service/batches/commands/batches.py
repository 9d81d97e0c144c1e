"""Steps of a batch by officers: choose, start, make again, pause, leave out, cancel."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from address_model.codes import InvalidCode, parse_code
from address_model.lifecycle import BatchStatus
from address_model.tables import PlateBatch, PlateBatchItem
from service.approvals import commands as approvals
from service.approvals.commands import NO_REASON
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.batches import policies
from service.batches.commands import approval
from service.batches.commands.selection import explain_missing, find_division, open_list, write_list
from service.batches.commands.states import hold_batch, move_batch, note_step, set_status
from service.batches.commands.unmade_plates import hold_drawn, hold_unmade, void_unmade
from service.batches.queries.batches import BatchRow, get_batch, require_number
from service.batches.request import BatchRequest
from service.changes.events import Action
from service.core.errors import BadRequest, Conflict, MalformedCode
from service.plates.commands.notices import announce_batch
from service.plates.payload_host import require_public_host
from service.runs import commands as runs
from service.runs.commands import ChunkOrder

KIND = "plate_batch"
ISSUE, PLAN, RENDER, DOCUMENTS, PACKAGE = 1, 2, 3, 4, 5
"""The phases of the run: issue tokens, plan files, render and prove them, documents, the ZIP."""

ISSUE_CHUNK = 2000
"""Plates issued in one chunk."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A new batch, and the codes given that are not in it, with the reason."""

    batch: BatchRow
    refused: tuple[tuple[str, str], ...] = ()


def choose_batch(session: Session, order: BatchRequest, member: StaffMember) -> Chosen:
    """Choose the addresses of a new batch; the list is fixed from now on, and is what is approved.

    Raises:
        NotAllowed: the person may not create batches for all of these addresses.
        Conflict: no address is left.
        TooMuch: more addresses than a batch may have.
        DeadHost: the public could not open its QR codes, and it is not for trial.
    """
    require(member, Permission.BATCHES_CREATE)
    require_public_host(order.payload_prefix, is_trial=order.is_trial)
    batch_id = open_list(session, order, member)
    count = write_list(session, batch_id, order.choice, for_trial=order.is_trial)
    refused = explain_missing(
        session,
        batch_id,
        order.choice.codes,
        reprint=order.choice.reprint,
        for_trial=order.is_trial,
    )
    if not count:
        reasons = "; ".join(f"{code}: {reason}" for code, reason in refused[:5])
        raise Conflict(
            f"no address is left to choose{': ' if reasons else ''}{reasons}",
            hint="all have plates or are in an open batch; see `menpai plates batch list`",
            http_hint="all have plates or are in an open batch; see GET /api/v1/batches",
            zh="没有选出地址：没有符合条件的，或者都已有门牌，或者在另一个没有完成的批次里。",
        )
    division = find_division(session, batch_id)
    require(member, Permission.BATCHES_CREATE, division)
    session.execute(
        update(PlateBatch).where(PlateBatch.id == batch_id).values(division=division, plates=count)
    )
    announce_batch(session, batch_id, Action.NEW)
    note_step(session, batch_id, member.actor, "choose", plates=count, division=division)
    return Chosen(get_batch(session, batch_id), tuple(refused))


def start_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Start the production of an approved batch by the workers.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it is not approved, or differs from what was approved.
    """
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    policies.require_batch_step(batch, BatchStatus.RUNNING)
    approval.require_approved(session, batch)
    chunks = [
        ChunkOrder(ISSUE, 1, {"first": first, "last": first + ISSUE_CHUNK - 1})
        for first in range(1, batch.plates + 1, ISSUE_CHUNK)
    ]
    chunks.append(ChunkOrder(PLAN, batch.plates))
    chunks += [ChunkOrder(DOCUMENTS), ChunkOrder(PACKAGE)]
    about: dict[str, object] = {"batch": batch_id, "division": batch.division}
    run_id = runs.start_run(session, KIND, chunks, member.actor, parameters=about)
    session.execute(update(PlateBatch).where(PlateBatch.id == batch_id).values(run_id=run_id))
    return move_batch(session, batch, BatchStatus.RUNNING, member.actor, "start")


def remake_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Make the files of a batch again that was not handed over: with the texts as they are now.

    Its plates keep their tokens; those that ended, or whose address did, are left out. The list
    that was approved stands: it does not include the texts (``digest_batch``).

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it is not ready, or differs from what was approved.
    """
    hold_drawn(session, batch_id)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    if batch.status != BatchStatus.READY:
        raise Conflict(
            f"batch {batch_id} is {batch.status}: only files that are ready are made again",
            zh=f"这个批次现在是“{policies.name_of(batch.status)}”，"
            "只有可交付、还没有交出的批次才能重新出文件。",
        )
    policies.require_batch_step(batch, BatchStatus.RUNNING)
    approval.require_approved(session, batch)
    chunks = [ChunkOrder(PLAN, batch.plates), ChunkOrder(DOCUMENTS), ChunkOrder(PACKAGE)]
    about: dict[str, object] = {"batch": batch_id, "division": batch.division}
    run_id = runs.start_run(session, KIND, chunks, member.actor, parameters=about)
    session.execute(update(PlateBatch).where(PlateBatch.id == batch_id).values(run_id=run_id))
    return move_batch(session, batch, BatchStatus.RUNNING, member.actor, "remake")


def leave_out(
    session: Session,
    batch_id: int,
    code: str,
    reason: str,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> BatchRow:
    """Leave an address out of a draft or a blocked batch; its plate is voided.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: the batch is in another state, or has no such address.
        BadRequest, MalformedCode: the reason is empty, or the code is malformed.
    """
    reason = reason.strip()
    if not reason:
        raise BadRequest("leaving an address out needs a reason", hint="give one", zh=NO_REASON)
    digits = _digits_of(code)
    hold_unmade(session, batch_id, digits)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_CREATE, batch.division)
    policies.require_editable_batch(batch)
    row = session.execute(
        update(PlateBatchItem)
        .where(
            PlateBatchItem.batch_id == batch_id,
            PlateBatchItem.code == digits,
            PlateBatchItem.left_out == "",
        )
        .values(left_out=reason, left_out_at=func.clock_timestamp())
        .returning(PlateBatchItem.token)
    ).first()
    if row is None:
        raise Conflict(
            f"batch {batch_id} has no plate for {code}", zh="名单里没有这个地址，或者已经移出。"
        )
    if row.token:
        void_unmade(session, [row.token], reason)
    # Raises the version: a decision based on the list before this change is refused as outdated.
    touched = update(PlateBatch).where(PlateBatch.id == batch_id)
    session.execute(touched.values(plates=PlateBatch.plates))
    announce_batch(session, batch_id)
    note_step(session, batch_id, member.actor, "leave_out", code=code, reason=reason)
    return get_batch(session, batch_id)


def cancel_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Cancel an unfinished batch: its plates are voided, its files removed.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it is ready or cancelled already.
    """
    require_number(batch_id)
    approvals.hold_request(session, approval.KIND, str(batch_id))
    hold_unmade(session, batch_id)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_CREATE, batch.division)
    policies.require_batch_step(batch, BatchStatus.CANCELLED)
    approvals.withdraw(session, approval.KIND, str(batch_id), member)
    if batch.run_id is not None:
        runs.cancel_run(session, batch.run_id, member.actor)
    else:
        move_batch(session, batch, BatchStatus.CANCELLED, member.actor, "cancel")
    return get_batch(session, batch_id)


def pause_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Pause the run of a batch: no further chunk begins."""
    batch = _hold_started(session, batch_id, member, seen)
    runs.pause_run(session, batch.run_id or 0, member.actor)
    return get_batch(session, batch_id)


def resume_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Resume a paused or blocked batch.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it was not started, or differs from what was approved.
    """
    batch = _hold_started(session, batch_id, member, seen)
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    approval.require_approved(session, batch)
    runs.resume_run(session, batch.run_id or 0, member.actor)
    return get_batch(session, batch_id)


def withdraw(session: Session, batch_id: int, reason: str) -> None:
    """Cancel a batch and void the plates it has issued."""
    statement = select(PlateBatchItem.token).where(
        PlateBatchItem.batch_id == batch_id, PlateBatchItem.token.is_not(None)
    )
    tokens = [str(token) for token in session.scalars(statement)]
    void_unmade(session, tokens, reason)
    set_status(session, batch_id, BatchStatus.CANCELLED)


def _digits_of(code: str) -> str:
    try:
        return parse_code(code).digits
    except InvalidCode as error:
        raise MalformedCode(
            str(error), hint="check it against the list", zh="这不是地址编码：编码是 16 位数字。"
        ) from error


def _hold_started(
    session: Session, batch_id: int, member: StaffMember, seen: int | None
) -> BatchRow:
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    if batch.run_id is None:
        raise Conflict(
            f"batch {batch_id} has not been started: it is {batch.status}",
            zh="这个批次还没有开始制作。",
        )
    return batch
