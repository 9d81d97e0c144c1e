"""Reads areas for the desk: pages of a list, former borders, siblings and their faults."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from address_model.tables import Area, Division
from service.areas.border_faults import BorderFault, find_border_faults
from service.areas.queries.lists import HeldArea, list_held_areas
from service.areas.queries.validity import is_not_over
from service.core.errors import NotFound

_MARGIN = 0.003
"""Around an area without a parent its neighbours are looked for, in degrees: some 300 metres."""


class AreaNotFound(NotFound):
    """The area does not exist."""


@dataclass(frozen=True, slots=True)
class AreaFilter:
    """Which areas a list has: of a kind, within divisions (prefixes), of a name or code."""

    scopes: tuple[str, ...] = ("",)
    kind: str = ""
    text: str = ""
    with_ended: bool = False


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """One area of a list, with the name of its parent."""

    id: int
    kind: str
    code: str
    name: str
    parent_id: int | None
    parent: str
    division: str
    valid_from: date
    valid_to: date | None
    version: int
    is_sample: bool


@dataclass(frozen=True, slots=True)
class FormerArea:
    """A version of an area that was replaced, with its first and last day."""

    name: str
    valid_from: date
    valid_to: date | None
    version: int
    shape: BaseGeometry


def list_areas(
    session: Session, wanted: AreaFilter, today: date, *, after: int = 0, limit: int
) -> list[AreaEntry]:
    """The areas that fit, by division, kind and code; ``after`` is the id of the last one shown."""
    above = aliased(Area)
    division = func.coalesce(Division.code, "")
    order = tuple_(division, Area.kind, Area.code)
    statement = (
        select(
            Area.id, Area.kind, Area.code, Area.name, Area.parent_id,
            func.coalesce(above.name, ""), division,
            Area.valid_from, Area.valid_to, Area.version, Area.is_sample,
        )
        .outerjoin(Division, Division.id == Area.division_id)
        .outerjoin(above, above.id == Area.parent_id)
        .where(Area.succeeded_by.is_(None), lies_in(wanted.scopes))
        .order_by(division, Area.kind, Area.code)
        .limit(limit)
    )  # fmt: skip
    if wanted.kind:
        statement = statement.where(Area.kind == wanted.kind)
    if wanted.text:
        told = wanted.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        statement = statement.where(or_(Area.name.like(f"%{told}%"), Area.code.like(f"{told}%")))
    if not wanted.with_ended:
        statement = statement.where(is_not_over(Area, today))
    last = (
        select(division, Area.kind, Area.code)
        .outerjoin(Division, Division.id == Area.division_id)
        .where(Area.id == after)
    )
    if after and (shown := session.execute(last).one_or_none()):
        statement = statement.where(order > tuple_(*map(literal, shown)))
    rows: Sequence[Any] = session.execute(statement).all()
    return [AreaEntry(*row) for row in rows]


def lies_in(scopes: Iterable[str]) -> ColumnElement[bool]:
    """The condition that an area, joined with its division, lies in one of these."""
    return or_(*(func.coalesce(Division.code, "").startswith(scope) for scope in scopes))


def list_kinds(session: Session) -> list[str]:
    """The kinds of area that there are, in alphabetical order."""
    kinds = select(Area.kind).where(Area.succeeded_by.is_(None)).distinct().order_by(Area.kind)
    return list(session.scalars(kinds))


def get_held_area(session: Session, area_id: int) -> HeldArea:
    """The present version of an area.

    Raises:
        AreaNotFound: there is none with this id.
    """
    found = list_held_areas(session, ids=[area_id])
    if not found:
        raise AreaNotFound(
            f"there is no area {area_id}", hint="see the list", zh="没有这个责任区。"
        )
    return found[0]


def list_former(session: Session, area_id: int, limit: int = 30) -> list[FormerArea]:
    """The former versions of an area, the newest first."""
    rows = session.execute(
        select(Area.name, Area.valid_from, Area.valid_to, Area.version, func.ST_AsBinary(Area.geom))
        .where(Area.succeeded_by == area_id)
        .order_by(Area.valid_from.desc())
        .limit(limit)
    )
    return [
        FormerArea(name, first, last, version, shapely.from_wkb(bytes(wkb)))
        for name, first, last, version, wkb in rows
    ]


def list_siblings(session: Session, area: HeldArea, today: date) -> list[HeldArea]:
    """The areas of its kind in the same parent, without one those near it; itself among them."""
    if area.parent_id is None:
        return list_neighbours(session, area.kind, area.shape, today)
    parents = [area.parent_id]
    return list_held_areas(session, kinds=[area.kind], living_on=today, parents=parents)


def list_neighbours(
    session: Session, kind: str, shape: BaseGeometry, today: date
) -> list[HeldArea]:
    """The areas of a kind around a shape, whatever they lie in."""
    around = shapely.box(*shape.buffer(_MARGIN).bounds)
    return list_held_areas(session, kinds=[kind], living_on=today, around=around)


def list_border_faults(
    session: Session, areas: Sequence[HeldArea], today: date
) -> list[BorderFault]:
    """The faults among the siblings of some areas, and among what lies in these."""
    found: dict[tuple[object, ...], BorderFault] = {}
    groups: list[tuple[list[HeldArea], HeldArea | None]] = []
    ids = [one.parent_id for one in areas if one.parent_id is not None]
    parents = {one.id: one for one in list_held_areas(session, ids=ids, living_on=today)}
    seen: set[tuple[str, int]] = set()
    for area in areas:
        if area.parent_id is None or (area.kind, area.parent_id) not in seen:
            groups.append((list_siblings(session, area, today), parents.get(area.parent_id or 0)))
            seen.add((area.kind, area.parent_id or 0))
    within = list_held_areas(session, parents=[one.id for one in areas], living_on=today)
    for area in areas:
        for kind in sorted({one.kind for one in within if one.parent_id == area.id}):
            inside = [one for one in within if (one.kind, one.parent_id) == (kind, area.id)]
            groups.append((inside, area))
    for members, parent in groups:
        drawn = [one.drawn for one in members]
        for fault in find_border_faults(drawn, parent.drawn if parent else None):
            found.setdefault((fault.kind, fault.names, fault.place), fault)
    return list(found.values())
