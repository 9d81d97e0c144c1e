"""Reads what speaks for one place or two: the doors of a place, and those that wait for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point, distance_m
from address_model.elements import Elements, elements_from_plain, standard_text
from address_model.lifecycle import ADDRESS_TRANSITIONS
from address_model.tables import Address, ImportWaiting

MOST_DOORS = 150
"""The doors that are compared on each side."""


_ENDED = [status for status, further in ADDRESS_TRANSITIONS.items() if not further]


@dataclass(frozen=True, slots=True)
class QuestionDoor:
    """A door along a place: its number, community, text, and point; registered ones have a code."""

    number: str
    community: str
    text: str
    point: Point | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """The doors on both sides of a question: registered ones, and those that wait."""

    registered: tuple[QuestionDoor, ...]
    waiting: tuple[QuestionDoor, ...]

    @property
    def shared(self) -> list[str]:
        """The numbers that both sides have, in the order of the list."""
        here = {door.number for door in self.registered}
        return list(dict.fromkeys(d.number for d in self.waiting if d.number in here))

    @property
    def nearest_m(self) -> int | None:
        """How far apart the two nearest doors are, in metres; None without points."""
        apart = [
            distance_m(one.point, other.point)
            for one in self.registered
            for other in self.waiting
            if one.point and other.point
        ]
        return round(min(apart)) if apart else None


def list_evidence(
    session: Session, place_id: int, township: str, qualifier: str
) -> QuestionEvidence:
    """The doors of a place, and those of a township that wait for the answer about it."""
    registered = (
        select(
            Address.elements,
            Address.standard_text,
            func.ST_X(Address.geom),
            func.ST_Y(Address.geom),
            Address.code,
        )
        .where(Address.place_id == place_id, Address.status.not_in(_ENDED))
        .order_by(Address.street_order)
        .limit(MOST_DOORS)
    )
    waiting = (
        select(ImportWaiting.draft)
        .where(
            ImportWaiting.place_id == place_id,
            ImportWaiting.township == township,
            ImportWaiting.qualifier == qualifier,
        )
        .order_by(ImportWaiting.source, ImportWaiting.row_number)
        .limit(MOST_DOORS)
    )
    drafts: Sequence[Any] = session.scalars(waiting).all()
    return QuestionEvidence(
        tuple(
            _door(elements_from_plain(plain), text, None if lon is None else (lon, lat), code)
            for plain, text, lon, lat, code in session.execute(registered)
        ),
        tuple(
            _door(elements, standard_text(elements), draft["point"])
            for draft in drafts
            if (elements := elements_from_plain(draft["elements"]))
        ),
    )


def _door(
    elements: Elements, text: str, at: Sequence[float] | None, code: str = ""
) -> QuestionDoor:
    number = str(elements.number) if elements.number else ""
    return QuestionDoor(number, elements.community, text, Point(*at) if at else None, code)
