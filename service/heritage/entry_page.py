"""The template context of an entry's page."""

from dataclasses import dataclass

from address_model.coordinates import Point
from address_model.heritage.catalogue import CatalogueEntry, Listing
from address_model.heritage.claims import DATED
from address_model.heritage.inconsistencies import list_inconsistencies
from address_model.heritage.precision import Precision, precision_of
from address_model.pinyin import read_name
from service.core.web import StandbySession
from service.core.words import Words, mark
from service.heritage.age_tests import list_tests
from service.heritage.catalogue_filter import CatalogueFilter
from service.heritage.citations import CitedClaim, list_cited_claims, safe_link
from service.heritage.labels import (
    ACCOUNTS,
    NOTES,
    RECOGNISED,
    RELATIONS,
    STATUSES,
    family_of,
    say_class,
)
from service.heritage.name_spans import list_spans, list_ticks
from service.heritage.queries.entries import list_schemes
from service.heritage.queries.nearby import VILLAGE_RADIUS, list_doors_at, list_nearby
from service.heritage.queries.search import EntrySummary, list_summaries_of
from service.heritage.search_page import list_seals
from service.heritage.sketch import draw_sketch

THOUSAND = 1000
_KINDS = {"village": "village", "bridge": "structure"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A recognition in words."""

    name: str
    status: str
    detail: str
    link: str
    is_recognised: bool


@dataclass(frozen=True, slots=True)
class NameReading:
    """The pinyin of the name, and the characters whose reading needs review."""

    text: str
    doubtful: str


def entry_context(
    session: StandbySession, entry: CatalogueEntry, asked: CatalogueFilter, words: Words, today: int
) -> dict[str, object]:
    """The context of an entry's template."""
    summary = list_summaries_of(session, [entry.id])[entry.id]
    claims = list_cited_claims(entry, words)
    schemes = list_schemes(session)
    axis, spans = list_spans(entry, today, words)
    known = precision_of(entry.place.precision)
    is_english = asked.lang == "en" and bool(entry.story_en)
    return {
        "entry": entry,
        "summary": summary,
        "reading": reading_of(entry),
        "family": family_of(entry.heritage_class),
        "class_name": say_class(entry.heritage_class, entry.class_name, words),
        "given_seals": list_seals(summary, words),
        "lede": (entry.story_en, False) if is_english else (entry.story_zh or entry.summary, True),
        "spans": spans,
        "ticks": list_ticks(axis, words),
        "accounts": list_accounts(claims, words),
        "evidence": [one for one in claims if one.claim.subject in DATED],
        "cited": [one for one in claims if one.citations],
        "listings": [_listing(one, words) for one in entry.recognitions],
        "tests": list_tests(entry, schemes, today, words),
        "doubts": list_inconsistencies(entry, {one.code: one for one in schemes}, today),
        "sketch": draw_sketch([summary]),
        "precision": known.en if words.language == "en" else known.zh,
        "is_estimate": known.is_estimate,
        "relations": [  # relation, other place, its link or ""
            (
                words(NOTES.get(one.note, one.note) or RELATIONS.get(one.kind, one.kind)),
                one.to_name,
                f"/heritage/{one.to_entry}{asked.carried}" if one.to_entry else "",
            )
            for one in entry.relations
        ],
        "nearby": _nearby(session, summary, known, {one.to_entry for one in entry.relations}),
        "doors": list_doors_at(session, entry.id),
    }


def reading_of(entry: CatalogueEntry) -> NameReading:
    """The registered pinyin, else the derived one; and the characters that need review."""
    place = entry.place
    ours = read_name(place.standard_name, place.division.rstrip("0"), _KINDS.get(place.kind, ""))
    doubtful = "、".join(dict.fromkeys(ours.doubtful)) or place.standard_name
    return NameReading(place.pinyin or ours.toned, doubtful if place.needs_review else "")


def list_accounts(claims: list[CitedClaim], words: Words) -> list[tuple[str, CitedClaim]]:
    """The accounts of the origin, each with what kind of account it is."""
    return [
        (words(ACCOUNTS.get(one.claim.kind, "异说")), one)
        for one in claims
        if one.claim.subject == "origin" and one.claim.value
    ]


def _listing(one: Listing, words: Words) -> Listed:
    batch = words(mark("第{batch}批"), batch=one.batch) if one.batch.isdigit() else one.batch
    detail = " · ".join(filter(None, (batch, str(one.year or ""), one.note)))
    return Listed(
        one.list_name,
        words(STATUSES.get(one.status, one.status)),
        detail,
        safe_link(one.document),
        one.status in RECOGNISED,
    )


def _nearby(
    session: StandbySession, summary: EntrySummary, known: Precision, related: set[str]
) -> list[tuple[EntrySummary, int | None]]:
    """Nearby entries; without distances if the place itself is only estimated."""
    point: Point | None = summary.point
    if point is None:
        return []
    radius = VILLAGE_RADIUS * (2 if known.metres > THOUSAND else 1)
    found = list_nearby(session, point, radius=radius, leave_out=summary.id, limit=8)
    sure = not known.is_estimate and known.metres <= radius
    shown = [one for one in found if one.entry.id not in related]
    return [(one.entry, one.metres if sure else None) for one in shown]
