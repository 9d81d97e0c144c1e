"""Batches that wait for a person: to approve, sent back, and at a step that somebody must take."""

from collections.abc import Iterator
from urllib.parse import urlencode

from address_model.lifecycle import BatchStatus
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.batches.queries.batch_counts import count_by_status
from service.batches.queries.batches import list_sent_back, list_to_approve
from service.core.database import Session

SHOWN = 5
KIND = "批次"
STEPS = {
    BatchStatus.BLOCKED: ("受阻", "制作受阻，要处理", "处理"),
    BatchStatus.APPROVED: ("待制作", "已批准，还没有开始制作", "开始制作"),
    BatchStatus.PROVEN: ("待出文件", "已校验，文件还没有出完", "查看"),
    BatchStatus.READY: ("待交付", "文件已出，还没有交给制作单位", "交付"),
    BatchStatus.HANDED_OVER: ("待收货", "已交制作，还没有收货", "收货"),
}
"""The states in which an officer is waited for: the kind of line, its text, the action."""


def list_waiting_batches(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The batches that this person may approve, has to mend, or may take further."""
    scopes = member.scopes(Permission.BATCHES_APPROVE)
    asked = list_to_approve(session, member.account_id, scopes, SHOWN + 1) if scopes else []
    for batch in asked[:SHOWN]:
        yield WaitingWork(
            WorkGroup.APPROVAL,
            KIND,
            batch.name,
            f"/admin/batches/{batch.id}",
            "看样张并审批",
            f"门牌 {batch.to_make:,} 块",
            batch.author,
            batch.submitted_at,
        )
    if len(asked) > SHOWN:
        path = _path_of(BatchStatus.AWAITING_APPROVAL)
        yield WaitingWork(WorkGroup.APPROVAL, KIND, "其余待审批的批次", path, "全部")
    for batch in list_sent_back(session, member.account_id, SHOWN):
        path = f"/admin/batches/{batch.id}"
        why = f"退回：{batch.sent_back}"
        yield WaitingWork(WorkGroup.PLATES, "退回", batch.name, path, "修改", why)
    counts = count_by_status(session, member.scopes(Permission.BATCHES_CREATE), tuple(STEPS))
    for status, (kind, text, action) in STEPS.items():
        if found := counts.get(status):
            is_one = found.count == 1
            yield WaitingWork(
                WorkGroup.PLATES,
                kind,
                found.name if is_one else f"{found.count:,} 批",
                f"/admin/batches/{found.id}" if is_one else _path_of(status),
                action,
                f"{text}，门牌 {found.plates:,} 块",
                since=found.oldest,
            )


def _path_of(status: BatchStatus) -> str:
    return f"/admin/batches?{urlencode({'status': status})}"
