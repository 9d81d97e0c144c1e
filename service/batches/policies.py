"""Which steps a batch may take in its state, and who may approve it."""

from collections.abc import Collection, Sequence

from address_model.lifecycle import BATCH_STATUS_NAMES, BatchStatus, may_batch_become
from service.auth.members import StaffMember
from service.batches.queries.batches import BatchRow
from service.batches.queries.outdated_plates import OutdatedPlate
from service.core.errors import Conflict, NotAllowed
from service.plates.payload_host import require_public_host

_TO_MAKE = frozenset(BatchStatus) - {BatchStatus.CANCELLED, BatchStatus.RECEIVED}
"""States that lead to plates being made; what was made already may still be received."""

_NAMED = 5
"""How many plates a refusal names; the others are counted."""


def require_approver(batch: BatchRow, member: StaffMember) -> None:
    """Refuse approval by the author of a batch, whoever submitted it.

    The account decides, not the name or role: two-person rule (security.md §9, bar 8).

    Raises:
        NotAllowed: the person is the author, or the batch has none.
    """
    if batch.author_id is None or batch.author_id == member.account_id:
        raise NotAllowed(
            f"{member.name} cannot approve their own batch {batch.id}",
            hint="ask a colleague who is an approver in this division",
            zh="不能审批自己的批次，请本区划有审批权限的同事办理。",
        )


def require_batch_step(batch: BatchRow, after: BatchStatus) -> None:
    """Refuse a state that may not follow the current one.

    Raises:
        Conflict: the transition table has no such step.
        DeadHost: the public could not open the plates, and they are not for trial.
    """
    known = batch.status in set(BatchStatus)
    if not known or not may_batch_become(BatchStatus(batch.status), after):
        raise Conflict(
            f"batch {batch.id} is {batch.status} and cannot become {after} "
            f"({BATCH_STATUS_NAMES[after]})",
            hint="see `menpai plates batch status` for its progress",
            http_hint=f"see GET /api/v1/batches/{batch.id} for its progress",
            zh=f"这个批次现在是“{name_of(batch.status)}”，不能转为“{BATCH_STATUS_NAMES[after]}”。",
        )
    if after in _TO_MAKE:
        require_public_host(batch.payload_prefix, is_trial=batch.is_trial)


def name_of(status: str) -> str:
    """The Chinese name of a batch state; an unknown state as it is."""
    return BATCH_STATUS_NAMES[BatchStatus(status)] if status in set(BatchStatus) else status


def require_editable_batch(batch: BatchRow) -> None:
    """Refuse to change the list of a batch unless it is a draft or blocked.

    Raises:
        Conflict: the batch is in another state.
    """
    if batch.status not in (BatchStatus.DRAFT, BatchStatus.BLOCKED):
        raise Conflict(
            f"the list of batch {batch.id} is fixed: it is {batch.status}",
            hint="only drafts and blocked batches can be changed; cancel it and make another",
            zh=f"这个批次现在是“{name_of(batch.status)}”，名单已定；草稿和受阻的批次才能移出地址。",
        )


def require_current(
    batch: BatchRow, outdated: Sequence[OutdatedPlate], accepted: Collection[str]
) -> None:
    """Refuse to hand over files with plates that differ from the register, in silence.

    ``accepted`` are the tokens of plates that the person has read about and told the maker of.

    Raises:
        Conflict: there is a plate that differs and is not accepted.
    """
    others = [plate for plate in outdated if plate.token not in accepted]
    if not others:
        return
    named = "; ".join(f"{plate.token}: {plate.why}" for plate in others[:_NAMED])
    told = "；".join(f"{plate.text}（{plate.token}）{plate.why}" for plate in others[:_NAMED])
    remedy = "请先重新出文件，或勾选确认后再登记交出"
    if batch.run_id is None:
        remedy = "请重新打印文件，或勾选确认后再登记交出"
    raise Conflict(
        f"{len(others)} plates in the files of batch {batch.id} differ from the register: {named}",
        hint="make the files again (`menpai plates batch remake`, `menpai plates print`), "
        "or tell the maker to leave these out and name each: --accept TOKEN",
        zh=f"没有登记交出：文件里有 {len(others):,} 块门牌与登记不一致：{told}"
        f"{'…' if len(others) > _NAMED else ''}。{remedy}。",
    )
