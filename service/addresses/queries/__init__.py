"""Reads the address register: by code, by division, by name, and the doors about a point."""

from service.addresses.queries.addresses import (
    STREET_ORDER,
    AddressRow,
    count_addresses,
    find_addresses,
    find_successors,
    get_address,
    hold_addresses,
    iterate_addresses,
    lies_in_division,
    lies_on_stretch,
    list_addresses,
    list_children,
    lock_addresses,
)
from service.addresses.queries.names import (
    NameRow,
    find_by_identifiers,
    find_names,
    find_reserved,
    find_second_keys,
)
from service.addresses.queries.near_doors import (
    NearDoor,
    list_doors_about,
    list_doors_near,
)

__all__ = [
    "STREET_ORDER",
    "AddressRow",
    "NameRow",
    "NearDoor",
    "count_addresses",
    "find_addresses",
    "find_by_identifiers",
    "find_names",
    "find_reserved",
    "find_second_keys",
    "find_successors",
    "get_address",
    "hold_addresses",
    "iterate_addresses",
    "lies_in_division",
    "lies_on_stretch",
    "list_addresses",
    "list_children",
    "list_doors_about",
    "list_doors_near",
    "lock_addresses",
]
