"""Which place names stand on a list of heritage, and may be renamed with a protection plan only.

《地名管理条例》 Art. 25: a listed name that has to change needs protective measures drawn up first.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from address_model.tables import HeritageEntry, PlaceName, Recognition

_LISTED = ("recognized", "proposed")


def find_lists(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """The lists that protect these place names, by number; who stands on none is left out."""
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
