"""Reads areas and duties for officers: areas with borders or by code, duties with states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from address_model.spellings import spelling_pattern
from address_model.tables import Area, Division, Duty
from service.areas.coverage import DrawnArea
from service.areas.queries.validity import holds_on, is_not_over
from service.core.records import Record


@dataclass(frozen=True, slots=True)
class HeldArea:
    """The present version of an area with its border (degrees, EPSG:4490).

    ``parent`` is the code of the area that it lies in, "" without one.
    """

    id: int
    kind: str
    code: str
    name: str
    parent_id: int | None
    parent: str
    division_id: int | None
    division: str
    valid_from: date
    valid_to: date | None
    version: int
    is_sample: bool
    shape: BaseGeometry

    @property
    def key(self) -> str:
        """Its key in the feed and in the audit chain."""
        return f"{self.kind}:{self.code}"

    @property
    def record(self) -> Record:
        """The current state of the area, for a caller that saw an older version."""
        days = f"{self.valid_from} – {self.valid_to or '…'}"
        facts = {"名称": self.name, "起止": days}
        return Record("areas", self.key, f"责任区 {self.code}", self.version, facts)

    @property
    def drawn(self) -> DrawnArea:
        """The area in the form the coverage report needs."""
        label = self.name if self.name == self.code else f"{self.name} ({self.code})"
        return DrawnArea(self.kind, self.division, label, self.shape)


@dataclass(frozen=True, slots=True)
class ListedPost:
    """One duty for an officer; ``state`` is whether it is shown today, or why not."""

    id: int
    kind: str
    area: str
    role: str
    display_name: str
    organisation: str
    phone: str
    valid_from: date
    valid_to: date | None
    confirmed_at: date | None
    version: int
    state: str


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Selects duties: of an area (by code or name, or by id) or role, ending soon, or long
    unconfirmed (in days).
    """

    area: str = ""
    role: str = ""
    ending_within: int | None = None
    unconfirmed_for: int | None = None
    with_ended: bool = False
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class AreaKey:
    """An area by id, kind and code, and its division for change announcements."""

    id: int
    kind: str
    code: str
    division: str


def list_held_areas(
    session: Session,
    *,
    kinds: Sequence[str] = (),
    living_on: date | None = None,
    ids: Sequence[int] | None = None,
    parents: Sequence[int] | None = None,
    around: BaseGeometry | None = None,
) -> list[HeldArea]:
    """The present areas with borders, ordered by id; ``living_on`` excludes ended ones.

    ``ids`` and ``parents`` limit them to these areas and to what lies in these; ``around`` to those
    whose bounding box meets that of a shape.
    """
    above = aliased(Area)
    statement = (
        select(
            Area.id, Area.kind, Area.code, Area.name, Area.parent_id,
            func.coalesce(above.code, ""), Area.division_id, func.coalesce(Division.code, ""),
            Area.valid_from, Area.valid_to, Area.version, Area.is_sample,
            func.ST_AsBinary(Area.geom),
        )
        .outerjoin(Division, Division.id == Area.division_id)
        .outerjoin(above, above.id == Area.parent_id)
        .where(Area.succeeded_by.is_(None))
        .order_by(Area.id)
    )  # fmt: skip
    if kinds:
        statement = statement.where(Area.kind.in_(kinds))
    if living_on:
        statement = statement.where(is_not_over(Area, living_on))
    if ids is not None:
        statement = statement.where(Area.id.in_(ids))
    if parents is not None:
        statement = statement.where(Area.parent_id.in_(parents))
    if around is not None:
        box = func.ST_MakeEnvelope(*around.bounds, 4490)
        statement = statement.where(Area.geom.op("&&")(box))
    rows: Sequence[Any] = session.execute(statement).all()
    shapes = shapely.from_wkb([bytes(row[-1]) for row in rows])
    held: list[tuple[Any, ...]] = [
        (*row[:-1], shape) for row, shape in zip(rows, shapes, strict=True)
    ]
    return [HeldArea(*columns) for columns in held]


def list_area_keys(session: Session) -> dict[str, list[AreaKey]]:
    """The present areas by code; areas of different kinds may share a code."""
    statement = (
        select(Area.id, Area.kind, Area.code, func.coalesce(Division.code, ""))
        .outerjoin(Division, Division.id == Area.division_id)
        .where(Area.succeeded_by.is_(None))
        .order_by(Area.id)
    )
    by_code: dict[str, list[AreaKey]] = {}
    for row in session.execute(statement):
        by_code.setdefault(row.code, []).append(AreaKey(*row))
    return by_code


def find_last_change(session: Session) -> datetime | None:
    """The time of the last change of any area; an equal time means equal areas."""
    return session.scalar(select(func.max(Area.changed_at)))


def list_posts(session: Session, wanted: PostFilter, today: date) -> list[ListedPost]:
    """Duties ordered by area and role, with their states today."""
    statement = (
        select(
            Duty.id,
            Area.kind,
            Area.code,
            Duty.role,
            Duty.display_name,
            Duty.organisation,
            Duty.phone,
            Duty.valid_from,
            Duty.valid_to,
            Duty.confirmed_at,
            Duty.version,
            shown_state(today),
        )
        .join(Area, Area.id == Duty.area_id)
        .order_by(Area.kind, Area.code, Duty.role, Duty.valid_from, Duty.id)
    )
    conditions: list[ColumnElement[bool]] = []
    if wanted.area:
        conditions.append(is_called(wanted.area))
    if wanted.area_id is not None:
        conditions.append(Area.id == wanted.area_id)
    if wanted.role:
        conditions.append(Duty.role == wanted.role)
    if wanted.ending_within is not None:
        conditions.append(Duty.valid_to <= today + timedelta(days=wanted.ending_within))
    if wanted.unconfirmed_for is not None:
        day = today - timedelta(days=wanted.unconfirmed_for)
        conditions.append(or_(Duty.confirmed_at.is_(None), Duty.confirmed_at < day))
    if not wanted.with_ended:
        conditions.append(is_not_over(Duty, today))
    rows: Sequence[Any] = session.execute(statement.where(*conditions)).all()
    return [ListedPost(*row) for row in rows]


def shown_state(today: date) -> ColumnElement[str]:
    """Whether a duty is shown, or the most important reason why not."""
    stand_in = aliased(Duty)
    stood_in_for = (
        select(stand_in.id)
        .where(
            stand_in.stand_in_for == Duty.id,
            stand_in.publish,
            stand_in.hidden_at.is_(None),
            *holds_on(stand_in, today),
        )
        .exists()
    )
    return case(
        (Duty.hidden_at.is_not(None), literal("hidden")),
        (and_(Duty.valid_to.is_not(None), Duty.valid_to < today), literal("ended")),
        (Duty.valid_from > today, literal("to come")),
        (~Duty.publish, literal("not published")),
        (stood_in_for, literal("stood in for")),
        else_=literal("shown"),
    )


def is_called(text: str) -> ColumnElement[bool]:
    """The condition that an area has this code, or this name in any spelling."""
    return or_(Area.code == text, Area.name.regexp_match(f"^{spelling_pattern(text)}$"))
