"""Reads place names: one, many, whole records, and the places that addresses count along."""

from service.placenames.queries.names import (
    NameFilter,
    PlaceNameNotFound,
    find_led,
    find_versions,
    get_place_id,
    get_record,
    list_all_records,
    list_place_names,
    list_records,
    name_matches,
)
from service.placenames.queries.places import (
    PlaceKey,
    PlaceNotFound,
    PlaceRow,
    PlaceTownshipRow,
    find_asked,
    find_counted,
    find_namesakes,
    find_once_called,
    find_places,
    find_township_names,
    get_place,
    list_places,
    share_township,
)
from service.placenames.queries.protection import find_guarded
from service.placenames.queries.searched import search_places

__all__ = [
    "NameFilter",
    "PlaceKey",
    "PlaceNameNotFound",
    "PlaceNotFound",
    "PlaceRow",
    "PlaceTownshipRow",
    "find_asked",
    "find_counted",
    "find_guarded",
    "find_led",
    "find_namesakes",
    "find_once_called",
    "find_places",
    "find_township_names",
    "find_versions",
    "get_place",
    "get_place_id",
    "get_record",
    "list_all_records",
    "list_place_names",
    "list_places",
    "list_records",
    "name_matches",
    "search_places",
    "share_township",
]
