"""What officers do with a batch: choose, submit, approve, start, leave out, cancel."""

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
from service.batches.commands.unmade_plates import hold_unmade, void_unmade
from service.batches.queries.batches import BatchRow, get_batch, require_number
from service.batches.request import BatchRequest
from service.changes.events import Action
from service.core.errors import BadRequest, Conflict, MalformedCode
from service.plates.commands.notices import announce_batch
from service.plates.payload_host import require_public_host
from service.runs import commands as runs
from service.runs.commands import ChunkOrder

KIND = "plate_batch"
ISSUE, PLAN, PRESS, PAPERS, PACK = 1, 2, 3, 4, 5
"""The phases of the run: tokens, volumes, files with their proof, lists and reports, the ZIP."""

ISSUED_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A batch that was chosen, and the codes of the officer's list that are not in it, with why."""

    batch: BatchRow
    refused: tuple[tuple[str, str], ...] = ()


def choose_batch(
    session: Session, wish: BatchRequest, member: StaffMember, *, request_key: str | None = None
) -> Chosen:
    """Choose the addresses of a new batch; the list is fixed now, and is what is approved.

    The same request key of one person makes one batch, however often and at once it is sent.

    Raises:
        NotAllowed: the person may not create batches for all of these addresses.
        Conflict: nothing is left to choose, or the key was used for another wish.
        TooMuch: there are more than one batch may have.
        DeadHost: nobody could open what its QR codes begin with, and it is not for trial.
    """
    require(member, Permission.BATCHES_CREATE)
    require_public_host(wish.payload_prefix, is_trial=wish.is_trial)
    batch_id = open_list(session, wish, member, request_key)
    if batch_id is None:
        return _find_repeated(session, wish, member, request_key)
    count = write_list(session, batch_id, wish.choice, for_trial=wish.is_trial)
    refused = explain_missing(
        session,
        batch_id,
        wish.choice.codes,
        reprint=wish.choice.reprint,
        for_trial=wish.is_trial,
    )
    if not count:
        told = "; ".join(f"{code}: {reason}" for code, reason in refused[:5])
        raise Conflict(
            f"no address is left to choose{': ' if told else ''}{told}",
            hint="all have their plates or stand in an open batch; see `menpai plates batch list`",
            http_hint="all have their plates or stand in an open batch; see GET /api/v1/batches",
            zh="没有选出地址：符合条件的都已有门牌，或者在另一个没有完成的批次里。",
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
    """Let the workers make an approved batch.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it is not approved, or is not what was approved.
    """
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    policies.require_batch_step(batch, BatchStatus.RUNNING)
    approval.require_approved(session, batch)
    chunks = [
        ChunkOrder(ISSUE, 1, {"first": first, "last": first + ISSUED_AT_ONCE - 1})
        for first in range(1, batch.plates + 1, ISSUED_AT_ONCE)
    ]
    chunks.append(ChunkOrder(PLAN, batch.plates))
    chunks += [ChunkOrder(PAPERS), ChunkOrder(PACK)]
    about: dict[str, object] = {"batch": batch_id, "division": batch.division}
    run_id = runs.start_run(session, KIND, chunks, member.actor, parameters=about)
    session.execute(update(PlateBatch).where(PlateBatch.id == batch_id).values(run_id=run_id))
    return move_batch(session, batch, BatchStatus.RUNNING, member.actor, "start")


def leave_out(
    session: Session,
    batch_id: int,
    code: str,
    reason: str,
    member: StaffMember,
    *,
    seen: int | None = None,
) -> BatchRow:
    """Take an address out of a batch that is blocked or not started; its plate becomes void.

    Raises:
        BatchNotFound, NotAllowed: as everywhere.
        Conflict: the batch runs or has ended, or has no such address.
        BadRequest: no reason was given, or the code is none.
    """
    reason = reason.strip()
    if not reason:
        raise BadRequest("an address is left out for a reason", hint="say why", zh=NO_REASON)
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
            f"batch {batch_id} makes no plate for {code}", zh="名单里没有这个地址，或者已经移出。"
        )
    if row.token:
        void_unmade(session, [row.token], reason)
    # The list is the batch's: whoever decides about it has seen this list, or is told.
    touched = update(PlateBatch).where(PlateBatch.id == batch_id)
    session.execute(touched.values(plates=PlateBatch.plates))
    announce_batch(session, batch_id)
    note_step(session, batch_id, member.actor, "leave_out", code=code, reason=reason)
    return get_batch(session, batch_id)


def cancel_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Cancel a batch that is not ready: its plates become void, its files are taken away.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it is ready or cancelled already.
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
    """Let no further part of a batch begin."""
    batch = _of_run(session, batch_id, member, seen)
    runs.pause_run(session, batch.run_id or 0, member.actor)
    return get_batch(session, batch_id)


def resume_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Let a batch go on that was paused or is blocked.

    Raises:
        BatchNotFound, NotAllowed, Conflict: it was not started, or is not what was approved.
    """
    batch = _of_run(session, batch_id, member, seen)
    require_public_host(batch.payload_prefix, is_trial=batch.is_trial)
    approval.require_approved(session, batch)
    runs.resume_run(session, batch.run_id or 0, member.actor)
    return get_batch(session, batch_id)


def withdraw(session: Session, batch_id: int, reason: str) -> None:
    """End a batch that was cancelled: the plates it has given out become void."""
    statement = select(PlateBatchItem.token).where(
        PlateBatchItem.batch_id == batch_id, PlateBatchItem.token.is_not(None)
    )
    tokens = [str(token) for token in session.scalars(statement)]
    void_unmade(session, tokens, reason)
    set_status(session, batch_id, BatchStatus.CANCELLED)


def _find_repeated(
    session: Session, wish: BatchRequest, member: StaffMember, key: str | None
) -> Chosen:
    row = session.execute(
        select(PlateBatch.id, PlateBatch.request_digest).where(
            PlateBatch.author_id == member.account_id, PlateBatch.request_key == key
        )
    ).one()
    if row.request_digest != wish.digest:
        raise Conflict(
            "this Idempotency-Key was used for another batch",
            hint="draw a new key for each",
            zh="这张表单已经建过一个批次。再建一批，请重新打开“新建批次”。",
        )
    return Chosen(get_batch(session, row.id))


def _digits_of(code: str) -> str:
    try:
        return parse_code(code).digits
    except InvalidCode as error:
        raise MalformedCode(
            str(error), hint="compare it with the list", zh="这不是地址编码：编码是 16 位数字。"
        ) from error


def _of_run(session: Session, batch_id: int, member: StaffMember, seen: int | None) -> BatchRow:
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    if batch.run_id is None:
        raise Conflict(
            f"batch {batch_id} is {batch.status}, not started", zh="这个批次还没有开始制作。"
        )
    return batch
