"""Reads what the register knows of a chunk of rows."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from service.addresses.commands import SOURCE_SCHEME
from service.addresses.commands.naming import SECOND
from service.addresses.queries import (
    AddressRow,
    NameRow,
    find_addresses,
    find_by_identifiers,
    find_names,
    find_reserved,
    find_second_keys,
    find_successors,
)
from service.exchange.deciding import Identifier, Known, Past, PlacedRow


def find_known(session: Session, rows: Sequence[PlacedRow], *, reuse_texts: bool = False) -> Known:
    """Codes by source id, identifier and key, and the addresses behind them: a few queries.

    With ``reuse_texts``, what an address was once called is not told.
    """
    sources = _find(session, _by_scheme(rows, source=True))
    own = {row.draft.key for row in rows}
    at_gates = {row.draft.gate_key for row in rows if row.draft.gate_key}
    names = find_names(session, sorted(own | at_gates))
    held = {key: _holder(found) for key, found in names.items()}
    by_key = {key: code for key, code in held.items() if code and key in own}
    by_gate = {
        key: found[0].code
        for key, found in names.items()
        if key in at_gates and found[0].kind == "standard" and found[0].valid_to is None
    }
    former = {
        key: past[0]
        for key, found in names.items()
        if key in own and key not in by_key and (past := [n for n in found if n.kind != SECOND])
    }
    if reuse_texts:
        former = {}
    by_source_id = {value: code for (_, value), code in sources.items()}
    wanted = {row.code for row in rows if row.code} | set(by_source_id.values())
    wanted |= {name.code for name in former.values()}
    wanted |= set(by_gate.values())
    addresses = find_addresses(session, sorted(wanted | set(by_key.values())))
    return Known(
        by_source_id,
        by_key,
        addresses,
        _find(session, _by_scheme(rows, source=False)),
        _find_past(session, former, addresses),
        find_reserved(session, [row.code for row in rows if row.code]),
        by_gate,
        find_second_keys(session, list(addresses)),
    )


def _holder(found: Sequence[NameRow]) -> str:
    """Whose a key is: of its current text, else of the only address also found under it."""
    if found[0].kind == "standard" and found[0].valid_to is None:
        return found[0].code
    seconds = {name.code for name in found if name.kind == SECOND}
    return seconds.pop() if len(seconds) == 1 and len(found) == 1 else ""


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
