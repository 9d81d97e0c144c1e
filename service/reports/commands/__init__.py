"""Writes reports: one function per use case, within the caller's transaction."""

from service.reports.commands.answers import (
    answer_report,
    assign_report,
    close_reports,
    mark_assigned,
)
from service.reports.commands.feedback import give_feedback
from service.reports.commands.filing import RESIDENT, ReportLimitReached, file_report
from service.reports.commands.joining import join_report
from service.reports.commands.references import refer_change
from service.reports.commands.retention import clear_reports
from service.reports.commands.rising import raise_overdue
from service.reports.commands.work_changes import follow_work

__all__ = [
    "RESIDENT",
    "ReportLimitReached",
    "answer_report",
    "assign_report",
    "clear_reports",
    "close_reports",
    "file_report",
    "follow_work",
    "give_feedback",
    "join_report",
    "mark_assigned",
    "raise_overdue",
    "refer_change",
]
