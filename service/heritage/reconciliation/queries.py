"""Reads the candidates of reconciliation: entries with all current and former names."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import HeritageEntry, PlaceName, PlaceNameForm
from service.heritage.queries import EntryFilter, list_summaries
from service.heritage.reconciliation.scores import ReconcileCandidate

_MOST = 20_000


def list_candidates(session: Session) -> list[ReconcileCandidate]:
    """All entries with their names, by id."""
    forms: dict[str, list[tuple[str, str]]] = {}
    statement = (
        select(HeritageEntry.id, PlaceNameForm.text, PlaceNameForm.pinyin_plain)
        .join(PlaceNameForm, PlaceNameForm.place_name_id == HeritageEntry.place_name_id)
        .order_by(HeritageEntry.id, PlaceNameForm.position)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    for entry_id, text, pinyin in rows:
        forms.setdefault(entry_id, []).append((text, pinyin))
    readings = select(HeritageEntry.id, PlaceName.pinyin_plain).join(
        PlaceName, PlaceName.id == HeritageEntry.place_name_id
    )
    pinyin_of: dict[str, str] = dict(session.execute(readings).all())
    return [
        ReconcileCandidate(
            id=one.id,
            name=one.name,
            others=tuple(text for text, _ in forms.get(one.id, ())),
            pinyin=(pinyin_of[one.id], *(pinyin for _, pinyin in forms.get(one.id, ()))),
            type_id=one.heritage_class,
            type_name=one.class_name,
            places=tuple(filter(None, (one.city, one.county, one.division))),
            description="，".join(filter(None, (f"{one.city}{one.county}", one.story_zh))),
        )
        for one in list_summaries(session, EntryFilter(), limit=_MOST)
    ]
