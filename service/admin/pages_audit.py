"""The page of the audit log: who did what, newest first."""

from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.audit.queries import AuditFilter, list_entries
from service.auth.guards import staff
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.auth.queries import list_accounts
from service.core.paging import page_of
from service.core.web import ReadSession

router = staff_pages()
READ = Permission.AUDIT_READ
PAGE = 50
MOST_ACCOUNTS = 2000


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
    actors = None
    if not may(member, READ, ""):
        own = list_accounts(session, scopes=member.scopes(READ), limit=MOST_ACCOUNTS)
        actors = [f"{kind}:{account.name}" for account in own for kind in ("staff", "shell")]
    wanted = AuditFilter(full_actor, action.strip(), subject.strip(), actors)
    rows = list_entries(session, wanted, before=before, limit=PAGE + 1)
    typed = {"actor": actor, "action": action, "subject": subject}
    shown, following = page_of(rows, PAGE, attrgetter("position"))
    more = urlencode(typed | {"before": following}) if following else ""
    return show(request, member, "audit/list.html", entries=shown, more=more, typed=typed)
