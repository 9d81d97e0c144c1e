"""Reads what the register holds for a chunk of rows."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from sqlalchemy.orm import Session

from address_model.places import address_key
from service.addresses.commands import SOURCE_SCHEME
from service.addresses.commands.names import SECOND
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
from service.imports.decisions import FormerHolder, Identifier, PlacedRow, RegisterSnapshot
from service.placenames.queries import find_once_called

Key = TypeVar("Key", str, tuple[str, str])


def find_known(
    session: Session, rows: Sequence[PlacedRow], *, reuse_texts: bool = False
) -> RegisterSnapshot:
    """Look up codes by source id, identifier and key, and their addresses, in a few queries.

    With ``reuse_texts``, former texts of addresses are left out.
    """
    sources = _find(session, _by_scheme(rows, source=True))
    own = {row.draft.key for row in rows}
    once = {} if reuse_texts else _list_once_keys(session, rows)
    at_gates = {row.draft.gate_key for row in rows if row.draft.gate_key}
    names = find_names(session, sorted(own.union(at_gates, *once.values())))
    held = {key: _find_holder(found) for key, found in names.items()}
    by_key = {key: code for key, code in held.items() if code and key in own}
    by_gate = {
        key: found[0].code
        for key, found in names.items()
        if key in at_gates and found[0].kind == "standard" and found[0].valid_to is None
    }
    former = {
        key: past[0]
        for key, found in names.items()
        if not reuse_texts and key in own and key not in by_key
        if (past := [n for n in found if n.kind != SECOND])
    }
    by_source_id = {value: code for (_, value), code in sources.items()}
    former_words = _find_former_words(rows, once, names)
    wanted = {row.code for row in rows if row.code} | set(by_source_id.values())
    wanted |= {name.code for name in former.values()}
    wanted |= {name.code for name in former_words.values()}
    wanted |= set(by_gate.values())
    addresses = find_addresses(session, sorted(wanted | set(by_key.values())))
    return RegisterSnapshot(
        by_source_id,
        by_key,
        addresses,
        _find(session, _by_scheme(rows, source=False)),
        _find_past(session, former, addresses),
        find_reserved(session, [row.code for row in rows if row.code]),
        by_gate,
        find_second_keys(session, list(addresses)),
        _find_past(session, former_words, addresses),
    )


def _list_once_keys(session: Session, rows: Sequence[PlacedRow]) -> dict[str, list[str]]:
    """By the key of a row, its keys on places that formerly had the present name of its place."""
    placed = {row.draft.key: row.draft for row in rows}
    ids = {draft.place_id for draft in placed.values() if draft.place_id}
    once = find_once_called(session, ids)
    return {
        key: [
            address_key(draft.county, str(other), draft.countings[0].local)
            for other in once.get(draft.place_id or 0, ())
        ]
        for key, draft in placed.items()
        if draft.place_id in once
    }


def _find_former_words(
    rows: Sequence[PlacedRow],
    once: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[NameRow]],
) -> dict[tuple[str, str], NameRow]:
    """Names on formerly so-called places that end with a row's words, by key and words.

    Rows whose own key has a current name with these words are left out.
    """
    found: dict[tuple[str, str], NameRow] = {}
    for row in rows if once else ():
        own = names.get(row.draft.key, ())
        if any(name.text == row.words and name.valid_to is None for name in own):
            continue
        others = (name for key in once.get(row.draft.key, ()) for name in names.get(key, ()))
        had = next((name for name in others if name.text.endswith(row.words)), None)
        if had is not None:
            found[row.draft.key, row.words] = had
    return found


def _find_holder(found: Sequence[NameRow]) -> str:
    """The address of a key: by its current text, else the only one also found under it."""
    if found[0].kind == "standard" and found[0].valid_to is None:
        return found[0].code
    seconds = {name.code for name in found if name.kind == SECOND}
    return seconds.pop() if len(seconds) == 1 and len(found) == 1 else ""


def _by_scheme(rows: Sequence[PlacedRow], *, source: bool) -> dict[str, list[str]]:
    """The source ids of rows, or their other identifiers, by scheme."""
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
    session: Session, former: Mapping[Key, NameRow], addresses: Mapping[str, AddressRow]
) -> dict[Key, FormerHolder]:
    if not former:
        return {}
    following = find_successors(session, sorted({name.code for name in former.values()}))
    return {
        key: FormerHolder(name, addresses[name.code], tuple(following.get(name.code, ())))
        for key, name in former.items()
    }
