"""API schemas of resolving."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from address_model.comparison import ElementDifference
from address_model.coordinates import CoordinateSystem, Point, distance_m
from address_model.sensitivity import Viewer
from service.addresses.schemas import AddressLevel, AddressOut
from service.core.boxes import read_point
from service.core.fields import (
    AddressCode,
    Latitude,
    Longitude,
    Metres,
    Question,
    Score,
    StandardText,
)
from service.matching.resolution import Candidate, Resolution
from service.matching.resolve_options import ResolveOptions
from service.matching.written_elements import ElementsIn

Category = Literal["A", "B", "C", "none"]


class NearIn(Question):
    """A point; the nearest candidates come first."""

    lon: Longitude
    lat: Latitude
    crs: CoordinateSystem = Field(
        CoordinateSystem.CGCS2000,
        description="Coordinate system of lon and lat.",
        examples=["4490"],
    )


class ResolveIn(Question):
    """A text to resolve, with options."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["elements"]}]}
    )

    text: str = Field(
        "",
        max_length=500,
        examples=["浙江省杭州市上城区河坊街88号"],
        description="An address, or an identifier of the scheme.",
    )
    elements: ElementsIn | None = Field(
        None,
        description="The address element by element, instead of a text.",
        examples=[{"county": "上城区", "thoroughfare": "河坊街", "number": "88"}],
    )
    division: str = Field(
        "",
        pattern=r"^(\d{2,12})?$",
        description="a division code or its prefix: a text without county is read as if "
        "it began with it; results elsewhere are C at best",
        examples=["330102"],
    )
    near: NearIn | None = Field(
        None, description="puts the nearest candidates first", examples=[None]
    )
    limit: int = Field(10, ge=1, le=50, description="maximum number of candidates", examples=[10])
    scheme: str = Field(
        "",
        max_length=64,
        description="the text is an identifier of this scheme, not an address",
        examples=["police"],
    )
    level: Literal["", "number"] = Field(
        "",
        description="number: resolve to the door (in an estate without numbers the building); "
        "the levels below become the remainder",
        examples=["number"],
    )

    @model_validator(mode="after")
    def has_one_form(self) -> Self:
        """Refuse a request with text and elements, or with neither."""
        if bool(self.text) is bool(self.elements):
            raise ValueError("send either text or elements")
        return self

    @property
    def wanted_text(self) -> str:
        """The text to resolve.

        Raises:
            BadRequest: the elements make none.
        """
        return self.elements.write() if self.elements else self.text

    def focus(self, viewer: Viewer) -> ResolveOptions:
        """The resolve options, for answers that a viewer sees.

        Raises:
            BadRequest: the point is invalid.
        """
        near = read_point(self.near.lon, self.near.lat, self.near.crs) if self.near else None
        return ResolveOptions(
            self.division, near, self.limit, self.scheme, self.level, viewer=viewer
        )


class DifferenceOut(BaseModel):
    """One element that differs; the score is multiplied by ``factor``."""

    level: str = Field(description="The element.", examples=["number"])
    text: str = Field(description="The value in the text.", examples=["88号"])
    register_text: str = Field(description="The value in the register.", examples=["86号"])
    factor: float = Field(description="Factor of the score.", examples=[0.8])

    @classmethod
    def of(cls, difference: ElementDifference) -> "DifferenceOut":
        """Show one."""
        return cls(
            level=difference.level,
            text=difference.wanted,
            register_text=difference.held,
            factor=difference.factor,
        )


class ResolvedCandidate(BaseModel):
    """An address that the text may mean."""

    code: AddressCode
    standard_text: StandardText
    score: Score
    repairs: list[str] = Field(description="The repairs it needs.", examples=[[]])
    differences: list[DifferenceOut] = Field(
        description="What is not written alike.", examples=[[]]
    )
    metres: float | None = Field(
        description="distance from the point in near, if both are known", examples=[12.5]
    )

    @classmethod
    def of(cls, candidate: Candidate, near: Point | None = None) -> "ResolvedCandidate":
        """Show one."""
        shown = candidate.address.position
        return cls(
            code=candidate.address.code,
            standard_text=candidate.address.standard_text,
            score=round(candidate.score, 3),
            repairs=list(candidate.repairs),
            differences=[DifferenceOut.of(d) for d in candidate.differences],
            metres=round(distance_m(near, shown.point), 1) if near and shown else None,
        )


