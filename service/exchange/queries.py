"""Reads what the register knows of a chunk of rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from service.addresses.commands import SOURCE_SCHEME
from service.addresses.queries import (
    AddressRow,
    NameRow,
    find_addresses,
    find_by_identifiers,
    find_names,
    find_reserved,
    find_successors,
)
from service.exchange.deciding import Identifier, Known, Past, PlacedRow


def find_known(session: Session, rows: Sequence[PlacedRow], *, reuse_texts: bool = False) -> Known:
    """Codes by source id, identifier and key, and the addresses behind them: a few queries.

    With ``reuse_texts``, what an address was once called is not told.
    """
    sources = _find(session, _by_scheme(rows, source=True))
    names = find_names(session, [row.draft.key for row in rows])
    by_key = {
        key: found.code
        for key, rows_of_key in names.items()
        for found in rows_of_key
        if found.kind == "standard" and found.valid_to is None
    }
    former = {key: found[0] for key, found in names.items() if key not in by_key}
    if reuse_texts:
        former = {}
    by_source_id = {value: code for (_, value), code in sources.items()}
    wanted = {row.code for row in rows if row.code} | set(by_source_id.values())
    wanted |= {name.code for name in former.values()}
    addresses = find_addresses(session, sorted(wanted | set(by_key.values())))
    return Known(
        by_source_id,
        by_key,
        addresses,
        _find(session, _by_scheme(rows, source=False)),
        _find_past(session, former, addresses),
        find_reserved(session, [row.code for row in rows if row.code]),
    )


def _by_scheme(rows: Sequence[PlacedRow], *, source: bool) -> dict[str, list[str]]:
    """The values that rows give, by scheme: their source ids, or their other identifiers."""
    found: dict[str, list[str]] = {}
    for row in rows:
        draft = row.draft
        if source and draft.source_id:
            found.setdefault(SOURCE_SCHEME + draft.source, []).append(draft.source_id)
        for scheme, value in () if source else draft.identifiers:
            found.setdefault(scheme, []).append(value)
    return found


def _find(session: Session, wanted: Mapping[str, Sequence[str]]) -> dict[Identifier, str]:
    return {
        (scheme, value): code
        for scheme, values in wanted.items()
        for value, code in find_by_identifiers(session, scheme, values).items()
    }


def _find_past(
    session: Session, former: Mapping[str, NameRow], addresses: Mapping[str, AddressRow]
) -> dict[str, Past]:
    if not former:
        return {}
    following = find_successors(session, sorted({name.code for name in former.values()}))
    return {
        key: Past(name, addresses[name.code], tuple(following.get(name.code, ())))
        for key, name in former.items()
    }
