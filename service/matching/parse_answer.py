"""API schemas of parsing."""

from typing import Literal

from pydantic import BaseModel, Field

from address_model.elements import standard_text
from address_model.parsing import LEVELS, Parse, Verdict
from service.addresses.schemas import ElementsOut
from service.core.fields import Question, StandardText

SpanLevel = Literal[LEVELS]  # type: ignore[valid-type]  # the closed list of the parser, written once


class ParseIn(Question):
    """A text to parse."""

    text: str = Field(
        max_length=10_000,
        examples=["慈溪市周巷镇企业路933号-3号"],
        description="A text in which addresses may stand.",
    )


class SpanOut(BaseModel):
    """A stretch of the text and what it is; offsets count code points of the text as sent."""

    level: SpanLevel = Field(description="What it is.", examples=["number"])
    text: str = Field(description="The stretch.", examples=["933号"])
    start: int = Field(description="Its first code point, from 0.", examples=[9])
    end: int = Field(description="The code point behind it.", examples=[13])


class NamedPlateOut(BaseModel):
    """One plate that the text names."""

    standard_text: StandardText
    elements: ElementsOut = Field(description="The plate in its elements.")


class ParseOut(BaseModel):
    """What the text says."""

    text: str = Field(description="The text as sent.", examples=["慈溪市周巷镇企业路933号"])
    verdict: Verdict = Field(
        description="OK one plate, LIST several, NOPLATE none, AMBIG ask", examples=["OK"]
    )
    division: str = Field(
        description="12 digits of the deepest division that is certain, or empty",
        examples=["330282103000"],
    )
    elements: list[SpanOut] = Field(
        description="Every stretch that was read, in order.", examples=[[]]
    )
    plates: list[NamedPlateOut] = Field(
        description="The plates that the text names.", examples=[[]]
    )
    reasons: list[str] = Field(description="Why the verdict is not OK.", examples=[[]])

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
