"""Requests for approval (审批) by a second person: kinds and decisions."""

from enum import StrEnum


class ApprovalKind(StrEnum):
    """What a request is about; its subject is the key of such a record."""

    PLATE_BATCH = "plate_batch"
    LIST_UPLOAD = "list_upload"
    ADDRESS_CHANGE = "address_change"
    CLIENT_GRANT = "client_grant"
    DATASET = "dataset"


class Decision(StrEnum):
    """The outcome of a request; open until someone decides."""

    OPEN = ""
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


DECISION_NAMES = dict(zip(Decision, ("待审批", "已批准", "已退回", "已撤回"), strict=True))
