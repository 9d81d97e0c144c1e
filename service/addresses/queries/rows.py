"""One address of the register as it is read: its row, and the statement that all readers share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import psycopg

from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements
from address_model.lifecycle import ADDRESS_STATUS_NAMES, AddressStatus
from address_model.positions import Accuracy, Position, PositionKind, counting_position
from address_model.serialising import elements_from_plain
from address_model.tables import Address, AddressSuccession, Division
from service.addresses.queries.positions import ENTRANCE, entrance_of
from service.core.lanes import Lanes
from service.core.records import Record


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address of the register.

    ``point`` is its own (代表点), by which it lies in areas; ``position`` is what it is shown and
    found by.
    """

    code: str
    county: str
    division_id: int
    division_code: str
    standard_text: str
    elements: Elements
    level: str
    status: str
    status_reason: str
    successor_code: str | None
    parent_code: str | None
    point: Point | None
    point_note: str
    source: str
    is_sample: bool
    place_id: int | None = None
    second_place_id: int | None = None
    point_accuracy: Accuracy = Accuracy.UNKNOWN
    point_source: str = ""
    entrance: Position | None = None
    version: int = 1

    @property
    def record(self) -> Record:
        """The address as it stands, for whoever saw another."""
        facts = {
            "标准地址": self.standard_text,
            "状态": ADDRESS_STATUS_NAMES[AddressStatus(self.status)],
            "原因": self.status_reason,
        }
        for one in filter(None, (self.own_position, self.entrance)):
            facts[one.name] = f"{one.point.lon:.6f}, {one.point.lat:.6f}"
        title = f"地址 {format_code(self.code)}"
        return Record("addresses", self.code, title, self.version, facts)

    @property
    def own_position(self) -> Position | None:
        """Its own point, with what is known of it."""
        if self.point is None:
            return None
        return Position(PositionKind.CENTRE, self.point, self.point_accuracy)

    @property
    def position(self) -> Position | None:
        """Its entrance, else its own point."""
        return counting_position(self.own_position, self.entrance)


def select_addresses() -> Select[*tuple[Any, ...]]:
    """Addresses with their division and the entrance that counts, as ``address_row`` reads them."""
    columns = select(
        Address.code,
        Address.county,
        Address.division_id,
        Division.code.label("division_code"),
        Address.standard_text,
        Address.elements,
        Address.level,
        Address.status,
        Address.status_reason,
        Address.successor_code,
        Address.parent_code,
        func.ST_X(Address.geom).label("lon"),
        func.ST_Y(Address.geom).label("lat"),
        Address.point_note,
        Address.source,
        Address.is_sample,
        Address.place_id,
        Address.second_place_id,
        Address.point_accuracy,
        Address.point_source,
        Address.version,
        *ENTRANCE.c,
    )
    return columns.join(Division, Division.id == Address.division_id).outerjoin(ENTRANCE, true())


def address_row(row: Sequence[Any]) -> AddressRow:
    """An address out of a row of ``select_addresses``."""
    lon, lat = row[11:13]
    fields: tuple[Any, ...] = (
        *row[:5],
        elements_from_plain(row[5]),
        *row[6:11],
        None if lon is None else Point(lon, lat),
        *row[13:18],
        Accuracy(row[18]),
        row[19],
        entrance_of(*row[21:25]),
        row[20],
    )
    return AddressRow(*fields)


async def fetch_addresses(lanes: Lanes, codes: list[str]) -> dict[str, AddressRow]:
    """The addresses of these codes that nothing came in place of; the others are left out."""
    rows = await lanes.rows(_statement(), codes)
    return {row[0]: address_row(row) for row in rows}


@cache
def _statement() -> str:
    """The statement of all readers as psycopg takes it, for addresses that are not followed."""
    followed = select(AddressSuccession.code).where(AddressSuccession.code == Address.code)
    statement = select_addresses().where(
        Address.code == func.any(literal_column("%b")),
        Address.successor_code.is_(None),
        ~followed.exists(),
    )
    dialect = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")
