"""What can be done with a batch in its state by this person, and which files it has."""

from dataclasses import dataclass

from address_model.lifecycle import WITH_FILES, BatchStatus, may_batch_become
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.errors import StoredFileNotFound
from service.plates.papers import MANIFEST, PROOF, VERIFICATION, folder_of, zip_name
from service.plates.queries.batches import BatchRow
from service.runs.queries import RunRow
from service.runs.states import RunState

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
ZIP = "batch.zip"
_TYPES = {
    "zip": "application/zip",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES = (
    (ZIP, "交给制作单位的压缩包", "全部印版、清单和校验记录"),
    (PROOF, "样张", "给审批人和制作单位核对"),
    (MANIFEST[1], "清单（表格）", "每块门牌的编码、文字、尺寸、文件和 SHA-256"),
    (MANIFEST[0], "清单（CSV）", "同上"),
    (VERIFICATION[1], "校验记录", "每块门牌的二维码读出的内容"),
)


@dataclass(frozen=True, slots=True)
class Action:
    """A button: the last part of its path, its words, and how it looks."""

    path: str
    title: str
    look: str = ""


def actions_for(member: StaffMember, batch: BatchRow, run: RunRow | None) -> list[Action]:
    """The buttons a person sees; the commands ask again whether they may be pressed."""
    author = may(member, Permission.BATCHES_CREATE, batch.division)
    printer = may(member, Permission.BATCHES_PRINT, batch.division)
    approver = may(member, Permission.BATCHES_APPROVE, batch.division)
    paused = run is not None and run.state == RunState.PAUSED
    own = batch.author_id is None or batch.author_id == member.account_id
    offered = [
        (author and batch.status == S.DRAFT, Action("submit", "提交")),
        (
            approver and not own and batch.status == S.AWAITING_APPROVAL,
            Action("approve", "批准"),
        ),
        (printer and batch.status == S.APPROVED, Action("start", "开始制作")),
        (printer and batch.status == S.RUNNING and not paused, Action("pause", "暂停", "second")),
        (printer and (paused or batch.status == S.BLOCKED), Action("resume", "继续")),
        (printer and batch.status == S.HANDED_OVER, Action("receive", "成品已收到")),
        (author and batch.status in _CANCELLABLE, Action("cancel", "取消批次", "danger")),
    ]
    return [action for shown, action in offered if shown]


def has_files(batch: BatchRow) -> bool:
    """Whether the maker's files of a batch can be taken; plates issued at once have none."""
    return batch.run_id is not None and batch.status in WITH_FILES


def file_of(number: int, name: str) -> tuple[str, str]:
    """Where a file of a batch is kept, and its media type.

    Raises:
        StoredFileNotFound: a batch has no file of this name.
    """
    if name not in {listed for listed, _, _ in FILES}:
        raise StoredFileNotFound(f"a batch has no file {name!r}")
    kept = zip_name(number) if name == ZIP else f"{folder_of(number)}/{name}"
    return kept, _TYPES[name.rsplit(".", 1)[1]]
