"""Moves open alarms to the division of the work about them."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from address_model.tables import Alarm, WorkItem
from service.changes.events import Action
from service.worklists.subscribers import WorkChange


def follow_work(session: Session, change: WorkChange) -> None:
    """Move the alarms of work items that moved with their address; all else derives from items."""
    if change.action is Action.MOVED:
        session.execute(
            update(Alarm)
            .where(Alarm.work_item.in_(change.numbers), WorkItem.id == Alarm.work_item)
            .values(division=WorkItem.division)
        )
