"""Exports the register as a table whose columns begin code, standard_text, status, lon, lat."""

from collections.abc import Iterable
from pathlib import Path

from service.addresses.queries import AddressRow
from service.core.sheets import Cell, write_rows

HEADINGS = (
    "code",
    "standard_text",
    "status",
    "lon",
    "lat",
    "division",
    "level",
    "successor_code",
    "parent_code",
    "source",
    "sample",
)


def export_addresses(addresses: Iterable[AddressRow], path: Path) -> int:
    """Write addresses, in their order; return how many.

    The file appears complete at the end, or not at all.
    """
    count = 0
    with write_rows(path, HEADINGS) as sink:
        for address in addresses:
            sink.write(_cells(address))
            count += 1
    return count


def _cells(address: AddressRow) -> list[Cell]:
    point = address.point
    return [
        address.code,
        address.standard_text,
        address.status,
        f"{point.lon:.7f}" if point else "",
        f"{point.lat:.7f}" if point else "",
        address.division_code,
        address.level,
        address.successor_code or "",
        address.parent_code or "",
        address.source,
        "示例数据" if address.is_sample else "",
    ]
