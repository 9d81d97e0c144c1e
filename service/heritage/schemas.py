"""API schemas of catalogue entries."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from address_model.heritage.catalogue import (
    CatalogueEntry,
    Listing,
    MediaItem,
    NameForm,
    Relation,
)
from address_model.heritage.geometry import geometry_of
from address_model.heritage.precision import decimals_of, precision_of
from service.core.fields import DivisionCode, NextCursor
from service.heritage.claim_schemas import AccountOut, AttestationOut, ClaimOut, SourceOut
from service.heritage.queries import EntrySummary
from service.heritage.queries.search import Badge


class PlacedAtOut(BaseModel):
    """The location of a place, rounded to its precision (GeoJSON, degrees, EPSG:4490)."""

    geometry: dict[str, Any] | None = Field(
        description="GeoJSON, degrees, EPSG:4490; rounded to its precision.", examples=[None]
    )
    precision: str = Field(description="The precision of the location.", examples=["surveyed"])
    accuracy_m: int | None = Field(description="The accuracy radius in metres.", examples=[10])
    is_estimate: bool = Field(description="Whether it is an estimate.", examples=[False])

    @classmethod
    def of(cls, wkt: str, word: str) -> "PlacedAtOut":
        """From a geometry (WKT) and its precision."""
        known = precision_of(word)
        return cls(
            geometry=geometry_of(wkt, decimals_of(word)),
            precision=word,
            accuracy_m=known.metres or None,
            is_estimate=known.is_estimate,
        )


class EntryOut(BaseModel):
    """One entry in a list."""

    id: str = Field(description="The id of the entry.", examples=["ZJH-0087"])
    name: str = Field(description="The standard name.", examples=["河坊街"])
    pinyin: str = Field(description="The name in pinyin.", examples=["Hefang Jie"])
    needs_review: bool = Field(description="Whether the name needs review.", examples=[False])
    heritage_class: str = Field(description="The class.", examples=["street_lane"])
    class_name: str = Field(description="The class in Chinese.", examples=["街路巷"])
    story_zh: str = Field(description="The story in Chinese.", examples=["南宋御街之侧…"])
    story_en: str = Field(
        description="The story in English.", examples=["Beside the imperial way …"]
    )
    division: DivisionCode
    county: str = Field(description="The county, in Chinese.", examples=["上城区"])
    city: str = Field(description="The prefecture, in Chinese.", examples=["杭州市"])
    settlement_since: int | None = Field(
        description="Year of the settlement; negative before our era.", examples=[1138]
    )
    name_since: int | None = Field(
        description="Year of the name; negative before our era.", examples=[1138]
    )
    dynasty: str = Field(description="Dynasty of that year.", examples=["南宋"])
    confidence: str = Field(description="The confidence in the evidence.", examples=["high"])
    review_state: Literal["imported", "doubtful", "reviewed"] = Field(
        description="The review state.", examples=["reviewed"]
    )
    position: PlacedAtOut = Field(description="The location.")
    recognitions: list[Badge] = Field(description="Lists that name it.", examples=[[]])

    @classmethod
    def of(cls, one: EntrySummary) -> "EntryOut":
        """From a summary."""
        wkt = f"POINT({one.point.lon} {one.point.lat})" if one.point else ""
        own = {name: getattr(one, name) for name in cls.model_fields if hasattr(one, name)}
        position = PlacedAtOut.of(wkt, one.precision)
        return cls(**own, position=position, recognitions=list(one.badges))


class EntryList(BaseModel):
    """A page of entries; ``next`` is the cursor of the next page."""

    entries: list[EntryOut] = Field(description="The entries of the page, by id.", examples=[[]])
    total: int = Field(description="The number of entries on all pages.", examples=[182])
    next: NextCursor


class EntryDetail(BaseModel):
    """An entry with its evidence and sources."""

    id: str = Field(description="The id of the entry.", examples=["ZJH-0087"])
    url: str = Field(
        description="The page of the entry.",
        examples=["https://dz.example.gov.cn/heritage/ZJH-0087"],
    )
    name: str = Field(description="The standard name.", examples=["河坊街"])
    pinyin: str = Field(description="The name in pinyin.", examples=["Hefang Jie"])
    pinyin_source: str = Field(description="Where the pinyin comes from.", examples=["derived"])
    needs_review: bool = Field(description="Whether the name needs review.", examples=[False])
    heritage_class: str = Field(description="The class.", examples=["street_lane"])
    class_name: str = Field(description="The class in Chinese.", examples=["街路巷"])
    division: DivisionCode
    kind: str = Field(description="The kind of place.", examples=["street"])
    story_zh: str = Field(description="The story in Chinese.", examples=["南宋御街之侧…"])
    story_en: str = Field(
        description="The story in English.", examples=["Beside the imperial way …"]
    )
    summary: str = Field(description="A summary of the evidence.", examples=[""])
    dispute: str = Field(description="What is disputed.", examples=[""])
    settlement_since: int | None = Field(
        description="Year of the settlement; negative before our era.", examples=[1138]
    )
    settlement_precision: str = Field(description="The precision of that year.", examples=["year"])
    name_since: int | None = Field(
        description="Year of the name; negative before our era.", examples=[1138]
    )
    name_precision: str = Field(description="The precision of that year.", examples=["year"])
    dynasty: str = Field(description="Dynasty of that year.", examples=["南宋"])
    confidence: str = Field(description="The confidence in the evidence.", examples=["high"])
    review_state: Literal["imported", "doubtful", "reviewed"] = Field(
        description="The review state.", examples=["reviewed"]
    )
    note: str = Field(description="A note.", examples=[""])
    position: PlacedAtOut = Field(description="The location.")
    forms: list[NameForm] = Field(description="Its other current and former names.", examples=[[]])
    claims: list[ClaimOut] = Field(
        description="Its facts, each with its own sources, rival readings among them.",
        examples=[[]],
    )
    attestations: list[AttestationOut] = Field(
        description="The claims about a year, with one source each.", examples=[[]]
    )
    accounts: list[AccountOut] = Field(
        description="Accounts of the origin, including competing ones.", examples=[[]]
    )
    recognitions: list[Listing] = Field(description="Lists that name it.", examples=[[]])
    relations: list[Relation] = Field(description="Its relations to other places.", examples=[[]])
    media: list[MediaItem] = Field(description="Pictures and recordings.", examples=[[]])
    sources: list[SourceOut] = Field(description="Each source, once.", examples=[[]])
    links: list[str] = Field(description="Links to other catalogues.", examples=[[]])

    @classmethod
    def of(cls, entry: CatalogueEntry, url: str) -> "EntryDetail":
        """From an entry."""
        place = entry.place
        shown = set(cls.model_fields) - {"claims", "attestations", "accounts", "sources"}
        own = {name: getattr(entry, name) for name in shown if hasattr(entry, name)}
        named = {name: getattr(place, name) for name in ("pinyin", "pinyin_source", "kind")}
        return cls(
            **own | named,
            url=url,
            name=place.standard_name,
            needs_review=place.needs_review,
            division=place.division,
            forms=list(place.forms),
            claims=list(map(ClaimOut.of, entry.claims)),
            attestations=list(map(AttestationOut.of, entry.attestations)),
            accounts=list(map(AccountOut.of, entry.accounts)),
            sources=list(map(SourceOut.of, entry.sources)),
            position=PlacedAtOut.of(place.geometry, place.precision),
        )


VALUE_MEMBERS: dict[str, dict[str, tuple[str, object]]] = {
    "NameForm": {
        "text": ("The name.", "新宫桥"),
        "kind": ("former, alias, variant or dialect.", "former"),
        "year_from": ("First year; negative before our era.", 1138),
        "year_to": ("Last year.", 1276),
        "calendar_text": ("The years as given in the source.", "绍兴八年"),
        "citation": ("The source.", "咸淳临安志"),
        "reference": ("The page consulted.", "https://example.org/lin-an"),
    },
    "Listing": {
        "scheme_code": ("Code of the list.", "CN-QNGX"),
        "list_name": ("Name of the list.", "千年古县"),
        "status": ("recognized, reported, shortlisted, not_selected, pilot, proposed.", "pilot"),
        "level": ("Level of the authority.", "national"),
        "batch": ("Batch of the list.", "第一批"),
        "year": ("Year.", 2019),
        "published": ("Day of publication.", "2019-05-01"),
        "document": ("The document of the listing.", "民函〔2019〕1号"),
        "note": ("A note.", ""),
    },
    "Badge": {
        "scheme_code": ("Code of the list.", "CN-QNGX"),
        "list_name": ("Name of the list.", "千年古县"),
        "status": ("recognized, reported, shortlisted, not_selected, pilot, proposed.", "pilot"),
        "batch": ("Batch of the list.", "第一批"),
        "year": ("Year.", 2019),
    },
    "Relation": {
        "kind": ("The relation to the other place.", "near"),
        "to_name": ("The name of the other place.", "西湖"),
        "to_entry": ("Its entry, or empty.", "ZJH-0001"),
        "note": ("A note.", ""),
    },
    "MediaItem": {
        "kind": ("image or sound.", "image"),
        "file": ("The file.", "hefang.jpg"),
        "alt": ("The alternative text.", "河坊街街景"),
        "licence": ("Its licence.", "CC-BY-4.0"),
        "title": ("Its title.", "河坊街"),
        "credit": ("The credit line.", "演示"),
    },
}
"""Descriptions and examples for the OpenAPI schemas of values that belong to the address model,
which has no API metadata of its own."""
