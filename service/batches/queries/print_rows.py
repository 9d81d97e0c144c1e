"""Reads the plates of a batch in print order: by design, then by place in the list."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.tables import Plate, PlateBatchItem
from service.plates.queries.plates import PlateRow, find_plates


def count_by_design(session: Session, batch_id: int) -> list[tuple[str, int]]:
    """How many plates of each design a batch has issued, by name of the design."""
    statement = (
        select(PlateBatchItem.design, func.count())
        .where(
            PlateBatchItem.batch_id == batch_id,
            PlateBatchItem.token.is_not(None),
            PlateBatchItem.left_out == "",
        )
        .group_by(PlateBatchItem.design)
        .order_by(PlateBatchItem.design)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def list_places(session: Session, batch_id: int, design: str) -> list[int]:
    """The places of all plates of a design in a batch, in order."""
    statement = (
        select(PlateBatchItem.place)
        .where(
            PlateBatchItem.batch_id == batch_id,
            PlateBatchItem.design == design,
            PlateBatchItem.token.is_not(None),
            PlateBatchItem.left_out == "",
        )
        .order_by(PlateBatchItem.place)
    )
    return list(session.scalars(statement))


def list_plates_between(
    session: Session, batch_id: int, design: str, first: int, last: int
) -> list[PlateRow]:
    """The plates of a design at these places of a batch, in order of place."""
    statement = (
        select(Plate.token)
        .join(PlateBatchItem, PlateBatchItem.token == Plate.token)
        .where(
            PlateBatchItem.batch_id == batch_id,
            PlateBatchItem.design == design,
            PlateBatchItem.place.between(first, last),
            PlateBatchItem.left_out == "",
        )
        .order_by(PlateBatchItem.place)
    )
    tokens = list(session.scalars(statement))
    found = find_plates(session, tokens)
    return [found[token] for token in tokens]
