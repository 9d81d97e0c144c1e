"""Compares two addresses element by element: whether they are one place, and what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from address_model.elements import Elements, Numbered
from address_model.name_dictionary import kind_of_slip
from address_model.rendering import fold_numbered, fold_village

_NUMBERED = ("number", "building", "unit", "floor", "room", "thing")
_OPTIONAL = {"floor": 0.97, "unit": 0.9}
"""Levels that people leave out when they name the room, and the factor for leaving them out."""

_DIVISIONS = {"township": 0.95, "community": 0.98}


_OTHER_LEVEL = ("number", "", "", 0.95)
"""The same number, but a plate in one address and a building in the other."""


class Fit(StrEnum):
    """How a registered (held) address relates to the wanted one."""

    WHOLE = "whole"
    """The same place."""
    ABOVE = "above"
    """It agrees, but stops above the deepest wanted element."""
    BELOW = "below"
    """It lies within the wanted one."""
    OTHER = "other"


class ElementDifference(NamedTuple):
    """One element that differs; an absent side is empty."""

    level: str
    wanted: str
    held: str
    factor: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two addresses compare; ``score`` is the product of the factors of the differences."""

    fit: Fit
    differences: tuple[ElementDifference, ...]

    @property
    def score(self) -> float:
        """1 for identical addresses, less with every difference."""
        product = 1.0
        for difference in self.differences:
            product *= difference.factor
        return product


def compare(wanted: Elements, held: Elements) -> Comparison:
    """Compare a wanted address with a held one of the same street."""
    found = [*_names(wanted, held)]
    if _lanes(wanted) != _lanes(held):
        found.append(ElementDifference("lane", "".join(_lanes(wanted)), "".join(_lanes(held)), 0.0))
    if fold_numbered(wanted.group) != fold_numbered(held.group):
        factor = 0.9 if not (wanted.group and held.group) else 0.0
        found.append(ElementDifference("group", _text(wanted.group), _text(held.group), factor))
    above = below = False
    for level in _NUMBERED:
        one, other = getattr(wanted, level), getattr(held, level)
        if one is None and other is None:
            continue
        if one is not None and other is not None:
            found += _numbers(level, one, other)
        elif level in _OPTIONAL and wanted.room and held.room:
            factor = _OPTIONAL[level] if _says_floor(level, one or other, wanted.room) else 0.65
            found.append(ElementDifference(level, _text(one), _text(other), factor))
        elif one is None:
            below = True
            found.append(ElementDifference(level, "", _text(other), 0.5))
        else:
            above = True
            found.append(ElementDifference(level, _text(one), "", 0.5))
    return Comparison(_fit(found, above=above, below=below), tuple(found))


def _says_floor(level: str, value: Numbered | None, room: Numbered) -> bool:
    """Whether a room number implies its floor (403 is on 4); stall 30 may be on any."""
    return level != "floor" or value is None or room.number.startswith(value.number)


def _fit(found: list[ElementDifference], *, above: bool, below: bool) -> Fit:
    if any(difference.factor == 0.0 for difference in found) or (above and below):
        return Fit.OTHER
    if above:
        return Fit.ABOVE
    return Fit.BELOW if below else Fit.WHOLE


def _names(wanted: Elements, held: Elements) -> list[ElementDifference]:
    """Divisions and estate; along a village the township must agree, since names repeat."""
    found = []
    along_village = not (held.thoroughfare or held.estate)
    for level, factor in _DIVISIONS.items():
        one, other = getattr(wanted, level), getattr(held, level)
        if one and other and fold_village(one) != fold_village(other):
            decisive = along_village and level == "township"
            found.append(ElementDifference(level, one, other, 0.0 if decisive else factor))
    if wanted.estate != held.estate and wanted.thoroughfare and held.thoroughfare:
        factor = _other_estate(wanted, held) if wanted.estate and held.estate else 0.96
        found.append(ElementDifference("estate", wanted.estate, held.estate, factor))
    return found


def _other_estate(wanted: Elements, held: Elements) -> float:
    """The factor for another estate name at one gate: same door, maybe other buildings."""
    one, other = wanted.estate, held.estate
    is_slip = kind_of_slip(one, other) not in ("", "contrast", "distant")
    is_alike = is_slip or one in other or other in one
    return 0.9 if is_alike or not (wanted.building or wanted.unit or wanted.room) else 0.7


def _numbers(level: str, one: Numbered, other: Numbered) -> list[ElementDifference]:
    if fold_numbered(one) == fold_numbered(other):
        return []
    same = level != "thing" and one.bare.upper() == other.bare.upper()
    return [ElementDifference(level, str(one), str(other), 0.95 if same else 0.0)]


def _lanes(elements: Elements) -> tuple[str, ...]:
    return tuple(fold_numbered(lane) for lane in elements.lanes)


def _text(value: Numbered | None) -> str:
    return "" if value is None else str(value)


def compare_loosely(wanted: Elements, held: Elements) -> Comparison:
    """Compare as read, or else with the wanted number moved to the level used by the register."""
    comparison = compare(wanted, held)
    if comparison.fit is Fit.WHOLE:
        return comparison
    for other in _at_other_levels(wanted, held):
        moved = compare(other, held)
        if moved.fit is Fit.WHOLE:
            return Comparison(moved.fit, (*moved.differences, ElementDifference(*_OTHER_LEVEL)))
    return comparison


def _at_other_levels(wanted: Elements, held: Elements) -> Iterator[Elements]:
    """The wanted address with its only number as plate or as building (大厦5号, 3号 for 3幢)."""
    only = [value for value in (wanted.number, wanted.building, wanted.room) if value]
    if wanted.number and wanted.building:
        return
    first = only[0] if only else None
    plain = wanted._replace(number=None, building=None)
    if len(only) == 1:
        plain = plain._replace(room=None)
    if first and held.number and not held.building:
        yield plain._replace(number=first)
    if first and held.building and not held.number:
        yield plain._replace(building=first)
