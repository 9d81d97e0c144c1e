"""Reads areas and duties: registers for scans, lists for officers."""

from service.areas.queries.lists import (
    AreaKey,
    HeldArea,
    ListedPost,
    PostFilter,
    find_last_change,
    is_called,
    list_area_keys,
    list_held_areas,
    list_posts,
)
from service.areas.queries.registers import (
    AreaRegister,
    AreaRow,
    DutyRegister,
    DutyRow,
    list_areas_at,
    list_areas_of,
    list_public_duties,
    load_area_register,
    load_duty_register,
)

__all__ = [
    "AreaKey",
    "AreaRegister",
    "AreaRow",
    "DutyRegister",
    "DutyRow",
    "HeldArea",
    "ListedPost",
    "PostFilter",
    "find_last_change",
    "is_called",
    "list_area_keys",
    "list_areas_at",
    "list_areas_of",
    "list_held_areas",
    "list_posts",
    "list_public_duties",
    "load_area_register",
    "load_duty_register",
]
