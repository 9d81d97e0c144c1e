"""The places that a text may mean, and the keys of its address along each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from address_model.coordinates import Point, distance_m
from address_model.division_codes import division_prefix
from address_model.elements import Elements
from address_model.namesakes import FAR_M
from address_model.places import (
    Counting,
    address_key,
    class_of,
    counting_of,
    fold_place,
    local_key,
)
from service.addresses.queries import AddressRow
from service.placenames.queries import PlaceRow, share_township


class CountyPlaces:
    """The places of one county in memory, by the names they have and had."""

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
        """The places of a name (of this kind's class), and those of elsewhere once called so."""
        key = class_of(kind), fold_place(kind, name)
        named = self._named.get(key, [])
        once = self._once_named.get(key, [])
        return [*named, *(row for row in once if not share_township(row, named))]


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """Where a text's plate may stand: its key along each place of the name.

    ``township`` is the 12-digit code of the one that the text names, empty if it names none.
    ``keys`` are by key; an address without a named place has one key and no place.
    """

    keys: dict[str, PlaceRow | None]
    township: str

    @property
    def places(self) -> list[PlaceRow]:
        """The places of the name."""
        return [place for place in self.keys.values() if place is not None]

    @property
    def here(self) -> list[PlaceRow]:
        """Those in the township that the text names; all if it names none."""
        if not self.township:
            return self.places
        return [place for place in self.places if lies_in(place, self.township)]


def find_wanted(
    places: CountyPlaces, county: str, elements: Elements, division: str
) -> WantedPlace:
    """The places and keys of a plate in a county; its text names ``division`` (12 digits)."""
    township = township_of(division)
    counting = counting_of(elements)
    if counting is None:
        key = address_key(county, f"d{division_prefix(township or county)}", local_key(elements))
        return WantedPlace({key: None}, township)
    keys: dict[str, PlaceRow | None] = {}
    for one in (counting, *_plain_door(elements)):
        for place in places.find(one.kind, one.name):
            if not (one.qualifier and _has_other_qualifier(place, one.qualifier)):
                keys.setdefault(address_key(county, str(place.id), one.local), place)
    return WantedPlace(keys, township)


def township_of(division: str) -> str:
    """The 12-digit code of the township that a division is or lies in, empty for wider ones."""
    prefix = division_prefix(division)[:9] if division else ""
    return prefix.ljust(12, "0") if len(prefix) == 9 else ""


def lies_in(place: PlaceRow, township: str) -> bool:
    """Whether a place lies in a township; one that no list has placed may lie anywhere."""
    return any(one.code in ("", township) for one in place.townships)


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
