"""The rooms that take part in changes of work items."""

from service.alarms.commands import work_changes as alarms
from service.reports.commands import work_changes as reports
from service.worklists.subscribers import subscribe_to_work


def register_work_subscribers() -> None:
    """Make them known to this process, which may change work items or plates.

    The web application, the worker and every command that opens the database call it first.
    """
    subscribe_to_work("reports", reports.follow_work)
    subscribe_to_work("alarms", alarms.follow_work)
