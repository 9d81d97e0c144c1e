"""Writes place names and the links from addresses to them."""

from service.placenames.commands.linking import (
    LinkedPlaces,
    assign_place,
    link_places,
    unassign_place,
)
from service.placenames.commands.loading import LoadedNames, load_place_names

__all__ = [
    "LinkedPlaces",
    "LoadedNames",
    "assign_place",
    "link_places",
    "load_place_names",
    "unassign_place",
]
