"""Reads files of duties and handovers, and collects refused rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from service.areas.headings import DUTY_FIELDS, HANDOVER_FIELDS, map_columns
from service.areas.rows import ListedDuty, ListedHandover, read_duty, read_handover
from service.core.sheets import Row, RowFault, RowSource

Item = TypeVar("Item")


@dataclass
class Refusals:
    """The refused rows of a file with all their faults, for the errors file."""

    headings: tuple[str, ...]
    rows: Mapping[int, Row]
    faults: dict[int, list[RowFault]] = field(default_factory=dict)

    def add(self, faults: Sequence[RowFault]) -> None:
        """Add faults of rows."""
        for fault in faults:
            self.faults.setdefault(fault.row, []).append(fault)

    def listed(self) -> list[tuple[Row, list[RowFault]]]:
        """The refused rows with their faults, in file order."""
        return [(self.rows[number], self.faults[number]) for number in sorted(self.faults)]


def read_duties(source: RowSource) -> tuple[list[ListedDuty], Refusals]:
    """Read the duties of a sheet, and its refused rows.

    Raises:
        HeadingsMissing: a required column is missing.
    """
    needed = ("area", "role", "display_name", "valid_from")
    columns = map_columns(source.headings, DUTY_FIELDS, needed)
    return _read(source, lambda row: read_duty(row, columns))


def read_handovers(source: RowSource) -> tuple[list[ListedHandover], Refusals]:
    """Read the handovers of a sheet, and its refused rows.

    Raises:
        HeadingsMissing: a required column is missing.
    """
    needed = ("area", "role", "display_name", "from")
    columns = map_columns(source.headings, HANDOVER_FIELDS, needed)
    return _read(source, lambda row: read_handover(row, columns))


def _read(
    source: RowSource, read: Callable[[Row], Item | list[RowFault]]
) -> tuple[list[Item], Refusals]:
    rows = {row.number: row for row in source}
    refusals = Refusals(source.headings, rows)
    items: list[Item] = []
    for row in rows.values():
        found = read(row)
        if isinstance(found, list):
            refusals.add(found)
        else:
            items.append(found)
    return items, refusals
