"""What programs send to enter and change addresses, and what they get."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from address_model.coordinates import CoordinateSystem
from address_model.positions import Accuracy
from service.addresses.cited_document import CitedDocument
from service.addresses.schemas import AddressOut
from service.core.fields import Latitude, Longitude, Question
from service.imports.written_address import WrittenPoint

Crs = Field(
    CoordinateSystem.CGCS2000, description="Coordinate system of lon and lat.", examples=["4490"]
)


class CitedIn(Question):
    """Why something is changed, and the document that it rests on."""

    reason: str = Field("", max_length=200, description="事由", examples=["门牌整治"])
    document: str = Field(
        "", max_length=200, description="依据文件的文号或名称", examples=["上政函〔2026〕12号"]
    )
    dated: date | None = Field(
        None, description="The day of the document.", examples=["2026-11-20"]
    )

    @model_validator(mode="after")
    def need_document(self) -> Self:
        """A day alone names no document."""
        if self.dated and not self.document.strip():
            raise ValueError("dated needs a document")
        return self

    @property
    def cited(self) -> CitedDocument:
        """The document as commands take it."""
        return CitedDocument(self.document.strip(), self.dated)


class EnterIn(Question):
    """An address to enter, as one writes it."""

    text: str = Field(
        min_length=2,
        max_length=300,
        description="The address with its county, of one door, building or room.",
        examples=["浙江省杭州市上城区清波街道河坊街90号"],
    )
    lon: float | None = Field(
        None, ge=-180, le=180, description="Longitude in degrees, in crs.", examples=[120.1659]
    )
    lat: float | None = Field(
        None, ge=-90, le=90, description="Latitude in degrees, in crs.", examples=[30.2401]
    )
    crs: CoordinateSystem = Crs
    source: str = Field(
        "",
        max_length=80,
        description="What it comes from: a list, a document; the program's name if empty.",
        examples=["住建竣工备案"],
    )
    source_id: str = Field(
        "", max_length=120, description="Its id in that source.", examples=["JG-2026-0113"]
    )

    @model_validator(mode="after")
    def need_both(self) -> Self:
        """One degree alone is no point."""
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat come together")
        return self

    @property
    def point(self) -> WrittenPoint | None:
        """The point, if one was sent."""
        if self.lon is None or self.lat is None:
            return None
        return WrittenPoint(self.lon, self.lat, self.crs)


class EnteredOut(BaseModel):
    """The address that was entered, or that was in the register already."""

    outcome: Literal["new", "same"] = Field(
        description="new: it was entered and has its code now; same: the register had it.",
        examples=["new"],
    )
    address: AddressOut = Field(description="The address.")


class CorrectIn(CitedIn):
    """The right text of an address; the present one becomes a former name."""

    text: str = Field(
        min_length=2,
        max_length=300,
        description="The address as it should be.",
        examples=["浙江省杭州市上城区清波街道河坊街90号"],
    )


class MoveIn(CitedIn):
    """The right point of an address."""

    lon: Longitude
    lat: Latitude
    crs: CoordinateSystem = Crs
    accuracy: Accuracy = Field(
        Accuracy.UNKNOWN,
        description="A surveyed, B large-scale map, C phone, D estimated; empty: unknown.",
        examples=["B"],
    )


class RetireIn(CitedIn):
    """Why an address ends, and what takes its place."""

    reason: str = Field(
        min_length=1,
        max_length=200,
        description="事由; shown to anybody who looks the code up.",
        examples=["房屋已拆除"],
    )
    successor: str = Field(
        "",
        max_length=24,
        description="The code of the address that takes its place, if there is one.",
        examples=["3301029032882641"],
    )
    invalid: bool = Field(
        default=False,
        description="It never was a right address (无效), entered by mistake.",
        examples=[False],
    )

    @model_validator(mode="after")
    def need_one_ending(self) -> Self:
        """What never was has no successor."""
        if self.invalid and self.successor.strip():
            raise ValueError("an invalid address has no successor")
        return self


class ChangedOut(BaseModel):
    """An address after a change, and how many changed with it."""

    address: AddressOut = Field(description="The address as it is now.")
    changed: int = Field(
        description="How many addresses changed: itself and what lies in it.", examples=[1]
    )
