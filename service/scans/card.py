"""What a scan shows, as frozen values: the card of a plate with its contacts and its place."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from address_model.codes import AddressCode, format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.positions import Position, PositionKind
from address_model.rendering import division_names, local_text
from service.heritage.stories import Story
from service.scans.sketch import Sketch


class CardStatus(StrEnum):
    """What a resident is told about the plate on the wall; registers keep finer states."""

    IN_USE = "in_use"
    NOT_YET = "not_yet"
    DAMAGED = "damaged"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"


class AddressState(StrEnum):
    """What has become of the address itself; the register's other states are ``CURRENT`` here."""

    CURRENT = "current"
    REPLACED = "replaced"
    RETIRED = "retired"
    INVALID = "invalid"


class CardState(StrEnum):
    """The one thing a resident has to know first, of the plate and of its address."""

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


class DutyRole(StrEnum):
    """Whom a resident can call about an address, in the order they are shown."""

    GRID_WORKER = "grid_worker"
    COMMUNITY_OFFICER = "community_officer"
    POLICE_STATION = "police_station"
    COMMUNITY_OFFICE = "community_office"


UNCONFIRMED_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Contact:
    """One duty contact that may be shown today; never a resident.

    ``confirmed_at`` is the day somebody last made sure that name and telephone are right;
    ``is_unconfirmed`` says that this is too long ago, see ``is_unconfirmed``.
    """

    role: DutyRole
    display_name: str
    phone: str
    organisation: str = ""
    hours: str = ""
    confirmed_at: date | None = None
    is_demo: bool = False
    is_unconfirmed: bool = False

    @property
    def is_person(self) -> bool:
        """Whether a person answers this telephone, not an office."""
        return self.role in (DutyRole.GRID_WORKER, DutyRole.COMMUNITY_OFFICER)


def is_unconfirmed(confirmed_at: date | None, today: date) -> bool:
    """Whether a contact was last confirmed more than 180 days ago; never confirmed counts too."""
    return confirmed_at is None or today - confirmed_at > UNCONFIRMED_AFTER


@dataclass(frozen=True, slots=True)
class Successor:
    """The plate or the address that came in place of this one.

    ``path`` is its page, ``since`` the day it came. For an address ``code`` and ``spoken`` (from
    the city down) are what to say in an emergency; they are empty for a plate of the same address.
    ``has_ended`` says that it is itself gone, with nothing in its place.
    """

    path: str
    local_text: str
    since: date | None = None
    code: str = ""
    spoken: str = ""
    has_ended: bool = False


def spoken_divisions(elements: Elements) -> str:
    """The divisions of an address as one says them in an emergency: from the city down."""
    return "".join(division_names(elements)).removeprefix(elements.province)


@dataclass(frozen=True, slots=True)
class ScanCard:
    """One plate as its page and its JSON show it.

    ``community`` and ``grid`` are the names of the areas the point lies in, never read from the
    address text. ``token`` is empty on a card that was found by its code. ``pinyin`` is of the
    street's name, ``romanised`` the whole address in English order, ``spelled`` the same in
    Chinese order; each may be empty. ``reason`` says why the plate or the address is as it is.
    ``division`` is the code of today's division, 12 digits; ``story`` one line about the place.
    ``successors`` are all that came in place of it: which of several is here, nobody knows.
    ``printed`` is what stands on the plate where that differs from the register. ``is_trial``: the
    plate was printed to try it out (试印) and is none of the city's. ``position`` is where it is
    shown: its entrance, else its own point.
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
    is_demo: bool = False
    is_trial: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The code in its four groups of four digits."""
        return tuple(format_code(self.code).split())

    @property
    def successor(self) -> Successor | None:
        """What came in place of the plate or of the address, where it is one thing."""
        return self.successors[0] if len(self.successors) == 1 else None

    @property
    def state(self) -> CardState:
        """What to tell first: a void plate, then an address that is gone, then the plate.

        An address whose one successor has itself ended is as good as retired.
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
    def street(self) -> str:
        """The name on the plate: the street with its lanes, the village with its group, …"""
        elements = self.elements
        parts: tuple[object, ...] = (elements.natural_village, elements.group or "")
        if elements.thoroughfare or elements.estate:
            parts = (elements.thoroughfare or elements.estate, *elements.lanes)
        return "".join(map(str, parts)) or elements.community or elements.township

    @property
    def estate(self) -> str:
        """The estate or house that stands on a street, when the street is the name on the plate."""
        return self.elements.estate if self.elements.thoroughfare else ""

    @property
    def numbers(self) -> tuple[Numbered, ...]:
        """The numbers on the plate, from the door number down to the room."""
        elements = self.elements
        found = (
            elements.number,
            elements.building,
            elements.unit,
            elements.floor,
            elements.room,
            elements.thing,
        )
        return tuple(number for number in found if number is not None)

    @property
    def local_text(self) -> str:
        """The address below its divisions, as on the wall: 河坊街88号."""
        return local_text(self.elements)

    @property
    def division_path(self) -> tuple[str, ...]:
        """Province to township, then the community the point lies in."""
        names = division_names(self.elements)
        return (*names, self.community) if self.community else names

    @property
    def spoken_divisions(self) -> str:
        """The divisions as one says them in an emergency: from the city down."""
        return spoken_divisions(self.elements)

    @property
    def point(self) -> Point | None:
        """Where sketch and maps show it."""
        return self.position.point if self.position else None

    @property
    def entrance(self) -> Position | None:
        """The entrance, where that is what sketch and maps show."""
        shown = self.position
        return shown if shown and shown.kind is PositionKind.ENTRANCE else None

    @property
    def shows_person(self) -> bool:
        """Whether a contact stands on this card, so that no cache may keep it."""
        return bool(self.ordered_contacts())

    @property
    def shows_place(self) -> bool:
        """Whether map and sketch are shown: not where the plate or the address is gone."""
        return self.point is not None and self.shows_facts

    @property
    def shows_facts(self) -> bool:
        """Whether the whole address is shown: a replaced plate's still holds, it is on the new."""
        return self.state not in _GONE

    @property
    def is_printable(self) -> bool:
        """Whether an address card may be printed: for a home whose plate hangs where it belongs."""
        if self.elements.thing is not None:
            return False
        return bool(self.payload) and self.shows_facts and self.state is not CardState.LOST

    def ordered_contacts(self) -> tuple[Contact, ...]:
        """The contacts in the order of their roles; a void plate shows none."""
        if self.status is CardStatus.VOID:
            return ()
        return in_order(self.contacts)


def in_order(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Contacts in the order of their roles."""
    return tuple(sorted(contacts, key=lambda contact: _ROLE_ORDER[contact.role]))


_PLATE_STATES = {status: CardState(status) for status in CardStatus}
_ADDRESS_STATES = {
    AddressState.REPLACED: CardState.ADDRESS_REPLACED,
    AddressState.RETIRED: CardState.ADDRESS_RETIRED,
    AddressState.INVALID: CardState.ADDRESS_INVALID,
}
_HANGING = (CardStatus.IN_USE, CardStatus.NOT_YET, CardStatus.DAMAGED)
_ROLE_ORDER = {role: number for number, role in enumerate(DutyRole)}
_GONE = frozenset(CardState) - {
    CardState.IN_USE,
    CardState.NOT_YET,
    CardState.DAMAGED,
    CardState.LOST,
    CardState.OTHER_TEXT,
}
