"""What is to be entered: a service item, or a facility; its telephone number and its days."""

from dataclasses import dataclass
from datetime import date

from address_model.address_kinds import AddressKind
from address_model.facility_kinds import FacilityKind
from address_model.telephones import InvalidTelephone, read_telephone
from service.core.errors import BadRequest


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """A service item; ``kinds`` () means all kinds of address, ``valid_from`` None today."""

    name: str
    name_en: str = ""
    office: str = ""
    hours: str = ""
    phone: str = ""
    link: str = ""
    kinds: tuple[AddressKind, ...] = ()
    rank: int = 100
    valid_from: date | None = None
    valid_to: date | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class FacilityDraft:
    """A facility; ``valid_from`` None means today."""

    kind: FacilityKind
    name: str
    hours: str = ""
    phone: str = ""
    note: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    is_sample: bool = False


def read_phone(text: str) -> str:
    """An office's telephone number as it is shown; "" for none.

    Raises:
        BadRequest: it is no such number, or an emergency number.
    """
    try:
        return read_telephone(text) if text.strip() else ""
    except InvalidTelephone as error:
        raise BadRequest(
            str(error), hint="write one number of the office, such as 0571-87654321", field="phone"
        ) from error


def require_days(first: date, last: date | None) -> None:
    """Refuse a last day before the first.

    Raises:
        BadRequest: the days are the wrong way round.
    """
    if last is not None and last < first:
        raise BadRequest("the last day is before the first", field="valid_to")
