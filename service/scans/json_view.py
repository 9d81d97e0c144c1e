"""The JSON form of a scan page, for ``Accept: application/json``."""

from collections.abc import Sequence
from dataclasses import asdict

import orjson

from address_model.sensitivity import RESIDENT, Viewer, mask
from service.datasets.register import ShownField
from service.scans.card import CardStatus, ScanCard, Successor
from service.scans.contact import Contact
from service.scans.plate_page import map_links
from service.service_items.links import find_link
from service.service_items.nearby import NearFacility


def card_json(card: ScanCard, viewer: Viewer = RESIDENT, code_hosts: Sequence[str] = ()) -> bytes:
    """Return a card as UTF-8 JSON; points are GeoJSON (longitude first, CGCS2000 degrees).

    Fields that the viewer may not see are null or an empty list. ``code_hosts`` may be given
    address codes by links of services.
    """
    code = card.code.digits
    links = [find_link(one.link, code, code_hosts) for one in card.offered]
    facts = _facts(card) | {
        "services": [
            {
                "name": one.name,
                "name_en": one.name_en or None,
                "office": one.office or None,
                "hours": one.hours or None,
                "phone": one.phone or None,
                "link": link or None,
                "sample": one.is_sample,
            }
            for one, link in zip(card.offered, links, strict=True)
            if link or one.phone
        ],
        "data": [_data(one) for one in card.data_here],
    }
    shown = mask(facts, "scan", viewer, division=card.division)
    hidden: dict[str, object] = {
        name: [] if isinstance(facts[name], list) else None for name in facts.keys() - shown.keys()
    }
    return orjson.dumps({**facts, **shown, **hidden})


def _facts(card: ScanCard) -> dict[str, object]:
    point = card.point if card.status is not CardStatus.VOID else None
    links = asdict(map_links(point, card.local_text, card.standard_text)) if point else None
    story = position = None
    if card.story and card.shows_facts:
        line = card.story
        story = {"name": line.name, "zh": line.zh, "en": line.en or None, "path": line.path}
    if point and (shown := card.position):
        position = {
            "kind": shown.kind,
            "name": shown.label or shown.name,
            "accuracy": shown.accuracy or None,
            "within_m": shown.accuracy.metres,
        }
    return {
        "token": card.token or None,
        "code": card.code.digits,
        "code_grouped": " ".join(card.groups),
        "standard_text": card.standard_text,
        "romanised": card.romanised or None,
        "pinyin": card.spelled or None,
        "divisions": card.division_path,
        "community": card.community or None,
        "grid": card.grid or None,
        "status": card.status,
        "address_status": card.address_state,
        "reason": card.reason or None,
        "state": card.state,
        "printed_text": card.printed or None,
        "successor": _successor(card.successor) if card.successor else None,
        "successors": [_successor(one) for one in card.successors],
        "contacts": [_contact(contact) for contact in card.ordered_contacts()],
        "point": {"type": "Point", "coordinates": [point.lon, point.lat]} if point else None,
        "position": position,
        "maps": links,
        "story": story,
        "nearby": [_nearby(found) for found in card.places_nearby],
        "sample": card.is_demo,
        "trial": card.is_trial,
    }


def _successor(successor: Successor) -> dict[str, object]:
    return {
        "path": successor.path,
        "local_text": successor.local_text,
        "code": successor.code.replace(" ", "") or None,
        "since": successor.since,
        "ended": successor.has_ended,
    }


def _nearby(found: NearFacility) -> dict[str, object]:
    one = found.facility
    return {
        "kind": one.kind,
        "name": one.name,
        "local_text": one.local_text,
        "metres": None if found.metres is None else round(found.metres),
        "hours": one.hours or None,
        "phone": one.phone or None,
        "note": one.note or None,
        "sample": one.is_sample,
    }


def _data(one: ShownField) -> dict[str, object]:
    return {
        "dataset": one.dataset_name,
        "owner": one.owner,
        "name": one.name,
        "label": one.label,
        "label_en": one.label_en or None,
        "value": one.value,
        "source_id": one.source_id or None,
        "as_of": one.fresh_as_of,
        "link": one.link or None,
        "sample": one.is_sample,
    }


def _contact(contact: Contact) -> dict[str, object]:
    return {
        "role": contact.role,
        "display_name": contact.display_name,
        "organisation": contact.organisation or None,
        "phone": contact.phone,
        "hours": contact.hours or None,
        "confirmed_at": contact.confirmed_at,
        "unconfirmed": contact.is_unconfirmed,
        "sample": contact.is_demo,
    }
