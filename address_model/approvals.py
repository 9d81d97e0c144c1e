"""What a second person agrees to, and what may become of a request for approval (审批)."""

from enum import StrEnum


class ApprovalKind(StrEnum):
    """What a request is about; its subject is the key of one of these."""

    PLATE_BATCH = "plate_batch"


class Decision(StrEnum):
    """What became of a request: it is open until somebody decides."""

    OPEN = ""
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


DECISION_NAMES = dict(zip(Decision, ("待审批", "已批准", "已退回", "已撤回"), strict=True))
