"""Which addresses lie below the door plate: in a home, or on the stairs that lead to homes."""

from collections.abc import Mapping
from typing import Any, Final

BELOW_DOOR: Final = ("unit", "floor", "room")
"""The levels below the door plate."""


def lies_below_door(level: str, elements: Mapping[str, Any]) -> bool:
    """Whether an address of this level, with its stored elements, lies below the door plate.

    A thing counts only if it stands in a home.
    """
    if level == "thing":
        return "room" in elements
    return level in BELOW_DOOR
