"""Corrects the text or the point of an address; what lies in it follows."""

from dataclasses import replace

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from address_model.elements import elements_to_plain
from service.addresses.cited_document import NO_DOCUMENT, CitedDocument
from service.addresses.commands.text_rewrite import (
    plan_rewrite,
    require_free_together,
    write_followers,
    write_names,
)
from service.addresses.drafts import AddressDraft
from service.addresses.policies import require_changeable
from service.addresses.queries import AddressRow, find_addresses
from service.audit import commands as audit
from service.audit.policies import require_seen
from service.core.actor import Actor
from service.core.bulk_copy import point_ewkb
from service.placenames.commands import lock_places

_KEEP_IF_UNMOVED = "case when coalesce(cast(:geom as geometry), geom) = geom then {} else '' end"
"""Accuracy and source of a point are cleared if the point is replaced."""

_UPDATE_ADDRESS = text(
    "update address set county = :county, division_id = :division_id, "  # noqa: S608 - our own text
    "standard_text = :standard_text, elements = cast(:elements as jsonb), street = :street, "
    "number_order = :number_order, street_order = :street_order, level = :level, "
    "place_id = :place_id, second_place_id = :second_place_id, "
    "geom = coalesce(cast(:geom as geometry), geom), point_note = :point_note, "
    f"point_accuracy = {_KEEP_IF_UNMOVED.format('point_accuracy')}, "
    f"point_source = {_KEEP_IF_UNMOVED.format('point_source')}, "
    "updated_at = clock_timestamp() where code = :code"
)


def correct_address(
    session: Session,
    address: AddressRow,
    draft: AddressDraft,
    actor: Actor,
    *,
    reason: str = "",
    document: CitedDocument = NO_DOCUMENT,
    seen: int | None = None,
    holds_places: bool = False,
) -> list[AddressRow]:
    """Change the text or point of an address; a replaced text becomes a former name.

    The texts of its buildings, units and rooms follow; they keep their codes and points. Returns
    the changed addresses as they were, itself first. ``seen`` is the version the officer saw, None
    for lists; ``holds_places`` says that the caller has locked the counties.

    Raises:
        Outdated: the address was changed in the meantime.
        Conflict: it is frozen or gone, another address has this text, its place cannot be
            distinguished from a namesake, or what lies in it cannot follow.
    """
    if not holds_places:
        for county in sorted({address.county, draft.county}):
            lock_places(session, county)
    if document.title:
        draft = replace(draft, source=document.title)
    address = find_addresses(session, [address.code])[address.code]
    planned = plan_rewrite(session, [(address, draft)], actor)
    held = find_addresses(session, [address.code])[address.code]
    require_seen(session, held.record, seen)
    require_changeable(held)
    draft = planned[0].draft
    require_free_together(session, planned)
    session.execute(_UPDATE_ADDRESS, _update_values(held, draft))
    write_names(session, planned)
    write_followers(session, planned, actor, reason=reason, document=document)
    audit.record(
        session,
        actor=actor,
        action="addresses:correct",
        subject=held.code,
        before=held.standard_text,
        after=draft.text,
        **({"reason": reason} if reason else {}),
        **document.detail,
    )
    return [held, *(one.row for one in planned[1:])]


def _update_values(held: AddressRow, draft: AddressDraft) -> dict[str, object]:
    return {
        "code": held.code,
        "county": draft.county,
        "division_id": draft.division_id,
        "standard_text": draft.text,
        "elements": orjson.dumps(elements_to_plain(draft.elements)).decode(),
        "street": draft.elements.street,
        "number_order": draft.number_order,
        "place_id": draft.place_id,
        "second_place_id": draft.second_place_id,
        "street_order": draft.street_order,
        "level": draft.level,
        "geom": point_ewkb(draft.point.lon, draft.point.lat) if draft.point else None,
        "point_note": draft.point_note if draft.point else held.point_note,
    }
