"""A heritage entry as a value, shared by seed data, tables and exports.

Entries compare by value, so that tests can prove that export and import lose nothing.
"""

from dataclasses import dataclass
from datetime import date

from address_model.heritage.claims import DATED, Citation, Claim, list_sources

STATUSES = {
    "recognized": "已认定",
    "reported": "见于报道，未见名单",
    "shortlisted": "入围",
    "not_selected": "未入选",
    "pilot": "试点",
    "proposed": "规划拟定",
    "not_found": "暂未列入名录",
}
"""Statuses of a recognition; ``not_found`` is shown for entries without any and never stored."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """Another name of a place with its years (either may be unknown) and its source."""

    text: str
    kind: str = "former"
    year_from: int | None = None
    year_to: int | None = None
    calendar_text: str = ""
    citation: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PlaceNameRecord:
    """A place name as a value; ``geometry`` is WKT in degrees, EPSG:4490."""

    number: str
    standard_name: str
    kind: str
    division: str
    specific: str = ""
    generic: str = ""
    place_code: str = ""
    kind_code: str = ""
    kind_source: str = ""
    pinyin: str = ""
    pinyin_source: str = ""
    needs_review: bool = False
    meaning: str = ""
    origin: str = ""
    history: str = ""
    is_division: bool = False
    geometry: str = ""
    precision: str = "none"
    precision_source: str = ""
    status: str = "current"
    source: str = ""
    forms: tuple[NameForm, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A recognition: list, batch, year, status and its document."""

    scheme_code: str
    list_name: str
    status: str
    level: str = ""
    batch: str = ""
    year: int | None = None
    published: date | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to another place; ``to_entry`` is empty if that has no entry."""

    kind: str
    to_name: str
    to_entry: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A picture or recording with licence, credit and alternative text."""

    kind: str
    file: str
    alt: str
    licence: str
    title: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """Everything the catalogue holds about one place name."""

    id: str
    place: PlaceNameRecord
    heritage_class: str
    class_name: str = ""
    story_zh: str = ""
    story_en: str = ""
    summary: str = ""
    dispute: str = ""
    settlement_since: int | None = None
    settlement_precision: str = ""
    name_since: int | None = None
    name_precision: str = ""
    dynasty: str = ""
    claims: tuple[Claim, ...] = ()
    recognitions: tuple[Listing, ...] = ()
    relations: tuple[Relation, ...] = ()
    media: tuple[MediaItem, ...] = ()
    links: tuple[str, ...] = ()
    confidence: str = ""
    review_state: str = "imported"
    note: str = ""

    @property
    def attestations(self) -> tuple[Claim, ...]:
        """The claims about a year."""
        return tuple(one for one in self.claims if one.subject in DATED)

    @property
    def accounts(self) -> tuple[Claim, ...]:
        """The accounts of the origin, the main one first."""
        return tuple(one for one in self.claims if one.subject == "origin")

    @property
    def sources(self) -> tuple[Citation, ...]:
        """Each source that is cited, once."""
        return list_sources(self.claims)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list or class of an authority, in one version, its criteria as data."""

    code: str
    version: str
    name: str
    criteria: dict[str, object]
    authority: str = ""
    evidence: str = ""
    source: str = ""
    confidence: str = ""
    gaps: tuple[str, ...] = ()
