"""The address row, and the statement by which all readers select addresses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import psycopg

from address_model.codes import format_code
from address_model.coordinates import Point
from address_model.elements import Elements, elements_from_plain, elements_to_plain
from address_model.lifecycle import ADDRESS_STATUS_NAMES, AddressStatus
from address_model.positions import Accuracy, Position, PositionKind, counting_position, entrance_of
from address_model.tables import Address, AddressSuccession, Division
from service.addresses.queries.positions import ENTRANCE
from service.core.reads import StatementSource
from service.core.records import Record


class AddressColumns(NamedTuple):
    """One address as stored: the columns of ``select_addresses``, in order.

    ``lon`` and ``lat`` are its own point (代表点), ``entrance_…`` its main entrance.
    """

    code: str
    county: str
    division_id: int
    division_code: str
    standard_text: str
    elements: Mapping[str, Any]
    level: str
    status: str
    status_reason: str
    successor_code: str | None
    parent_code: str | None
    lon: float | None
    lat: float | None
    point_note: str
    source: str
    is_sample: bool
    place_id: int | None
    second_place_id: int | None
    point_accuracy: str
    point_source: str
    version: int
    entrance_lon: float | None
    entrance_lat: float | None
    entrance_accuracy: str | None
    entrance_label: str | None


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One address of the register.

    ``point`` is its own point (代表点), which decides its areas; ``position`` is where it is shown
    and found.
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
        """The current state of the address, for a caller that saw an older version."""
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
    def columns(self) -> AddressColumns:
        """The stored columns of the address; the inverse of ``address_row``."""
        own, gate = self.point, self.entrance
        return AddressColumns(
            code=self.code,
            county=self.county,
            division_id=self.division_id,
            division_code=self.division_code,
            standard_text=self.standard_text,
            elements=elements_to_plain(self.elements),
            level=self.level,
            status=self.status,
            status_reason=self.status_reason,
            successor_code=self.successor_code,
            parent_code=self.parent_code,
            lon=own.lon if own else None,
            lat=own.lat if own else None,
            point_note=self.point_note,
            source=self.source,
            is_sample=self.is_sample,
            place_id=self.place_id,
            second_place_id=self.second_place_id,
            point_accuracy=self.point_accuracy,
            point_source=self.point_source,
            version=self.version,
            entrance_lon=gate.point.lon if gate else None,
            entrance_lat=gate.point.lat if gate else None,
            entrance_accuracy=gate.accuracy if gate else None,
            entrance_label=gate.label if gate else None,
        )

    @property
    def own_position(self) -> Position | None:
        """Its own point with its accuracy."""
        if self.point is None:
            return None
        return Position(PositionKind.CENTRE, self.point, self.point_accuracy)

    @property
    def position(self) -> Position | None:
        """Its entrance if it has one, else its own point."""
        return counting_position(self.own_position, self.entrance)


def select_addresses() -> Select[*tuple[Any, ...]]:
    """Select addresses with division and main entrance, as ``address_row`` reads them."""
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


def address_row(row: Iterable[Any]) -> AddressRow:
    """Make an address from a row of ``select_addresses``."""
    columns = AddressColumns._make(row)
    lon, lat = columns.lon, columns.lat
    return AddressRow(
        code=columns.code,
        county=columns.county,
        division_id=columns.division_id,
        division_code=columns.division_code,
        standard_text=columns.standard_text,
        elements=elements_from_plain(columns.elements),
        level=columns.level,
        status=columns.status,
        status_reason=columns.status_reason,
        successor_code=columns.successor_code,
        parent_code=columns.parent_code,
        point=None if lon is None or lat is None else Point(lon, lat),
        point_note=columns.point_note,
        source=columns.source,
        is_sample=columns.is_sample,
        place_id=columns.place_id,
        second_place_id=columns.second_place_id,
        point_accuracy=Accuracy(columns.point_accuracy),
        point_source=columns.point_source,
        entrance=entrance_of(*columns[-4:]),
        version=columns.version,
    )


async def fetch_addresses(pool: StatementSource, codes: list[str]) -> dict[str, AddressColumns]:
    """The addresses of these codes that have no successor; others are left out."""
    rows = await pool.rows(_compiled_statement(), codes)
    return {row[0]: AddressColumns._make(row) for row in rows}


@cache
def _compiled_statement() -> str:
    """The statement of all readers compiled for psycopg, for addresses without successors."""
    followed = select(AddressSuccession.code).where(AddressSuccession.code == Address.code)
    statement = select_addresses().where(
        Address.code == func.any(literal_column("%b")),
        Address.successor_code.is_(None),
        ~followed.exists(),
    )
    dialect = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
    compiled = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return str(compiled).replace("%%", "%")