class ResolveOut(BaseModel):
    """The result of resolving a text."""

    text: str = Field(description="The text as sent.", examples=["河坊街88号"])
    category: Category = Field(
        description="A: exact apart from spelling; B: safe after the repairs in reasons; "
        "C: uncertain, see candidates and question; none: no such address",
        examples=["A"],
    )
    match_level: AddressLevel | None = Field(
        description="The deepest level found.", examples=["number"]
    )
    score: Score
    matched_kind: Literal["standard", "former", "alias", "department", "second"] | None = Field(
        description="standard, former, alias or department", examples=["standard"]
    )
    matched_text: str | None = Field(description="The name that matched.", examples=["河坊街88号"])
    address: AddressOut | None = Field(description="The address, for A and B.", examples=[None])
    historic: AddressOut | None = Field(
        description="the ended address whose text matched", examples=[None]
    )
    differences: list[DifferenceOut] = Field(
        description="What is not written alike.", examples=[[]]
    )
    unknown: list[str] = Field(
        description="parts of the text that are not part of an address", examples=[[]]
    )
    candidates: list[ResolvedCandidate] = Field(description="Other candidates.", examples=[[]])
    question: str | None = Field(description="What to ask the writer.", examples=[None])
    reasons: list[str] = Field(description="Why the category is not better.", examples=[[]])
    remainder: str = Field(description="the text below the requested level", examples=[""])

    @classmethod
    def of(cls, found: Resolution, viewer: Viewer, near: Point | None = None) -> "ResolveOut":
        """Show one resolution to a viewer; ``near`` is the origin of the candidates' distances."""
        name = found.matched_name
        return cls(
            text=found.text,
            category=found.category,
            match_level=found.match_level or None,
            score=found.score,
            matched_kind=name.kind if name else None,
            matched_text=name.text if name else None,
            address=AddressOut.of(found.address, viewer) if found.address else None,
            historic=AddressOut.of(found.historic, viewer) if found.historic else None,
            differences=[DifferenceOut.of(d) for d in found.differences],
            unknown=list(found.unknown),
            candidates=[ResolvedCandidate.of(c, near) for c in found.candidates],
            question=found.question or None,
            reasons=list(found.reasons),
            remainder=found.remainder,
        )


class ResolveBatchIn(Question):
    """Texts to resolve; more than 10,000 become a run."""

    texts: list[Annotated[str, Field(max_length=500)]] = Field(
        description="The texts.", examples=[["杭州市上城区河坊街88号"]]
    )


class ResolvedRow(BaseModel):
    """The result of one text; texts and rows have the same order."""

    text: str = Field(description="The text as sent.", examples=["河坊街88号"])
    category: Category = Field(description="A, B, C or none.", examples=["A"])
    code: str = Field(description="The address code, or empty.", examples=["3301029032882641"])
    standard_text: str = Field(
        description="The standard address, or empty.",
        examples=["浙江省杭州市上城区清波街道河坊街88号"],
    )
    match_level: str = Field(description="The deepest level found, or empty.", examples=["number"])
    score: Score
    differences: str = Field(description="The differences, or the question to ask.", examples=[""])
    remainder: str = Field(description="The text below the requested level.", examples=[""])


class ResolvedBatchOut(BaseModel):
    """The results of a batch, in the order of its texts."""

    results: list[ResolvedRow] = Field(description="In the order of the texts.", examples=[[]])


class DoorOut(BaseModel):
    """An address that completes the typed text."""

    code: AddressCode
    standard_text: StandardText


class SuggestionsOut(BaseModel):
    """Names that complete the typed text; after a whole name and digits, its doors."""

    suggestions: list[str] = Field(description="Names.", examples=[["河坊街"]])
    addresses: list[DoorOut] = Field(description="Doors.", examples=[[]])


class NearOut(BaseModel):
    """An address near a point, with its distance."""

    address: AddressOut = Field(description="The address.")
    metres: Metres


class NearestOut(NearOut):
    """The address nearest to a point, with its distance, and the others near it."""

    others: list[NearOut] = Field(
        description="The next ones by distance, up to `limit` with the first.", examples=[[]]
    )
