"""Webhooks that wait for a person: the sender has stopped them, or given messages up."""

from collections.abc import Iterator

from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.database import Session
from service.webhooks.queries import list_hooks

MANAGE = Permission.CLIENTS_MANAGE
SHOWN = 5


def list_waiting_webhooks(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """The webhooks of programs that a person manages that are stopped or have dead letters."""
    if not may(member, MANAGE):
        return
    rows = list_hooks(session, scopes=member.scopes(MANAGE), troubled=True, limit=SHOWN + 1)
    for row in rows[:SHOWN]:
        reason = row.stop_reason or f"{row.dead} 件未送达"
        path = f"/admin/webhooks/{row.id}"
        yield WaitingWork(
            WorkGroup.DATA, "推送", row.client, path, "处理", reason, since=row.failing_since
        )
    if len(rows) > SHOWN:
        yield WaitingWork(
            WorkGroup.DATA, "推送", "其余有问题的推送", "/admin/webhooks?trouble=1", "全部"
        )
