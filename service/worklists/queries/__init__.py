"""Reads work items: one, lists with keyset paging, counts, and the people they are given to."""

from service.worklists.queries.counts import (
    AreaWorkload,
    DueCount,
    count_due,
    count_items,
    list_area_loads,
)
from service.worklists.queries.items import (
    find_open_item,
    get_item,
    list_items,
    list_items_of,
)
from service.worklists.queries.rows import WorkFilter, WorkRow
from service.worklists.queries.workers import Worker, find_worker, list_holders, list_workers

__all__ = [
    "AreaWorkload",
    "DueCount",
    "WorkFilter",
    "WorkRow",
    "Worker",
    "count_due",
    "count_items",
    "find_open_item",
    "find_worker",
    "get_item",
    "list_area_loads",
    "list_holders",
    "list_items",
    "list_items_of",
    "list_workers",
]
