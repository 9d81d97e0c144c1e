"""Grants of departments' programs that wait for a person: to be agreed to, and ending soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from service.admin.clients.grant_words import last_day_of, name_permission
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.approvals.queries import find_latest
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.auth.queries import CallCount, count_calls, search_clients
from service.core.actor import name_actor
from service.core.clock import day_of, now_utc, today
from service.core.database import Session
from service.departments.commands import KIND

AHEAD = timedelta(days=30)
SHOWN = 5
MOST = 200


def list_waiting_grants(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """Grants of colleagues that this person may agree to."""
    scopes = member.scopes(Permission.CLIENTS_MANAGE)
    programs = search_clients(session, scopes=scopes, limit=MOST) if scopes else []
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
            name_actor(row.given_by),
            row.given_at,
        )


def list_ending_grants(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """Grants and last keys of the person's divisions that end soon; programs that nobody uses."""
    scopes = member.scopes(Permission.CLIENTS_MANAGE)
    programs = search_clients(session, scopes=scopes, limit=MOST) if scopes else []
    counts = count_calls(session, [one.id for one in programs], today()) if programs else {}
    now = now_utc()
    ending: list[tuple[datetime, str, str, str]] = []
    idle: list[tuple[str, str]] = []
    for program in programs:
        home, held = f"/admin/clients/{program.id}", program.grants_in_force(now)
        for row in held:
            if row.grant.valid_until is not None:
                path = f"/admin/grants/{row.grant.number}"
                ending.append((row.grant.valid_until, "授权", program.name, path))
        ends = [key.until for key in program.keys if key.until is not None]
        if ends and len(ends) == len(program.keys):
            ending.append((max(ends), "密钥", program.name, home))
        called = counts.get(program.id, CallCount()).last_day
        is_idle = called is None or called < day_of(now - AHEAD)
        if is_idle and any(row.given_at < now - AHEAD for row in held):
            idle.append((program.name, home))
    soon = sorted(one for one in ending if one[0] <= now + AHEAD)
    for last, kind, title, path in soon[:SHOWN]:
        due, detail = last_day_of(last), "快到期，还要用的请换新的"
        yield WaitingWork(WorkGroup.DATA, kind, title, path, "查看", detail, due=due)
    if len(soon) > SHOWN:
        title = f"其余 {len(soon) - SHOWN:,} 项快到期的"
        yield WaitingWork(WorkGroup.DATA, "接入", title, "/admin/clients", "全部")
    for title, path in idle[:SHOWN]:
        detail = "30 天没有调用过，不用的请收回"
        yield WaitingWork(WorkGroup.DATA, "授权", title, path, "查看", detail)
