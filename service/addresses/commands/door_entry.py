"""Enters one new door of a street beside one that is there."""

from dataclasses import replace

from sqlalchemy.orm import Session

from address_model.coordinates import Point
from address_model.elements import Numbered
from service.addresses.commands.entry import enter_addresses
from service.addresses.commands.names import require_free
from service.addresses.drafts import draft_of
from service.addresses.policies import is_gone
from service.addresses.queries import AddressRow, get_address, hold_addresses
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.errors import Conflict
from service.placenames.commands import lock_places
from service.placenames.queries import find_places


def enter_door(
    session: Session,
    beside: str,
    number: Numbered,
    point: Point | None,
    actor: Actor,
    *,
    source: str = "officer",
    seen: int | None = None,
) -> AddressRow:
    """Enter a door (登记新门牌) on the place of the address ``beside``, and in its division.

    ``seen`` is the version of the place that the officer saw.

    Raises:
        AddressNotFound, MalformedCode: there is no such address.
        Outdated: the place was changed in the meantime.
        Conflict: it has ended or is no door, or a door has the number already.
    """
    lock_places(session, get_address(session, beside).county)
    (held,) = hold_addresses(session, beside)
    if is_gone(held) or held.level != "number" or held.place_id is None:
        raise Conflict(
            f"{held.code} is no living door",
            hint="name a door of the street",
            zh="请选这条路上现在有效的一个门牌。",
        )
    require_seen(session, find_places(session, [held.place_id])[held.place_id].record, seen)
    elements = held.elements._replace(number=number, estate="")
    draft = replace(
        draft_of(held),
        elements=elements,
        second_place_id=None,
        point=point,
        source=source,
        is_sample=held.is_sample,
    )
    require_free(session, {draft.key: ""})
    (code,) = enter_addresses(session, [draft], actor)
    return get_address(session, code.digits)
