"""Reads complete entries with all child rows, in a fixed number of statements."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import (
    CatalogueEntry,
    Listing,
    MediaItem,
    Relation,
    Scheme,
)
from address_model.heritage.claims import Citation, Claim
from address_model.heritage.inconsistencies import list_inconsistencies
from address_model.tables import (
    ClaimCitation,
    HeritageClaim,
    HeritageEntry,
    HeritageRelation,
    HeritageScheme,
    Media,
    PlaceName,
    Recognition,
    Source,
)
from service.core.errors import NotFound
from service.placenames.queries import list_records


class EntryNotFound(NotFound):
    """There is no such heritage entry."""


T = TypeVar("T")
_CITATION = (
    Source.title, Source.author, Source.published, ClaimCitation.locator, Source.url, Source.kind,
    ClaimCitation.seen_as, ClaimCitation.says, ClaimCitation.read_on, ClaimCitation.note,
)  # fmt: skip
"""The fields of a citation, in order."""
_E = HeritageEntry
_COLUMNS = (
    _E.id, PlaceName.number, _E.heritage_class, _E.class_name, _E.story_zh, _E.story_en,
    _E.summary, _E.dispute, _E.settlement_since, _E.settlement_precision, _E.name_since,
    _E.name_precision, _E.dynasty, _E.links, _E.confidence, _E.review_state, _E.note,
)  # fmt: skip


def get_entry(session: Session, entry_id: str) -> CatalogueEntry:
    """One complete entry: place name and forms, claims with citations, lists.

    Raises:
        EntryNotFound: there is no such entry.
    """
    entry = find_entry(session, entry_id)
    if entry is None:
        raise EntryNotFound(
            f"there is no entry {entry_id}", hint="search the catalogue: GET /api/v1/heritage"
        )
    return entry


def find_entry(session: Session, entry_id: str) -> CatalogueEntry | None:
    """One complete entry, or None."""
    found = list_entries(session, [entry_id])
    return found[0] if found else None


def list_all_entries(session: Session) -> list[CatalogueEntry]:
    """The whole catalogue, by id."""
    return list_entries(session, session.scalars(select(HeritageEntry.id)).all())


def list_entries(session: Session, ids: Sequence[str]) -> list[CatalogueEntry]:
    """The complete entries with these ids, by id; unknown ids are left out."""
    statement = (
        select(*_COLUMNS)
        .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
        .where(HeritageEntry.id.in_(ids))
        .order_by(HeritageEntry.id)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    places = {one.number: one for one in list_records(session, [row.number for row in rows])}
    read = _Children(session, [row.id for row in rows])
    claims, media = read.claims(), read.media()
    listings, relations = read.listings(), read.relations()
    return [
        CatalogueEntry(
            place=places[row.number],
            claims=claims.get(row.id, ()),
            recognitions=listings.get(row.id, ()),
            relations=relations.get(row.id, ()),
            media=media.get(row.id, ()),
            links=tuple(row.links),
            **{name: value for name, value in row._mapping.items() if name not in _APART},  # noqa: SLF001
        )
        for row in rows
    ]


_APART = ("number", "links")


def list_inconsistent(session: Session, year: int) -> list[tuple[CatalogueEntry, list[str]]]:
    """The entries in which something does not fit together, by id, with what it is."""
    schemes = {one.code: one for one in list_schemes(session)}
    judged = ((one, list_inconsistencies(one, schemes, year)) for one in list_all_entries(session))
    return [(entry, told) for entry, told in judged if told]


def list_schemes(session: Session) -> list[Scheme]:
    """All schemes, the versions of each in ascending order."""
    statement = select(
        HeritageScheme.code,
        HeritageScheme.version,
        HeritageScheme.name,
        HeritageScheme.criteria,
        HeritageScheme.authority,
        HeritageScheme.evidence,
        HeritageScheme.source,
        HeritageScheme.confidence,
        HeritageScheme.gaps,
    ).order_by(HeritageScheme.code, HeritageScheme.version)
    return [Scheme(*row[:-1], gaps=tuple(row[-1])) for row in session.execute(statement)]


class _Children:
    """The child rows of some entries, read table by table and grouped by what they belong to."""

    def __init__(self, session: Session, ids: Sequence[str]) -> None:
        self.session = session
        self.ids = ids

    def claims(self) -> dict[str, tuple[Claim, ...]]:
        table = HeritageClaim
        ours = select(table.id).where(table.entry_id.in_(self.ids))
        cited = (
            select(ClaimCitation.claim_id, *_CITATION)
            .join(Source, Source.id == ClaimCitation.source_id)
            .where(ClaimCitation.claim_id.in_(ours))
            .order_by(ClaimCitation.claim_id, ClaimCitation.position)
        )
        citations = self._gather(cited, lambda v: Citation(*v))
        statement = select(
            table.entry_id, table.id, table.subject, table.value, table.kind, table.language,
            table.year, table.precision, table.not_after, table.calendar_text, table.note,
        ).where(table.entry_id.in_(self.ids)).order_by(table.position)  # fmt: skip
        return self._gather(
            statement,
            lambda v: Claim(
                v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], citations.get(v[0], ()), v[9]
            ),
        )

    def listings(self) -> dict[str, tuple[Listing, ...]]:
        table = Recognition
        statement = select(
            table.entry_id, table.scheme_code, table.list_name, table.status, table.level,
            table.batch, table.year, table.published, table.document, table.note,
        ).where(table.entry_id.in_(self.ids)).order_by(table.position)  # fmt: skip
        return self._gather(statement, lambda v: Listing(*v))

    def relations(self) -> dict[str, tuple[Relation, ...]]:
        table = HeritageRelation
        statement = select(
            table.entry_id, table.kind, table.to_name, table.to_entry_id, table.note
        ).where(table.entry_id.in_(self.ids)).order_by(table.position)  # fmt: skip
        return self._gather(statement, lambda v: Relation(v[0], v[1], v[2] or "", v[3]))

    def media(self) -> dict[str, tuple[MediaItem, ...]]:
        table = Media
        statement = select(
            table.entry_id, table.kind, table.file, table.alt, table.licence, table.title,
            table.credit,
        ).where(table.entry_id.in_(self.ids)).order_by(table.position)  # fmt: skip
        return self._gather(statement, lambda v: MediaItem(*v))

    def _gather(
        self, statement: Select[*tuple[Any, ...]], make: Callable[[Sequence[Any]], T]
    ) -> dict[Any, tuple[T, ...]]:
        found: dict[Any, list[T]] = {}
        if self.ids:
            rows: Sequence[Any] = self.session.execute(statement).all()
            for key, *values in rows:
                found.setdefault(key, []).append(make(values))
        return {key: tuple(values) for key, values in found.items()}
