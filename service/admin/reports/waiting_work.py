"""The reports that wait for an answer, and those that have risen to a person's level."""

from collections.abc import Iterator

from address_model.reports import FIRST_LEVEL, HIGHEST_LEVEL
from service.admin.reports.queries import ALLOWED, count_waiting
from service.admin.reports.words import LEVEL_NAMES
from service.admin.waiting_work import WaitingWork, WorkGroup
from service.auth.members import StaffMember
from service.auth.permissions import Permission
from service.core.clock import day_of
from service.core.database import Session
from service.divisions.queries import find_names

KIND = "居民报告"
_LEVELS = {12: FIRST_LEVEL, 9: 4}
"""By the digits that begin all codes of a division; a wider one is the highest."""


def list_waiting_reports(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
    """What waits in each division where a person answers reports; what has risen stands apart."""
    scopes = member.scopes(Permission.REPORTS_WRITE)
    names = find_names(session, [scope.ljust(12, "0") for scope in scopes if scope])
    for scope in scopes:
        level = _LEVELS.get(len(scope), HIGHEST_LEVEL)
        found = count_waiting(session, scope, level)
        if not found.open or found.since is None:
            continue
        code = scope.ljust(12, "0") if scope else ""
        name, path = names.get(code, "全部区划"), f"/admin/reports?division={code}"
        late = f"，其中逾期 {found.overdue:,} 件" if found.overdue else ""
        yield WaitingWork(
            WorkGroup.FIELD,
            KIND,
            name,
            path,
            "答复",
            f"{found.open:,} 件待办{late}",
            since=found.since,
            due=day_of(found.since + ALLOWED),
        )
        if found.risen:
            yield WaitingWork(
                WorkGroup.FIELD,
                KIND,
                f"{name}的督办",
                f"{path}&risen={level}",
                "督办",
                f"{found.risen:,} 件逾期没有答复，已升到{LEVEL_NAMES[level]}",
                due=day_of(found.since + ALLOWED),
            )
