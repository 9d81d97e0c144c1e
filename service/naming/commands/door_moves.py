"""Moves doors from one place to another: their place, their keys, their tree; texts stay."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.addresses.commands import link_parents
from service.addresses.drafts import draft_of
from service.addresses.queries import find_addresses
from service.changes import commands as changes
from service.changes.commands import Action, Subject
from service.placenames.queries import PlaceRow

EVERYTHING = ("%",)
"""The pattern that matches every text."""

_MOVE_FIRST = text(
    "update address set place_id = :there, updated_at = clock_timestamp() "
    "where code = any(:codes) and place_id = :here"
)
_MOVE_SECOND = text(
    "update address set second_place_id = :there, updated_at = clock_timestamp() "
    "where code = any(:codes) and second_place_id = :here"
)
_MOVES = (
    "starts_with({n}.key, :here) and case "
    "when {n}.valid_to is null and {n}.kind in ('standard', 'second') then {n}.code = any(:codes) "
    "when {n}.text like any(cast(:moving as text[])) then true "
    "when {n}.text like any(cast(:staying as text[])) then false "
    "else {n}.code = any(:codes) end"
)
_THERE = ":there || substr({n}.key, char_length(:here) + 1)"
_DROP_DOUBLES = text(
    "delete from address_name n using address_name m where m.code = n.code "  # noqa: S608 - our own constants
    "and m.kind = n.kind and m.variant = n.variant "
    f"and m.key = {_THERE.format(n='n')} and {_MOVES.format(n='n')}"
)
_MOVE_KEYS = text(
    f"update address_name n set key = {_THERE.format(n='n')} "  # noqa: S608 - our own constants
    f"where {_MOVES.format(n='n')} returning n.code"
)
_LOCK = text(
    "select code from address where place_id = :here or second_place_id = :here "
    "order by code for no key update"
)
_BEARERS = text(
    "select a.code, case when substr(d.code, 7, 3) = '000' then '' "
    "else rpad(left(d.code, 9), 12, '0') end as township "
    "from address a join division d on d.id = a.division_id "
    "where a.place_id = :here or a.second_place_id = :here order by a.code"
)


@dataclass(frozen=True, slots=True)
class DoorMove:
    """A move of doors within a county, with the names that move along.

    A current text moves with its address. A former text moves if its words name the new place:
    ``moving`` and ``staying`` are patterns (``%清波街道%``) of texts that lie there and here.
    """

    here: PlaceRow
    there: PlaceRow
    moving: Sequence[str] = EVERYTHING
    staying: Sequence[str] = ()

    @property
    def prefixes(self) -> tuple[str, str]:
        """The prefixes of the keys along both places."""
        county = self.here.county
        return f"{county}|{self.here.id}|", f"{county}|{self.there.id}|"


def list_bearers(session: Session, place: PlaceRow) -> dict[str, str]:
    """The codes along a place, ended ones included, with their townships (12 digits, or empty).

    They are locked until the transaction ends.
    """
    session.execute(_LOCK, {"here": place.id})
    rows = session.execute(_BEARERS, {"here": place.id})
    return {row.code: row.township for row in rows}


def move_doors(session: Session, move: DoorMove, codes: Sequence[str]) -> None:
    """Let addresses count along another place of their name; codes and texts stay.

    The caller holds the county's place lock. Each address is announced once.
    """
    here, there = move.prefixes
    values = {"codes": list(codes), "here": move.here.id, "there": move.there.id}
    session.execute(_MOVE_FIRST, values)
    session.execute(_MOVE_SECOND, values)
    keys = {
        "codes": list(codes),
        "here": here,
        "there": there,
        "moving": list(move.moving),
        "staying": list(move.staying),
    }
    session.execute(_DROP_DOUBLES, keys)
    named = session.execute(_MOVE_KEYS, keys).scalars()
    rows = find_addresses(session, sorted({*codes, *named}))
    moved = {code: rows[code] for code in codes}
    around = sorted({row.parent_code for row in moved.values() if row.parent_code})
    link_parents(
        session, {code: draft_of(row) for code, row in moved.items()}, ended=[*codes, *around]
    )
    changes.announce(session, Subject.ADDRESS, Action.PLACED, rows)
