"""Reads the stories of addresses: one, many, or all into memory."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, func, literal, select
from sqlalchemy.orm import Session

from address_model.tables import Address, AddressPlaceName, Division, HeritageEntry, PlaceName
from service.heritage.stories import Story, StoryRegister

STORY_KEY = """
d.code || ' ' || coalesce((
  select string_agg(h.kind || ':' || h.place_name_id, ',' order by h.place_name_id)
  from address_place_name h where h.code = a.code), '')
"""
"""What ``StoryRegister.tell`` wants of an address ``a`` in a division ``d``: a column to select."""


def load_story_register(session: Session) -> StoryRegister:
    """All stories that are told, for asking without the database.

    It is out of date when the feed tells of a ``heritage_entry``, a ``place_name`` or a division;
    which places an address is linked to changes with an ``address_place_name`` of its code.
    """
    statement = (
        select(
            PlaceName.id,
            PlaceName.is_division,
            Division.code,
            HeritageEntry.id,
            PlaceName.standard_name,
            HeritageEntry.story_zh,
            HeritageEntry.story_en,
        )
        .join(PlaceName, PlaceName.id == HeritageEntry.place_name_id)
        .join(Division, Division.id == PlaceName.division_id)
        .where(HeritageEntry.story_zh != "")
        .order_by(HeritageEntry.id)
    )
    places: dict[int, Story] = {}
    divisions: dict[str, Story] = {}
    rows: Sequence[Any] = session.execute(statement).all()
    for place_id, is_division, code, *told in rows:
        story = places[place_id] = Story(*told)
        if is_division:
            divisions.setdefault(code, story)
    return StoryRegister(places, divisions)


def find_story(session: Session, code: str) -> Story | None:
    """The story that the page of an address (16 digits) tells, or None."""
    return list_stories(session, [code]).get(code)


def list_stories(session: Session, codes: Sequence[str]) -> dict[str, Story]:
    """The stories of these addresses by code; an address without one is left out."""
    link = AddressPlaceName.kind + literal(":") + cast(AddressPlaceName.place_name_id, Text)
    linked = (
        select(func.string_agg(link, ","))
        .where(AddressPlaceName.code == Address.code)
        .scalar_subquery()
    )
    statement = (
        select(Address.code, Division.code, func.coalesce(linked, ""))
        .join(Division, Division.id == Address.division_id)
        .where(Address.code.in_(codes))
    )
    register = load_story_register(session)
    rows: Sequence[Any] = session.execute(statement).all()
    found = {code: register.find(division, places) for code, division, places in rows}
    return {code: story for code, story in found.items() if story}
