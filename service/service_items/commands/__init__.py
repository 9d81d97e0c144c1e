"""Writes service items and facilities."""

from service.service_items.commands.facilities import (
    add_facility,
    correct_facility,
    withdraw_facility,
)
from service.service_items.commands.facility_lists import LoadedFacilities, load_facilities
from service.service_items.commands.items import (
    add_service_item,
    correct_service_item,
    load_service_items,
    withdraw_service_item,
)

__all__ = [
    "LoadedFacilities",
    "add_facility",
    "add_service_item",
    "correct_facility",
    "correct_service_item",
    "load_facilities",
    "load_service_items",
    "withdraw_facility",
    "withdraw_service_item",
]
