"""Where what a report says is put right: the ordinary changes, with the report as their reason."""

from collections.abc import Iterator
from dataclasses import dataclass

from address_model.reports import ReportKind
from service.admin.duties.words import DUTY_NAMES
from service.admin.reports.queries import list_duties_at
from service.auth.members import StaffMember, may
from service.auth.permissions import Permission
from service.core.clock import today
from service.core.database import Session
from service.reports.queries import ReportRow


@dataclass(frozen=True, slots=True)
class ChangeLink:
    """A page where something is put right, and for what."""

    title: str
    path: str
    told: str


def list_changes(session: Session, member: StaffMember, report: ReportRow) -> list[ChangeLink]:
    """The changes that this person may make because of a report, the likeliest first."""
    found = [*_of_duties(session, member, report), *_of_address(member, report)]
    if report.kind is not ReportKind.PHONE:
        found.reverse()
    return found


def _of_duties(session: Session, member: StaffMember, report: ReportRow) -> Iterator[ChangeLink]:
    for duty in list_duties_at(session, report.code, today()):
        if may(member, Permission.DUTIES_WRITE, duty.division):
            path = f"/admin/duties/{duty.id}?report={report.number}"
            role = DUTY_NAMES.get(duty.role, duty.role)
            yield ChangeLink("换人或换电话", path, f"{duty.area}，{role}{duty.display_name}")


def _of_address(member: StaffMember, report: ReportRow) -> Iterator[ChangeLink]:
    if not may(member, Permission.ADDRESSES_WRITE, report.division):
        return
    home = f"/admin/addresses/{report.code}"
    entrance, move, correct = (
        f"{home}?do={act}&report={report.number}#doing" for act in ("entrance", "move", "correct")
    )
    yield ChangeLink("设置出入口", entrance, "地图上的位置对，门的位置不对")
    yield ChangeLink("移动位置", move, "地图上的位置不对")
    yield ChangeLink("更正地址", correct, "门牌上的文字不对")
