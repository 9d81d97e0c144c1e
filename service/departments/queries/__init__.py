"""Reads addresses for departments: one, many, of a past day, their history; counts a grant's."""

from service.departments.queries.addresses import (
    find_place_ids,
    get_seen_address,
    list_page,
    show_one,
)
from service.departments.queries.grants import count_readable
from service.departments.queries.history import show_history
from service.departments.queries.past import show_past

__all__ = [
    "count_readable",
    "find_place_ids",
    "get_seen_address",
    "list_page",
    "show_history",
    "show_one",
    "show_past",
]
