"""Writes place names and the links from addresses to them."""

from service.placenames.commands.linking import (
    LinkedPlaces,
    assign_place,
    link_places,
    unassign_place,
)
from service.placenames.commands.loading import LoadedNames, load_place_names
from service.placenames.commands.national import ImportedNames, export_national, import_national
from service.placenames.commands.spelling import set_reading

__all__ = [
    "ImportedNames",
    "LinkedPlaces",
    "LoadedNames",
    "assign_place",
    "export_national",
    "import_national",
    "link_places",
    "load_place_names",
    "set_reading",
    "unassign_place",
]
