"""One address as somebody writes it, read and placed as a row of a list."""

import re
from dataclasses import dataclass

from address_model.coordinates import CoordinateSystem
from service.addresses.drafts import AddressDraft
from service.addresses.queries import AddressRow
from service.core.database import Database
from service.core.errors import BadRequest
from service.core.sheets import RowFault
from service.imports.commands import ImportOptions, build_placer
from service.imports.rows import ImportRow

_STOPS = re.compile("[，；]")


class AddressRefused(BadRequest):
    """The address cannot be taken as it is written."""


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """Degrees in a coordinate system, as somebody gives them."""

    lon: float
    lat: float
    system: CoordinateSystem = CoordinateSystem.CGCS2000


def read_address(
    database: Database,
    text: str,
    source: str = "officer",
    *,
    point: WrittenPoint | None = None,
    source_id: str = "",
) -> AddressDraft:
    """The one draft of a written address, at a point if one is given.

    Raises:
        AddressRefused: it is not one address of the register's area, or the point lies outside
            its county; ``zh`` says so in Chinese, ``field`` is ``text`` or ``lon``.
    """
    lon, lat = (point.lon, point.lat) if point else (None, None)
    row = ImportRow(1, text=text.strip(), lon=lon, lat=lat, source_id=source_id)
    return _place(database, row, point.system if point else CoordinateSystem.CGCS2000, source)


def read_point(
    database: Database, address: AddressRow, point: WrittenPoint, source: str = "officer"
) -> AddressDraft:
    """The draft of an address at a written point, which must lie in its county.

    Raises:
        AddressRefused: it lies elsewhere.
    """
    row = ImportRow(1, plates=(address.elements,), lon=point.lon, lat=point.lat)
    return _place(database, row, point.system, source)


def say_fault(fault: RowFault) -> str:
    """A fault of a row in words for a page, without advice for the command line."""
    parts = [part for part in _STOPS.split(fault.hint) if part and "--" not in part]
    return "。".join([fault.reason, *(["，".join(parts)] if parts else [])]) + "。"


def _place(
    database: Database, row: ImportRow, system: CoordinateSystem, source: str
) -> AddressDraft:
    placed = build_placer(database, ImportOptions(source=source, system=system)).place(row)
    if isinstance(placed, RowFault):
        field = placed.field if placed.field in ("lon", "lat") else "lon" if row.plates else "text"
        raise AddressRefused(placed.reason, hint=placed.hint, zh=say_fault(placed), field=field)
    if len(placed) > 1:
        raise AddressRefused(
            "the text names several plates",
            hint="write one address at a time",
            zh="这里写了几块门牌，一次只能登记一块。",
            field="text",
        )
    return placed[0]
