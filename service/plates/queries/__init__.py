"""Reads about plates: plates, blank plates and events."""

from service.plates.queries.blanks import BlankRow, find_blank_plate, iterate_blank_plates
from service.plates.queries.plates import (
    PLATE_LEVELS,
    PlateRow,
    count_to_replace,
    find_plate,
    find_showcase_token,
    get_plate,
    is_living,
    iterate_plates,
    list_doors_without_plate,
    list_plates,
    list_plates_of,
    list_plates_of_many,
)

__all__ = [
    "PLATE_LEVELS",
    "BlankRow",
    "PlateRow",
    "count_to_replace",
    "find_blank_plate",
    "find_plate",
    "find_showcase_token",
    "get_plate",
    "is_living",
    "iterate_blank_plates",
    "iterate_plates",
    "list_doors_without_plate",
    "list_plates",
    "list_plates_of",
    "list_plates_of_many",
]
