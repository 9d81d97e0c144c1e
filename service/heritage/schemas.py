"""Entries of the catalogue as the API shows them."""

from typing import Any

from pydantic import BaseModel

from address_model.heritage.catalogue import (
    Account,
    CatalogueEntry,
    Citation,
    Evidence,
    Listing,
    MediaItem,
    NameForm,
    Relation,
)
from address_model.heritage.geometry import geometry_of
from address_model.heritage.precision import decimals_of, precision_of
from service.heritage.queries import EntrySummary
from service.heritage.queries.searching import Badge


class PositionOut(BaseModel):
    """Where a place lies, written no closer than it is known (GeoJSON, degrees, EPSG:4490)."""

    geometry: dict[str, Any] | None
    precision: str
    accuracy_m: int | None
    is_estimate: bool

    @classmethod
    def of(cls, wkt: str, word: str) -> "PositionOut":
        """Show a geometry with how exactly it is known."""
        known = precision_of(word)
        return cls(
            geometry=geometry_of(wkt, decimals_of(word)),
            precision=word,
            accuracy_m=known.metres or None,
            is_estimate=known.is_estimate,
        )


class EntryOut(BaseModel):
    """One entry in a list."""

    id: str
    name: str
    pinyin: str
    needs_review: bool
    heritage_class: str
    class_name: str
    story_zh: str
    story_en: str
    division: str
    county: str
    city: str
    settlement_since: int | None
    name_since: int | None
    dynasty: str
    confidence: str
    review_state: str
    position: PositionOut
    recognitions: list[Badge]

    @classmethod
    def of(cls, one: EntrySummary) -> "EntryOut":
        """Show a summary."""
        wkt = f"POINT({one.point.lon} {one.point.lat})" if one.point else ""
        own = {name: getattr(one, name) for name in cls.model_fields if hasattr(one, name)}
        position = PositionOut.of(wkt, one.precision)
        return cls(**own, position=position, recognitions=list(one.badges))


class EntryList(BaseModel):
    """A page of entries; ``next`` is the cursor of the page behind it."""

    entries: list[EntryOut]
    total: int
    next: str | None


class EntryDetail(BaseModel):
    """Everything that is known of an entry, and who says so."""

    id: str
    url: str
    name: str
    pinyin: str
    pinyin_source: str
    needs_review: bool
    heritage_class: str
    class_name: str
    division: str
    kind: str
    story_zh: str
    story_en: str
    summary: str
    dispute: str
    settlement_since: int | None
    settlement_precision: str
    name_since: int | None
    name_precision: str
    dynasty: str
    confidence: str
    review_state: str
    note: str
    position: PositionOut
    forms: list[NameForm]
    attestations: list[Evidence]
    accounts: list[Account]
    recognitions: list[Listing]
    relations: list[Relation]
    media: list[MediaItem]
    sources: list[Citation]
    links: list[str]

    @classmethod
    def of(cls, entry: CatalogueEntry, url: str) -> "EntryDetail":
        """Show an entry."""
        place = entry.place
        own = {name: getattr(entry, name) for name in cls.model_fields if hasattr(entry, name)}
        named = {name: getattr(place, name) for name in ("pinyin", "pinyin_source", "kind")}
        return cls(
            **own | named,
            url=url,
            name=place.standard_name,
            needs_review=place.needs_review,
            division=place.division,
            forms=list(place.forms),
            position=PositionOut.of(place.geometry, place.precision),
        )
