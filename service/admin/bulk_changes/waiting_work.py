"""Changes of many addresses that wait for a second person."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.bulk_changes.order import ACTION_NAMES
from service.bulk_changes.queries import list_changes_to_approve
from service.core.database import Session

SHOWN = 5


def list_waiting_changes(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """What this person is to approve."""
    if not member.scopes(Permission.ADDRESSES_APPROVE):
        return
    for change in list_changes_to_approve(session, member)[:SHOWN]:
        yield WaitingWork(
            WorkGroup.APPROVAL,
            f"批量{ACTION_NAMES[change.order.action]}",
            change.title,
            f"/admin/bulk-changes/{change.run.id}",
            "审批",
            f"涉及 {change.count:,} 个地址",
            change.author,
            change.run.created_at,
        )
