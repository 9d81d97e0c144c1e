"""Commands of decisions about places: merge, divide, undo, rename."""

from service.naming.commands.decision_undo import undo_decision
from service.naming.commands.decisions import MovedDoors
from service.naming.commands.place_merge import DoorsUndecided, divide_place, merge_places
from service.naming.commands.place_rename import NameProtected, Renaming, rename_place

__all__ = [
    "DoorsUndecided",
    "MovedDoors",
    "NameProtected",
    "Renaming",
    "divide_place",
    "merge_places",
    "rename_place",
    "undo_decision",
]
