"""The page of the audit chain: who did what, newest first."""

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
    """The audit chain; who reads it for some divisions sees what their staff did."""
    wanted = AuditFilter(
        _full_actor(actor), action.strip(), subject.strip(), _actors(session, member)
    )
    rows = list_entries(session, wanted, before=before, limit=PAGE + 1)
    typed = {"actor": actor, "action": action, "subject": subject}
    more = urlencode(typed | {"before": rows[PAGE - 1].position}) if len(rows) > PAGE else ""
    return show(request, member, "audit/list.html", entries=rows[:PAGE], more=more, typed=typed)


def _full_actor(typed: str) -> str:
    """The actor as the chain writes it; a name alone is a member of staff."""
    text = typed.strip()
    return text if not text or ":" in text else f"staff:{text}"


def _actors(session: ReadSession, member: StaffMember) -> list[str] | None:
    if may(member, READ, ""):
        return None
    own = list_accounts(session, scopes=member.scopes(READ), limit=MOST_ACCOUNTS)
    return [f"{kind}:{account.name}" for account in own for kind in ("staff", "shell")]
