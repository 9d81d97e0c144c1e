"""Reads the records that hang on addresses: place, positions, names, identifiers, relatives …"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from address_model.lifecycle import ENDED
from address_model.sensitivity import Viewer
from address_model.tables import AddressIdentifier, AddressName, Area
from service.addresses.json_view import is_seen
from service.addresses.queries import (
    AddressRow,
    find_addresses,
    list_first_children,
    list_positions,
)
from service.departments.schemas import (
    AreaOut,
    HangingPlateOut,
    IdentifierOut,
    KinOut,
    NameOut,
    PlacedOut,
    PlaceOut,
)
from service.linking.queries import list_area_ids
from service.placenames.queries import find_places
from service.plates.queries import list_plates_of_many

MOST_CHILDREN = 1000
"""Of one address; a page of several shows ``MOST_CHILDREN_EACH``."""
MOST_CHILDREN_EACH = 100

M = TypeVar("M", bound=BaseModel)
Found = Mapping[str, BaseModel | Sequence[BaseModel]]
"""By code; an address that has none is left out."""


def read_parts(
    session: Session, rows: Sequence[AddressRow], parts: Iterable[str], viewer: Viewer
) -> dict[str, dict[str, Any]]:
    """The related records of addresses, as JSON values by code and field.

    A part of which an address has none is an empty list, or null if there can be only one.
    Relatives that the viewer does not see are left out.
    """
    found: dict[str, dict[str, Any]] = {row.code: {} for row in rows}
    for part in parts:
        read = READERS[part](session, rows, viewer)
        empty: list[BaseModel] | None = None if part in ("place", "parent") else []
        for code, values in found.items():
            values[part] = _dump(read.get(code, empty))
    return found


def _dump(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return [_dump(one) for one in value] if value else value


def read_places(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """The places that addresses count along."""
    ids = {row.place_id for row in rows if row.place_id is not None}
    places = {id_: PlaceOut.of(place) for id_, place in find_places(session, ids).items()}
    return {row.code: places[row.place_id] for row in rows if row.place_id in places}


def read_positions(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """Their own points, and after them their typed positions."""
    typed = list_positions(session, [row.code for row in rows])
    found: dict[str, list[BaseModel]] = {}
    for row in rows:
        own = row.own_position
        found[row.code] = [PlacedOut.of_own(own, row)] if own else []
        found[row.code] += map(PlacedOut.of_row, typed.get(row.code, ()))
    return found


def read_names(
    session: Session, rows: Sequence[AddressRow], viewer: Viewer
) -> Mapping[str, list[NameOut]]:
    """Their current and former texts, the current ones first."""
    name = AddressName
    columns = (name.text, name.kind, name.source, name.source_id, name.valid_from, name.valid_to)
    statement = select(name.code, *columns).order_by(
        name.code, name.valid_to.desc().nulls_first(), name.kind.desc(), name.key, name.variant
    )
    return _by_code(session, statement.where(_is_of(name.code, rows)), NameOut)


def read_identifiers(
    session: Session, rows: Sequence[AddressRow], viewer: Viewer
) -> Mapping[str, list[IdentifierOut]]:
    """Their identifiers in other schemes."""
    one = AddressIdentifier
    columns = (one.code, one.scheme, one.value, one.valid_from, one.valid_to)
    statement = select(*columns).order_by(one.code, one.scheme, one.value)
    return _by_code(session, statement.where(_is_of(one.code, rows)), IdentifierOut)


def read_areas(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """The areas that they lie in."""
    linked = list_area_ids(session, [row.code for row in rows])
    ids = {id_ for areas in linked.values() for id_ in areas}
    statement = select(Area.id, Area.kind, Area.code, Area.name).where(Area.id.in_(ids))
    areas = {
        id_: AreaOut(kind=kind, code=code, name=name)
        for id_, kind, code, name in session.execute(statement.order_by(Area.kind, Area.code))
    }
    return {code: [areas[id_] for id_ in areas if id_ in held] for code, held in linked.items()}


def read_plates(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """Their live plates, the newest generation first."""
    found: dict[str, list[BaseModel]] = {}
    for one in list_plates_of_many(session, [row.code for row in rows]):
        if one.code and one.status not in ENDED:
            plate = HangingPlateOut(token=one.token, status=one.status, generation=one.generation)
            found.setdefault(one.code, []).append(plate)
    return found


def read_parent(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """The addresses that they lie in."""
    parents = find_addresses(session, sorted({row.parent_code for row in rows if row.parent_code}))
    shown = {code: KinOut.of(one) for code, one in parents.items() if is_seen(one, viewer)}
    return {row.code: shown[row.parent_code] for row in rows if row.parent_code in shown}


def read_children(session: Session, rows: Sequence[AddressRow], viewer: Viewer) -> Found:
    """The first of what lies in each of them, by code."""
    most = MOST_CHILDREN if len(rows) == 1 else MOST_CHILDREN_EACH
    found = list_first_children(session, [row.code for row in rows], each=most)
    return {
        code: [KinOut.of(one) for one in children if is_seen(one, viewer)]
        for code, children in found.items()
    }


READERS: Mapping[str, Callable[[Session, Sequence[AddressRow], Viewer], Found]] = {
    "place": read_places,
    "positions": read_positions,
    "names": read_names,
    "identifiers": read_identifiers,
    "areas": read_areas,
    "plates": read_plates,
    "parent": read_parent,
    "children": read_children,
}
"""By the field that holds them."""


def _is_of(column: Any, rows: Sequence[AddressRow]) -> Any:
    return column == func.any([row.code for row in rows])


def _by_code(session: Session, statement: Any, model: type[M]) -> dict[str, list[M]]:
    """Rows that begin with the code of their address, each as a model of its other columns."""
    found: dict[str, list[M]] = {}
    for row in session.execute(statement).mappings():
        found.setdefault(row["code"], []).append(model(**{n: row[n] for n in model.model_fields}))
    return found
