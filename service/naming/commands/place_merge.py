"""Merges two places that are one, divides one that is two, and undoes either."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from address_model.codes import format_code
from address_model.tables import ImportWaiting, PlaceDecision, PlaceName, PlaceTownship
from service.audit import commands as audit
from service.changes import commands as changes
from service.core.actor import Actor
from service.core.errors import Conflict, NotFound
from service.naming.commands.door_moves import DoorMove, list_bearers, move_doors
from service.placenames.commands import NewPlace, add_places, lock_places
from service.placenames.queries import PlaceRow, get_place

_PAIRS = text(
    "select na.code as one, nb.code as other, na.text as text from address_name na "
    "join address_name nb on nb.key = :there || substr(na.key, char_length(:here) + 1) "
    "where na.kind = 'standard' and na.valid_to is null and starts_with(na.key, :here) "
    "and nb.kind = 'standard' and nb.valid_to is null order by na.code"
)
_WITHOUT_TOWNSHIP = text(
    "select a.code, a.standard_text from address a join division d on d.id = a.division_id "
    "where a.place_id = :here and substr(d.code, 7, 3) = '000' "
    "and a.status not in ('replaced', 'retired', 'invalid') order by a.code"
)


@dataclass(frozen=True, slots=True)
class DoorPair:
    """Two doors, one of each place, that would have one key."""

    code: str
    other: str
    text: str


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision with what it moved, before it has a number."""

    kind: str
    here: PlaceRow
    there: PlaceRow
    codes: list[str]
    townships: list[dict[str, object]]
    undoes: int | None = None


class DoorsUndecided(Conflict):
    """Two places have equal doors; each pair must be decided first."""

    def __init__(self, pairs: Sequence[DoorPair]) -> None:
        shown = "、".join(f"{pair.text} ({format_code(pair.code)} / {format_code(pair.other)})"
                         for pair in pairs[:5])  # fmt: skip
        super().__init__(
            f"{len(pairs)} doors stand in both places: {shown}",
            mend="decide each: `menpai addresses merge CODE --into CODE` if it is one house, "
            "`menpai addresses correct` if one of the two is wrong",
        )
        self.pairs = tuple(pairs)


@dataclass(frozen=True, slots=True)
class MovedDoors:
    """What a decision did; ``unplaced`` are doors of which the township is not known."""

    decision: int
    place: PlaceRow
    codes: tuple[str, ...]
    unplaced: tuple[tuple[str, str], ...] = ()


def merge_places(
    session: Session, number: str, into: str, actor: Actor, *, reason: str
) -> MovedDoors:
    """Let a place go up in another of its name: doors, townships and its number lead there.

    Raises:
        PlaceNotFound: there is no such place.
        DoorsUndecided: both have a door of one number.
        Conflict: they are not two places of one name and county.
    """
    here, there = _lock_pair(session, number, into)
    if here.id == there.id or here.key != there.key:
        raise Conflict(
            f"{here.name} ({here.number}) and {there.name} ({there.number}) are not two places "
            "of one name in one county",
            mend="rename one first, if they are one place under two names",
        )
    _require_no_pairs(session, DoorMove(here, there))
    codes = list_bearers(session, here)
    townships = _close_townships(session, here.id)
    move_doors(session, DoorMove(here, there), codes)
    _open_townships(session, there.id, townships)
    _lead_on(session, here, there)
    decided = _Decided("merged", here, there, codes, townships)
    return _write(session, decided, actor, reason)


def divide_place(
    session: Session, number: str, townships: Sequence[str], actor: Actor, *, reason: str
) -> MovedDoors:
    """Make a place of its own of what lies in some townships (12 digits) of another.

    Doors of which the register knows no township stay where they are, and are listed.

    Raises:
        PlaceNotFound: there is no such place.
        Conflict: it does not lie in these townships, or would have none left.
    """
    here = get_place(session, number)
    lock_places(session, here.county)
    held = {one.code: one for one in here.townships}
    if not townships or not set(townships) < set(held):
        names = "、".join(f"{one.name} {code}" for code, one in held.items())
        raise Conflict(f"{here.name} lies in {names}", mend="name some of these townships, not all")
    codes = list_bearers(session, here, townships)
    rows = _close_townships(session, here.id, townships)
    first = held[townships[0]]
    new = NewPlace(here.kind, here.name, here.county, first.code, first.qualifier, str(actor))
    (made,) = add_places(session, [new], actor)
    _open_townships(session, made, [row for row in rows if row["township"] != first.code])
    there = _place_of(session, made)
    move_doors(session, DoorMove(here, there), codes)
    unplaced = session.execute(_WITHOUT_TOWNSHIP, {"here": here.id}).all()
    done = _write(session, _Decided("divided", here, there, codes, rows), actor, reason)
    left = tuple((row.code, row.standard_text) for row in unplaced)
    return MovedDoors(done.decision, there, done.codes, left)


