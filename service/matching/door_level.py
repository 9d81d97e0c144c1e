"""Truncates a reading at its door, and keeps the rest as the remainder."""

from typing import Final, NamedTuple

from address_model.elements import Elements, local_text
from address_model.parsing import Parse

NUMBER: Final = "number"
"""The level of doors: the number, or the building in an estate without numbers."""

_BELOW_NUMBER = {"building": None, "unit": None, "floor": None, "room": None, "thing": None}
_OUTSIDE = frozenset(Elements._fields) - _BELOW_NUMBER.keys() | {"lane"}
_BELOW_BUILDING = {"unit": None, "floor": None, "room": None, "thing": None}


class DoorReading(NamedTuple):
    """A reading truncated at its door; ``remainder`` is the text of the levels below.

    Its text is truncated too.
    """

    reading: Parse
    remainder: str


def read_door(reading: Parse) -> DoorReading:
    """Truncate a reading of one plate at its door; any other is unchanged."""
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
    # The text ends at the door too, so that no comparison by text sees what lies below; a text in
    # another order stays whole.
    start = min((e.start for e in reading.elements if e.level in below), default=len(reading.text))
    kept = tuple(e for e in reading.elements if e.end <= start)
    levels = {e.level for e in kept}
    if all(e.level in levels or e.level not in _OUTSIDE for e in reading.elements):
        reading = reading._replace(text=reading.text[:start], elements=kept)
    return DoorReading(reading._replace(plates=(door,), place=door), local_text(inside))
