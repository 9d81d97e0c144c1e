"""As deep as asked: cuts a reading off at its door, and keeps what lay behind as the remainder."""

from typing import Final, NamedTuple

from address_model.elements import Elements
from address_model.parsing import Parse
from address_model.rendering import local_text

NUMBER: Final = "number"
"""The level of a register of doors: the number, in an estate without numbers the building."""

_BELOW_NUMBER = {"building": None, "unit": None, "floor": None, "room": None, "thing": None}
_OUTSIDE = frozenset(Elements._fields) - _BELOW_NUMBER.keys() | {"lane"}
_BELOW_BUILDING = {"unit": None, "floor": None, "room": None, "thing": None}


class DoorReading(NamedTuple):
    """A reading that stops at its door; ``remainder`` is the text of what lies behind it.

    Its text stops there too.
    """

    reading: Parse
    remainder: str


def read_door(reading: Parse) -> DoorReading:
    """A reading of one plate cut off at its door; any other stays as it is."""
    if len(reading.plates) != 1:
        return DoorReading(reading, "")
    (plate,) = reading.plates
    if plate.number is not None:
        below = _BELOW_NUMBER
    elif plate.building is not None:
        below = _BELOW_BUILDING
    else:
        return DoorReading(reading, "")
    door = plate._replace(**below)  # type: ignore[arg-type]
    inside = Elements(**{level: getattr(plate, level) for level in below})
    cut = _cut_text(reading, frozenset(below))
    return DoorReading(cut._replace(plates=(door,), place=door), local_text(inside))


def _cut_text(reading: Parse, below: frozenset[str]) -> Parse:
    """The reading as far as its door goes, so that no comparison by letters sees what lies behind.

    A text in another order stays whole.
    """
    start = min((e.start for e in reading.elements if e.level in below), default=None)
    if start is None:
        return reading
    kept = tuple(e for e in reading.elements if e.end <= start)
    levels = {e.level for e in kept}
    if any(e.level not in levels and e.level in _OUTSIDE for e in reading.elements):
        return reading
    return reading._replace(text=reading.text[:start], elements=kept)
