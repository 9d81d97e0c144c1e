"""Reports of residents about plates of 河坊街."""

import secrets

from sqlalchemy.orm import Session

from address_model.reports import ReportKind
from service.reports.commands import file_report
from service.reports.drafts import FiledReport, ReportDraft, ReportLimits

FREELY = ReportLimits(10_000, 10_000, 1_000_000)


def make_report(
    session: Session, token: str, kind: ReportKind = ReportKind.BROKEN, **more: str
) -> FiledReport:
    """A report of a plate by a resident, beyond all limits."""
    once = secrets.token_urlsafe(16)
    return file_report(session, ReportDraft(kind, once, token, **more), FREELY)  # type: ignore[arg-type]
