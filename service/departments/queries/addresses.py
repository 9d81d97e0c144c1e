"""Reads addresses with the related records of several slices, as a viewer sees them."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from address_model.below_door import lies_below_door
from address_model.elements import elements_to_plain
from address_model.sensitivity import Viewer, mask
from service.addresses.json_view import is_seen, show_address, show_columns
from service.addresses.queries import (
    AddressFilter,
    AddressRow,
    address_row,
    find_successors,
    get_address,
    list_filtered,
)
from service.core.errors import AddressNotFound
from service.core.paging import page_of
from service.departments.address_choice import AddressChoice
from service.departments.queries.parts import READERS, read_parts
from service.placenames.queries import get_place_id, search_places

Shown = Mapping[str, Any]
"""An address in the form of ``AddressDetail``, without what its viewer may not see."""


def get_seen_address(session: Session, code: str, viewer: Viewer) -> AddressRow:
    """The address of a code, if the viewer sees that there is one.

    Raises:
        MalformedCode: the text is no address code.
        AddressNotFound: no address has this code, or the viewer does not see it.
    """
    row = get_address(session, code)
    if not is_seen(row, viewer):
        raise AddressNotFound(
            f"no address has the code {row.code}",
            hint="compare the code with the plate, digit by digit",
        )
    return row


def mask_parts(row: AddressRow, parts: Mapping[str, Any], viewer: Viewer) -> Shown:
    """Of the related records of an address what its viewer may see."""
    deep = lies_below_door(row.level, elements_to_plain(row.elements))
    return mask(parts, "address", viewer, division=row.division_code, is_deep=deep)


def show_one(session: Session, row: AddressRow, choice: AddressChoice, viewer: Viewer) -> Shown:
    """An address with its successors and the chosen parts; the other parts are null."""
    after = find_successors(session, [row.code]).get(row.code, [])
    shown = show_address(row, viewer, [one for one in after if is_seen(one, viewer)])
    parts = read_parts(session, [row], choice.parts, viewer)[row.code]
    if parts and not choice.fields:
        parts = dict.fromkeys(READERS) | parts
    return choice.narrow({**shown, **mask_parts(row, parts, viewer)})


def find_place_ids(
    session: Session, place: str, street: str, divisions: tuple[str, ...]
) -> tuple[int, ...] | None:
    """The places of a number, and those of a name in some divisions; None if neither is given.

    Raises:
        PlaceNameNotFound: no place has or had this number.
    """
    if not place and not street:
        return None
    named = {row.id for row in search_places(session, street, divisions)} if street else None
    if not place:
        return tuple(sorted(named or ()))
    id_ = get_place_id(session, place)
    return (id_,) if named is None or id_ in named else ()


def list_page(
    session: Session,
    wanted: AddressFilter,
    choice: AddressChoice,
    viewer: Viewer,
    *,
    after: str,
    size: int,
) -> tuple[list[Shown], str | None]:
    """A page of the addresses that fit, in order of code, and the cursor of the next one."""
    found = list_filtered(session, wanted, after=after, limit=size + 1)
    stored, following = page_of(found, size, attrgetter("code"))
    if not choice.parts:
        return [choice.narrow(show_columns(one, viewer)) for one in stored], following
    rows = list(map(address_row, stored))
    parts = read_parts(session, rows, choice.parts, viewer)
    shown = [
        choice.narrow({**show_address(row, viewer), **mask_parts(row, parts[row.code], viewer)})
        for row in rows
    ]
    return shown, following
