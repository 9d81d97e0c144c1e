"""Scan cards made from the shipped demo data, for tests and screenshots."""

from dataclasses import replace
from datetime import date
from functools import cache

from address_model.codes import make_code
from address_model.elements import standard_text
from address_model.positions import Position, PositionKind
from scripts.demo.addresses import DemoAddress, settlement_addresses
from scripts.demo.places import SETTLEMENTS, read_seats
from service.core.words import Language
from service.scans.card import CardStatus, ScanCard
from service.scans.contact import Contact, DutyRole
from service.scans.plate_page import render_plate
from service.scans.reader import Reader, View
from service.scans.site import Site
from service.scans.sketch import SketchDoor, door_at, draw_sketch
from tests.factories.hosts import PREFIX

DEMO_SITE = Site(operator="示例市民政局（演示）", is_demo=True)
PLATE = "7K3M9QX2TB"
CODE = make_code("330102", 42, b"k" * 16)
CONTACTS = (
    Contact(
        DutyRole.GRID_WORKER, "演示乙", "0571-00000004", "示例社区 1 服务中心",
        confirmed_at=date(2026, 11, 20), is_demo=True,
    ),
    Contact(
        DutyRole.COMMUNITY_OFFICER, "演示甲", "0571-00000001", "示例派出所 1",
        confirmed_at=date(2026, 11, 20), is_demo=True,
    ),
    Contact(
        DutyRole.COMMUNITY_OFFICE, "示例社区 1 服务中心", "0571-00000003", "示例社区 1 服务中心",
        hours="周一至周五 8:30–17:30", is_demo=True,
    ),
    Contact(
        DutyRole.POLICE_STATION, "示例派出所 1", "0571-00000002", "示例派出所 1", is_demo=True
    ),
)  # fmt: skip


@cache
def demo_addresses() -> dict[str, DemoAddress]:
    """All demo addresses by source id."""
    seats = read_seats()
    return {
        one.source_id: one for place in SETTLEMENTS for one in settlement_addresses(place, seats)
    }


def door_of(address: DemoAddress) -> SketchDoor:
    """A demo address as a door of a sketch."""
    return door_at(address.point, address.elements)


def card_of(source_id: str, **changes: object) -> ScanCard:
    """The card of a demo address, as the service would show it; ``changes`` replace its fields."""
    address = demo_addresses()[source_id]
    doors = [door_of(one) for one in demo_addresses().values() if one.is_door]
    here = door_of(address)
    near = sorted(
        (door for door in doors if door.label != here.label or door.street != here.street),
        key=lambda door: (
            (door.point.lon - here.point.lon) ** 2 + (door.point.lat - here.point.lat) ** 2
        ),
    )[:60]
    card = ScanCard(
        code=CODE,
        standard_text=standard_text(address.elements),
        elements=address.elements,
        status=CardStatus.IN_USE,
        token=PLATE,
        payload=f"{PREFIX}{PLATE}",
        community="示例社区 1",
        grid="示例网格 3",
        contacts=CONTACTS,
        position=Position(PositionKind.CENTRE, address.point),
        sketch=draw_sketch(here, near),
        is_demo=True,
    )
    return replace(card, **changes)  # type: ignore[arg-type]


def street_card(**changes: object) -> ScanCard:
    """河坊街88号."""
    known = {
        "pinyin": "Hefang Jie",
        "romanised": "88 Hefang Jie, Qingbo Jiedao, Shangcheng Qu, Hangzhou, Zhejiang",
    }
    return card_of("ZJH-0087-0088", **(known | changes))


SAMPLES = ("ZJH-0087-0088", "ZJH-0087-B03-U2-501", "ZJH-0080-3-007", "ZJH-0062-0016")


def render_card(
    card: ScanCard, site: Site, view: View = View.STANDARD, language: Language = Language.ZH
) -> str:
    """The page of a card as HTML."""
    return render_plate(card, site, Reader(view, language))
