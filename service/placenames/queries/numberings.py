"""Reads how places are numbered, and what in their numbers was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.numbering_rule import Heading, Method, NumberingRule, OddSide, Sides
from address_model.tables import PlaceNumbering


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding stays, who said so (display name), and on which day (ISO)."""

    reason: str
    by: str
    day: str


@dataclass(frozen=True, slots=True)
class PlaceNumberingRow:
    """The rule of a place, None if it has none, and its accepted findings by their key."""

    rule: NumberingRule | None = None
    accepted: Mapping[str, Acceptance] = field(default_factory=dict)


def get_numbering(session: Session, place_id: int) -> PlaceNumberingRow:
    """How a place is numbered; nothing is laid down for most."""
    row = session.execute(
        select(
            PlaceNumbering.sides,
            PlaceNumbering.odd_side,
            PlaceNumbering.heading,
            PlaceNumbering.method,
            PlaceNumbering.start,
            PlaceNumbering.step_m,
            PlaceNumbering.reserved,
            PlaceNumbering.accepted,
        ).where(PlaceNumbering.place_id == place_id)
    ).first()
    if row is None:
        return PlaceNumberingRow()
    rule = NumberingRule(
        Sides(row.sides),
        OddSide(row.odd_side),
        Heading(row.heading),
        Method(row.method),
        row.start,
        row.step_m,
        row.reserved,
    )
    accepted = {key: Acceptance(**one) for key, one in row.accepted.items()}
    return PlaceNumberingRow(rule, accepted)
