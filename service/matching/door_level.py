"""As deep as asked: cuts a reading off at its door, and keeps what lay behind as the remainder."""

from typing import Final, NamedTuple

from address_model.elements import Elements
from address_model.parsing import Parse
from address_model.rendering import local_text

NUMBER: Final = "number"
"""The level of a register of doors: the number, in an estate without numbers the building."""

_BELOW_NUMBER = {"building": None, "unit": None, "floor": None, "room": None}
_BELOW_BUILDING = {"unit": None, "floor": None, "room": None}


class DoorReading(NamedTuple):
    """A reading that stops at its door; ``remainder`` is the text of what lies behind it."""

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
    return DoorReading(reading._replace(plates=(door,)), local_text(inside))
