"""Writes place names, and the places that addresses count along."""

from service.placenames.commands.continuation import join_place
from service.placenames.commands.name_locks import hold_names
from service.placenames.commands.names import LoadedNames, load_place_names
from service.placenames.commands.national import ImportedNames, export_national, import_national
from service.placenames.commands.new_name import note_refused_name, write_new_name
from service.placenames.commands.pinyin_override import set_reading
from service.placenames.commands.places import (
    NewPlace,
    add_places,
    extend_place,
    hold_counties,
    lock_places,
    raise_place_serials,
)
from service.placenames.commands.townships import follow_township

__all__ = [
    "ImportedNames",
    "LoadedNames",
    "NewPlace",
    "add_places",
    "export_national",
    "extend_place",
    "follow_township",
    "hold_counties",
    "hold_names",
    "import_national",
    "join_place",
    "load_place_names",
    "lock_places",
    "note_refused_name",
    "raise_place_serials",
    "set_reading",
    "write_new_name",
]
