"""Datasets that wait for a person: a colleague has submitted them."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.actor import name_actor
from service.core.database import Session
from service.datasets.queries import list_datasets_to_approve

SHOWN = 5


def list_waiting_datasets(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """What this person is to approve."""
    scopes = member.scopes(Permission.DATASETS_APPROVE)
    if not scopes:
        return
    for one in list_datasets_to_approve(session, scopes, member.account_id, limit=SHOWN):
        path, who = f"/admin/datasets/{one.number}", name_actor(one.author)
        detail = f"{one.owner}，{one.fields} 个字段"
        yield WaitingWork(
            WorkGroup.APPROVAL, "数据集", one.name, path, "审批", detail, who, one.asked_at
        )
