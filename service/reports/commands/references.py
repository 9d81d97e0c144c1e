"""Notes at a report what was changed in the registers for its sake."""

from sqlalchemy.orm import Session

from service.audit import commands as audit
from service.core.actor import Actor
from service.reports.drafts import ReportedChange
from service.reports.queries import get_report


def refer_change(session: Session, number: str, change: ReportedChange, actor: Actor) -> None:
    """Note a change in the transaction that makes it; the chain alone tells of it.

    Raises:
        ReportNotFound: there is no such report.
    """
    get_report(session, number)
    audit.record(
        session,
        actor=actor,
        action="reports:refer",
        subject=number,
        about=change.about,
        act=change.act,
        before=change.before,
        after=change.after,
    )