def undo_decision(session: Session, decision: int, actor: Actor, *, reason: str) -> MovedDoors:
    """Take back a merger or a division: what it moved goes back, with what was added since.

    Raises:
        NotFound: there is no such decision.
        DoorsUndecided: a division cannot be taken back while both have a door of one number.
        Conflict: it has been taken back already.
    """
    held = session.get(PlaceDecision, decision)
    if held is None:
        raise NotFound(f"there is no decision {decision}", mend="see `menpai placenames history`")
    lock_places(session, held.county)
    undone = select(PlaceDecision.id).where(PlaceDecision.undoes_id == decision)
    if held.undoes_id is not None or session.scalar(undone) is not None:
        raise Conflict(f"decision {decision} is taken back already", mend="there is nothing to do")
    here, there = _place_of(session, held.to_id), _place_of(session, held.from_id, revive=True)
    codes = [str(code) for code in held.moved["codes"]]  # type: ignore[attr-defined]
    townships = [row["township"] for row in held.moved["townships"]]  # type: ignore[attr-defined]
    if held.kind == "divided":
        _require_no_pairs(session, DoorMove(here, there))
        codes = list_bearers(session, here)
        townships = [one.code for one in here.townships]
    rows = _close_townships(session, here.id, townships)
    move_doors(session, DoorMove(here, there), codes)
    _open_townships(session, there.id, rows)
    if held.kind == "divided":
        _lead_on(session, here, there)
    decided = _Decided("undone", here, there, codes, rows, undoes=decision)
    return _write(session, decided, actor, reason)


def _lock_pair(session: Session, number: str, into: str) -> tuple[PlaceRow, PlaceRow]:
    county = get_place(session, number).county
    lock_places(session, county)
    return get_place(session, number), get_place(session, into)


def _require_no_pairs(session: Session, move: DoorMove) -> None:
    here, there = move.prefixes
    rows = session.execute(_PAIRS, {"here": here, "there": there})
    pairs = [DoorPair(row.one, row.other, row.text) for row in rows]
    if pairs:
        raise DoorsUndecided(pairs)


def _close_townships(
    session: Session, place_id: int, townships: Sequence[str] | None = None
) -> list[dict[str, object]]:
    """End where a place lies, everywhere or in some townships; return what was ended."""
    statement = update(PlaceTownship).where(
        PlaceTownship.place_id == place_id, PlaceTownship.valid_to.is_(None)
    )
    if townships is not None:
        statement = statement.where(PlaceTownship.township.in_(townships))
    rows = session.execute(
        statement.values(valid_to=func.current_date()).returning(
            PlaceTownship.county,
            PlaceTownship.kind,
            PlaceTownship.folded,
            PlaceTownship.township,
            PlaceTownship.qualifier,
        )
    )
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's own name for it


def _open_townships(session: Session, place_id: int, rows: list[dict[str, object]]) -> None:
    if rows:
        session.execute(insert(PlaceTownship), [row | {"place_id": place_id} for row in rows])


def _lead_on(session: Session, here: PlaceRow, there: PlaceRow) -> None:
    """End a place: its numbers and the rows that wait for it lead to the other."""
    led = session.scalars(
        update(PlaceName)
        .where(PlaceName.id == here.id)
        .values(status="historical", changed_at=func.clock_timestamp())
        .returning(PlaceName.former_numbers)
    ).one()
    session.execute(
        update(PlaceName)
        .where(PlaceName.id == there.id)
        .values(former_numbers=func.array_cat(PlaceName.former_numbers, [here.number, *led]))
    )
    session.execute(
        update(ImportWaiting).where(ImportWaiting.place_id == here.id).values(place_id=there.id)
    )


def _place_of(session: Session, place_id: int, *, revive: bool = False) -> PlaceRow:
    """A place by its key; with ``revive`` one that had ended is current again."""
    number: str = session.execute(
        select(PlaceName.number).where(PlaceName.id == place_id)
    ).scalar_one()
    if revive:
        back = update(PlaceName).where(PlaceName.id == place_id)
        session.execute(back.values(status="current", changed_at=func.clock_timestamp()))
        session.execute(
            update(PlaceName)
            .where(PlaceName.former_numbers.contains([number]))
            .values(former_numbers=func.array_remove(PlaceName.former_numbers, number))
        )
    return get_place(session, number)


def _write(session: Session, decided: _Decided, actor: Actor, reason: str) -> MovedDoors:
    """Keep a decision with what it moved, announce both places and audit it."""
    here, there = decided.here, decided.there
    made = PlaceDecision(
        county=here.county,
        kind=decided.kind,
        from_id=here.id,
        to_id=there.id,
        reason=reason,
        moved={"codes": decided.codes, "townships": decided.townships},
        undoes_id=decided.undoes,
        decided_by=str(actor),
    )
    session.add(made)
    session.flush()
    division = here.county.ljust(12, "0")
    changes.record(
        session,
        [
            changes.ChangeNote("place_name", place.number, decided.kind, division)
            for place in (here, there)
        ],
    )
    audit.record(
        session,
        actor=actor,
        action=f"place_names:{decided.kind}",
        subject=here.number,
        into=there.number,
        doors=len(decided.codes),
        reason=reason,
    )
    return MovedDoors(made.id, there, tuple(decided.codes))
