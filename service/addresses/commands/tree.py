"""Links addresses to their parents: the room to its unit, building and door.

The key of a parent is a prefix of the address's own key (``|b1幢|u2单元|r301室``); the longest such
key that exists is the parent's. A building registered after its rooms adopts them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.places import KEY_SEPARATOR, counting_of
from service.addresses.drafts import AddressDraft
from service.changes.commands import Action, Subject, announce

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
"""Ordered, so that each prefix is an index scan and never a table scan."""
_CHILDREN = text(
    "select n.code, n.key from address a join address_name n on n.code = a.code "
    "where a.parent_code = any(:codes) and n.kind = 'standard' and n.valid_to is null"
)
_SET = text(
    "with v as (select * from unnest(cast(:codes as text[]), cast(:parents as text[])) "
    "as v(code, parent)), "
    "held as (select a.code from address a join v on v.code = a.code "
    "where a.parent_code is distinct from v.parent order by a.code for no key update of a) "
    "update address a set parent_code = v.parent, updated_at = clock_timestamp() "
    "from held join v on v.code = held.code "
    "where a.code = held.code and a.parent_code is distinct from v.parent returning a.code"
)


@dataclass
class PlaceGrowth:
    """What an import has stored so far on places that were empty when it began (``begun``).

    ``outer`` places have addresses that others may lie in, ``inner`` places have addresses that
    lie in others; for places not in ``begun`` the register must be queried.
    """

    begun: set[int] = field(default_factory=set)
    outer: set[int] = field(default_factory=set)
    inner: set[int] = field(default_factory=set)

    def may_hold(self, draft: AddressDraft, stored: set[int]) -> bool:
        """Whether the register may have relevant addresses on the places of a draft.

        ``stored`` is ``outer`` or ``inner``.
        """
        places = [one for one in (draft.place_id, draft.second_place_id) if one is not None]
        return not places or any(one not in self.begun or one in stored for one in places)

    def add(self, drafts: Iterable[AddressDraft]) -> None:
        """Note stored drafts."""
        for draft in drafts:
            places = {draft.place_id, draft.second_place_id} & self.begun
            if places and draft.level != "room":
                self.outer |= places  # type: ignore[arg-type]  # begun has no None
            one = draft.elements
            if places and any((one.building, one.unit, one.floor, one.room)):
                self.inner |= places  # type: ignore[arg-type]


def find_parents(
    session: Session, drafts: Mapping[str, AddressDraft], growth: PlaceGrowth
) -> dict[str, str | None]:
    """The parents of drafts about to be stored, by code, and of stored addresses inside them."""
    keys = {code: draft.key for code, draft in drafts.items()}
    outer = {code: draft for code, draft in drafts.items() if draft.level != "room"}
    asked = [draft for draft in outer.values() if growth.may_hold(draft, growth.inner)]
    keys |= find_inside(session, asked)
    above = {code: _keys_above(key) for code, key in keys.items()}
    wanted = {
        key
        for code, found in above.items()
        if found and (code not in drafts or growth.may_hold(drafts[code], growth.outer))
        for key in found
    }
    holders = {draft.second_key: code for code, draft in outer.items() if draft.second_key}
    holders |= {draft.key: code for code, draft in outer.items()}
    holders |= _find_holders(session, wanted)
    growth.add(drafts.values())
    return _parents_of(above, holders, drafts)


def link_parents(
    session: Session, drafts: Mapping[str, AddressDraft], *, ended: Sequence[str] = ()
) -> None:
    """Link stored addresses, and those inside them, to their parents.

    ``drafts`` are by code, as stored; addresses inside ``ended`` ones move to the next living
    parent.
    """
    keys = {code: draft.key for code, draft in drafts.items()}
    keys |= find_inside(session, [draft for draft in drafts.values() if draft.level != "room"])
    values = {"codes": [*drafts, *ended]}
    keys |= {code: key for code, key in session.execute(_CHILDREN, values) if code not in keys}
    above = {code: _keys_above(key) for code, key in keys.items()}
    holders = _find_holders(session, {key for found in above.values() for key in found})
    set_parents(session, _parents_of(above, holders, drafts))


def set_parents(session: Session, parents: Mapping[str, str | None]) -> None:
    """Store the parents of addresses, by code."""
    if parents:
        columns = {"codes": list(parents), "parents": list(parents.values())}
        announce(session, Subject.ADDRESS, Action.NESTED, session.scalars(_SET, columns))


def find_inside(session: Session, drafts: Sequence[AddressDraft]) -> dict[str, str]:
    """The stored addresses inside these: keys by code."""
    around = [key for draft in drafts for key in (draft.key, draft.second_key) if key]
    prefixes = [key if key.endswith(KEY_SEPARATOR) else key + KEY_SEPARATOR for key in around]
    if not prefixes:
        return {}
    return {code: key for key, code in session.execute(_INSIDE, {"prefixes": prefixes})}


def _find_holders(session: Session, keys: Collection[str]) -> dict[str, str]:
    """The living addresses with these keys, by key."""
    holders: dict[str, str] = {}
    if keys:
        for key, code in session.execute(_HOLDERS, {"keys": sorted(keys)}):
            holders.setdefault(key, code)
    return holders


def _parents_of(
    above: Mapping[str, Sequence[str]],
    holders: Mapping[str, str],
    drafts: Mapping[str, AddressDraft],
) -> dict[str, str | None]:
    """The holder of the nearest key above each; ``drafts`` without keys above are left out."""
    parents: dict[str, str | None] = {}
    for code, keys in above.items():
        if keys or code not in drafts:
            named = (holders[key] for key in keys if holders.get(key, code) != code)
            parents[code] = next(named, None)
    return parents


def list_parent_drafts(draft: AddressDraft) -> Iterator[AddressDraft]:
    """Drafts of the parents of an address, from its unit up to its door.

    If the text names an estate's gate, the estate's own door comes last. The drafts have no point.
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


def _keys_above(key: str) -> list[str]:
    """The keys of an address's possible parents, nearest first; last that of the estate."""
    county, place, *local = key.split(KEY_SEPARATOR)
    found: list[str] = []
    while len(local) > 1:
        local.pop()
        found.append(KEY_SEPARATOR.join((county, place, *local)))
    if local and local[0].startswith(("b", "u", "f", "r", "t")):
        found.append(KEY_SEPARATOR.join((county, place, "")))
    return found
