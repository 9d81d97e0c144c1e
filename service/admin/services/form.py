"""The forms of service items and facilities, as values."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from address_model.address_kinds import AddressKind
from address_model.facility_kinds import FacilityKind
from service.core.database import LARGEST_NUMBER
from service.service_items.draft import FacilityDraft, ServiceDraft

Day = Annotated[date | None, BeforeValidator(lambda typed: typed or None)]
"""A day; an empty field is none."""

Version = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]


class ServiceForm(BaseModel):
    """What the form of a service item sends; the ``for_`` boxes are the kinds of address."""

    model_config = ConfigDict(str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field("", max_length=80)
    office: str = Field("", max_length=60)
    hours: str = Field("", max_length=60)
    phone: str = Field("", max_length=40)
    link: str = Field("", max_length=500)
    rank: int = Field(100, ge=1, le=999)
    valid_from: Day = None
    valid_to: Day = None
    for_number: str = ""
    for_building: str = ""
    for_unit: str = ""
    for_room: str = ""
    for_estate: str = ""
    for_thing: str = ""

    @property
    def draft(self) -> ServiceDraft:
        """The item that is to be entered; all kinds ticked are the same as none."""
        kinds = tuple(kind for kind in AddressKind if getattr(self, f"for_{kind}"))
        return ServiceDraft(
            name=self.name,
            name_en=self.name_en,
            office=self.office,
            hours=self.hours,
            phone=self.phone,
            link=self.link,
            kinds=() if len(kinds) == len(AddressKind) else kinds,
            rank=self.rank,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
        )


class ServiceCorrection(ServiceForm):
    """The same for an item that its editor saw in a version."""

    seen: Version


class FacilityForm(BaseModel):
    """What the form of a facility sends."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: FacilityKind
    name: str = Field(min_length=1, max_length=40)
    hours: str = Field("", max_length=60)
    phone: str = Field("", max_length=40)
    note: str = Field("", max_length=60)
    valid_from: Day = None
    valid_to: Day = None

    @property
    def draft(self) -> FacilityDraft:
        """The facility that is to be entered."""
        return FacilityDraft(**self.model_dump(include=set(FacilityForm.model_fields)))


class FacilityCorrection(FacilityForm):
    """The same for one that its editor saw in a version."""

    seen: Version


class Withdrawal(BaseModel):
    """Why something is taken from the pages, of the version that was seen."""

    model_config = ConfigDict(str_strip_whitespace=True)

    reason: Reason
    seen: Version
