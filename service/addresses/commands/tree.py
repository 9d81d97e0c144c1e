"""Links addresses to what they lie in: the room to its unit, building and door.

The key of what an address lies in is its own, shortened from the end (``|b1幢|u2单元|r301室``); the
longest that an address has is its parent's. A building that enters after its rooms adopts them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.places import counting_of
from address_model.rendering import KEY_SEPARATOR
from service.addresses.drafts import AddressDraft

_HOLDERS = text(
    "select n.key, n.code from address_name n join address a on a.code = n.code "
    "where n.key = any(:keys) and n.kind in ('standard', 'second') and n.valid_to is null "
    "and a.status not in ('replaced', 'retired', 'invalid') order by n.kind"
)
_INSIDE = text(
    "select n.key, n.code from unnest(cast(:prefixes as text[])) as p(prefix) "
    "cross join lateral (select key, code from address_name n where n.kind = 'standard' "
    'and n.valid_to is null and n.key > p.prefix collate "C" '
    "and n.key < left(p.prefix, -1) || '}' collate \"C\" order by key limit 100000) n"
)
"""Ordered, so that each prefix is one step into the index and never a reading of the table."""
_CHILDREN = text(
    "select n.code, n.key from address a join address_name n on n.code = a.code "
    "where a.parent_code = any(:codes) and n.kind = 'standard' and n.valid_to is null"
)
_SET = text(
    "update address a set parent_code = v.parent from unnest("
    "cast(:codes as text[]), cast(:parents as text[])) as v(code, parent) "
    "where a.code = v.code and a.parent_code is distinct from v.parent"
)


def link_parents(
    session: Session, drafts: Mapping[str, AddressDraft], *, ended: Sequence[str] = ()
) -> None:
    """Find the parents of addresses that were entered or corrected, and of what lies in them.

    ``drafts`` are by code, as they were stored; what lies in addresses that ``ended`` lies in the
    next that has not.
    """
    keys = {code: draft.key for code, draft in drafts.items()}
    around = [
        key
        for draft in drafts.values()
        if draft.level != "room"
        for key in (draft.key, draft.second_key)
        if key
    ]
    prefixes = [key if key.endswith(KEY_SEPARATOR) else key + KEY_SEPARATOR for key in around]
    keys |= {code: key for key, code in session.execute(_INSIDE, {"prefixes": prefixes})}
    values = {"codes": [*drafts, *ended]}
    keys |= {code: key for code, key in session.execute(_CHILDREN, values) if code not in keys}
    above = {code: list(_keys_above(key)) for code, key in keys.items()}
    wanted = sorted({key for found in above.values() for key in found})
    holders: dict[str, str] = {}
    if wanted:
        for key, code in session.execute(_HOLDERS, {"keys": wanted}):
            holders.setdefault(key, code)
    parents = {
        code: next((holders[key] for key in found if holders.get(key, code) != code), None)
        for code, found in above.items()
        if found or code not in drafts
    }
    if parents:
        columns = {"codes": list(parents), "parents": list(parents.values())}
        session.execute(_SET, columns)


def list_parent_drafts(draft: AddressDraft) -> Iterator[AddressDraft]:
    """What an address lies in, from its unit up to its door, as drafts of their own.

    An estate's own door comes last if the text names its gate. They have no point of their own.
    """
    elements = draft.elements
    bare = replace(
        draft, point=None, point_note="", source_id="", identifiers=(), code="", place_id=None
    )
    for level in ("thing", "room", "floor", "unit", "building"):
        if getattr(elements, level) is None:
            continue
        elements = elements._replace(**{level: None})  # type: ignore[arg-type]
        counting = counting_of(elements)
        if counting is None or not counting.local:
            return
        yield replace(bare, elements=elements)


def _keys_above(key: str) -> Iterator[str]:
    """The keys of what an address lies in, nearest first: of an estate's parts down to itself."""
    county, place, *local = key.split(KEY_SEPARATOR)
    while len(local) > 1:
        local.pop()
        yield KEY_SEPARATOR.join((county, place, *local))
    if local and local[0].startswith(("b", "u", "f", "r", "t")):
        yield KEY_SEPARATOR.join((county, place, ""))
