"""Writes the claims of entries, and each source that they cite once."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from address_model.heritage.catalogue import CatalogueEntry
from address_model.heritage.claims import Citation
from address_model.tables import ClaimCitation, HeritageClaim, Source

Cited = tuple[str, str, str, str, str]
_OF_SOURCE = ("title", "author", "published", "url", "kind")
_OF_CITATION = ("locator", "seen_as", "says", "read_on", "note")
_OF_CLAIM = (
    "subject", "value", "kind", "language", "year", "precision", "not_after", "calendar_text",
    "note",
)  # fmt: skip


def write_claims(session: Session, entries: Sequence[CatalogueEntry]) -> None:
    """Insert the claims of some entries, whose former ones are deleted, with their citations."""
    claims = [(entry.id, at, claim) for entry in entries for at, claim in enumerate(entry.claims)]
    if not claims:
        return
    sources = _write_sources(session, (one for _, _, claim in claims for one in claim.citations))
    rows = [
        {name: getattr(claim, name) for name in _OF_CLAIM} | {"entry_id": entry, "position": at}
        for entry, at, claim in claims
    ]
    made = insert(HeritageClaim).returning(HeritageClaim.id, sort_by_parameter_order=True)
    ids = session.scalars(made, rows).all()
    cited = [
        {name: getattr(one, name) for name in _OF_CITATION}
        | {"claim_id": claim_id, "position": at, "source_id": sources[_key(one)]}
        for claim_id, (_, _, claim) in zip(ids, claims, strict=True)
        for at, one in enumerate(claim.citations)
    ]
    if cited:
        session.execute(insert(ClaimCitation), cited)


def _write_sources(session: Session, cited: Iterable[Citation]) -> dict[Cited, int]:
    """The keys of the sources that are cited; those that are new are inserted."""
    wanted = {_key(one) for one in cited}
    columns = (Source.title, Source.author, Source.published, Source.url, Source.kind)
    titles = {key[0] for key in wanted}
    held: Sequence[Any] = session.execute(
        select(*columns, Source.id).where(Source.title.in_(titles))
    ).all()
    known: dict[Cited, int] = {tuple(row[:-1]): row[-1] for row in held}
    fresh = [dict(zip(_OF_SOURCE, key, strict=True)) for key in sorted(wanted - set(known))]
    if fresh:
        made: Sequence[Any] = session.execute(
            insert(Source).returning(*columns, Source.id), fresh
        ).all()
        known |= {tuple(row[:-1]): row[-1] for row in made}
    return known


def _key(one: Citation) -> Cited:
    return (one.title, one.author, one.published, one.url, one.kind)
