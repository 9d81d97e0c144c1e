"""Writes to the divisions: loading the published lists, decisions since, imprints of plates."""

from service.divisions.commands.decisions import (
    Notice,
    list_ids_inside,
    merge_division,
    rename_division,
)
from service.divisions.commands.imprint import set_imprint
from service.divisions.commands.register import (
    Loaded,
    load_boundaries,
    load_changes,
    load_divisions,
    load_shipped,
)

__all__ = [
    "Loaded",
    "Notice",
    "list_ids_inside",
    "load_boundaries",
    "load_changes",
    "load_divisions",
    "load_shipped",
    "merge_division",
    "rename_division",
    "set_imprint",
]
