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
from service.areas.queries.published import (
    PublishedArea,
    PublishedFilter,
    get_published,
    list_published,
)
from service.areas.queries.registers import (
    AreaRegister,
    AreaRow,
    DutyRegister,
    DutyRow,
    load_area_register,
    load_duty_register,
)
from service.areas.queries.roster import (
    RosterFilter,
    RosterRow,
    RosterView,
    count_roster,
    list_roster,
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
    "PublishedArea",
    "PublishedFilter",
    "RosterFilter",
    "RosterRow",
    "RosterView",
    "count_roster",
    "find_last_change",
    "get_published",
    "is_called",
    "list_area_keys",
    "list_held_areas",
    "list_posts",
    "list_published",
    "list_roster",
    "load_area_register",
    "load_duty_register",
]
