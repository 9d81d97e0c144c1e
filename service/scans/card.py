"""The card of a plate, as frozen values: everything its page and its JSON show."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from address_model.codes import AddressCode, format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered, division_names, local_text
from address_model.positions import Position, PositionKind
from service.datasets.register import ShownField
from service.heritage.stories import Story
from service.scans.contact import Contact, in_order
from service.scans.sketch import Sketch
from service.service_items.nearby import NearFacility
from service.service_items.register import OfferedService


class CardStatus(StrEnum):
    """The plate's state as residents see it; the register's states are finer."""

    IN_USE = "in_use"
    NOT_YET = "not_yet"
    DAMAGED = "damaged"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"


class AddressState(StrEnum):
    """The state of the address as residents see it; all other register states are ``CURRENT``."""

    CURRENT = "current"
    REPLACED = "replaced"
    RETIRED = "retired"
    INVALID = "invalid"


class CardState(StrEnum):
    """The combined state of plate and address: what the page states first."""

    IN_USE = "in_use"
    NOT_YET = "not_yet"
    DAMAGED = "damaged"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"
    OTHER_TEXT = "other_text"
    ADDRESS_REPLACED = "address_replaced"
    ADDRESS_DIVIDED = "address_divided"
    ADDRESS_RETIRED = "address_retired"
    ADDRESS_INVALID = "address_invalid"


class ScanOutcome(StrEnum):
    """What a scan counts as: of a current, a replaced or a void plate, or an unknown token."""

    CURRENT = "current"
    REPLACED = "replaced"
    VOID = "void"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Successor:
    """A plate or an address that replaces this one.

    ``path`` is its page, ``since`` its first day. For an address ``code`` and ``spoken`` (divisions
    from the city down) are what to say in an emergency; for a plate of the same address they are
    empty. ``has_ended``: it has itself ended, without a successor.
    """

    path: str
    local_text: str
    since: date | None = None
    code: str = ""
    spoken: str = ""
    has_ended: bool = False


def spoken_divisions(elements: Elements) -> str:
    """The divisions as spoken in an emergency call: from the city down."""
    return "".join(division_names(elements)).removeprefix(elements.province)


@dataclass(frozen=True, slots=True)
class ScanCard:
    """One plate as its page and its JSON show it.

    ``community`` and ``grid`` are the names of the areas the point lies in, never parsed from the
    address text. ``token`` is empty on a card found by address code. ``pinyin`` is of the street
    name, ``romanised`` the whole address in English order, ``spelled`` in Chinese order; each may
    be empty. ``reason`` explains the state. ``division`` is the current 12-digit division code;
    ``story`` one line about the place name. With several ``successors`` it is unknown which of
    them applies here. ``printed`` is the text on the plate if it differs from the register.
    ``is_trial``: a test print (试印), not an official plate. ``position`` is the position shown:
    the entrance, else the address point.
    """

    code: AddressCode
    standard_text: str
    elements: Elements
    status: CardStatus
    token: str = ""
    community: str = ""
    grid: str = ""
    pinyin: str = ""
    romanised: str = ""
    spelled: str = ""
    division: str = ""
    payload: str = ""
    address_state: AddressState = AddressState.CURRENT
    reason: str = ""
    successors: tuple[Successor, ...] = ()
    printed: str = ""
    contacts: tuple[Contact, ...] = ()
    position: Position | None = None
    sketch: Sketch | None = None
    story: Story | None = None
    services: tuple[OfferedService, ...] = ()
    nearby: tuple[NearFacility, ...] = ()
    data: tuple[ShownField, ...] = ()
    is_demo: bool = False
    is_trial: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The code as four groups of four digits."""
        return tuple(format_code(self.code).split())

    @property
    def successor(self) -> Successor | None:
        """The successor if there is exactly one."""
        return self.successors[0] if len(self.successors) == 1 else None

    @property
    def state(self) -> CardState:
        """The combined state: a void plate takes precedence, then an ended address, then the plate.

        A replaced address whose successors have all ended counts as retired.
        """
        if self.status is CardStatus.VOID or self.address_state is AddressState.CURRENT:
            if self.printed and self.status in _HANGING:
                return CardState.OTHER_TEXT
            return _PLATE_STATES[self.status]
        if self.address_state is AddressState.REPLACED:
            if self.successors and all(one.has_ended for one in self.successors):
                return CardState.ADDRESS_RETIRED
            if len(self.successors) > 1:
                return CardState.ADDRESS_DIVIDED
        return _ADDRESS_STATES[self.address_state]

    @property
    def outcome(self) -> ScanOutcome:
        """The outcome of scanning the plate."""
        return _OUTCOMES.get(self.state, ScanOutcome.CURRENT)

    @property
    def street(self) -> str:
        """The name on the plate: street with lanes, estate, or village with group."""
        elements = self.elements
        parts: tuple[object, ...] = (elements.natural_village, elements.group or "")
        if elements.thoroughfare or elements.estate:
            parts = (elements.thoroughfare or elements.estate, *elements.lanes)
        return "".join(map(str, parts)) or elements.community or elements.township

    @property
    def estate(self) -> str:
        """The estate, if the name on the plate is a street; else ""."""
        return self.elements.estate if self.elements.thoroughfare else ""

    @property
    def numbers(self) -> tuple[Numbered, ...]:
        """The numbers on the plate, from door number to room."""
        e = self.elements
        found = (e.number, e.building, e.unit, e.floor, e.room, e.thing)
        return tuple(number for number in found if number is not None)

    @property
    def local_text(self) -> str:
        """The address without divisions: 河坊街88号."""
        return local_text(self.elements)

    @property
    def division_path(self) -> tuple[str, ...]:
        """Province to township, then the community of the point."""
        names = division_names(self.elements)
        return (*names, self.community) if self.community else names

    @property
    def spoken_divisions(self) -> str:
        """The divisions as spoken in an emergency call: from the city down."""
        return spoken_divisions(self.elements)

    @property
    def point(self) -> Point | None:
        """The point of sketch and map links."""
        return self.position.point if self.position else None

    @property
    def entrance(self) -> Position | None:
        """The position if it is an entrance, else None."""
        shown = self.position
        return shown if shown and shown.kind is PositionKind.ENTRANCE else None

    @property
    def must_be_fresh(self) -> bool:
        """Whether the card shows what may be withdrawn at any minute, so must not be cached."""
        shown = self.ordered_contacts(), self.offered, self.places_nearby, self.data_here
        return any(shown)

    @property
    def shows_facts(self) -> bool:
        """Whether the full address is shown: neither plate nor address has ended."""
        return self.state in _STANDING

    @property
    def is_printable(self) -> bool:
        """Whether an address card can be printed: for a numbered address with a valid plate."""
        if self.elements.thing is not None:
            return False
        return bool(self.payload) and self.shows_facts and self.state is not CardState.LOST

    @property
    def offered(self) -> tuple[OfferedService, ...]:
        """The services; a void plate offers none."""
        return () if self.status is CardStatus.VOID else self.services

    @property
    def places_nearby(self) -> tuple[NearFacility, ...]:
        """The facilities nearby, while the plate stands for its address."""
        return self.nearby if self.shows_facts else ()

    @property
    def data_here(self) -> tuple[ShownField, ...]:
        """What datasets have about the address, while the plate stands for it."""
        return self.data if self.shows_facts else ()

    def ordered_contacts(self) -> tuple[Contact, ...]:
        """The contacts by role; a void plate shows none."""
        if self.status is CardStatus.VOID:
            return ()
        return in_order(self.contacts)


_PLATE_STATES = {status: CardState(status) for status in CardStatus}
_ADDRESS_STATES = {
    AddressState.REPLACED: CardState.ADDRESS_REPLACED,
    AddressState.RETIRED: CardState.ADDRESS_RETIRED,
    AddressState.INVALID: CardState.ADDRESS_INVALID,
}
_OUTCOMES = {
    CardState.REPLACED: ScanOutcome.REPLACED,
    CardState.ADDRESS_REPLACED: ScanOutcome.REPLACED,
    CardState.ADDRESS_DIVIDED: ScanOutcome.REPLACED,
    CardState.VOID: ScanOutcome.VOID,
    CardState.ADDRESS_RETIRED: ScanOutcome.VOID,
    CardState.ADDRESS_INVALID: ScanOutcome.VOID,
}
_HANGING = (CardStatus.IN_USE, CardStatus.NOT_YET, CardStatus.DAMAGED)
_STANDING = {*map(CardState, (*_HANGING, CardStatus.LOST)), CardState.OTHER_TEXT}
