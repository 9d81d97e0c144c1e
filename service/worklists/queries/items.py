"""Reads work items: one, those of a plate, and lists by due day and street order."""

from datetime import date
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from address_model.tables import Address, WorkItem
from address_model.work import WorkKind
from service.addresses.queries import STREET_ORDER
from service.core.errors import WorkItemNotFound
from service.core.paging import split_cursor
from service.worklists.queries.rows import (
    WorkFilter,
    WorkRow,
    conditions_of,
    read_row,
    select_items,
)


def get_item(session: Session, number: int, *, lock: bool = False) -> WorkRow:
    """One work item; ``lock`` locks it until the transaction ends.

    Raises:
        WorkItemNotFound: there is no such number.
    """
    statement = select_items().where(WorkItem.id == number)
    row = session.execute(
        statement.with_for_update(of=WorkItem, key_share=True) if lock else statement
    ).first()
    if row is None:
        raise WorkItemNotFound(f"there is no work item {number}")
    return read_row(row)


def find_open_item(session: Session, key: str, kind: WorkKind) -> WorkRow | None:
    """The open item of a kind about a plate (token) or an address (code), or None."""
    statement = select_items().where(
        WorkItem.key == key, WorkItem.kind == str(kind), WorkItem.state == "open"
    )
    row = session.execute(statement).first()
    return None if row is None else read_row(row)


def list_items_of(session: Session, *keys: str, state: str = "") -> list[WorkRow]:
    """All work items, open or closed, of plates (tokens) or addresses (codes), newest first."""
    statement = select_items().where(WorkItem.key.in_(keys)).order_by(WorkItem.id.desc()).limit(200)
    if state:
        statement = statement.where(WorkItem.state == state)
    return [read_row(row) for row in session.execute(statement)]


def list_items(
    session: Session,
    wanted: WorkFilter,
    *,
    state: str = "open",
    by_street: bool = False,
    after: str = "",
    limit: int = 50,
) -> list[WorkRow]:
    """Items of one state, earliest due first; ``after`` is the cursor of the last one seen.

    For a grid or a person they are ordered by due day; for a division by township and due day,
    the order of the index, so that deep pages are as fast as the first. Within a day they are in
    street order. ``by_street`` leaves the days out of it, for lists of a few thousand items.
    """
    days: tuple[Any, ...] = (WorkItem.division, WorkItem.due)
    if wanted.area_id is not None or wanted.assignee:
        days = (WorkItem.due,)
    if by_street:
        days = ()
    order = (*days, *STREET_ORDER, WorkItem.id)
    statement = select_items().where(*conditions_of(wanted, state)).order_by(*order).limit(limit)
    if after:
        division, due, number = split_cursor(after, str, date.fromisoformat, int)
        seen = (division, due)[2 - len(days) :]
        last = select(*STREET_ORDER).join(WorkItem, WorkItem.code == Address.code)
        found = session.execute(last.where(WorkItem.id == number)).first()
        place = (found[0], found[1]) if found else (b"", "")
        statement = statement.where(tuple_(*order) > tuple_(*seen, *place, number))
        if days:  # what the index can look for
            statement = statement.where(tuple_(*days) >= tuple_(*seen))
    return [read_row(row) for row in session.execute(statement)]
