"""Duties that wait to be confirmed: of the community's staff, and a holder's own."""

from collections.abc import Iterator

from service.admin.crew.own_area.queries import list_own_duties, list_own_work
from service.admin.waiting_work import Provider, WaitingWork, WorkGroup
from service.areas.queries import RosterFilter, RosterView, count_roster
from service.auth.members import StaffMember
from service.auth.permissions import AREA_ROLES, Permission
from service.core.clock import today
from service.core.database import Session
from service.divisions.queries import find_names

KIND = "责任人"
MOST = 99


def unconfirmed_duties(days: int) -> Provider:
    """A provider that names the duties which nobody has confirmed for so many days."""

    def list_unconfirmed(session: Session, member: StaffMember) -> Iterator[WaitingWork]:
        """A holder's own contact, and the duties of each division that a person keeps."""
        duties = list_own_duties(session, member)
        if AREA_ROLES.intersection(a.role for a in member.assignments) and not duties:
            told = "还没有绑定，请联系社区或街道"
            yield WaitingWork(WorkGroup.FIELD, KIND, "我的责任区", "/crew/own", "查看", told)
        open_work = list_own_work(session, [own.area_id for own in duties], limit=MOST)
        if open_work:
            told = f"{len(open_work)} 件待办" if len(open_work) < MOST else f"{MOST} 件以上待办"
            due = min(item.due for item in open_work)
            yield WaitingWork(
                WorkGroup.FIELD, "工单", "我的责任区", "/crew/own", "去现场", told, due=due
            )
        for own in duties:
            is_due = own.confirmed_at is None or (today() - own.confirmed_at).days >= days
            if is_due and not own.is_hidden:
                detail = f"{own.display_name} {own.phone}，{days} 天以上没有确认"
                yield WaitingWork(WorkGroup.FIELD, KIND, own.area, "/crew/own", "确认", detail)
        scopes = member.scopes(Permission.DUTIES_WRITE)
        names = find_names(session, [scope.ljust(12, "0") for scope in scopes if scope])
        for scope in scopes:
            wanted = RosterFilter(scope, view=RosterView.UNCONFIRMED, unconfirmed_for=days)
            found = count_roster(session, wanted, today())
            if not found:
                continue
            code = scope.ljust(12, "0") if scope else ""
            yield WaitingWork(
                WorkGroup.DATA,
                KIND,
                names.get(code, "全部区划"),
                f"/admin/duties?division={code}&show={RosterView.UNCONFIRMED}",
                "核对",
                f"{found:,} 人 {days} 天以上没有确认姓名和电话",
            )

    return list_unconfirmed
