"""Reads place names: one, many, whole records, and the names that a new one would be taken for."""

from service.placenames.queries.likeness import Confusable, list_confusable
from service.placenames.queries.names import (
    NameFilter,
    PlaceNameNotFound,
    get_place_id,
    get_record,
    list_all_records,
    list_place_names,
    list_records,
    name_matches,
)
from service.placenames.queries.protection import find_lists

__all__ = [
    "Confusable",
    "NameFilter",
    "PlaceNameNotFound",
    "find_lists",
    "get_place_id",
    "get_record",
    "list_all_records",
    "list_confusable",
    "list_place_names",
    "list_records",
    "name_matches",
]
