"""Writes work items: one function per use case, within the caller's transaction."""

from service.worklists.commands.bulk import open_inspections, open_installs
from service.worklists.commands.causes import end_caused_items, hold_items, move_items
from service.worklists.commands.items import (
    assign_items,
    cancel_item,
    cancel_items_of,
    finish_item,
    finish_items_of,
    open_item,
    reopen_item,
)
from service.worklists.commands.orders import (
    assign_item,
    change_items,
    note_item,
    postpone_item,
)

__all__ = [
    "assign_item",
    "assign_items",
    "cancel_item",
    "cancel_items_of",
    "change_items",
    "end_caused_items",
    "finish_item",
    "finish_items_of",
    "hold_items",
    "move_items",
    "note_item",
    "open_inspections",
    "open_installs",
    "open_item",
    "postpone_item",
    "reopen_item",
]
