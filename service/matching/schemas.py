"""Resolving over the API."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from address_model.comparing import Difference
from address_model.coordinates import CoordinateSystem, InvalidPoint, Point, convert, distance_m
from address_model.parsing import Parse
from address_model.rendering import standard_text
from service.addresses.schemas import AddressOut, ElementsOut
from service.core.errors import BadRequest
from service.matching.focus import Focus
from service.matching.resolution import Candidate, Resolution


class NearIn(BaseModel):
    """A point to which the nearest candidates come first."""

    lon: float
    lat: float
    crs: CoordinateSystem = CoordinateSystem.CGCS2000


class ResolveIn(BaseModel):
    """A text to resolve, and where its writer means."""

    text: str = Field(min_length=1, max_length=500, examples=["浙江省杭州市上城区河坊街88号"])
    division: str = Field(
        "",
        pattern=r"^(\d{2,12})?$",
        description="a division code or its beginning: a text that names no county is read as if "
        "it began with it; what lies elsewhere is C at best",
    )
    near: NearIn | None = Field(None, description="puts the nearest candidates first")
    limit: int = Field(10, ge=1, le=50, description="candidates at most")
    scheme: str = Field(
        "", max_length=64, description="the text is an identifier of this scheme, not an address"
    )
    level: Literal["", "number"] = Field(
        "",
        description="number: the door is asked for (in an estate without numbers the building); "
        "what lies behind it is the remainder",
    )

    def focus(self) -> Focus:
        """Where to look.

        Raises:
            BadRequest: the point is none.
        """
        near = read_point(self.near.lon, self.near.lat, self.near.crs) if self.near else None
        return Focus(self.division, near, self.limit, self.scheme, self.level)


def read_point(lon: float, lat: float, crs: CoordinateSystem) -> Point:
    """A point of a request in the register's system.

    Raises:
        BadRequest: it is no point.
    """
    try:
        return convert(Point(lon, lat), crs, CoordinateSystem.CGCS2000)
    except InvalidPoint as error:
        raise BadRequest(str(error), mend="give degrees, longitude and latitude") from error


class DifferenceOut(BaseModel):
    """One element that is not written alike; ``factor`` is what it takes from the score."""

    level: str
    text: str
    register_text: str
    factor: float

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceOut":
        """Show one."""
        return cls(
            level=difference.level,
            text=difference.wanted,
            register_text=difference.held,
            factor=difference.factor,
        )


class CandidateOut(BaseModel):
    """An address that the text may mean."""

    code: str
    standard_text: str
    score: float
    repairs: list[str]
    differences: list[DifferenceOut]
    metres: float | None = Field(description="how far from the point in near, when both are known")

    @classmethod
    def of(cls, candidate: Candidate, near: Point | None = None) -> "CandidateOut":
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
    """What the text resolved to."""

    text: str
    category: str = Field(
        description="A: exact but for writing; B: safe after the repairs in reasons; "
        "C: uncertain, see candidates and question; none: no such address"
    )
    match_level: str | None
    score: float
    matched_kind: str | None = Field(description="standard, former, alias or department")
    matched_text: str | None
    address: AddressOut | None
    historic: AddressOut | None = Field(description="the ended address whose text matched")
    differences: list[DifferenceOut]
    unknown: list[str] = Field(description="what of the text is no part of an address")
    candidates: list[CandidateOut]
    question: str | None
    reasons: list[str]
    remainder: str = Field(description="what of the text lies below the level asked for")

    @classmethod
    def of(cls, found: Resolution, near: Point | None = None) -> "ResolveOut":
        """Show one resolution; ``near`` is what candidates are measured from."""
        name = found.matched_name
        return cls(
            text=found.text,
            category=found.category,
            match_level=found.match_level or None,
            score=found.score,
            matched_kind=name.kind if name else None,
            matched_text=name.text if name else None,
            address=AddressOut.of(found.address) if found.address else None,
            historic=AddressOut.of(found.historic) if found.historic else None,
            differences=[DifferenceOut.of(d) for d in found.differences],
            unknown=list(found.unknown),
            candidates=[CandidateOut.of(c, near) for c in found.candidates],
            question=found.question or None,
            reasons=list(found.reasons),
            remainder=found.remainder,
        )


class BatchIn(BaseModel):
    """Texts to resolve, 10,000 at most; more go through `menpai resolve-file`."""

    texts: list[Annotated[str, Field(max_length=500)]]


class BatchRow(BaseModel):
    """The result of one text; texts and rows have the same order."""

    text: str
    category: str
    code: str
    standard_text: str
    match_level: str
    score: float
    differences: str
    remainder: str


class BatchOut(BaseModel):
    """The results of a batch, in the order of its texts."""

    results: list[BatchRow]


class DoorOut(BaseModel):
    """An address that completes what was typed."""

    code: str
    standard_text: str


class SuggestionsOut(BaseModel):
    """Names that complete what was typed; behind a whole name and digits, its doors."""

    suggestions: list[str]
    addresses: list[DoorOut]


class NearestOut(BaseModel):
    """The address nearest to a point, and how far it lies."""

    address: AddressOut
    metres: float


class ParseIn(BaseModel):
    """A text to parse."""

    text: str = Field(max_length=10_000, examples=["慈溪市周巷镇企业路933号-3号"])


class SpanOut(BaseModel):
    """A stretch of the text and what it is; offsets count code points of the text as sent."""

    level: str
    text: str
    start: int
    end: int


class NamedPlateOut(BaseModel):
    """One plate that the text names."""

    standard_text: str
    elements: ElementsOut


class ParseOut(BaseModel):
    """What the text says."""

    text: str
    verdict: str = Field(description="OK one plate, LIST several, NOPLATE none, AMBIG ask")
    division: str = Field(description="12 digits of the deepest division that is certain, or empty")
    elements: list[SpanOut]
    plates: list[NamedPlateOut]
    reasons: list[str]

    @classmethod
    def of(cls, reading: Parse) -> "ParseOut":
        """Show one reading."""
        return cls(
            text=reading.text,
            verdict=str(reading.verdict),
            division=reading.division,
            elements=[SpanOut(**element._asdict()) for element in reading.elements],
            plates=[
                NamedPlateOut(standard_text=standard_text(plate), elements=ElementsOut.of(plate))
                for plate in reading.plates
            ],
            reasons=list(reading.reasons),
        )
