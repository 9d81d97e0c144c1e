"""Reads what the register knows of a chunk of rows."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.addresses.commands import SOURCE_SCHEME
from service.addresses.queries import find_addresses, find_by_identifiers, find_names
from service.exchange.deciding import Known, PlacedRow


def find_known(session: Session, rows: Sequence[PlacedRow]) -> Known:
    """Codes by source id and by canonical key, and the addresses behind them: four queries."""
    sources: dict[str, list[str]] = {}
    for row in rows:
        if row.draft.source_id:
            sources.setdefault(row.draft.source, []).append(row.draft.source_id)
    by_source_id: dict[str, str] = {}
    for source, values in sources.items():
        by_source_id |= find_by_identifiers(session, SOURCE_SCHEME + source, values)
    names = find_names(session, [row.draft.key for row in rows])
    by_key = {
        key: found.code
        for key, rows_of_key in names.items()
        for found in rows_of_key
        if found.kind == "standard" and found.valid_to is None
    }
    wanted = {row.code for row in rows if row.code} | set(by_source_id.values())
    addresses = find_addresses(session, sorted(wanted | set(by_key.values())))
    return Known(by_source_id, by_key, addresses)
