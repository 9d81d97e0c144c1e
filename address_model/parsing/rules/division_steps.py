"""What the next division name means to a walk that has met others before it.

A walk depends on the names it met, hardly on the text around them; and the addresses of a list
begin alike. So where a walk stands is a value, and what a name means there is remembered.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from address_model.divisions import (
    CITY,
    COUNTY,
    DEPTH,
    FORMER,
    FULL,
    PROVINCE,
    RETYPED,
    SHORT,
    TOWNSHIP,
    Division,
    DivisionMeaning,
)

Readings = tuple[DivisionMeaning, ...]
REMEMBERED = 16_384
"""Steps that are kept: ten for each township."""

_ROADS = ("路", "街", "巷", "道", "弄")
_RANK = {FULL: 0, RETYPED: 1, FORMER: 1, SHORT: 2}


class MetDivision(NamedTuple):
    """One division name met on the walk."""

    level: str
    start: int
    end: int
    readings: Readings
    bare: bool

    def reasons(self, text: str) -> list[str]:
        """What to say of a name that is not the current one."""
        if not self.readings or self.readings[0].kind == FULL:
            return []
        kinds = {reading.kind for reading in self.readings}
        if kinds == {FORMER}:
            return [reading.note for reading in self.readings if reading.note]
        if kinds == {RETYPED} and len(self.readings) == 1:
            name = self.readings[0].division.name
            return [f"{text[self.start : self.end]}今为{name}"]
        return []


@dataclass(frozen=True, slots=True, eq=False)
class WalkState:
    """Where a walk stands: where the address may still lie, and what was named so far."""

    places: tuple[Division, ...] = ()
    levels: frozenset[str] = frozenset()
    named: tuple[DivisionMeaning, ...] = ()
    townships: tuple[DivisionMeaning, ...] = ()
    """The readings of the names that were taken for the township's."""

    @property
    def division(self) -> Division | None:
        """The deepest division that all the possible places lie in."""
        places = self.places
        if len(places) == 1:
            return places[0]
        for level in (TOWNSHIP, COUNTY, CITY, PROVINCE):
            found = [place.at(level) for place in places]
            if found and found[0] is not None and all(other is found[0] for other in found):
                return found[0]
        return None

    def reaches(self, division: Division) -> bool:
        """Tell whether a division lies in one of the places, or next door."""
        return any(division.lies_in(place) for place in self.places) or self.is_beside(division)

    def is_beside(self, division: Division) -> bool:
        """A township that its county lost to another in the same city (余杭区临平街道)."""
        city = division.at(CITY)
        return any(place.at(CITY) is city and place.at(COUNTY) for place in self.places)

    def names(self, division: Division) -> bool:
        """Its short form alone would only repeat it, and rather begins a name (天台山东路)."""
        return any(reading.division is division for reading in self.named)


START = WalkState()


@lru_cache(REMEMBERED)
def step_plainly(standing: WalkState, readings: Readings) -> WalkState | None:
    """Take the usual case at once: a full name with one meaning, inside what was named."""
    reading = readings[0]
    if len(readings) > 1 or reading.kind != FULL or reading.level in standing.levels:
        return None
    division, places = reading.division, standing.places
    if places and (len(places) > 1 or places[0] not in division.lineage):
        return None
    return step(standing, reading.level, readings)


@lru_cache(REMEMBERED)
def step(standing: WalkState, level: str, readings: Readings) -> WalkState:
    """Where a walk stands behind a name of a level with some readings."""
    places = standing.places
    named = tuple([reading.division for reading in readings])
    if not places:
        places = named
    else:
        inside = tuple([d for d in named if any(d.lies_in(place) for place in places)])
        wider = any(place.lies_in(d) for d in named for place in places)
        if named and (inside or not wider):
            places = inside or named
    return WalkState(
        places,
        standing.levels | {level},
        standing.named + readings,
        standing.townships + readings if level == TOWNSHIP else standing.townships,
    )


@lru_cache(REMEMBERED)
def fitting(standing: WalkState, readings: Readings) -> Readings:
    """Those readings of a form that agree with what was named before it."""
    return tuple([reading for reading in readings if _fits(standing, reading)])


@lru_cache(REMEMBERED)
def best(standing: WalkState, readings: Readings) -> Readings:
    """The likeliest of several readings: they have one level and stand alike to their names."""
    if len(readings) == 1:
        return readings
    # The level a form has here: a bare form repeats what it already named.
    levels = [r.level for r in readings if r.level not in standing.levels]
    if readings[0].bare:
        levels = [r.level for r in readings if standing.names(r.division)] or levels
    level = min(levels or [r.level for r in readings], key=lambda name: DEPTH[name])
    readings = tuple([reading for reading in readings if reading.level == level])
    rank = min(_RANK[reading.kind] for reading in readings)
    return tuple([reading for reading in readings if _RANK[reading.kind] == rank])


def _fits(standing: WalkState, reading: DivisionMeaning) -> bool:
    division, places = reading.division, standing.places
    is_township = reading.level == TOWNSHIP
    is_narrow = bool(places) and places[0].level != PROVINCE
    is_road = division.name.removesuffix("街道").endswith(_ROADS)
    if is_township and reading.bare and (is_road or not is_narrow):
        return False  # believed when a city or county is known, and never 白沙路 for 白沙路街道
    if not places:
        return True
    if not places[0].code and reading.level in (COUNTY, TOWNSHIP):
        return any(division.lies_in(place) for place in places)  # 上海市普陀区 is not 舟山's
    for place in places:
        if division.lies_in(place) or place.lies_in(division):
            return not (is_township and _is_other_township(standing, reading))
    if is_township:
        return not _is_other_township(standing, reading) and standing.is_beside(division)
    return not reading.bare and TOWNSHIP not in standing.levels


def _is_other_township(standing: WalkState, reading: DivisionMeaning) -> bool:
    """A township is named already, and this is not the fuller name that corrects it."""
    named = standing.townships
    if not named or any(known.division is reading.division for known in named):
        return False
    return reading.kind != FULL or any(known.kind == FULL for known in named)
