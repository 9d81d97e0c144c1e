"""The report for whose sake an officer changes an address or a duty, carried in the form."""

from service.auth.members import StaffMember, may, require
from service.auth.permissions import Permission
from service.core.database import Session
from service.reports import commands
from service.reports.drafts import ReportedChange
from service.reports.queries import ReportNotFound, ReportRow, get_report, unknown_report

READ, WRITE = Permission.REPORTS_READ, Permission.REPORTS_WRITE


def see_report(session: Session, member: StaffMember, number: str) -> ReportRow:
    """A report in the person's divisions.

    Raises:
        ReportNotFound: there is none, or it lies elsewhere.
    """
    report = get_report(session, number)
    if not may(member, READ, report.division):
        raise unknown_report()
    return report


def own_report(session: Session, member: StaffMember, number: str) -> ReportRow:
    """A report that the person may work on.

    Raises:
        ReportNotFound: as ``see_report``.
        NotAllowed: the person may read it only.
    """
    report = see_report(session, member, number)
    require(member, WRITE, report.division)
    return report


def find_reference(session: Session, member: StaffMember, number: str) -> ReportRow | None:
    """The report that a link names, for a form; None if there is none to be seen."""
    try:
        return see_report(session, member, number) if number else None
    except ReportNotFound:
        return None


def refer(session: Session, member: StaffMember, number: str, change: ReportedChange) -> None:
    """Note at a report what was changed for its sake, in the transaction that changes it.

    Raises:
        ReportNotFound, NotAllowed: as ``own_report``.
    """
    own_report(session, member, number)
    commands.refer_change(session, number, change, member.actor)


def path_of(number: str) -> str:
    """The page of a report, where the answer comes next."""
    return f"/admin/reports/{number}"
