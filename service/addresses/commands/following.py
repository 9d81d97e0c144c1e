"""Addresses follow their division: its new name, or the division it went up in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.elements import Elements
from address_model.lifecycle import AddressStatus
from address_model.serialising import elements_to_plain
from service.addresses.commands.naming import (
    NAME_COLUMNS,
    close_standard_names,
    find_holders,
    name_rows,
)
from service.addresses.drafts import AddressDraft
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow, find_addresses
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.copying import copy_rows
from service.divisions.register import LEVEL_NAMES, DivisionRow
from service.placenames.commands import follow_township

_LOCK_PAGE = text(
    "select code from address where division_id = any(:ids) and code > :after "
    "order by code limit :size for update"
)
_UPDATE = text(
    "update address a set division_id = v.division_id, standard_text = v.standard_text, "
    "elements = cast(v.elements as jsonb), street = v.street, street_order = v.street_order, "
    "updated_at = clock_timestamp() from unnest("
    "cast(:codes as text[]), cast(:divisions as bigint[]), cast(:texts as text[]), "
    "cast(:elements as text[]), cast(:streets as text[]), cast(:orders as bytea[])) "
    "as v(code, division_id, standard_text, elements, street, street_order) "
    "where a.code = v.code"
)
_Pair = tuple[AddressRow, AddressDraft]


@dataclass(frozen=True, slots=True)
class Following:
    """What addresses follow: from the divisions of ``ids`` and a name at their level, whereto.

    ``moves`` says that the divisions have ended, so that their addresses lie in ``target`` now.
    """

    ids: Sequence[int]
    old_name: str
    target: DivisionRow
    moves: bool
    source: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What one page of addresses came to; ``last`` is where the next begins, "" at the end.

    ``before`` are the addresses that were changed, as they were.
    """

    last: str
    before: tuple[AddressRow, ...] = ()
    frozen: int = 0
    conflicts: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """How many addresses were changed."""
        return len(self.before)


def follow_division(
    session: Session, following: Following, actor: Actor, *, after: str = "", size: int = 2000
) -> Followed:
    """Let a page of addresses follow; each text it had becomes a former name that leads to it.

    Addresses that have ended keep their text. Frozen ones, and those whose new text another
    address has, are left alone and told.
    """
    if following.moves and not after:
        follow_township(session, following.ids, following.target, following.old_name)
    page = {"ids": list(following.ids), "after": after, "size": size}
    codes = list(session.scalars(_LOCK_PAGE, page))
    if not codes:
        return Followed("")
    held = find_addresses(session, codes)
    living = [held[code] for code in codes if not is_gone(held[code])]
    pairs = [(row, _draft(row, following)) for row in living]
    pairs = [(row, draft) for row, draft in pairs if _differs(row, draft)]
    frozen = sum(row.status == AddressStatus.FROZEN for row, _ in pairs)
    pairs = [(row, draft) for row, draft in pairs if row.status != AddressStatus.FROZEN]
    taken = find_holders(session, [draft.key for _, draft in pairs])
    free = [(row, draft) for row, draft in pairs if taken.get(draft.key, row.code) == row.code]
    conflicts = [
        f"{format_code(row.code)} {draft.text}: {format_code(taken[draft.key])} has this text"
        for row, draft in pairs
        if taken.get(draft.key, row.code) != row.code
    ]
    if free:
        _write(session, free, actor)
    return Followed(codes[-1], tuple(row for row, _ in free), frozen, tuple(conflicts))


def _draft(row: AddressRow, following: Following) -> AddressDraft:
    elements = _renamed(row.elements, following)
    draft = AddressDraft(
        county=row.county,
        division_id=row.division_id,
        division_code=row.division_code,
        elements=elements,
        source=following.source,
        place_id=row.place_id,
        second_place_id=row.second_place_id,
    )
    if not following.moves:
        return draft
    return replace(draft, division_id=following.target.id, division_code=following.target.code)


def _renamed(elements: Elements, following: Following) -> Elements:
    names = {
        "province": elements.province,
        "city": elements.city,
        "county": elements.county,
        "township": elements.township,
        "community": elements.community,
    }
    level = LEVEL_NAMES[following.target.level]
    if names[level] != following.old_name:
        return elements
    return elements.with_divisions(**names | {level: following.target.name})


def _differs(row: AddressRow, draft: AddressDraft) -> bool:
    return (row.division_id, row.standard_text) != (draft.division_id, draft.text)


def _write(
    session: Session, pairs: Sequence[tuple[AddressRow, AddressDraft]], actor: Actor
) -> None:
    codes = [row.code for row, _ in pairs]
    values = {
        "codes": codes,
        "divisions": [draft.division_id for _, draft in pairs],
        "texts": [draft.text for _, draft in pairs],
        "elements": [orjson.dumps(elements_to_plain(d.elements)).decode() for _, d in pairs],
        "streets": [draft.elements.street for _, draft in pairs],
        "orders": [draft.street_order for _, draft in pairs],
    }
    session.execute(_UPDATE, values)
    renamed = [(row, draft) for row, draft in pairs if row.standard_text != draft.text]
    close_standard_names(session, [row.code for row, _ in renamed])
    names = name_rows((row.code, draft) for row, draft in renamed)
    copy_rows(session, "address_name", NAME_COLUMNS, names)
    changes.record(
        session,
        [changes.ChangeNote("address", r.code, "corrected", d.division_code) for r, d in pairs],
    )
    audit.record_codes(session, actor=actor, action="addresses:follow", codes=codes)
