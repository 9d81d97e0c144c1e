"""Which steps a batch may take in its state, and who may approve it."""

from address_model.lifecycle import BATCH_STATUS_NAMES, BatchStatus, may_batch_become
from service.auth.members import StaffMember
from service.batches.queries.batches import BatchRow
from service.core.errors import Conflict, NotAllowed
from service.plates.payload_host import require_public_host

_TO_MAKE = frozenset(BatchStatus) - {BatchStatus.CANCELLED, BatchStatus.RECEIVED}
"""States on the way to plates that are made; what was made may still be received."""


def require_approver(batch: BatchRow, member: StaffMember) -> None:
    """Refuse approval by the author, also where somebody else submitted it.

    The account decides, not the name or the role: two-person rule (security.md §9, bar 8).

    Raises:
        NotAllowed: the batch is this person's own, or has no author.
    """
    if batch.author_id is None or batch.author_id == member.account_id:
        raise NotAllowed(
            f"{member.name} cannot approve the own batch {batch.id}",
            hint="ask a colleague with the role approver in this division",
            zh="不能审批自己的批次，请本区划有审批权限的同事办理。",
        )


def require_batch_step(batch: BatchRow, after: BatchStatus) -> None:
    """Refuse a state of a batch that may not follow.

    Raises:
        Conflict: the transition table has no such step.
        DeadHost: it leads to plates that nobody can open, and they are not for trial.
    """
    known = batch.status in set(BatchStatus)
    if not known or not may_batch_become(BatchStatus(batch.status), after):
        raise Conflict(
            f"batch {batch.id} is {batch.status} and cannot become {after} "
            f"({BATCH_STATUS_NAMES[after]})",
            hint="see `menpai plates batch status` for how far it is",
            http_hint=f"see GET /api/v1/batches/{batch.id} for how far it is",
            zh=f"这个批次现在是“{name_of(batch.status)}”，不能转为“{BATCH_STATUS_NAMES[after]}”。",
        )
    if after in _TO_MAKE:
        require_public_host(batch.payload_prefix, is_trial=batch.is_trial)


def name_of(status: str) -> str:
    """The Chinese name of the state of a batch."""
    return BATCH_STATUS_NAMES[BatchStatus(status)] if status in set(BatchStatus) else status


def require_editable_batch(batch: BatchRow) -> None:
    """Refuse to change the list of a batch that workers are at, or that has ended.

    Raises:
        Conflict: they are.
    """
    if batch.status not in (BatchStatus.DRAFT, BatchStatus.BLOCKED):
        raise Conflict(
            f"the list of batch {batch.id} is fixed: it is {batch.status}",
            hint="cancel the batch and choose again; what is blocked can be changed",
            zh=f"这个批次现在是“{name_of(batch.status)}”，名单已定；草稿和受阻的批次才能移出地址。",
        )
