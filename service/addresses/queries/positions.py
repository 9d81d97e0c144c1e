"""Reads positions of addresses: the main entrance of each address, and all positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.positions import KINDS, Accuracy, Position, PositionKind
from address_model.tables import Address, AddressPosition

_RANK = case((AddressPosition.accuracy == "", "Z"), else_=AddressPosition.accuracy)
ENTRANCE = (
    select(
        func.ST_X(AddressPosition.geom).label("entrance_lon"),
        func.ST_Y(AddressPosition.geom).label("entrance_lat"),
        AddressPosition.accuracy.label("entrance_accuracy"),
        AddressPosition.label.label("entrance_label"),
    )
    .where(
        AddressPosition.code == Address.code,
        AddressPosition.kind == PositionKind.ENTRANCE,
        AddressPosition.valid_to.is_(None),
    )
    .order_by(AddressPosition.label != "", _RANK, AddressPosition.label.collate("C"))
    .limit(1)
    .correlate(Address)
    .lateral("entrance")
)
"""The main entrance of an address, chosen as by ``address_model.positions.main_entrance``.

To be outer-joined to ``Address``.
"""

ENTRANCE_LATERAL = """left join lateral (
  select ST_X(p.geom) as lon, ST_Y(p.geom) as lat, p.accuracy, p.label, p.geom
  from address_position p
  where p.code = a.code and p.kind = 'entrance' and p.valid_to is null
  order by p.label <> '', case p.accuracy when '' then 'Z' else p.accuracy end,
    p.label collate "C" limit 1
) entrance"""
"""The same for plain SQL in which the address is ``a``; the statement adds the condition."""

ENTRANCE_JOIN = f"{ENTRANCE_LATERAL} on true"
"""The same without a condition."""


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One typed position of an address, with its dates; ``version`` counts per kind and label.

    ``valid_to`` is the day it was replaced or withdrawn, None while it is valid.
    """

    code: str
    kind: PositionKind
    label: str
    version: int
    point: Point
    accuracy: Accuracy
    source: str
    note: str
    valid_from: date
    valid_to: date | None

    @property
    def position(self) -> Position:
        """The position without its dates and source."""
        return Position(self.kind, self.point, self.accuracy, self.label)


def list_positions(
    session: Session, codes: Sequence[str], *, history: bool = False
) -> dict[str, list[PositionRow]]:
    """The typed positions of addresses (16 digits), by code, in the order of the kinds.

    With ``history``, ended ones too, the newest of each kind and label first.
    """
    statement = select(
        AddressPosition.code,
        AddressPosition.kind,
        AddressPosition.label,
        AddressPosition.version,
        func.ST_X(AddressPosition.geom).label("lon"),
        func.ST_Y(AddressPosition.geom).label("lat"),
        AddressPosition.accuracy,
        AddressPosition.source,
        AddressPosition.note,
        AddressPosition.valid_from,
        AddressPosition.valid_to,
    ).where(AddressPosition.code == func.any(list(codes)))
    if not history:
        statement = statement.where(AddressPosition.valid_to.is_(None))
    found: dict[str, list[PositionRow]] = {}
    for row in session.execute(statement):
        position = PositionRow(
            code=row.code,
            kind=PositionKind(row.kind),
            label=row.label,
            version=row.version,
            point=Point(row.lon, row.lat),
            accuracy=Accuracy(row.accuracy),
            source=row.source,
            note=row.note,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        found.setdefault(row.code, []).append(position)
    for rows in found.values():
        rows.sort(key=lambda row: (_ORDER[row.kind], row.label, -row.version))
    return found


_ORDER = {row.kind: number for number, row in enumerate(KINDS)}
