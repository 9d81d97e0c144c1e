"""The page of the audit log: who did what, newest first."""

from collections.abc import Iterator
from operator import attrgetter
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from service.admin.answer import show, staff_pages
from service.admin.home.activity import PHRASES
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
ACTS = {
    "sessions:open": "登录",
    "sessions:close": "退出",
    "sessions:close_all": "退出了…的所有登录",
    "accounts:create": "建了账号…",
    "accounts:enable": "启用了账号…",
    "accounts:disable": "停用了账号…",
    "accounts:reset_password": "重设了…的密码",
    "accounts:change_password": "改了自己的密码",
    "clients:create": "建了部门接口…",
    "clients:add_key": "给部门接口…加了密钥",
    "clients:revoke_key": "停用了部门接口…的密钥",
    "clients:revoke_keys": "停用了部门接口…的所有密钥",
    "clients:grant": "给部门接口…授了权",
    "clients:withdraw_grant": "收回了部门接口…的授权",
    "duties:read": "看了…的联系人",
    "duties:load": "导入了联系人",
    "duties:hand_over": "交接了责任区",
    "imports:correct": "在清单…里改了行",
    "batches:download": "下载了批次…的文件",
    "work_items:open": "开了工单…",
    "work_items:assign": "分派了工单…",
}
"""What further actions of the chain are called; those of the news are called as there."""

DETAILS = {
    "before": "改前",
    "after": "改后",
    "reason": "事由",
    "source": "依据",
    "division": "区划",
    "file": "文件",
    "count": "数量",
}
"""What the details of an entry are called, in this order; others keep their names."""


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
    wanted = AuditFilter(full_actor, action.strip(), subject.strip(), actors)
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
        acts={action: phrase.format("…") for action, phrase in PHRASES.items()} | ACTS,
        details=DETAILS,
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
