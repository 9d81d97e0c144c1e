"""Reads the counts of addresses and plates by division and state."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.lifecycle import AddressStatus, PlateStatus
from address_model.tables import Division, StatusCount

_LENGTHS = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class DivisionCount:
    """The numbers of one division, with all below it: addresses and plates by state.

    ``division`` is a 12-digit code, "" for the whole register.
    """

    division: str
    addresses: Mapping[AddressStatus, int] = field(default_factory=dict)
    plates: Mapping[PlateStatus, int] = field(default_factory=dict)


def count_by_part(session: Session, prefix: str) -> list[DivisionCount]:
    """The numbers of each division directly below one (its digits, "" is everywhere), by code.

    What hangs on the division itself is its first row, under its own code. Divisions without an
    address are left out.
    """
    length = next((n for n in _LENGTHS if n > len(prefix)), _LENGTHS[-1])
    part = func.left(Division.code, length).label("part")
    statement = (
        select(part, StatusCount.subject, StatusCount.status, func.sum(StatusCount.amount))
        .join(Division, Division.id == StatusCount.division_id)
        .where(Division.code.between(prefix.ljust(12, "0"), prefix.ljust(12, "9")))
        .group_by(part, StatusCount.subject, StatusCount.status)
        .having(func.sum(StatusCount.amount) != 0)
    )  # without an order: sorting all parts of a province takes longer than adding them
    found: dict[str, tuple[dict[AddressStatus, int], dict[PlateStatus, int]]] = {}
    for code, subject, status, amount in sorted(tuple(row) for row in session.execute(statement)):
        addresses, plates = found.setdefault(code.ljust(12, "0"), ({}, {}))
        if subject == "address":
            addresses[AddressStatus(status)] = int(amount)
        else:
            plates[PlateStatus(status)] = int(amount)
    return [DivisionCount(code, *counts) for code, counts in found.items()]
