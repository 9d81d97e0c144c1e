"""Reads blank plates (空白牌), which have no address yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from address_model.tables import Plate, PlateBatch


@dataclass(frozen=True, slots=True)
class BlankRow:
    """One blank plate, as it is printed."""

    token: str
    county: str
    status: str
    design: str
    payload_prefix: str
    is_trial: bool

    @property
    def payload(self) -> str:
        """The payload of its QR code."""
        return self.payload_prefix + self.token


def find_blank_plate(session: Session, token: str) -> BlankRow | None:
    """The blank plate with a folded token, or None."""
    row = session.execute(_select().where(Plate.token == token)).first()
    return None if row is None else BlankRow(*row)


def iterate_blank_plates(session: Session, batch_id: int, page: int = 2000) -> Iterator[BlankRow]:
    """The blank plates of a batch that are not void, in order of token, in pages by keyset."""
    after = ""
    while True:
        statement = _select().where(
            Plate.batch_id == batch_id, Plate.token > after, Plate.status != "void"
        )
        rows = session.execute(statement.order_by(Plate.token).limit(page)).all()
        yield from (BlankRow(*row) for row in rows)
        if len(rows) < page:
            return
        after = rows[-1].token


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Plate.token,
            Plate.county,
            Plate.status,
            PlateBatch.design,
            PlateBatch.payload_prefix,
            PlateBatch.is_trial,
        )
        .join(PlateBatch, PlateBatch.id == Plate.batch_id)
        .where(Plate.code.is_(None))
    )
