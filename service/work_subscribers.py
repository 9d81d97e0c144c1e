"""The rooms that take part in changes of work items."""

from service.reports.commands.work_changes import follow_work
from service.worklists.subscribers import subscribe_to_work


def register_work_subscribers() -> None:
    """Make them known to this process, which may change work items or plates.

    The web application, the worker and every command that opens the database call it first.
    """
    subscribe_to_work("reports", follow_work)
