"""Reads the registers for scans: all or selected areas and duties of one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from address_model.tables import Area, Duty
from service.areas.queries.validity import is_not_over


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area, without its border."""

    id: int
    kind: str
    code: str
    name: str
    parent_id: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty contact that may be published today."""

    area_id: int
    role: str
    display_name: str
    organisation: str
    phone: str
    is_sample: bool
    confirmed_at: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class AreaRegister:
    """The areas of one day by id; ``turns_on`` is the first day on which they differ."""

    day: date
    by_id: dict[int, AreaRow]
    turns_on: date | None

    def of(self, ids: Iterable[int]) -> list[AreaRow]:
        """The areas with these ids that are valid on the day, ordered by kind and id."""
        found = (self.by_id.get(id_) for id_ in ids)
        return sorted((area for area in found if area), key=lambda area: (area.kind, area.id))


@dataclass(frozen=True, slots=True)
class DutyRegister:
    """The duties that may be shown on one day, by area, ordered by role and id.

    ``turns_on`` is the first day on which they differ.
    """

    day: date
    by_area: dict[int, tuple[DutyRow, ...]]
    turns_on: date | None

    def of(self, area_ids: Iterable[int]) -> list[DutyRow]:
        """The duties in these areas, ordered by role."""
        found = [duty for id_ in area_ids for duty in self.by_area.get(id_, ())]
        return sorted(found, key=lambda duty: duty.role)


def load_area_register(
    session: Session, today: date, only: Iterable[int] | None = None
) -> AreaRegister:
    """Load the areas of a day without borders, to be kept in memory.

    ``only`` limits them to these ids.
    """
    statement = select(
        Area.id,
        Area.kind,
        Area.code,
        Area.name,
        Area.parent_id,
        Area.is_sample,
        Area.valid_from,
        Area.valid_to,
    ).where(is_not_over(Area, today), Area.succeeded_by.is_(None))
    if only is not None:
        statement = statement.where(Area.id.in_(list(only)))
    by_id: dict[int, AreaRow] = {}
    turns: list[date] = []
    for row in session.execute(statement):
        turns += _turns(row.valid_from, row.valid_to, today)
        if row.valid_from <= today:
            by_id[row.id] = AreaRow(*row[:6])
    return AreaRegister(today, by_id, min(turns, default=None))


def load_duty_register(
    session: Session, today: date, only: Iterable[int] | None = None
) -> DutyRegister:
    """Load the duties that may be shown on a day: published, valid, not hidden, not replaced.

    Only this function decides which contacts are public. ``only`` limits the query to duties in
    the areas with these ids and their stand-ins, which may be in other areas.
    """
    statement = (
        select(*_DUTY_COLUMNS, Duty.valid_from, Duty.id, Duty.stand_in_for)
        .where(Duty.publish, Duty.hidden_at.is_(None), is_not_over(Duty, today))
        .order_by(Duty.role, Duty.id)
    )
    if only is not None:
        in_areas = Duty.area_id.in_(list(only))
        statement = statement.where(
            or_(in_areas, Duty.stand_in_for.in_(select(Duty.id).where(in_areas)))
        )
    rows: Sequence[Any] = session.execute(statement).all()
    turns = [turn for row in rows for turn in _turns(row.valid_from, row.valid_to, today)]
    stood_in_for = {row.stand_in_for for row in rows if row.valid_from <= today}
    by_area: dict[int, list[DutyRow]] = {}
    for row in rows:
        if row.valid_from <= today and row.id not in stood_in_for:
            by_area.setdefault(row.area_id, []).append(DutyRow(*row[:8]))
    lists = {area_id: tuple(duties) for area_id, duties in by_area.items()}
    return DutyRegister(today, lists, min(turns, default=None))


_DUTY_COLUMNS = (
    Duty.area_id,
    Duty.role,
    Duty.display_name,
    Duty.organisation,
    Duty.phone,
    Duty.is_sample,
    Duty.confirmed_at,
    Duty.valid_to,
)


def _turns(start: date, end: date | None, today: date) -> list[date]:
    """The future days on which a row begins or ceases to be valid."""
    days = [start] if start > today else []
    return [*days, end + timedelta(days=1)] if end else days
