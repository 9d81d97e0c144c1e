"""Reads the change feed, and what of it a program is told."""

from service.changes.queries.feed import (
    CHANGES_AFTER,
    ChangePage,
    ChangeRow,
    ChangesForgotten,
    find_partition_fault,
    get_last_position,
    is_same_feed,
    list_changes,
    list_partitions,
    read_page,
    require_kept,
)
from service.changes.queries.feed_reach import FeedReach

__all__ = [
    "CHANGES_AFTER",
    "ChangePage",
    "ChangeRow",
    "ChangesForgotten",
    "FeedReach",
    "find_partition_fault",
    "get_last_position",
    "is_same_feed",
    "list_changes",
    "list_partitions",
    "read_page",
    "require_kept",
]
