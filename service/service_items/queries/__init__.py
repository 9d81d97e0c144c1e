"""Reads service items and facilities: for the desk, and as registers of one day for pages."""

from service.service_items.queries.facilities import (
    FacilityFilter,
    FacilityNotFound,
    FacilityRow,
    find_facility,
    get_facility,
    list_facilities,
    load_facility_register,
)
from service.service_items.queries.items import (
    ServiceItemNotFound,
    ServiceItemRow,
    get_service_item,
    has_service_item,
    list_service_items,
    load_service_register,
)

__all__ = [
    "FacilityFilter",
    "FacilityNotFound",
    "FacilityRow",
    "ServiceItemNotFound",
    "ServiceItemRow",
    "find_facility",
    "get_facility",
    "get_service_item",
    "has_service_item",
    "list_facilities",
    "list_service_items",
    "load_facility_register",
    "load_service_register",
]
