"""Enters the buildings, units, floors and rooms of a door or an estate as one change."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.elements import local_text
from address_model.room_grid import GridCell, list_nested
from service.addresses.cited_document import NO_DOCUMENT, CitedDocument
from service.addresses.commands.entry import enter_addresses
from service.addresses.commands.names import find_holders
from service.addresses.commands.places import place_addresses
from service.addresses.drafts import AddressDraft, draft_of
from service.addresses.policies import require_changeable
from service.addresses.queries import AddressRow, find_addresses, get_address, hold_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.placenames.commands import lock_places

BUILT_ON = ("number", "estate", "natural_village", "building", "unit")
"""The levels in which a building, or more of one, can be entered."""


def enter_building(
    session: Session,
    code: str,
    cells: Sequence[GridCell],
    actor: Actor,
    *,
    reason: str = "",
    document: CitedDocument = NO_DOCUMENT,
    seen: int | None = None,
) -> list[AddressRow]:
    """Enter what lies in an address (成栋登记), with all that it lies in; return the new addresses.

    What is registered already stays as it is. The new ones have the point of the address. ``seen``
    is the version that the officer saw.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Outdated: it was changed in the meantime.
        Conflict: it is frozen or gone, nothing lies in addresses of its level, all is registered
            already, or an estate cannot be distinguished from a namesake.
    """
    lock_places(session, get_address(session, code).county)
    (held,) = hold_addresses(session, code)
    require_seen(session, held.record, seen)
    require_changeable(held)
    drafts = draft_cells(held, cells, document.title or "officer")
    placed = place_addresses(session, drafts, actor, holds_places=True)
    taken = find_holders(session, [draft.key for draft in placed])
    fresh = [draft for draft in placed if draft.key not in taken]
    if not fresh:
        raise Conflict(
            "all of it is registered already",
            hint="there is nothing to enter",
            zh="列出的地址都已经登记了，没有要登记的。",
        )
    codes = [new.digits for new in enter_addresses(session, fresh, actor)]
    audit.record(
        session,
        actor=actor,
        action="addresses:build",
        subject=held.code,
        count=len(codes),
        first=codes[0],
        last=codes[-1],
        **({"reason": reason} if reason else {}),
        **document.detail,
    )
    made = find_addresses(session, codes)
    return [made[new] for new in codes]


def draft_cells(held: AddressRow, cells: Sequence[GridCell], source: str) -> list[AddressDraft]:
    """The drafts of cells in an address and of all that they lie in, outer ones first.

    Those that count along another place than the address (its estate) have no place yet.

    Raises:
        Conflict: nothing lies in addresses of its level.
    """
    if held.level not in BUILT_ON:
        raise Conflict(
            f"{held.code} is no door, estate, building or unit",
            hint="enter the building at its door or estate",
            zh="请在门牌号、小区、幢或单元上成栋登记。",
        )
    own = draft_of(held)
    lies = [one[:2] for one in own.counted]
    drafts: list[AddressDraft] = []
    for cell in list_nested(cells):
        draft = replace(
            own,
            elements=held.elements._replace(**cell.levels),  # type: ignore[arg-type]  # levels
            point=held.point,
            point_note=f"沿用{local_text(held.elements)}的位置" if held.point else "",
            source=source,
            is_sample=held.is_sample,
        )
        if [one[:2] for one in draft.counted] != lies:
            draft = replace(draft, place_id=None, second_place_id=None)
        drafts.append(draft)
    return drafts
