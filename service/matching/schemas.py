"""Resolving over the API."""

from pydantic import BaseModel, Field

from address_model.parsing import Parse
from address_model.rendering import standard_text
from service.addresses.schemas import AddressOut, ElementsOut
from service.matching.queries import Resolution


class ResolveIn(BaseModel):
    """A text to resolve."""

    text: str = Field(min_length=1, max_length=500, examples=["浙江省杭州市上城区河坊街88号"])


class ResolveOut(BaseModel):
    """What the text resolved to."""

    text: str
    category: str = Field(description="A: exact but for writing; none: no such address")
    match_level: str | None
    matched_kind: str | None = Field(description="standard, former, alias or department")
    matched_text: str | None
    address: AddressOut | None
    reasons: list[str]

    @classmethod
    def of(cls, found: Resolution) -> "ResolveOut":
        """Show one resolution."""
        name = found.matched_name
        return cls(
            text=found.text,
            category=found.category,
            match_level=found.address.level if found.address else None,
            matched_kind=name.kind if name else None,
            matched_text=name.text if name else None,
            address=AddressOut.of(found.address) if found.address else None,
            reasons=list(found.reasons),
        )


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
