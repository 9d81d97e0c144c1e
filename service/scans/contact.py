"""The contacts of a plate: who is responsible there, and in which order they are named."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class DutyRole(StrEnum):
    """The roles of contacts, in display order."""

    GRID_WORKER = "grid_worker"
    COMMUNITY_OFFICER = "community_officer"
    POLICE_STATION = "police_station"
    COMMUNITY_OFFICE = "community_office"


UNCONFIRMED_AFTER = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Contact:
    """A duty contact who may be shown today; never a resident.

    ``confirmed_at`` is the day name and telephone were last verified; ``is_unconfirmed`` is the
    result of the function of that name.
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
        """Whether the contact is a person, not an office."""
        return self.role in (DutyRole.GRID_WORKER, DutyRole.COMMUNITY_OFFICER)


def is_unconfirmed(confirmed_at: date | None, today: date) -> bool:
    """Whether a contact was never confirmed, or more than 180 days ago."""
    return confirmed_at is None or today - confirmed_at > UNCONFIRMED_AFTER


_ROLE_ORDER = {role: number for number, role in enumerate(DutyRole)}


def in_order(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Sort contacts by role."""
    return tuple(sorted(contacts, key=lambda contact: _ROLE_ORDER[contact.role]))
