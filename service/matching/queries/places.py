"""The places that a text may mean, and the keys of its address along each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.coordinates import Point, distance_m
from address_model.elements import Elements
from address_model.namesakes import FAR_M
from address_model.places import (
    Counting,
    address_key,
    class_of,
    counting_of,
    division_key,
    fold_place,
    local_key,
)
from service.addresses.queries import AddressRow
from service.matching.history import NO_TOWNSHIP, SaidTownship
from service.placenames.queries import PlaceRow


class CountyPlaces:
    """The places of one county in memory, by the names they have and, failing that, had."""

    def __init__(self, rows: Sequence[PlaceRow]) -> None:
        self.by_id = {row.id: row for row in rows}
        self._named: dict[tuple[str, str], list[PlaceRow]] = {}
        self._once_named: dict[tuple[str, str], list[PlaceRow]] = {}
        for row in rows:
            _, kind, folded = row.key
            self._named.setdefault((kind, folded), []).append(row)
            for name in row.other_names:
                once = self._once_named.setdefault((kind, fold_place(row.kind, name)), [])
                once.append(row)

    def find(self, kind: str, name: str) -> list[PlaceRow]:
        """The places of a name (of this kind's class), else those that were once called so."""
        key = class_of(kind), fold_place(kind, name)
        return self._named.get(key) or self._once_named.get(key, [])


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """Where a text's plate may stand: its key along each place of the name.

    ``keys`` are by key; an address without a named place has one key and no place. ``said`` is the
    township that the text names.
    """

    keys: dict[str, PlaceRow | None]
    said: SaidTownship = NO_TOWNSHIP

    @property
    def places(self) -> list[PlaceRow]:
        """The places of the name."""
        return [place for place in self.keys.values() if place is not None]

    @property
    def here(self) -> list[PlaceRow]:
        """Those in the township that the text names; all if it names none."""
        return list_in(self.places, self.said)


def find_wanted(
    places: CountyPlaces, county: str, elements: Elements, said: SaidTownship
) -> WantedPlace:
    """The places and keys of a plate in a county, of a text that names a township or none."""
    counting = counting_of(elements)
    if counting is None:
        code = said.codes[0] if len(said.codes) == 1 else said.name
        key = address_key(county, division_key(county, code), local_key(elements))
        return WantedPlace({key: None}, said)
    keys: dict[str, PlaceRow | None] = {}
    for one in (counting, *_plain_door(elements)):
        for place in places.find(one.kind, one.name):
            if not (one.qualifier and _has_other_qualifier(place, one.qualifier)):
                keys.setdefault(address_key(county, str(place.id), one.local), place)
    return WantedPlace(keys, said)


def list_in(places: Sequence[PlaceRow], said: SaidTownship) -> list[PlaceRow]:
    """Those places that lie in a township that a text names; all if it names none.

    A place that no list has placed may lie anywhere. Of namesakes that a merger of townships
    brought together the name of the former township tells one.
    """
    if not said:
        return list(places)
    found = [one for one in places if any(t.code in ("", *said.codes) for t in one.townships)]
    named = [one for one in found if any(t.qualifier == said.name for t in one.townships)]
    return named or found or (list(places) if said.anywhere else [])


def where_registered(places: Sequence[PlaceRow]) -> str:
    """The places with their townships, as a question names them (泗门镇人民路、临山镇人民路)."""
    told = [f"{t.name or '(未注明乡镇)'}{one.name}" for one in places for t in one.townships]
    return "、".join(dict.fromkeys(told))


def nearest_of(rows: Sequence[AddressRow], near: Point | None) -> AddressRow | None:
    """The only one of several doors of one name and number that lies within 5 km of a point."""
    if near is None:
        return None
    close = [row for row in rows if row.point and distance_m(row.point, near) <= FAR_M]
    return close[0] if len(close) == 1 else None


def _plain_door(elements: Elements) -> tuple[Counting, ...]:
    """A door that names an estate, as a register that does not name it has it."""
    if not (elements.estate and elements.thoroughfare and elements.number) or elements.building:
        return ()
    counting = counting_of(elements._replace(estate=""))
    return (counting,) if counting else ()


def _has_other_qualifier(place: PlaceRow, qualifier: str) -> bool:
    named = {one.qualifier for one in place.townships if one.qualifier}
    return (
        bool(named) and qualifier not in named and fold_place(place.kind, place.name) != qualifier
    )
