"""Reads the names that lists are reconciled against: every entry by all it is and was called."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import HeritageEntry, PlaceName, PlaceNameForm
from service.heritage.queries import EntryFilter, EntrySummary, list_summaries
from service.heritage.reconciliation.scores import ReconcileCandidate

_MOST = 20_000


def list_candidates(session: Session) -> list[ReconcileCandidate]:
    """Every entry with its names, in order of id."""
    forms: dict[str, list[tuple[str, str]]] = {}
    statement = (
        select(HeritageEntry.id, PlaceNameForm.text, PlaceNameForm.pinyin_plain)
        .join(PlaceNameForm, PlaceNameForm.place_name_id == HeritageEntry.place_name_id)
        .order_by(HeritageEntry.id, PlaceNameForm.position)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    for entry_id, text, pinyin in rows:
        forms.setdefault(entry_id, []).append((text, pinyin))
    read = dict(session.execute(_plain()).all())
    entries = list_summaries(session, EntryFilter(), limit=_MOST)
    return [_candidate(one, read[one.id], forms.get(one.id, [])) for one in entries]


def _plain() -> Any:
    return select(HeritageEntry.id, PlaceName.pinyin_plain).join(
        PlaceName, PlaceName.id == HeritageEntry.place_name_id
    )


def _candidate(one: EntrySummary, pinyin: str, forms: list[tuple[str, str]]) -> ReconcileCandidate:
    return ReconcileCandidate(
        id=one.id,
        name=one.name,
        others=tuple(text for text, _ in forms),
        pinyin=(pinyin, *(read for _, read in forms)),
        type_id=one.heritage_class,
        type_name=one.class_name,
        places=tuple(filter(None, (one.city, one.county, one.division))),
        description="，".join(filter(None, (f"{one.city}{one.county}", one.story_zh))),
    )
