"""Reads decisions about places: merged, divided, undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, func, select
from sqlalchemy.orm import Session, aliased

from address_model.tables import PlaceDecision, PlaceName


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision; ``undoes`` and ``undone_by`` are numbers of others."""

    number: int
    county: str
    kind: str
    name: str
    place: str
    into: str
    doors: int
    reason: str
    decided_by: str
    decided_at: datetime
    undoes: int | None
    undone_by: int | None


def list_decisions(
    session: Session, *, county: str = "", before: int = 0, limit: int = 100
) -> list[DecisionRow]:
    """Decisions in counties (six digits or their beginning), newest first.

    ``before`` is the number of a decision: only older ones are listed.
    """
    here, there, undoing = aliased(PlaceName), aliased(PlaceName), aliased(PlaceDecision)
    statement = (
        select(
            PlaceDecision.id,
            PlaceDecision.county,
            PlaceDecision.kind,
            there.standard_name,
            here.number,
            there.number,
            func.jsonb_array_length(PlaceDecision.moved["codes"]).cast(Integer),
            PlaceDecision.reason,
            PlaceDecision.decided_by,
            PlaceDecision.decided_at,
            PlaceDecision.undoes_id,
            undoing.id,
        )
        .join(here, here.id == PlaceDecision.from_id)
        .join(there, there.id == PlaceDecision.to_id)
        .outerjoin(undoing, undoing.undoes_id == PlaceDecision.id)
        .where(PlaceDecision.county.startswith(county))
        .order_by(PlaceDecision.id.desc())
        .limit(limit)
    )
    if before:
        statement = statement.where(PlaceDecision.id < before)
    rows: Sequence[Any] = session.execute(statement).all()
    return [DecisionRow(*row) for row in rows]
