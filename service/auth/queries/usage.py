"""Reads how often programs called, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import ClientUsage


@dataclass(frozen=True, slots=True)
class UsageRow:
    """A call (an operation of the API) on a day: how often, and the rows it got.

    A refused one has its status behind its name, such as ``getAddress 429``.
    """

    day: date
    call: str
    count: int
    rows: int

    @property
    def operation(self) -> str:
        """The operation that was called."""
        return self.call.partition(" ")[0]

    @property
    def refusal(self) -> int:
        """The status with which it was refused, 0 if it was answered."""
        return int(self.call.partition(" ")[2] or 0)


@dataclass(frozen=True, slots=True)
class CallCount:
    """How often a program called on a day, and the last day on which it ever did."""

    on_day: int = 0
    last_day: date | None = None


def list_usage(session: Session, client_id: int, *, since: date) -> list[UsageRow]:
    """The calls of a program from a day on, the newest day first."""
    statement = (
        select(ClientUsage.day, ClientUsage.call, ClientUsage.count, ClientUsage.rows)
        .where(ClientUsage.client_id == client_id, ClientUsage.day >= since)
        .order_by(ClientUsage.day.desc(), ClientUsage.call)
    )
    return [UsageRow(*row) for row in session.execute(statement)]


def count_calls(session: Session, client_ids: Sequence[int], day: date) -> dict[int, CallCount]:
    """The calls on a day of each program that ever called, refused ones among them."""
    on_day = func.sum(ClientUsage.count).filter(ClientUsage.day == day)
    statement = (
        select(ClientUsage.client_id, func.coalesce(on_day, 0), func.max(ClientUsage.day))
        .where(ClientUsage.client_id.in_(client_ids))
        .group_by(ClientUsage.client_id)
    )
    return {row[0]: CallCount(int(row[1]), row[2]) for row in session.execute(statement)}
