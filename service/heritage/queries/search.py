"""Faceted search of the catalogue: one summary per entry, and counts per facet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from address_model.coordinates import Point
from address_model.tables import Division, HeritageEntry, PlaceName, Recognition
from service.placenames.queries import name_matches

RECOGNISED = ("recognized", "reported", "pilot", "proposed", "shortlisted", "not_selected")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Filter by text (characters, pinyin, former names), class, city or county, dynasty, list.

    ``division`` is a prefix of a division code: four digits for a city, six for a county.
    ``scheme`` is the code of a list that names the entry with any status.
    """

    text: str = ""
    heritage_class: str = ""
    division: str = ""
    dynasty: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Badge:
    """The status of an entry on one list."""

    scheme_code: str
    list_name: str
    status: str
    batch: str
    year: int | None


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """An entry for lists and maps; ``point`` is only as exact as ``precision`` says."""

    id: str
    name: str
    pinyin: str
    needs_review: bool
    heritage_class: str
    class_name: str
    story_zh: str
    story_en: str
    division: str
    county: str
    city: str
    settlement_since: int | None
    name_since: int | None
    dynasty: str
    confidence: str
    review_state: str
    precision: str
    point: Point | None
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value of a facet, its label and number of entries."""

    value: str
    label: str
    count: int


_LOCAL = aliased(Division)
_COUNTY = aliased(Division)
_CITY = aliased(Division)
_LISTED = aliased(Recognition)


def list_summaries(
    session: Session, wanted: EntryFilter, *, after: str = "", limit: int = 50
) -> list[EntrySummary]:
    """Matching entries by id; pass the last id as ``after`` for the next page."""
    statement = _summaries().where(HeritageEntry.id > after, *_conditions(wanted))
    rows: Sequence[Any] = session.execute(statement.order_by(HeritageEntry.id).limit(limit)).all()
    return with_badges(session, rows)


def list_summaries_of(session: Session, ids: Sequence[str]) -> dict[str, EntrySummary]:
    """The summaries of entries, by id."""
    rows = session.execute(_summaries().where(HeritageEntry.id.in_(ids))).all()
    return {one.id: one for one in with_badges(session, rows)}


def count_entries(session: Session, wanted: EntryFilter) -> int:
    """The number of matching entries."""
    statement = _joined(select(func.count(HeritageEntry.id))).where(*_conditions(wanted))
    return session.scalar(statement) or 0


def count_facets(session: Session, wanted: EntryFilter) -> dict[str, list[Facet]]:
    """The values of each facet among matching entries: class, county, city, dynasty, list."""
    entry = HeritageEntry
    return {
        "heritage_class": _facet(session, wanted, entry.heritage_class, entry.class_name),
        "county": _facet(session, wanted, func.left(_COUNTY.code, 6), _COUNTY.name),
        "city": _facet(session, wanted, func.left(_CITY.code, 4), _CITY.name),
        "dynasty": _facet(session, wanted, entry.dynasty, entry.dynasty),
        "scheme": _facet(session, wanted, Recognition.scheme_code, Recognition.list_name),
    }


def with_badges(session: Session, rows: Sequence[Any]) -> list[EntrySummary]:
    """Summaries from rows of ``_summaries``, each with its listings."""
    badges: dict[str, list[Badge]] = {}
    statement = (
        select(
            Recognition.entry_id,
            Recognition.scheme_code,
            Recognition.list_name,
            Recognition.status,
            Recognition.batch,
            Recognition.year,
        )
        .where(Recognition.entry_id.in_([row.id for row in rows]))
        .order_by(Recognition.position)
    )
    listed: Sequence[Any] = session.execute(statement).all()
    for entry_id, *badge in listed:
        badges.setdefault(entry_id, []).append(Badge(*badge))
    found = []
    for row in rows:
        values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy
        lon, lat = values.pop("lon"), values.pop("lat")
        point = Point(lon, lat) if lon is not None else None
        found.append(EntrySummary(**values, point=point, badges=tuple(badges.get(row.id, ()))))
    return found


def _summaries() -> Select[*tuple[Any, ...]]:
    entry = HeritageEntry
    return _joined(
        select(
            entry.id, PlaceName.standard_name.label("name"), PlaceName.pinyin,
            PlaceName.needs_review,
            entry.heritage_class, entry.class_name, entry.story_zh, entry.story_en,
            _LOCAL.code.label("division"),
            func.coalesce(_COUNTY.name, "").label("county"),
            func.coalesce(_CITY.name, "").label("city"),
            entry.settlement_since, entry.name_since, entry.dynasty, entry.confidence,
            entry.review_state, PlaceName.precision,
            func.ST_X(func.ST_PointOnSurface(PlaceName.geom)).label("lon"),
            func.ST_Y(func.ST_PointOnSurface(PlaceName.geom)).label("lat"),
        )
    )  # fmt: skip


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        statement.select_from(HeritageEntry)
        .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
        .join(_LOCAL, _LOCAL.id == PlaceName.division_id)
        .outerjoin(_COUNTY, _above(_COUNTY, 6))
        .outerjoin(_CITY, _above(_CITY, 4))
    )


def _above(division: Any, digits: int) -> ColumnElement[bool]:
    """The division with this many digits above the entry's, in the same code system and edition."""
    return and_(
        division.code == func.rpad(func.left(_LOCAL.code, digits), 12, "0"),
        division.code_system == _LOCAL.code_system,
        division.edition == _LOCAL.edition,
        division.level == (3 if digits == 6 else 2),
    )


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        conditions.append(name_matches(wanted.text))
    if wanted.heritage_class:
        conditions.append(HeritageEntry.heritage_class == wanted.heritage_class)
    if wanted.division:
        conditions.append(_LOCAL.code.startswith(wanted.division, autoescape=True))
    if wanted.dynasty:
        conditions.append(HeritageEntry.dynasty == wanted.dynasty)
    if wanted.scheme:
        listed = select(_LISTED.id).where(
            _LISTED.entry_id == HeritageEntry.id, _LISTED.scheme_code == wanted.scheme
        )
        conditions.append(exists(listed))
    return conditions


def _facet(session: Session, wanted: EntryFilter, value: Any, label: Any) -> list[Facet]:
    total = func.count(HeritageEntry.id.distinct())
    statement = _joined(select(value, func.min(label), total))
    if value is Recognition.scheme_code:
        statement = statement.join(Recognition, Recognition.entry_id == HeritageEntry.id)
    statement = statement.where(*_conditions(wanted), value.is_not(None), value != "")
    ordered = statement.group_by(value).order_by(total.desc(), value)
    rows: Sequence[Any] = session.execute(ordered).all()
    return [Facet(*row) for row in rows]
