"""Writes links from addresses to areas: in bulk, singly, after border edits, by hand."""

from service.linking.commands.area_edit import AreaEdit, EditTerms, NewArea
from service.linking.commands.area_load import AreaLoad, load_and_link
from service.linking.commands.border_edits import (
    draw_area,
    end_area,
    merge_areas,
    redraw_border,
    split_area,
)
from service.linking.commands.bulk import (
    LinkCounts,
    forget_covers,
    hold_links,
    link_addresses,
    link_register,
    relink_edits,
)
from service.linking.commands.overrides import assign_area, inherit_areas, unassign_area
from service.linking.commands.place_links import (
    LinkedPlaces,
    assign_place,
    link_mentions,
    link_places,
    unassign_place,
)

__all__ = [
    "AreaEdit",
    "AreaLoad",
    "EditTerms",
    "LinkCounts",
    "LinkedPlaces",
    "NewArea",
    "assign_area",
    "assign_place",
    "draw_area",
    "end_area",
    "forget_covers",
    "hold_links",
    "inherit_areas",
    "link_addresses",
    "link_mentions",
    "link_places",
    "link_register",
    "load_and_link",
    "merge_areas",
    "redraw_border",
    "relink_edits",
    "split_area",
    "unassign_area",
    "unassign_place",
]
