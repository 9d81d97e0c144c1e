"""Reads the catalogue: entries, faceted search, nearby entries, stories of addresses."""

from service.heritage.queries.codes import (
    find_entry_id_now,
    find_entry_id_of_code,
    get_entry_id_of_code,
    list_former_ids,
)
from service.heritage.queries.entries import (
    EntryNotFound,
    find_entry,
    get_entry,
    list_all_entries,
    list_entries,
    list_inconsistent,
    list_schemes,
)
from service.heritage.queries.nearby import NearbyEntry, list_doors_at, list_nearby
from service.heritage.queries.search import (
    EntryFilter,
    EntrySummary,
    Facet,
    count_entries,
    count_facets,
    list_summaries,
)
from service.heritage.queries.stories import (
    STORY_KEY,
    find_story,
    list_stories,
    load_story_register,
)

__all__ = [
    "STORY_KEY",
    "EntryFilter",
    "EntryNotFound",
    "EntrySummary",
    "Facet",
    "NearbyEntry",
    "count_entries",
    "count_facets",
    "find_entry",
    "find_entry_id_now",
    "find_entry_id_of_code",
    "find_story",
    "get_entry",
    "get_entry_id_of_code",
    "list_all_entries",
    "list_doors_at",
    "list_entries",
    "list_former_ids",
    "list_inconsistent",
    "list_nearby",
    "list_schemes",
    "list_stories",
    "list_summaries",
    "load_story_register",
]
