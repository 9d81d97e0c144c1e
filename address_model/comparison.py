"""Compares two addresses element by element: whether they are one place, and what differs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from address_model.elements import Elements, Numbered
from address_model.name_dictionary import kind_of_slip
from address_model.places import fold_numbered, fold_village

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
            if fold_numbered(one) != fold_numbered(other):
                is_alike = level != "thing" and one.bare.upper() == other.bare.upper()
                factor = 0.95 if is_alike else 0.0
                found.append(ElementDifference(level, str(one), str(other), factor))
        elif level in _OPTIONAL and wanted.room and held.room:
            # A room number implies its floor (403 is on 4); stall 30 may be on any.
            said = level != "floor" or wanted.room.number.startswith((one or other).number)
            factor = _OPTIONAL[level] if said else 0.65
            found.append(ElementDifference(level, _text(one), _text(other), factor))
        elif one is None:
            below = True
            found.append(ElementDifference(level, "", _text(other), 0.5))
        else:
            above = True
            found.append(ElementDifference(level, _text(one), "", 0.5))
    if any(difference.factor == 0.0 for difference in found) or (above and below):
        fit = Fit.OTHER
    elif above:
        fit = Fit.ABOVE
    else:
        fit = Fit.BELOW if below else Fit.WHOLE
    return Comparison(fit, tuple(found))


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
        one, other = wanted.estate, held.estate
        factor = 0.96
        if one and other:
            # Another estate name at one gate: the same door, but maybe other buildings.
            is_slip = kind_of_slip(one, other) not in ("", "contrast", "distant")
            is_alike = is_slip or one in other or other in one
            is_inside = wanted.building or wanted.unit or wanted.room
            factor = 0.7 if is_inside and not is_alike else 0.9
        found.append(ElementDifference("estate", one, other, factor))
    return found


def _lanes(elements: Elements) -> tuple[str, ...]:
    return tuple(fold_numbered(lane) for lane in elements.lanes)


def _text(value: Numbered | None) -> str:
    return "" if value is None else str(value)


def compare_loosely(wanted: Elements, held: Elements) -> Comparison:
    """Compare as read, or else with the wanted number moved to the level used by the register."""
    comparison = compare(wanted, held)
    only = [value for value in (wanted.number, wanted.building, wanted.room) if value]
    if comparison.fit is Fit.WHOLE or (wanted.number and wanted.building) or not only:
        return comparison
    # The wanted address with its only number as plate or as building (大厦5号, 3号 for 3幢).
    other = wanted._replace(number=None, building=None)
    if len(only) == 1:
        other = other._replace(room=None)
    if held.number and not held.building:
        other = other._replace(number=only[0])
    elif held.building and not held.number:
        other = other._replace(building=only[0])
    else:
        return comparison
    moved = compare(other, held)
    if moved.fit is not Fit.WHOLE:
        return comparison
    return Comparison(moved.fit, (*moved.differences, ElementDifference(*_OTHER_LEVEL)))
