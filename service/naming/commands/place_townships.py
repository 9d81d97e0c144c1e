"""Townships of places during mergers and divisions: ended for one place, opened for another."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from address_model.namesakes import is_township_name
from address_model.places import fold_place
from address_model.tables import PlaceTownship
from service.core.clock import today
from service.placenames.queries import PlaceRow, find_township_names

_WENT_UP_IN = text(
    "with recursive went(code, step) as (select cast(:code as text), 0 union "
    "select c.new_code, step + 1 from went w join division_change c on c.old_code = w.code "
    "where c.new_code <> w.code and c.new_code <> '' and step < 20) "
    "select code from went order by step desc limit 1"
)
_FORMER_NAMES = text(
    "with recursive went(code) as (select unnest(cast(:codes as text[])) union "
    "select c.old_code from went w join division_change c on c.new_code = w.code "
    "where c.old_code <> '') "
    "select distinct c.old_name from went w join division_change c on c.new_code = w.code"
)
"""The former names of a township and of those merged into it."""


class Ground(NamedTuple):
    """A township (12 digits, or empty) that a place lies in, and its qualifier there."""

    township: str
    qualifier: str


def last_ground(session: Session) -> int:
    """The highest key of ``place_township``; later rows have higher ones."""
    return session.scalar(select(func.max(PlaceTownship.id))) or 0


def close_ground(
    session: Session, place_id: int, ground: Iterable[Ground] | None = None
) -> list[Ground]:
    """End the townships of a place, all or some; return the ended ones."""
    wanted = None if ground is None else set(ground)
    rows = session.execute(
        select(PlaceTownship.id, PlaceTownship.township, PlaceTownship.qualifier)
        .where(PlaceTownship.place_id == place_id, PlaceTownship.valid_to.is_(None))
        .order_by(PlaceTownship.id)
    )
    ended = {
        row.id: Ground(row.township, row.qualifier)
        for row in rows
        if wanted is None or (row.township, row.qualifier) in wanted
    }
    session.execute(
        update(PlaceTownship).where(PlaceTownship.id.in_(ended)).values(valid_to=today())
    )
    return list(ended.values())


def open_ground(session: Session, place: PlaceRow, ground: Sequence[Ground]) -> None:
    """Add townships to a place, including those it lies in already.

    If a namesake lies there, the township's own name becomes the qualifier of this place.
    """
    folded = fold_place(place.kind, place.name)
    names = find_township_names(session, {one.township for one in ground})
    for one in ground:
        held = session.scalars(
            select(PlaceTownship.place_id).where(
                PlaceTownship.county == place.county,
                PlaceTownship.folded == folded,
                PlaceTownship.kind == place.kind,
                PlaceTownship.township == one.township,
                PlaceTownship.qualifier == one.qualifier,
                PlaceTownship.valid_to.is_(None),
            )
        ).first()
        if held == place.id:
            continue
        qualifier = one.qualifier if held is None else names[one.township]
        session.execute(
            insert(PlaceTownship).values(
                place_id=place.id,
                county=place.county,
                kind=place.kind,
                folded=folded,
                township=one.township,
                qualifier=qualifier,
                valid_from=today(),
            )
        )


def split_ground(
    session: Session, place_id: int, ground: Sequence[Ground], since: int
) -> tuple[list[Ground], list[Ground]]:
    """Split the townships of a place: those of ``ground`` added after row ``since``, and the rest.

    Where namesakes share a township, the row with the same qualifier counts, if there is one.
    """
    townships = {one.township for one in ground}
    came: list[Ground] = []
    rest: list[Ground] = []
    rows = session.execute(
        select(PlaceTownship.id, PlaceTownship.township, PlaceTownship.qualifier)
        .where(PlaceTownship.place_id == place_id, PlaceTownship.valid_to.is_(None))
        .order_by(PlaceTownship.id)
    )
    for key, township, qualifier in rows:
        is_new = key > since and township in townships
        (came if is_new else rest).append(Ground(township, qualifier))
    met = {one.township for one in came if one in ground}
    others = [one for one in came if one.township in met and one not in ground]
    return [one for one in came if one not in others], [*rest, *others]


def follow_ground(session: Session, ground: Iterable[Ground], taken: Iterable[str]) -> list[Ground]:
    """The same ground today: a merged township is replaced by the one it was merged into.

    In one of the ``taken`` townships the former name becomes the qualifier.
    """
    found: list[Ground] = []
    for one in ground:
        now: str = session.execute(_WENT_UP_IN, {"code": one.township}).scalar_one()
        if now == one.township:
            found.append(one)
        else:
            name = find_township_names(session, [one.township])[one.township]
            found.append(Ground(now, name if now in taken else one.qualifier))
    return found


def list_patterns(
    session: Session, moving: Iterable[Ground], staying: Iterable[Ground]
) -> tuple[list[str], list[str]]:
    """Patterns of texts that lie in one ground and not in the other, by all names it had.

    A merged township does not count for a place of which it is the qualifier on the other side.
    """
    moving, staying = set(moving), set(staying)
    here = _names_of(session, moving) - _qualifiers_of(staying - moving)
    there = _names_of(session, staying) - _qualifiers_of(moving - staying)
    return _as_patterns(here - there), _as_patterns(there - here)


def _names_of(session: Session, ground: Iterable[Ground]) -> set[str]:
    ground = set(ground)
    townships = {one.township for one in ground}
    present = find_township_names(session, townships).values()
    former = session.scalars(_FORMER_NAMES, {"codes": sorted(townships)})
    return {*present, *former} | _qualifiers_of(ground)


def _qualifiers_of(ground: Iterable[Ground]) -> set[str]:
    return {one.qualifier for one in ground if is_township_name(one.qualifier)}


def _as_patterns(names: Iterable[str]) -> list[str]:
    return sorted(f"%{name}%" for name in names if name)
