"""Reads areas for departments: those in force on a day, in pages, or one by its key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from address_model.tables import Area, Division
from service.areas.queries.borders import AreaNotFound, lies_in
from service.areas.queries.validity import holds_on

_DECIMALS = 7
"""Of degrees: a centimetre (RFC 7946 §11.2)."""
_DIVISION = func.coalesce(Division.code, "")
_ORDER = (_DIVISION, Area.kind, Area.code, Area.id)


@dataclass(frozen=True, slots=True)
class PublishedArea:
    """One version of an area; ``parent`` is the key of the area it lies in, "" without one.

    ``border`` is a GeoJSON MultiPolygon in degrees, EPSG:4490; "" where it was not asked for.
    """

    id: int
    kind: str
    code: str
    name: str
    parent: str
    division: str
    valid_from: date
    valid_to: date | None
    version: int
    is_sample: bool
    border: str = ""

    @property
    def key(self) -> str:
        """Its key in the feed."""
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class PublishedFilter:
    """Which areas: in divisions (beginnings of codes), in force on a day, of a kind."""

    divisions: tuple[str, ...]
    day: date
    kind: str = ""


def list_published(
    session: Session, wanted: PublishedFilter, *, after: int = 0, limit: int, borders: bool = False
) -> list[PublishedArea]:
    """The areas that fit, by division, kind and code; ``after`` is the id of the last one seen."""
    if not wanted.divisions:
        return []
    statement = _select(borders=borders).where(lies_in(wanted.divisions))
    statement = statement.where(*holds_on(Area, wanted.day)).order_by(*_ORDER).limit(limit)
    if wanted.kind:
        statement = statement.where(Area.kind == wanted.kind)
    last = select(*_ORDER).outerjoin(Division, Division.id == Area.division_id)
    seen = session.execute(last.where(Area.id == after)).one_or_none() if after else None
    if seen:
        statement = statement.where(tuple_(*_ORDER) > tuple_(*map(literal, seen)))
    rows: Sequence[Any] = session.execute(statement).all()
    return [PublishedArea(*row) for row in rows]


def get_published(session: Session, key: str, divisions: Sequence[str], day: date) -> PublishedArea:
    """An area with its border, by its key ``kind:code``, as it was on a day.

    Raises:
        AreaNotFound: no area of these divisions has this key, or it was not in force.
    """
    kind, _, code = key.partition(":")
    statement = _select(borders=True).where(
        Area.kind == kind, Area.code == code, *holds_on(Area, day), lies_in(divisions)
    )
    row = session.execute(statement.order_by(Area.valid_from.desc(), Area.id)).first()
    if row is None or not divisions:
        raise AreaNotFound(
            f"there is no area {key[:80]} on {day}", hint="list them: GET /api/v1/areas"
        )
    return PublishedArea(*row)


def _select(*, borders: bool) -> Select[*tuple[Any, ...]]:
    above = aliased(Area)
    border = func.ST_AsGeoJSON(Area.geom, _DECIMALS) if borders else literal("")
    return (
        select(
            Area.id, Area.kind, Area.code, Area.name,
            func.coalesce(above.kind + ":" + above.code, ""), _DIVISION,
            Area.valid_from, Area.valid_to, Area.version, Area.is_sample, border,
        )
        .outerjoin(Division, Division.id == Area.division_id)
        .outerjoin(above, above.id == Area.parent_id)
    )  # fmt: skip
