"""Reads how often programs called, by day."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import ClientUsage


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A call (an operation of the API) on a day: how often, and the rows it got."""

    day: date
    call: str
    count: int
    rows: int


def list_usage(session: Session, client_id: int, *, since: date) -> list[UsageRow]:
    """The calls of a program from a day on, the newest day first."""
    statement = (
        select(ClientUsage.day, ClientUsage.call, ClientUsage.count, ClientUsage.rows)
        .where(ClientUsage.client_id == client_id, ClientUsage.day >= since)
        .order_by(ClientUsage.day.desc(), ClientUsage.call)
    )
    return [UsageRow(*row) for row in session.execute(statement)]
