"""Exports addresses and positions as tables that an import can read again."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from service.addresses.queries import AddressRow, PositionRow
from service.core.sheets import Cell, write_rows
from service.imports.position_rows import EXPORTED

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
    "shown_kind",
    "shown_lon",
    "shown_lat",
    "shown_accuracy",
)
"""``lon`` and ``lat`` are the address's own point, which an import reads again.

The ``shown_`` columns are the position that pages show: the entrance if it is known.
"""


def export_addresses(addresses: Iterable[AddressRow], path: Path) -> int:
    """Write addresses in the given order; return how many.

    The file appears complete at the end, or not at all.
    """
    count = 0
    with write_rows(path, HEADINGS) as sink:
        for address in addresses:
            point, shown = address.point, address.position
            sink.write(
                [
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
                    shown.name if shown else "",
                    f"{shown.point.lon:.7f}" if shown else "",
                    f"{shown.point.lat:.7f}" if shown else "",
                    shown.accuracy if shown else "",
                ]
            )
            count += 1
    return count


def export_positions(
    addresses: Iterable[tuple[AddressRow, Sequence[PositionRow]]], path: Path
) -> int:
    """Write every position of addresses in the columns an import reads; return how many."""
    count = 0
    with write_rows(path, EXPORTED) as sink:
        for address, typed in addresses:
            own = address.own_position
            facts = [(own, address.point_source, address.point_note)] if own else []
            facts += [(row.position, row.source, row.note) for row in typed]
            for position, source, note in facts:
                lon, lat = f"{position.point.lon:.7f}", f"{position.point.lat:.7f}"
                head: list[Cell] = [address.code, position.name, position.label, lon, lat]
                sink.write([*head, position.accuracy, source, note])
                count += 1
    return count
