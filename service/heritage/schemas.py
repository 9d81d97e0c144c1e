"""Entries of the catalogue as the API shows them."""

from typing import Any, Literal

from pydantic import BaseModel, Field

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
from service.core.fields import DivisionCode, NextCursor
from service.heritage.queries import EntrySummary
from service.heritage.queries.search import Badge


class PlacedAtOut(BaseModel):
    """Where a place lies, written no closer than it is known (GeoJSON, degrees, EPSG:4490)."""

    geometry: dict[str, Any] | None = Field(
        description="GeoJSON, degrees, EPSG:4490; no closer than it is known.", examples=[None]
    )
    precision: str = Field(description="How exactly it is known.", examples=["surveyed"])
    accuracy_m: int | None = Field(
        description="The radius in metres that it lies within.", examples=[10]
    )
    is_estimate: bool = Field(description="Whether it is an estimate.", examples=[False])

    @classmethod
    def of(cls, wkt: str, word: str) -> "PlacedAtOut":
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

    id: str = Field(description="The id of the entry.", examples=["ZJH-0087"])
    name: str = Field(description="The standard name.", examples=["河坊街"])
    pinyin: str = Field(description="The name in pinyin.", examples=["Hefang Jie"])
    needs_review: bool = Field(
        description="Whether somebody should look at the name.", examples=[False]
    )
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
    confidence: str = Field(description="How sure the evidence is.", examples=["high"])
    review_state: Literal["imported", "doubtful", "reviewed"] = Field(
        description="How far it was reviewed.", examples=["reviewed"]
    )
    position: PlacedAtOut = Field(description="Where it lies.")
    recognitions: list[Badge] = Field(description="Lists it stands on.", examples=[[]])

    @classmethod
    def of(cls, one: EntrySummary) -> "EntryOut":
        """Show a summary."""
        wkt = f"POINT({one.point.lon} {one.point.lat})" if one.point else ""
        own = {name: getattr(one, name) for name in cls.model_fields if hasattr(one, name)}
        position = PlacedAtOut.of(wkt, one.precision)
        return cls(**own, position=position, recognitions=list(one.badges))


class EntryList(BaseModel):
    """A page of entries; ``next`` is the cursor of the page behind it."""

    entries: list[EntryOut] = Field(description="The page, in order of id.", examples=[[]])
    total: int = Field(description="How many there are on all pages.", examples=[182])
    next: NextCursor


class EntryDetail(BaseModel):
    """Everything that is known of an entry, and who says so."""

    id: str = Field(description="The id of the entry.", examples=["ZJH-0087"])
    url: str = Field(
        description="The page of the entry.",
        examples=["https://dz.example.gov.cn/heritage/ZJH-0087"],
    )
    name: str = Field(description="The standard name.", examples=["河坊街"])
    pinyin: str = Field(description="The name in pinyin.", examples=["Hefang Jie"])
    pinyin_source: str = Field(description="Where the pinyin comes from.", examples=["derived"])
    needs_review: bool = Field(
        description="Whether somebody should look at the name.", examples=[False]
    )
    heritage_class: str = Field(description="The class.", examples=["street_lane"])
    class_name: str = Field(description="The class in Chinese.", examples=["街路巷"])
    division: DivisionCode
    kind: str = Field(description="The kind of place.", examples=["street"])
    story_zh: str = Field(description="The story in Chinese.", examples=["南宋御街之侧…"])
    story_en: str = Field(
        description="The story in English.", examples=["Beside the imperial way …"]
    )
    summary: str = Field(description="The evidence in short.", examples=[""])
    dispute: str = Field(description="What is disputed.", examples=[""])
    settlement_since: int | None = Field(
        description="Year of the settlement; negative before our era.", examples=[1138]
    )
    settlement_precision: str = Field(
        description="How exactly that year is known.", examples=["year"]
    )
    name_since: int | None = Field(
        description="Year of the name; negative before our era.", examples=[1138]
    )
    name_precision: str = Field(description="How exactly that year is known.", examples=["year"])
    dynasty: str = Field(description="Dynasty of that year.", examples=["南宋"])
    confidence: str = Field(description="How sure the evidence is.", examples=["high"])
    review_state: Literal["imported", "doubtful", "reviewed"] = Field(
        description="How far it was reviewed.", examples=["reviewed"]
    )
    note: str = Field(description="What was noted.", examples=[""])
    position: PlacedAtOut = Field(description="Where it lies.")
    forms: list[NameForm] = Field(description="Every other name it has or had.", examples=[[]])
    attestations: list[Evidence] = Field(
        description="What sources say existed in which year.", examples=[[]]
    )
    accounts: list[Account] = Field(
        description="Accounts of the origin, rival ones too.", examples=[[]]
    )
    recognitions: list[Listing] = Field(description="Lists it stands on.", examples=[[]])
    relations: list[Relation] = Field(description="How it stands to other places.", examples=[[]])
    media: list[MediaItem] = Field(description="Pictures and recordings.", examples=[[]])
    sources: list[Citation] = Field(description="Sources.", examples=[[]])
    links: list[str] = Field(description="Further pages.", examples=[[]])

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
            position=PlacedAtOut.of(place.geometry, place.precision),
        )


