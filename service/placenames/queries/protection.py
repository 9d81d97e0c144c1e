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
    statement = (
        select(PlaceName.number, Recognition.list_name)
        .join(HeritageEntry, HeritageEntry.place_name_id == PlaceName.id)
        .join(Recognition, Recognition.entry_id == HeritageEntry.id)
        .where(PlaceName.number.in_(names), Recognition.status.in_(_LISTED))
        .order_by(PlaceName.number, Recognition.position)
    )
    listed: dict[str, str] = {}
    rows: Sequence[Any] = session.execute(statement).all()
    for number, name in rows:
        listed.setdefault(number, name)
    return {
        number: f"{names[number]} is protected ({name}): a new name needs a protection plan"
        for number, name in listed.items()
    }
