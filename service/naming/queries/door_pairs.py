"""Doors that two places of one name both have: a merger would give them the same key."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.placenames.queries import PlaceRow

_PAIRS = text(
    "select distinct na.code as one, nb.code as other, na.text as text from address_name na "
    "join address_name nb on nb.key = :there || substr(na.key, char_length(:here) + 1) "
    "where starts_with(na.key, :here) and na.code <> nb.code "
    "and na.kind in ('standard', 'second') and na.valid_to is null "
    "and nb.kind in ('standard', 'second') and nb.valid_to is null "
    "and 'standard' in (na.kind, nb.kind) order by 1, 2"
)


@dataclass(frozen=True, slots=True)
class DoorPair:
    """Two doors, one of each place, that would have the same key."""

    code: str
    other: str
    text: str


def list_pairs(session: Session, here: PlaceRow, there: PlaceRow) -> list[DoorPair]:
    """The doors that both places have, by the code of the first.

    A door found only through its gate is the same house as one with its own text there; two
    estates behind one gate are different.
    """
    prefixes = {
        "here": f"{here.county}|{here.id}|",
        "there": f"{there.county}|{there.id}|",
    }
    rows = session.execute(_PAIRS, prefixes)
    return [DoorPair(row.one, row.other, row.text) for row in rows]
