"""The steps that a person may take with a batch in its state, and the titles of its files."""

from dataclasses import dataclass

from address_model.lifecycle import BatchStatus, may_batch_become
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.batches.documents import MANIFEST, PROOF, VERIFICATION
from service.batches.files import ZIP
from service.batches.queries.batches import BatchRow
from service.runs.queries import RunRow, RunState

S = BatchStatus
TONES = {
    S.AWAITING_APPROVAL: "warn",
    S.APPROVED: "good",
    S.BLOCKED: "bad",
    S.READY: "good",
    S.HANDED_OVER: "warn",
    S.RECEIVED: "good",
    S.CANCELLED: "",
}
TO_HAND_OVER = (S.READY, S.ISSUED)
_CANCELLABLE = tuple(s for s in S if may_batch_become(s, S.CANCELLED))
FILES = (
    (ZIP, "交给制作单位的压缩包", "全部印版、清单和校验记录"),
    (PROOF, "校样", "签字留存，并给制作单位核对"),
    (MANIFEST[1], "清单（表格）", "每块门牌的编码、文字、尺寸、文件和 SHA-256"),
    (MANIFEST[0], "清单（CSV）", "同上"),
    (VERIFICATION[1], "校验记录", "每块门牌的二维码读出的内容"),
)


@dataclass(frozen=True, slots=True)
class BatchAction:
    """A button: the last part of its path, its title, and its CSS class."""

    path: str
    title: str
    look: str = ""


def actions_for(
    member: StaffMember, batch: BatchRow, run: RunRow | None, *, outdated: bool = False
) -> list[BatchAction]:
    """The buttons that a person sees; the commands check permission and state again.

    Files are made again only if they are ``outdated``: they have plates that differ.
    """
    author = may(member, Permission.BATCHES_CREATE, batch.division)
    printer = may(member, Permission.BATCHES_PRINT, batch.division)
    paused = run is not None and run.state == RunState.PAUSED
    offered = [
        (author and batch.status == S.DRAFT, BatchAction("submit", "提交")),
        (may_approve(member, batch), BatchAction("approve", "批准")),
        (printer and batch.status == S.APPROVED, BatchAction("start", "开始制作")),
        (
            printer and batch.status == S.RUNNING and not paused,
            BatchAction("pause", "暂停", "second"),
        ),
        (printer and (paused or batch.status == S.BLOCKED), BatchAction("resume", "继续")),
        (
            printer and batch.status == S.READY and outdated,
            BatchAction("remake", "重新出文件"),
        ),
        (printer and batch.status == S.HANDED_OVER, BatchAction("receive", "成品已收到")),
        (author and batch.status in _CANCELLABLE, BatchAction("cancel", "取消批次", "danger")),
    ]
    return [action for shown, action in offered if shown]


def may_approve(member: StaffMember, batch: BatchRow) -> bool:
    """Whether a batch awaits approval and this person may approve it or send it back."""
    own = (batch.author_id, batch.submitter_id)
    return (
        batch.status == S.AWAITING_APPROVAL
        and None not in own
        and member.account_id not in own
        and may(member, Permission.BATCHES_APPROVE, batch.division)
    )


def rights_of(member: StaffMember, batch: BatchRow) -> dict[str, bool]:
    """What a person may do with a batch besides the buttons, by the names in the template."""
    prints = may(member, Permission.BATCHES_PRINT, batch.division)
    return {
        "send_back": may_approve(member, batch),
        "edit": may(member, Permission.BATCHES_CREATE, batch.division)
        and batch.status in (S.DRAFT, S.BLOCKED),
        "hand_over": prints and batch.status in TO_HAND_OVER,
        "take": prints,
    }


def describe_approval(batch: BatchRow) -> str:
    """The approver of a batch, or why there is none."""
    if batch.approver:
        return batch.approver
    if batch.status == S.DRAFT or (batch.submitted_at is None and batch.status == S.CANCELLED):
        return "还没有提交"
    if batch.status == S.AWAITING_APPROVAL:
        return "等待审批"
    return "没有审批" if batch.status == S.CANCELLED else "无需审批"
