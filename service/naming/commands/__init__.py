"""Decides about places: two that are one, one that is two, and takes it back."""

from service.naming.commands.place_merge import (
    DoorPair,
    DoorsUndecided,
    MovedDoors,
    divide_place,
    merge_places,
    undo_decision,
)

__all__ = [
    "DoorPair",
    "DoorsUndecided",
    "MovedDoors",
    "divide_place",
    "merge_places",
    "undo_decision",
]