VALUE_MEMBERS: dict[str, dict[str, tuple[str, object]]] = {
    "NameForm": {
        "text": ("The name.", "新宫桥"),
        "kind": ("former, alias, variant or dialect.", "former"),
        "year_from": ("First year; negative before our era.", 1138),
        "year_to": ("Last year.", 1276),
        "calendar_text": ("The years as the source writes them.", "绍兴八年"),
        "citation": ("Where that is said.", "咸淳临安志"),
        "reference": ("The page that was read.", "https://example.org/lin-an"),
    },
    "Citation": {
        "title": ("The source.", "咸淳临安志"),
        "url": ("The page that was read.", "https://example.org/lin-an"),
        "kind": ("The kind of source.", "gazetteer"),
        "tier": ("How near it is to what it tells, from 1.", 1),
    },
    "Evidence": {
        "subject": ("What existed: name, settlement, structure, seat …", "name"),
        "year": ("In which year; negative before our era.", 1138),
        "precision": ("How exactly the year is known.", "year"),
        "calendar_text": ("The year as the source writes it.", "绍兴八年"),
        "source": ("Who says so.", None),
        "kind": ("The kind of evidence.", "gazetteer"),
        "grade": ("A (primary) to D (hearsay).", "A"),
        "note": ("What was noted.", ""),
    },
    "Account": {
        "kind": ("documented, genealogy, legend, scholarly or unsorted.", "legend"),
        "text": ("The account.", "相传…"),
        "language": ("Its language.", "zh"),
        "source": ("Who tells it.", None),
    },
    "Listing": {
        "scheme_code": ("Code of the list.", "CN-QNGX"),
        "list_name": ("Name of the list.", "千年古县"),
        "status": ("recognized, reported, shortlisted, not_selected, pilot, proposed.", "pilot"),
        "level": ("Level of the authority.", "national"),
        "batch": ("Batch of the list.", "第一批"),
        "year": ("Year.", 2019),
        "published": ("Day of publication.", "2019-05-01"),
        "document": ("The document that says so.", "民函〔2019〕1号"),
        "note": ("What was noted.", ""),
    },
    "Badge": {
        "scheme_code": ("Code of the list.", "CN-QNGX"),
        "list_name": ("Name of the list.", "千年古县"),
        "status": ("recognized, reported, shortlisted, not_selected, pilot, proposed.", "pilot"),
        "batch": ("Batch of the list.", "第一批"),
        "year": ("Year.", 2019),
    },
    "Relation": {
        "kind": ("How it stands to the other place.", "near"),
        "to_name": ("The name of the other place.", "西湖"),
        "to_entry": ("Its entry, or empty.", "ZJH-0001"),
        "note": ("What was noted.", ""),
    },
    "MediaItem": {
        "kind": ("image or sound.", "image"),
        "file": ("The file.", "hefang.jpg"),
        "alt": ("Words for those who cannot see or hear it.", "河坊街街景"),
        "licence": ("Its licence.", "CC-BY-4.0"),
        "title": ("Its title.", "河坊街"),
        "credit": ("Whom to name.", "演示"),
    },
}
"""The members of the values above, by their names in the API's description: what they say, and an
example. The values belong to the address model, which knows of no API."""
