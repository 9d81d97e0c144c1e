"""Reads the places that addresses count along, with the townships they lie in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from address_model.places import PlaceKind, class_of, fold_place
from address_model.tables import Division, PlaceName, PlaceNameForm, PlaceTownship
from service.core.errors import NotFound

PlaceKey = tuple[str, str, str]
"""County (six digits), class of names, folded name: what namesakes share."""


@dataclass(frozen=True, slots=True)
class PlaceTownshipRow:
    """A township (12 digits, or empty) that a place lies in, with what tells namesakes apart."""

    code: str
    name: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of a county; ``number`` is its public id, ``other_names`` lead to it as well."""

    id: int
    number: str
    county: str
    kind: PlaceKind
    name: str
    townships: tuple[PlaceTownshipRow, ...]
    other_names: tuple[str, ...] = ()

    @property
    def key(self) -> PlaceKey:
        """What it shares with its namesakes."""
        return self.county, class_of(self.kind), fold_place(self.kind, self.name)


class PlaceNotFound(NotFound):
    """There is no such place."""


def get_place(session: Session, number: str) -> PlaceRow:
    """A place by its number; the number of one that went up in another leads to that.

    Raises:
        PlaceNotFound: no place has or had this number.
    """
    led = PlaceName.former_numbers.contains([number])
    found = _read(session, PlaceName.number == number) or _read(session, led)
    if not found:
        raise PlaceNotFound(
            f"there is no place {number}", mend="find it with `menpai placenames find NAME`"
        )
    return found[0]


def find_places(session: Session, ids: Iterable[int]) -> dict[int, PlaceRow]:
    """Places by their keys; one that does not exist is left out."""
    return {row.id: row for row in _read(session, PlaceName.id.in_(list(ids)))}


def list_places(session: Session, county: str) -> list[PlaceRow]:
    """All current places of a county, in order of their numbers."""
    return _read(session, PlaceName.county == county)


def find_namesakes(
    session: Session, county: str, keys: Sequence[PlaceKey]
) -> dict[PlaceKey, list[PlaceRow]]:
    """The current places of a county under these names; failing that, those once called so."""
    ids = select(PlaceTownship.place_id).where(
        PlaceTownship.county == county,
        PlaceTownship.folded == func.any([folded for _, _, folded in keys]),
        PlaceTownship.valid_to.is_(None),
    )
    found: dict[PlaceKey, list[PlaceRow]] = {}
    for row in _read(session, PlaceName.id.in_(ids)):
        found.setdefault(row.key, []).append(row)
    lost = [key for key in keys if key not in found]
    if lost:
        by_other = _read(session, PlaceName.id.in_(_ids_by_other_name(county, lost)))
        found |= {
            key: rows for key in lost if (rows := [r for r in by_other if _was_called(r, key)])
        }
    return found


def find_township_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of townships by their 12-digit codes, as the newest edition has them.

    A township that no division list knows stands under its name, which leads to itself.
    """
    wanted = set(codes)
    statement = (
        select(Division.code, Division.name)
        .where(Division.code.in_(list(wanted)), Division.code_system == "nbs")
        .order_by(Division.edition)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    names = {name: name for name in wanted if not name.isdigit()}
    return names | {row.code: row.name for row in rows}


def _ids_by_other_name(county: str, keys: Sequence[PlaceKey]) -> Select[Any]:
    spelt = [folded + suffix for _, _, folded in keys for suffix in ("", "村", "社区")]
    return (
        select(PlaceName.id)
        .join(PlaceNameForm, PlaceNameForm.place_name_id == PlaceName.id)
        .where(
            PlaceName.county == county,
            PlaceNameForm.kind.in_(("former", "alias")),
            PlaceNameForm.text == func.any(spelt),
        )
    )


def _was_called(row: PlaceRow, key: PlaceKey) -> bool:
    county, cls, folded = key
    names = {fold_place(row.kind, name) for name in row.other_names}
    return (row.county, class_of(row.kind)) == (county, cls) and folded in names


def _read(session: Session, condition: ColumnElement[bool]) -> list[PlaceRow]:
    """Current places with their townships and other names, in order of their numbers."""
    forms = (
        select(func.array_agg(PlaceNameForm.text))
        .where(
            PlaceNameForm.place_name_id == PlaceName.id,
            PlaceNameForm.kind.in_(("former", "alias")),
        )
        .scalar_subquery()
    )
    statement = (
        select(
            PlaceName.id,
            PlaceName.number,
            PlaceName.county,
            PlaceName.kind,
            PlaceName.standard_name,
            forms,
        )
        .where(condition, PlaceName.county != "", PlaceName.status == "current")
        .order_by(PlaceName.number)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    townships = _townships(session, [row[0] for row in rows])
    return [
        PlaceRow(
            id=id_,
            number=number,
            county=county,
            kind=PlaceKind(kind),
            name=name,
            townships=tuple(townships.get(id_, ())),
            other_names=tuple(other or ()),
        )
        for id_, number, county, kind, name, other in rows
    ]


def _townships(session: Session, ids: Sequence[int]) -> dict[int, list[PlaceTownshipRow]]:
    statement = (
        select(PlaceTownship.place_id, PlaceTownship.township, PlaceTownship.qualifier)
        .where(PlaceTownship.place_id == func.any(list(ids)), PlaceTownship.valid_to.is_(None))
        .order_by(PlaceTownship.id)
    )
    rows: Sequence[Any] = session.execute(statement).all()
    names = find_township_names(session, {township for _, township, _ in rows if township})
    found: dict[int, list[PlaceTownshipRow]] = {}
    for place_id, township, qualifier in rows:
        row = PlaceTownshipRow(township, names.get(township, ""), qualifier)
        found.setdefault(place_id, []).append(row)
    return found
