"""Which place names are on a heritage list, and may be renamed only with a protection plan.

《地名管理条例》 Art. 25: a listed name that has to change needs protective measures drawn up first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import HeritageEntry, PlaceName, Recognition

_LISTED = ("recognized", "proposed")


def find_guarded(session: Session, names: Mapping[str, str]) -> dict[str, str]:
    """Why names may not be changed without a document of protective measures, by number."""
    return {
        number: f"{names[number]} is protected ({listed}): a new name needs a protection plan"
        for number, listed in _find_lists(session, list(names)).items()
    }


def _find_lists(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """The list that protects each of these place names, by number; most are on none."""
    statement = (
        select(PlaceName.number, Recognition.list_name)
        .join(HeritageEntry, HeritageEntry.place_name_id == PlaceName.id)
        .join(Recognition, Recognition.entry_id == HeritageEntry.id)
        .where(PlaceName.number.in_(numbers), Recognition.status.in_(_LISTED))
        .order_by(PlaceName.number, Recognition.position)
    )
    found: dict[str, str] = {}
    rows: Sequence[Any] = session.execute(statement).all()
    for number, name in rows:
        found.setdefault(number, name)
    return found
