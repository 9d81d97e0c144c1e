"""Reads the events of plates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.division_codes import division_prefix
from address_model.inspections import CHECK_IN_ANSWERS, CheckInAnswer
from address_model.tables import Address, CheckInReview, Division, PlateEvent
from service.core.actor import name_actor
from service.core.paging import join_cursor, split_cursor


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What an officer decided about a check-in far from the register's point."""

    answer: CheckInAnswer
    note: str
    actor: str
    at: datetime

    @property
    def line(self) -> str:
        """The decision in words: 退回（王）：挂错了楼."""
        who = name_actor(self.actor)
        return f"{CHECK_IN_ANSWERS[self.answer]}（{who}）" + (f"：{self.note}" if self.note else "")


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event; ``distance_m`` is the distance from the register's point, in metres.

    ``review`` is the decision about an event that ``is_far``, None before.
    """

    token: str
    id: str
    kind: str
    code: str
    before: str
    after: str
    at: datetime
    recorded_at: datetime
    actor: str
    point: Point | None
    accuracy_m: float | None
    distance_m: float | None
    is_far: bool
    photo: str
    note: str
    detail: dict[str, object]
    digest: str
    review: ReviewRow | None = None

    @property
    def awaits_review(self) -> bool:
        """Whether it is far off, and nobody has decided about it."""
        return self.is_far and self.review is None

    @property
    def successor(self) -> str | None:
        """The token of the plate that replaces this one, if the event names it."""
        found = self.detail.get("successor")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class DistantCheckIn:
    """A check-in far from the register's point, with the text of its address."""

    event: EventRow
    standard_text: str

    @property
    def cursor(self) -> str:
        """The cursor after this check-in."""
        return join_cursor(self.event.recorded_at.isoformat(), self.event.token)


def find_event(session: Session, token: str, event_id: str) -> EventRow | None:
    """The event of a plate with the id that its caller gave it, or None."""
    statement = _select().where(PlateEvent.token == token, PlateEvent.id == event_id)
    row = session.execute(statement).first()
    return None if row is None else _row(row)


def list_events(session: Session, token: str, *, limit: int = 200) -> list[EventRow]:
    """The events of a plate, newest first."""
    statement = (
        _select()
        .where(PlateEvent.token == token)
        .order_by(PlateEvent.recorded_at.desc(), PlateEvent.id)
        .limit(limit)
    )
    return [_row(row) for row in session.execute(statement)]


def list_far_events(
    session: Session,
    *,
    division: str = "",
    reviewed: bool | None = False,
    after: str = "",
    limit: int = 50,
) -> list[DistantCheckIn]:
    """Check-ins over 50 m from the register's point, newest first.

    ``reviewed``: those that have been decided about, that have not (False), or all (None).
    ``after`` is the cursor of the last one seen.
    """
    order = (PlateEvent.recorded_at, PlateEvent.token)
    statement = (
        _select()
        .add_columns(Address.standard_text)
        .join(Address, Address.code == PlateEvent.code)
        .where(PlateEvent.is_far)
        .order_by(*(column.desc() for column in order))
        .limit(limit)
    )
    if division:
        statement = statement.join(Division, Division.id == Address.division_id).where(
            Division.code.startswith(division_prefix(division))
        )
    if reviewed is not None:
        is_open = CheckInReview.answer.is_(None)
        statement = statement.where(~is_open if reviewed else is_open)
    if after:
        seen = split_cursor(after, datetime.fromisoformat, str)
        statement = statement.where(tuple_(*order) < tuple_(*seen))
    found = []
    for row in session.execute(statement):
        values = row._asdict()
        text = values.pop("standard_text")
        found.append(DistantCheckIn(_event(values), text))
    return found


def list_tokens_of_photo(session: Session, name: str) -> list[str]:
    """The plates with an event that refers to a stored photo; at most 20."""
    tokens = select(PlateEvent.token).where(PlateEvent.photo == name, PlateEvent.photo != "")
    return list(session.scalars(tokens.distinct().limit(20)))


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        PlateEvent.token,
        PlateEvent.id,
        PlateEvent.kind,
        PlateEvent.code,
        PlateEvent.before,
        PlateEvent.after,
        PlateEvent.at,
        PlateEvent.recorded_at,
        PlateEvent.actor,
        func.ST_X(PlateEvent.geom).label("lon"),
        func.ST_Y(PlateEvent.geom).label("lat"),
        PlateEvent.accuracy_m,
        PlateEvent.distance_m,
        PlateEvent.is_far,
        PlateEvent.photo,
        PlateEvent.note,
        PlateEvent.detail,
        PlateEvent.digest,
        CheckInReview.answer,
        CheckInReview.note.label("answer_note"),
        CheckInReview.actor.label("answered_by"),
        CheckInReview.at.label("answered_at"),
    ).outerjoin(
        CheckInReview,
        (CheckInReview.token == PlateEvent.token) & (CheckInReview.event_id == PlateEvent.id),
    )


def _row(row: Any) -> EventRow:
    return _event(row._asdict())


def _event(values: dict[str, Any]) -> EventRow:
    lon, lat = values.pop("lon"), values.pop("lat")
    answer, *told = (
        values.pop(name) for name in ("answer", "answer_note", "answered_by", "answered_at")
    )
    review = ReviewRow(CheckInAnswer(answer), *told) if answer else None
    return EventRow(**values, point=None if lon is None else Point(lon, lat), review=review)
