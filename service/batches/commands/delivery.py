"""Delivery of a batch: handed over to the maker, and received back to be installed."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from address_model.lifecycle import BatchStatus, PlateStatus
from address_model.tables import PlateBatch
from service.audit import commands as audit
from service.auth.members import StaffMember, require
from service.auth.permissions import Permission
from service.batches import policies
from service.batches.commands.states import hold_batch
from service.batches.commands.unmade_plates import hold_drawn
from service.batches.queries.batches import BatchRow, get_batch
from service.batches.queries.outdated_plates import find_outdated
from service.changes.events import Action
from service.core.actor import Actor
from service.core.errors import BadRequest
from service.plates.commands.notices import announce_batch, announce_plates
from service.plates.commands.settlement import settle_plates
from service.runs import commands as runs
from service.runs.commands import ChunkOrder
from service.worklists import commands as worklists

KIND = "plate_delivery"
MOVE_CHUNK = 2000
"""Plates moved in one chunk."""

_BOUNDS = text(
    "select min(token), max(token) from (select token, (row_number() over (order by token) - 1) "
    "/ :size as part from plate where batch_id = :batch) p group by part order by part"
)
_HOLD_ADDRESSES = text(
    "select a.code from address a join plate p on p.code = a.code where p.batch_id = :batch "
    "and p.token between :first and :last order by a.code for no key update of a"
)
_MOVE = text(
    "with held as (select token from plate where batch_id = :batch "
    "and token between :first and :last and status = any(:before) "
    "order by token for no key update) "
    "update plate p set status = :after from held where p.token = held.token returning p.token"
)
_BEFORE = {
    PlateStatus.MAKING: [PlateStatus.TO_MAKE],
    PlateStatus.TO_INSTALL: [PlateStatus.TO_MAKE, PlateStatus.MAKING],
}
"""The states that plates move from; plates voided or installed meanwhile keep their state."""


def hand_over_batch(
    session: Session,
    batch_id: int,
    maker: str,
    member: StaffMember,
    *,
    seen: int | None = None,
    accepted: Collection[str] = (),
) -> BatchRow:
    """Record that the maker (制作单位) has the files of a batch; its plates are being made.

    ``accepted`` are the tokens of plates that differ from the register and that the maker was told
    not to make; they are audited.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it is not ready, was handed over already, or has a plate in its files that differs
            from the register and is not ``accepted``.
        BadRequest: the maker is empty.
        DeadHost: the public could not open its QR codes, and it is not for trial.
    """
    if not maker.strip():
        raise BadRequest(
            "a batch is handed over to a maker", hint="name the maker", zh="请填制作单位。"
        )
    hold_drawn(session, batch_id)
    batch = hold_batch(session, batch_id, seen)
    require(member, Permission.BATCHES_PRINT, batch.division)
    policies.require_batch_step(batch, BatchStatus.HANDED_OVER)
    outdated = find_outdated(session, [batch_id]).get(batch_id, [])
    policies.require_current(batch, outdated, accepted)
    values = {"maker": maker.strip(), "handed_over_at": func.clock_timestamp()}
    told: dict[str, object] = {"maker": maker.strip()}
    if outdated:
        told["outdated"] = [plate.token for plate in outdated]
    return _step(session, batch, BatchStatus.HANDED_OVER, values, member, detail=told)


def receive_batch(
    session: Session, batch_id: int, member: StaffMember, *, seen: int | None = None
) -> BatchRow:
    """Record that the finished plates of a batch have arrived; installation work is opened.

    Raises:
        BatchNotFound, NotAllowed: no such batch, or no permission.
        Conflict: it was not handed over, or was received already.
    """
    batch = hold_batch(session, batch_id, seen)
    values = {"received_at": func.clock_timestamp()}
    return _step(session, batch, BatchStatus.RECEIVED, values, member)


def move_plates(
    session: Session, batch_id: int, bounds: tuple[str, str], after: PlateStatus, actor: Actor
) -> int:
    """Move the plates of a batch between two tokens to a state; return how many moved.

    Plates that have arrived get an installation work item, unless their address has ended or its
    text has changed meanwhile.
    """
    first, last = bounds
    values = {"batch": batch_id, "first": first, "last": last, "after": after}
    session.execute(_HOLD_ADDRESSES, {"batch": batch_id, "first": first, "last": last})
    tokens = sorted(session.scalars(_MOVE, values | {"before": _BEFORE[after]}))
    if not tokens:
        return 0
    announce_plates(session, tokens, Action(after))
    audit.record_codes(session, actor=actor, action=f"plates:{after}", codes=tokens)
    settle_plates(session, tokens, actor)
    if after is PlateStatus.TO_INSTALL:
        worklists.open_installs(session, tokens, actor)
    return len(tokens)


def _step(
    session: Session,
    batch: BatchRow,
    after: BatchStatus,
    values: Mapping[str, object],
    member: StaffMember,
    *,
    detail: Mapping[str, object] | None = None,
) -> BatchRow:
    """Move a batch, which is held, and start the run that moves its plates."""
    require(member, Permission.BATCHES_PRINT, batch.division)
    policies.require_batch_step(batch, after)
    session.execute(
        update(PlateBatch).where(PlateBatch.id == batch.id).values(status=after, **values)
    )
    announce_batch(session, batch.id)
    audit.record(
        session,
        actor=member.actor,
        action=f"batches:{after}",
        subject=str(batch.id),
        **(detail or {}),
    )
    status = PlateStatus.MAKING if after is BatchStatus.HANDED_OVER else PlateStatus.TO_INSTALL
    rows = session.execute(_BOUNDS, {"batch": batch.id, "size": MOVE_CHUNK})
    chunks = [
        ChunkOrder(1, MOVE_CHUNK, {"first": first, "last": last, "after": str(status)})
        for first, last in rows
    ]
    about: dict[str, object] = {"batch": batch.id, "division": batch.division}
    runs.start_run(session, KIND, chunks, member.actor, parameters=about)
    return get_batch(session, batch.id)
