"""The places that a text may mean, and the keys of its address at each of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from address_model.coordinates import Point, distance_m
from address_model.doors import FAR_M
from address_model.elements import Elements
from address_model.namesakes import is_urban
from address_model.places import (
    Counting,
    PlaceKind,
    address_key,
    class_of,
    counting_of,
    division_key,
    fold_place,
    local_key,
)
from service.addresses.queries import AddressRow
from service.matching.history import NO_TOWNSHIP, NamedTownship
from service.placenames.queries import PlaceRow, share_township


class CountyPlaces:
    """The places of one county in memory, by current and former name."""

    def __init__(self, rows: Sequence[PlaceRow]) -> None:
        self.by_id = {row.id: row for row in rows}
        self._named: dict[tuple[str, str], list[PlaceRow]] = {}
        self._once_named: dict[tuple[str, str], list[PlaceRow]] = {}
        for row in rows:
            _, kind, folded = row.key
            self._named.setdefault((kind, folded), []).append(row)
            for _, _, once in row.former_keys:
                self._once_named.setdefault((kind, once), []).append(row)

    def find(self, kind: str, name: str) -> list[PlaceRow]:
        """The places of a name (of this kind's class), and places elsewhere formerly called so.

        A community with numbers of its own precedes natural villages of the name in others.
        """
        key = class_of(kind), fold_place(kind, name)
        named = self._named.get(key, [])
        once = self._once_named.get(key, [])
        found = [*named, *(row for row in once if not share_township(row, named))]
        if kind == PlaceKind.COMMUNITY:
            return [place for place in found if place.kind == kind] or found
        return found

    def find_once_named(self, kind: str, name: str) -> list[PlaceRow]:
        """The places formerly called so in a township where another has the name now."""
        key = class_of(kind), fold_place(kind, name)
        named = self._named.get(key, [])
        here = {row.id for row in named}
        once = (row for row in self._once_named.get(key, ()) if row.id not in here)
        return [row for row in once if share_township(row, named)]

    def find_any(self, name: str) -> list[PlaceRow]:
        """The places of a name, of any kind."""
        kinds = dict.fromkeys(class_of(kind) for kind in PlaceKind)
        return [place for kind in kinds for place in self.find(kind, name)]


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """The possible places of a text's plate, with its key at each of them.

    ``keys`` maps keys to places; an address without a named place has one key and no place.
    ``plain`` has the keys without the estate named at a door, for a register that omits it.
    ``once`` has those of places formerly called so, where another has the name now: only their
    exact former text matches. ``township`` is the one named in the text.
    """

    keys: dict[str, PlaceRow | None]
    plain: dict[str, PlaceRow | None] = field(default_factory=dict)
    once: dict[str, PlaceRow | None] = field(default_factory=dict)
    township: NamedTownship = NO_TOWNSHIP

    def __iter__(self) -> Iterator[str]:
        return chain(self.keys, self.plain, self.once)

    def place_of(self, key: str) -> PlaceRow | None:
        """The place of a key."""
        for held in (self.keys, self.plain, self.once):
            if key in held:
                return held[key]
        return None

    def places_of(self, keys: Iterable[str]) -> list[list[PlaceRow]]:
        """The places of some of the keys, each with its namesakes.

        An address may be found by its road and by its estate: two groups that are not namesakes.
        """
        by_key = self.keys | self.plain
        found = dict.fromkeys(place.key for key in keys if (place := by_key.get(key)) is not None)
        all_places = {place.id: place for place in by_key.values() if place is not None}
        return [[place for place in all_places.values() if place.key == key] for key in found]


def find_wanted(
    places: CountyPlaces, county: str, elements: Elements, said: NamedTownship
) -> WantedPlace:
    """The places and keys of a plate in a county, given the township in the text."""
    counting = counting_of(elements)
    if counting is None:
        code = said.codes[0] if len(said.codes) == 1 else said.name
        key = address_key(county, division_key(county, code), local_key(elements))
        return WantedPlace({key: None}, township=said)
    plain = None  # the door without the estate it names, for a register that omits it
    if elements.estate and elements.thoroughfare and elements.number and not elements.building:
        plain = counting_of(elements._replace(estate=""))
    return WantedPlace(
        _keys_along(places.find(counting.kind, counting.name), county, counting),
        _keys_along(places.find(plain.kind, plain.name), county, plain) if plain else {},
        _keys_along(places.find_once_named(counting.kind, counting.name), county, counting),
        said,
    )


def _keys_along(
    places: Iterable[PlaceRow], county: str, counting: Counting
) -> dict[str, PlaceRow | None]:
    keys: dict[str, PlaceRow | None] = {}
    for place in places:
        named = {one.qualifier for one in place.townships if one.qualifier}
        accepted = ("", *named, fold_place(place.kind, place.name))
        if not named or counting.qualifier in accepted:
            keys[address_key(county, str(place.id), counting.local)] = place
    return keys


def list_in(places: Sequence[PlaceRow], said: NamedTownship) -> list[PlaceRow]:
    """The places that lie in the township of a text; all if it names none.

    A place without township may lie in any 街道, where it would be registered. Namesakes brought
    together by a merger of townships are distinguished by the former township.
    """
    if not said:
        return list(places)
    found = [one for one in places if any(t.code in said.codes for t in one.townships)]
    named = [one for one in found if any(t.qualifier == said.name for t in one.townships)]
    if named or found:
        return named or found
    if said.anywhere:
        return list(places)
    return [one for one in places if is_urban(said.name) and is_unplaced(one)]


def is_unplaced(place: PlaceRow) -> bool:
    """Whether the township of a place is unknown."""
    return any(not one.code for one in place.townships)


def where_registered(places: Sequence[PlaceRow]) -> str:
    """The places with their townships, for a question (泗门镇人民路、临山镇人民路)."""
    named = [f"{t.name or '(未注明乡镇)'}{one.name}" for one in places for t in one.townships]
    return "、".join(dict.fromkeys(named))


def nearest_of(rows: Sequence[AddressRow], near: Point | None) -> AddressRow | None:
    """The only one of several doors of one name and number within 5 km of a point."""
    if near is None:
        return None
    close = [row for row in rows if row.point and distance_m(row.point, near) <= FAR_M]
    return close[0] if len(close) == 1 else None
