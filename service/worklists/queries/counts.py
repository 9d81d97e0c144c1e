"""Counts work items: by grid, by division, and those that are overdue."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import WorkItem
from service.worklists.queries.rows import WorkFilter, conditions_of, select_items


@dataclass(frozen=True, slots=True)
class AreaWorkload:
    """The open work of one grid: its name, the number of items, and the earliest due day."""

    area_id: int | None
    area: str
    count: int
    first_due: date


@dataclass(frozen=True, slots=True)
class DueCount:
    """The number of open items, of those that are overdue, and the earliest due day."""

    open: int
    overdue: int
    first_due: date


def list_area_loads(session: Session, wanted: WorkFilter) -> list[AreaWorkload]:
    """The open work of each grid, most urgent first."""
    open_items = select_items().where(*conditions_of(wanted, "open")).subquery()
    columns = (open_items.c.area_id, open_items.c.area)
    statement = (
        select(*columns, func.count(), func.min(open_items.c.due))
        .group_by(*columns)
        .order_by(func.min(open_items.c.due), open_items.c.area)
        .limit(500)
    )
    return [AreaWorkload(*row) for row in session.execute(statement)]


def count_due(
    session: Session, wanted: WorkFilter, day: date, *, digits: int = 0
) -> dict[str, DueCount]:
    """The open items and those due before a day, by the first digits of their division.

    No digits give one count, under "", or none if nothing is open. Only items are read, by index.
    """
    part = func.left(WorkItem.division, digits).label("part")
    late = func.count().filter(WorkItem.due < day)
    statement = (
        select(part, func.count(), late, func.min(WorkItem.due))
        .where(*conditions_of(wanted, "open"))
        .group_by(part)
    )
    return {found: DueCount(*counts) for found, *counts in session.execute(statement)}


def count_items(session: Session, wanted: WorkFilter, state: str, *, most: int) -> int:
    """The number of items in one state; not more than ``most`` are counted."""
    some = select(WorkItem.id).where(*conditions_of(wanted, state)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
