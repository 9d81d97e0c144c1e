"""The page of the audit log: who did what, newest first."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.admin.audit_names import find_action, name_action, name_details
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.audit.queries import AuditFilter, list_entries
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.auth.queries import list_accounts
from service.core.clock import start_of_day
from service.core.database import Session
from service.core.paging import page_of
from service.core.web import ReadSession

router = staff_pages()
READ = Permission.AUDIT_READ
PAGE = 50
MOST_ACCOUNTS = 2000
MOST_COUNTED = 99


@router.get("/admin/audit")
def entries(
    request: Request,
    session: ReadSession,
    member: Annotated[StaffMember, staff(READ)],
    *,
    actor: str = "",
    action: str = "",
    subject: str = "",
    before: int | None = None,
) -> Response:
    """The audit log; a reader limited to divisions sees the actions of their staff only."""
    name = actor.strip()
    full_actor = name if not name or ":" in name else f"staff:{name}"
    actors = _actors_for(session, member)
    wanted = AuditFilter(full_actor, find_action(action), subject.strip(), actors)
    rows = list_entries(session, wanted, before=before, limit=PAGE + 1)
    typed = {"actor": actor, "action": action, "subject": subject}
    shown, following = page_of(rows, PAGE, attrgetter("position"))
    more = urlencode(typed | {"before": following}) if following else ""
    return show(
        request,
        member,
        "audit/list.html",
        entries=shown,
        more=more,
        typed=typed,
        name_action=name_action,
        name_details=name_details,
        may_read=may(member, Permission.ADDRESSES_READ),
    )


def list_waiting_entries(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """What was done since the morning, for an auditor to read."""
    if not member.scopes(READ):
        return
    actors = _actors_for(session, member)
    begun = start_of_day()
    rows = list_entries(session, AuditFilter(actors=actors), limit=MOST_COUNTED + 1)
    found = [row for row in rows if row.at >= begun]
    if found:
        count = f"{MOST_COUNTED} 条以上" if len(found) > MOST_COUNTED else f"{len(found)} 条"
        title = f"今天的审计记录 {count}"
        yield WaitingWork(WorkGroup.AUDIT, "记录", title, "/admin/audit", "查看")


def _actors_for(session: Session, member: StaffMember) -> list[str] | None:
    """The actors whose entries an auditor may read; None is everybody."""
    if may(member, READ, ""):
        return None
    own = list_accounts(session, scopes=member.scopes(READ), limit=MOST_ACCOUNTS)
    return [f"{kind}:{account.name}" for account in own for kind in ("staff", "shell")]
