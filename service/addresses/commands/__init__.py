"""Writes to the address register: one function per use case, in the caller's transaction."""

from service.addresses.commands.building_entry import enter_building
from service.addresses.commands.corrections import correct_address
from service.addresses.commands.door_entry import enter_door
from service.addresses.commands.entry import (
    enter_addresses,
    issue_codes,
    open_code_spaces,
    raise_counters,
)
from service.addresses.commands.identifiers import (
    SOURCE_SCHEME,
    add_identifier,
    add_identifiers,
)
from service.addresses.commands.lifecycle import (
    PointFacts,
    freeze_address,
    move_address,
    unfreeze_address,
)
from service.addresses.commands.names import (
    SourceText,
    add_gates,
    add_name,
    keep_source_texts,
)
from service.addresses.commands.places import enter_places, judge_places, place_addresses
from service.addresses.commands.positions import (
    Outcome,
    PositionDraft,
    PositionNotFound,
    set_position,
    set_positions,
    withdraw_position,
)
from service.addresses.commands.renamings import (
    RenamedPage,
    Renaming,
    follow_division,
    follow_places,
)
from service.addresses.commands.renumberings import Renumbering, renumber_addresses
from service.addresses.commands.reservation import reserve_codes
from service.addresses.commands.successions import (
    AddressSplit,
    merge_addresses,
    retire_address,
    split_address,
)
from service.addresses.commands.tree import PlaceGrowth, link_parents, list_parent_drafts

__all__ = [
    "SOURCE_SCHEME",
    "AddressSplit",
    "Outcome",
    "PlaceGrowth",
    "PointFacts",
    "PositionDraft",
    "PositionNotFound",
    "RenamedPage",
    "Renaming",
    "Renumbering",
    "SourceText",
    "add_gates",
    "add_identifier",
    "add_identifiers",
    "add_name",
    "correct_address",
    "enter_addresses",
    "enter_building",
    "enter_door",
    "enter_places",
    "follow_division",
    "follow_places",
    "freeze_address",
    "issue_codes",
    "judge_places",
    "keep_source_texts",
    "link_parents",
    "list_parent_drafts",
    "merge_addresses",
    "move_address",
    "open_code_spaces",
    "place_addresses",
    "raise_counters",
    "renumber_addresses",
    "reserve_codes",
    "retire_address",
    "set_position",
    "set_positions",
    "split_address",
    "unfreeze_address",
    "withdraw_position",
]
