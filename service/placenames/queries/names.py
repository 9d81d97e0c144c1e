"""Reads place names: one, many by name, pinyin, former name or division, and whole records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import NameForm, PlaceNameRecord
from address_model.pinyin import plain_pinyin
from address_model.spellings import fold_spelling, spelling_pattern
from address_model.tables import Division, PlaceName, PlaceNameForm
from service.core.errors import NotFound


class PlaceNameNotFound(NotFound):
    """There is no such place name."""


@dataclass(frozen=True, slots=True)
class NameFilter:
    """A filter of place names: text (characters, pinyin, former names), division, kind, review.

    ``box`` is west, south, east, north in degrees of EPSG:4490, and met by the place itself.
    """

    text: str = ""
    division: str = ""
    kind: str = ""
    needs_review: bool | None = None
    status: str = ""
    box: tuple[float, float, float, float] | None = None
    changed_since: datetime | None = None


_AT_ONCE = 10_000
"""Numbers per statement; PostgreSQL takes at most 65,535 parameters."""
_FIRST_HANZI = "\u2e80"
_COLUMNS = (
    PlaceName.number, PlaceName.standard_name, PlaceName.kind, Division.code, PlaceName.specific,
    PlaceName.generic, PlaceName.place_code, PlaceName.kind_code, PlaceName.kind_source,
    PlaceName.pinyin, PlaceName.pinyin_source, PlaceName.needs_review, PlaceName.meaning,
    PlaceName.origin, PlaceName.history, PlaceName.is_division,
    func.coalesce(func.ST_AsText(PlaceName.geom), ""), PlaceName.precision,
    PlaceName.precision_source, PlaceName.status, PlaceName.source,
)  # fmt: skip


def get_record(session: Session, number: str) -> PlaceNameRecord:
    """One place name by its number; the number of a merged one leads to the other.

    Raises:
        PlaceNameNotFound: no such number.
    """
    found = list_records(session, [find_led(session, [number]).get(number, number)])
    if not found:
        raise PlaceNameNotFound(
            f"there is no place name {number}", hint="search it: GET /api/v1/place-names?q=…"
        )
    return found[0]


def find_led(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """The numbers that those of merged places lead to; others are left out."""
    statement = select(PlaceName.number, PlaceName.former_numbers).where(
        PlaceName.former_numbers.overlap(list(numbers)), PlaceName.status == "current"
    )
    wanted = set(numbers)
    rows: Sequence[Any] = session.execute(statement).all()
    return {old: number for number, former in rows for old in wanted.intersection(former)}


def find_versions(session: Session, numbers: Sequence[str]) -> dict[str, int]:
    """The versions of place names by their numbers; a number that does not exist is left out."""
    statement = select(PlaceName.number, PlaceName.version)
    rows = session.execute(statement.where(PlaceName.number.in_(numbers)))
    return {row.number: row.version for row in rows}


def get_place_id(session: Session, number: str) -> int:
    """The surrogate key of a place name; the number of a merged one gives that of the other.

    Raises:
        PlaceNameNotFound: no such number.
    """
    led = find_led(session, [number]).get(number, number)
    found = session.scalar(select(PlaceName.id).where(PlaceName.number == led))
    if found is None:
        raise PlaceNameNotFound(
            f"there is no place name {number}", hint="find it with `menpai placenames find NAME`"
        )
    return found


def list_place_names(
    session: Session, wanted: NameFilter, *, after: str = "", limit: int = 100
) -> list[PlaceNameRecord]:
    """Place names that fit, in order of number."""
    conditions = [PlaceName.number > after]
    if wanted.text:
        conditions.append(name_matches(wanted.text))
    if wanted.division:
        conditions.append(Division.code.startswith(wanted.division, autoescape=True))
    if wanted.kind:
        conditions.append(PlaceName.kind == wanted.kind)
    if wanted.needs_review is not None:
        conditions.append(PlaceName.needs_review == wanted.needs_review)
    if wanted.status:
        conditions.append(PlaceName.status == wanted.status)
    if wanted.box is not None:
        conditions.append(PlaceName.geom.op("&&")(func.ST_MakeEnvelope(*wanted.box, 4490)))
    if wanted.changed_since is not None:
        conditions.append(PlaceName.changed_at >= wanted.changed_since)
    statement = (
        select(PlaceName.number)
        .join(Division, Division.id == PlaceName.division_id)
        .where(*conditions)
        .order_by(PlaceName.number)
        .limit(limit)
    )
    return list_records(session, session.scalars(statement).all())


def list_records(session: Session, numbers: Sequence[str]) -> list[PlaceNameRecord]:
    """The whole records of these numbers, in order of number; unknown ones are left out.

    Many numbers are read ten thousand at a time, each batch in its own order.
    """
    found: list[PlaceNameRecord] = []
    for at in range(0, len(numbers), _AT_ONCE):
        part = numbers[at : at + _AT_ONCE]
        found += _records(session, _select().where(PlaceName.number.in_(part)))
    return found


def list_all_records(session: Session) -> list[PlaceNameRecord]:
    """Every place name, in order of number."""
    return _records(session, _select())


def name_matches(text: str) -> ColumnElement[bool]:
    """The condition that a place name or one of its other names contains a text or its pinyin.

    Traditional and simplified spellings are equal: 烏鎮 is 乌镇.
    """
    folded = fold_spelling(text)
    plain = plain_pinyin(folded) if max(folded, default="") < _FIRST_HANZI else ""
    has_form = select(PlaceNameForm.id).where(PlaceNameForm.place_name_id == PlaceName.id)
    if plain:
        return or_(
            PlaceName.pinyin_plain.contains(plain, autoescape=True),
            exists(has_form.where(PlaceNameForm.pinyin_plain.contains(plain, autoescape=True))),
        )
    written = spelling_pattern(text)
    return or_(
        PlaceName.standard_name.regexp_match(written),
        exists(has_form.where(PlaceNameForm.text.regexp_match(written))),
    )


def _select() -> Select[*tuple[Any, ...]]:
    joined = select(PlaceName.id, *_COLUMNS).join(Division, Division.id == PlaceName.division_id)
    return joined.order_by(PlaceName.number)


def _records(session: Session, statement: Select[*tuple[Any, ...]]) -> list[PlaceNameRecord]:
    rows: Sequence[Any] = session.execute(statement).all()
    select_forms = (
        select(
            PlaceNameForm.place_name_id,
            PlaceNameForm.text,
            PlaceNameForm.kind,
            PlaceNameForm.year_from,
            PlaceNameForm.year_to,
            PlaceNameForm.calendar_text,
            PlaceNameForm.citation,
            PlaceNameForm.reference,
        )
        .where(PlaceNameForm.place_name_id.in_([row[0] for row in rows]))
        .order_by(PlaceNameForm.place_name_id, PlaceNameForm.position)
    )
    forms: dict[int, list[NameForm]] = {}
    found: Sequence[Any] = session.execute(select_forms).all()
    for place_name_id, *values in found:
        forms.setdefault(place_name_id, []).append(NameForm(*values))
    return [
        replace(PlaceNameRecord(*values), forms=tuple(forms.get(id_, ()))) for id_, *values in rows
    ]
