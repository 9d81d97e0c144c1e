"""API schemas of claims and their citations, and the shapes that programs of before know."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from address_model.heritage.claims import Citation, Claim
from service.heritage.citations import safe_link

_TIERS = {"A": 1, "B": 2, "C": 3, "D": 4, "": 0}


class CitationOut(BaseModel):
    """A source of a claim, how it was seen, and the grade that it gives."""

    title: str = Field(description="The title.", examples=["《咸淳临安志》(四库本)"])
    author: str = Field(description="The author or publisher.", examples=["潜说友"])
    published: str = Field(description="The year, as text.", examples=["1268"])
    locator: str = Field(description="Juan and leaf, or section.", examples=["卷21 叶16a"])
    url: str = Field(description="Its address on the web.", examples=["https://example.org/21"])
    kind: str = Field(description="The kind of source.", examples=["local_gazetteer"])
    seen_as: str = Field(
        description="How it was seen: transcription_read, page_read, quoted_in_gazetteer, "
        "quoted_in_press, quoted_in_mirror or not_seen.",
        examples=["transcription_read"],
    )
    says: str = Field(
        description="Its own reading where that differs from the claim; else empty.", examples=[""]
    )
    read_on: date | None = Field(description="The day it was read.", examples=["2026-11-20"])
    note: str = Field(description="A note.", examples=[""])
    grade: Literal["A", "B", "C", "D"] = Field(
        description="A to D, by its kind and never above what was seen of it.", examples=["B"]
    )

    @classmethod
    def of(cls, one: Citation) -> "CitationOut":
        """From a citation."""
        return cls.model_validate({name: getattr(one, name) for name in cls.model_fields})


class ClaimOut(BaseModel):
    """A fact with its own sources."""

    subject: str = Field(
        description="A year of the name, predecessor_name, settlement, structure, seat or "
        "unspecified; or former_name, origin, list_status, point.",
        examples=["name"],
    )
    value: str = Field(description="What is claimed.", examples=["南宋绍兴中改名淳安"])
    kind: str = Field(
        description="Of an account of the origin: documented, genealogy, legend, scholarly or "
        "unsorted.",
        examples=[""],
    )
    language: str = Field(description="The language of the value.", examples=["zh"])
    year: int | None = Field(description="The year; negative before our era.", examples=[1131])
    precision: str = Field(description="The precision of the year.", examples=["circa"])
    not_after: bool = Field(
        description="Whether the year is only a limit: attested by then, perhaps older.",
        examples=[False],
    )
    calendar_text: str = Field(description="The year as given in the source.", examples=["绍兴中"])
    note: str = Field(description="A note.", examples=[""])
    grade: Literal["A", "B", "C", "D", ""] = Field(
        description="The best grade of the citations that bear it out; empty without any.",
        examples=["A"],
    )
    citations: list[CitationOut] = Field(description="Its sources.", examples=[[]])

    @classmethod
    def of(cls, one: Claim) -> "ClaimOut":
        """From a claim."""
        own = {name: getattr(one, name) for name in cls.model_fields if name != "citations"}
        return cls.model_validate(own | {"citations": list(map(CitationOut.of, one.citations))})


class SourceOut(BaseModel):
    """A source without its place, as before claims."""

    title: str = Field(description="The source.", examples=["《咸淳临安志》(四库本)"])
    url: str = Field(description="The page consulted.", examples=["https://example.org/21"])
    kind: str = Field(description="The kind of source.", examples=["local_gazetteer"])
    tier: int = Field(description="1 (grade A) to 4 (D).", examples=[2])

    @classmethod
    def of(cls, one: Citation) -> "SourceOut":
        """From a citation."""
        return cls(title=one.title, url=safe_link(one.url), kind=one.kind, tier=_TIERS[one.grade])


class AttestationOut(BaseModel):
    """A claim about a year with one of its sources, as before claims."""

    subject: str = Field(description="What is attested.", examples=["name"])
    year: int | None = Field(description="The year; negative before our era.", examples=[1138])
    precision: str = Field(description="The precision of the year.", examples=["year"])
    calendar_text: str = Field(
        description="The year as given in the source.", examples=["绍兴八年"]
    )
    source: SourceOut | None = Field(description="Its best source.", examples=[None])
    kind: str = Field(description="The kind of that source.", examples=["local_gazetteer"])
    grade: str = Field(description="A (primary) to D (hearsay).", examples=["B"])
    note: str = Field(description="A note.", examples=[""])

    @classmethod
    def of(cls, one: Claim) -> "AttestationOut":
        """From a claim about a year."""
        best = min(one.bearing, key=lambda cited: cited.grade, default=None)
        return cls(
            subject=one.subject, year=one.year, precision=one.precision,
            calendar_text=one.calendar_text, grade=one.grade, note=one.note,
            source=SourceOut.of(best) if best else None, kind=best.kind if best else "",
        )  # fmt: skip


class AccountOut(BaseModel):
    """An account of the origin with one of its sources, as before claims."""

    kind: str = Field(
        description="documented, genealogy, legend, scholarly or unsorted.", examples=["legend"]
    )
    text: str = Field(description="The account.", examples=["相传…"])
    language: str = Field(description="Its language.", examples=["zh"])
    source: SourceOut | None = Field(description="Its best source.", examples=[None])

    @classmethod
    def of(cls, one: Claim) -> "AccountOut":
        """From an account of the origin."""
        best = min(one.bearing, key=lambda cited: cited.grade, default=None)
        source = SourceOut.of(best) if best else None
        return cls(kind=one.kind, text=one.value, language=one.language, source=source)
