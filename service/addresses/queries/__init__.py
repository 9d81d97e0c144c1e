"""Reads the address register: by code, division and name, doors near a point, positions."""

from service.addresses.queries.addresses import (
    STREET_ORDER,
    count_addresses,
    count_in_sight,
    find_addresses,
    find_successors,
    get_address,
    hold_addresses,
    iterate_addresses,
    iterate_positions,
    lies_in_division,
    lies_in_sight,
    lies_on_stretch,
    list_addresses,
    list_children,
    list_columns,
    lock_addresses,
)
from service.addresses.queries.descendants import list_descendants
from service.addresses.queries.names import (
    NameRow,
    find_by_any_identifier,
    find_by_identifiers,
    find_names,
    find_reserved,
    find_second_keys,
)
from service.addresses.queries.near_doors import (
    NearDoor,
    list_doors_near,
)
from service.addresses.queries.positions import (
    ENTRANCE,
    ENTRANCE_JOIN,
    ENTRANCE_LATERAL,
    PositionRow,
    list_positions,
)
from service.addresses.queries.rows import AddressColumns, AddressRow, fetch_addresses

__all__ = [
    "ENTRANCE",
    "ENTRANCE_JOIN",
    "ENTRANCE_LATERAL",
    "STREET_ORDER",
    "AddressColumns",
    "AddressRow",
    "NameRow",
    "NearDoor",
    "PositionRow",
    "count_addresses",
    "count_in_sight",
    "fetch_addresses",
    "find_addresses",
    "find_by_any_identifier",
    "find_by_identifiers",
    "find_names",
    "find_reserved",
    "find_second_keys",
    "find_successors",
    "get_address",
    "hold_addresses",
    "iterate_addresses",
    "iterate_positions",
    "lies_in_division",
    "lies_in_sight",
    "lies_on_stretch",
    "list_addresses",
    "list_children",
    "list_columns",
    "list_descendants",
    "list_doors_near",
    "list_positions",
    "lock_addresses",
]
