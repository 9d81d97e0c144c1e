"""Grants of departments' programs that wait for a person: to be agreed to, and ending soon."""

from collections.abc import Iterator
from datetime import timedelta

from service.admin.clients.grant_words import last_day_of, name_permission
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.approvals.queries import find_latest
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.auth.queries import search_clients
from service.core.actor import Actor
from service.core.clock import now_utc
from service.core.database import Session
from service.departments.commands import KIND

AHEAD = timedelta(days=30)
SHOWN = 5
MOST = 200


def list_waiting_grants(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """Grants of colleagues to agree to; grants and keys of the person's divisions that end soon."""
    scopes = member.scopes(Permission.CLIENTS_MANAGE)
    if not scopes:
        return
    programs = search_clients(session, scopes=scopes, limit=MOST)
    waiting = [(one, row) for one in programs for row in one.grants if row.waits]
    for program, row in waiting[:SHOWN]:
        asked = find_latest(session, KIND, str(row.grant.number))
        if asked is None or asked.author_id == member.account_id:
            continue
        yield WaitingWork(
            WorkGroup.APPROVAL,
            "授权",
            program.name,
            f"/admin/grants/{row.grant.number}",
            "看授权并审批",
            "、".join(sorted(map(name_permission, row.grant.permissions))),
            Actor.parse(row.given_by).name,
            row.given_at,
        )
    now, ending = now_utc(), []
    for program in programs:
        named = program.name
        for row in program.grants_in_force(now):
            ends = row.grant.valid_until
            if ends is not None and ends <= now + AHEAD:
                path = f"/admin/grants/{row.grant.number}"
                ending.append((ends, "授权", named, path, "查看", "授权快到期，还要用的请更改"))
        ends_of_keys = [key.until for key in program.keys if key.until is not None]
        if ends_of_keys and len(ends_of_keys) == len(program.keys):
            ends = max(ends_of_keys)
            if ends <= now + AHEAD:
                path = f"/admin/clients/{program.id}"
                ending.append((ends, "密钥", named, path, "换密钥", "最后一把密钥快到期"))
    ending.sort()
    for ends, kind, named, path, action, detail in ending[:SHOWN]:
        yield WaitingWork(WorkGroup.DATA, kind, named, path, action, detail, due=last_day_of(ends))
    if len(ending) > SHOWN:
        title = f"其余 {len(ending) - SHOWN:,} 项快到期的"
        yield WaitingWork(WorkGroup.DATA, "接入", title, "/admin/clients", "全部")
