"""Moves doors from one place to another: their place, their keys, the townships; texts stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.changes import commands as changes
from service.placenames.queries import PlaceRow

_LOCK = text("select code from address where code = any(:codes) order by code for update")
_MOVE_FIRST = text(
    "update address set place_id = :there, updated_at = clock_timestamp() "
    "where code = any(:codes) and place_id = :here"
)
_MOVE_SECOND = text(
    "update address set second_place_id = :there, updated_at = clock_timestamp() "
    "where code = any(:codes) and second_place_id = :here"
)
_DROP_DOUBLES = text(
    "delete from address_name n using address_name m where n.code = any(:codes) "
    "and starts_with(n.key, :here) and m.code = n.code and m.kind = n.kind "
    "and m.variant = n.variant and m.key = :there || substr(n.key, char_length(:here) + 1)"
)
_MOVE_KEYS = text(
    "update address_name set key = :there || substr(key, char_length(:here) + 1) "
    "where code = any(:codes) and starts_with(key, :here)"
)
_DIVISIONS = text(
    "select a.code, d.code as division from address a join division d on d.id = a.division_id "
    "where a.code = any(:codes)"
)
_BEARERS = text(
    "select distinct a.code from address a join division d on d.id = a.division_id "
    "where (a.place_id = :here or a.second_place_id = :here) "
    "and (cast(:townships as text[]) is null or left(d.code, 9) = any(:townships)) "
    "union select n.code from address_name n where starts_with(n.key, :prefix) "
    "and cast(:townships as text[]) is null order by 1"
)


@dataclass(frozen=True, slots=True)
class DoorMove:
    """From one place of a county to another."""

    here: PlaceRow
    there: PlaceRow

    @property
    def prefixes(self) -> tuple[str, str]:
        """How the keys along both places begin."""
        county = self.here.county
        return f"{county}|{self.here.id}|", f"{county}|{self.there.id}|"


def list_bearers(
    session: Session, place: PlaceRow, townships: Sequence[str] | None = None
) -> list[str]:
    """The codes along a place, of all townships or of these (12 digits); ended ones too."""
    wanted = None if townships is None else [code[:9] for code in townships]
    prefix = f"{place.county}|{place.id}|"
    values = {"here": place.id, "prefix": prefix, "townships": wanted}
    return list(session.execute(_BEARERS, values).scalars())


def move_doors(session: Session, move: DoorMove, codes: Sequence[str]) -> None:
    """Let addresses count along another place of their name; codes and texts stay.

    The caller holds the county's place lock. Each address is announced once.
    """
    if not codes:
        return
    here, there = move.prefixes
    values = {"codes": list(codes), "here": move.here.id, "there": move.there.id}
    session.execute(_LOCK, {"codes": list(codes)})
    session.execute(_MOVE_FIRST, values)
    session.execute(_MOVE_SECOND, values)
    prefixes = {"codes": list(codes), "here": here, "there": there}
    session.execute(_DROP_DOUBLES, prefixes)
    session.execute(_MOVE_KEYS, prefixes)
    rows = session.execute(_DIVISIONS, {"codes": list(codes)})
    changes.record(
        session, [changes.ChangeNote("address", row.code, "placed", row.division) for row in rows]
    )
