"""What a scan shows, as frozen values: the card of a plate with its contacts and its place."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from address_model.codes import AddressCode, format_code
from address_model.coordinates import Point
from address_model.elements import Elements, Numbered
from address_model.rendering import division_names, local_text
from service.scans.sketch import Sketch


class CardStatus(StrEnum):
    """What a resident is told about the plate on the wall; registers keep finer states."""

    IN_USE = "in_use"
    NOT_YET = "not_yet"
    DAMAGED = "damaged"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"


class DutyRole(StrEnum):
    """Whom a resident can call about an address, in the order they are shown."""

    GRID_WORKER = "grid_worker"
    COMMUNITY_OFFICER = "community_officer"
    POLICE_STATION = "police_station"
    COMMUNITY_OFFICE = "community_office"


@dataclass(frozen=True, slots=True)
class Contact:
    """One duty contact that may be shown today; never a resident.

    ``confirmed_at`` is the day somebody last made sure that name and telephone are right.
    """

    role: DutyRole
    display_name: str
    phone: str
    organisation: str = ""
    hours: str = ""
    confirmed_at: date | None = None
    is_demo: bool = False

    @property
    def is_person(self) -> bool:
        """Whether a person answers this telephone, not an office."""
        return self.role in (DutyRole.GRID_WORKER, DutyRole.COMMUNITY_OFFICER)


@dataclass(frozen=True, slots=True)
class Site:
    """Who runs this service; from the settings, shown at the foot of every page."""

    operator: str = ""
    icp_number: str = ""
    police_filing: str = ""
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class ScanCard:
    """One plate as its page and its JSON show it.

    ``community`` and ``grid`` are the names of the areas the point lies in, never read from the
    address text. ``token`` is empty on a card that was found by its code. ``pinyin`` is of the
    street's name, ``romanised`` the whole address for couriers and guests; either may be empty.
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
    contacts: tuple[Contact, ...] = ()
    point: Point | None = None
    sketch: Sketch | None = None
    is_demo: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The code in its four groups of four digits."""
        return tuple(format_code(self.code).split())

    @property
    def street(self) -> str:
        """The name on the plate: the street with its lanes, the village with its group, …"""
        elements = self.elements
        parts: tuple[object, ...] = (elements.devzone, elements.thoroughfare, *elements.lanes)
        parts += (elements.natural_village, elements.group or "", elements.estate)
        return "".join(map(str, parts)) or elements.community or elements.township

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
        return "".join(division_names(self.elements)).removeprefix(self.elements.province)

    @property
    def shows_person(self) -> bool:
        """Whether a contact stands on this card, so that no cache may keep it."""
        return bool(self.contacts)

    def ordered_contacts(self) -> tuple[Contact, ...]:
        """The contacts in the order of their roles."""
        order = list(DutyRole)
        return tuple(sorted(self.contacts, key=lambda contact: order.index(contact.role)))
