"""Every resident page in every state, for tests and screenshots."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from address_model.coordinates import Point
from address_model.elements import Numbered, standard_text
from address_model.pinyin import romanise_address, spell_address
from address_model.positions import Accuracy, Position, PositionKind
from service.core.words import Language
from service.scans import templates
from service.scans.card import AddressState, CardStatus, ScanCard, Successor
from service.scans.contact import Contact
from service.scans.door_page import render_search
from service.scans.pages import WRONG_DIGITS
from service.scans.plate_page import render_plate
from service.scans.queries.door_search import DoorSearch, Found, FoundDoor
from service.scans.queries.street_search import FoundStreet
from service.scans.reader import Reader, View
from service.scans.sketch import door_at, draw_sketch
from tests.factories.cards import (
    CONTACTS,
    DEMO_SITE,
    card_of,
    demo_addresses,
    door_of,
    street_card,
)
from tests.factories.services import NEARBY, OFFERED

SITE = replace(DEMO_SITE, sms_alarms=(("3301", "12110"),))
"""A demo site with all optional features enabled."""

DOORS = tuple(
    FoundDoor(
        f"330102345678330{n}", "人民路1号", f"杭州市上城区{where}", "No. 1 Renmin Lu, Shangcheng Qu"
    )
    for n, where in enumerate(("清波街道", "望江街道", "小营街道"))
)
STREET = FoundStreet("河坊街", "杭州市上城区清波街道", "上城区河坊街", "/heritage/ZJH-0087")

NEW_PLATE = Successor("/7K3M9QX2TC", "河坊街88号", date(2026, 5, 1))
NEW_ADDRESS = Successor(
    "/a/3301023456783321", "清河坊街12号", None, "3301 0234 5678 3321", "杭州市上城区清波街道"
)
PARTS = tuple(
    replace(NEW_ADDRESS, path=f"/a/330102345678330{n}", local_text=f"河坊街88号之{which}")
    for n, which in enumerate("一二", start=1)
)
OLD = tuple(replace(one, confirmed_at=date(2026, 1, 5), is_unconfirmed=True) for one in CONTACTS)


ENTRANCE = Position(
    PositionKind.ENTRANCE, Point(120.16592, 30.24016), Accuracy.HANDHELD, "东南角地下车库旁小门"
)


def _of_thing(card: ScanCard) -> ScanCard:
    """The same for a lamp of the street."""
    elements = card.elements._replace(number=None, thing=Numbered("1012", "号路灯"))
    lamp = door_at(Point(120.16592, 30.24016), elements)
    sketch = draw_sketch(
        lamp, map(door_of, (one for one in demo_addresses().values() if one.is_door))
    )
    return replace(card, elements=elements, standard_text=standard_text(elements), sketch=sketch)


def _state(**changes: object) -> Callable[[], ScanCard]:
    return lambda: street_card(**changes)


CARDS: dict[str, Callable[[], ScanCard]] = {
    "street": _state(),
    "room": lambda: card_of("ZJH-0087-B03-U2-501", pinyin="Shili Huayuan"),
    "village": lambda: card_of("ZJH-0080-3-007", pinyin="Zhuge Cun"),
    "slope": lambda: card_of("ZJH-0062-0016", pinyin="Shili Lu"),
    "entrance": _state(position=ENTRANCE),
    "thing": lambda: _of_thing(street_card()),
    "not-yet": _state(status=CardStatus.NOT_YET),
    "damaged": _state(status=CardStatus.DAMAGED, reason="二维码被划伤"),
    "lost": _state(status=CardStatus.LOST, reason="2026年3月巡查时不见"),
    "replaced": _state(status=CardStatus.REPLACED, reason="旧牌破损", successors=(NEW_PLATE,)),
    "void": _state(status=CardStatus.VOID, reason="印制错误"),
    "address-replaced": _state(
        address_state=AddressState.REPLACED, reason="路名变更", successors=(NEW_ADDRESS,)
    ),
    "address-divided": _state(address_state=AddressState.REPLACED, reason="分户", successors=PARTS),
    "other-text": _state(printed="河坊街80号"),
    "address-retired": _state(address_state=AddressState.RETIRED, reason="房屋拆除"),
    "address-invalid": _state(address_state=AddressState.INVALID, successors=(NEW_ADDRESS,)),
    "no-contacts": _state(contacts=()),
    "old-contacts": _state(contacts=(OLD[0], replace(OLD[1], confirmed_at=None), *CONTACTS[2:])),
    "bare": _state(contacts=(), position=None, sketch=None, community="", pinyin="", romanised=""),
}
"""A card for each state; pages without a card are in ``PLAIN``."""

PLAIN: dict[str, Callable[[Reader], str]] = {
    "unknown": lambda reader: templates.render_unknown(SITE, reader),
    "home": lambda reader: templates.render_home(SITE, reader=reader),
    "fault": lambda reader: templates.render_home(
        SITE, "3301 0612 3456 7834", WRONG_DIGITS, reader
    ),
    "privacy": lambda reader: templates.render_privacy(SITE, reader),
    "found": lambda reader: render_search(
        SITE, "人民路1号", DoorSearch(Found.SEVERAL, DOORS, is_cut=True), reader
    ),
    "found-street": lambda reader: render_search(
        SITE, "河坊街", DoorSearch(Found.STREETS, streets=(STREET,)), reader
    ),
    "not-found": lambda reader: render_search(
        SITE, "<无此路>3号", DoorSearch(Found.NOTHING), reader
    ),
    "error": lambda reader: templates.render_error(503, SITE, reader),
}
NAMES = (*CARDS, *PLAIN)
READERS = {
    "zh": Reader(),
    "en": Reader(View.STANDARD, Language.EN),
    "elder": Reader(View.ELDER, Language.ZH),
    "elder-en": Reader(View.ELDER, Language.EN),
}


def card_named(name: str) -> ScanCard:
    """The card of a state, in 上城区, with its address in pinyin and all that may be offered."""
    card = CARDS[name]()
    if name != "bare":
        card = replace(card, services=OFFERED, nearby=NEARBY)
    elements = card.elements
    known = "" if name == "bare" else romanise_address(elements)
    spelled = spell_address(elements) if known else ""
    return replace(card, division="330102000000", romanised=known, spelled=spelled)


def document(name: str, reader: Reader) -> str:
    """A page as HTML."""
    if name in PLAIN:
        return PLAIN[name](reader)
    return render_plate(card_named(name), SITE, reader)


def contact(**changes: object) -> Contact:
    """The grid worker of the demo, changed."""
    return replace(CONTACTS[0], **changes)  # type: ignore[arg-type]
