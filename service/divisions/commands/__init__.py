"""Writes to the divisions: loads of published lists, local decisions, imprints."""

from service.divisions.commands.decisions import (
    DecisionNotice,
    list_ids_inside,
    merge_division,
    rename_division,
)
from service.divisions.commands.imprint import set_imprint
from service.divisions.commands.register import (
    LoadedDivisions,
    load_boundaries,
    load_changes,
    load_divisions,
    load_shipped,
)

__all__ = [
    "DecisionNotice",
    "LoadedDivisions",
    "list_ids_inside",
    "load_boundaries",
    "load_changes",
    "load_divisions",
    "load_shipped",
    "merge_division",
    "rename_division",
    "set_imprint",
]
