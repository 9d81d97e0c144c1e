"""Decides about places: two that are one, one that is two, and takes it back."""

from service.naming.commands.decision_undo import undo_decision
from service.naming.commands.decisions import MovedDoors
from service.naming.commands.place_merge import DoorsUndecided, divide_place, merge_places

__all__ = [
    "DoorsUndecided",
    "MovedDoors",
    "divide_place",
    "merge_places",
    "undo_decision",
]
